package outbox

import (
	"time"

	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// State is where a delivery stands.
type State string

// The states: waiting ⇄ in_progress → delivered | dead → waiting (retried).
const (
	Waiting    State = "waiting"
	InProgress State = "in_progress"
	Delivered  State = "delivered"
	Dead       State = "dead"
)

// Delivery is one event on its way to one handler.
type Delivery struct {
	ID      string `json:"id"` // "out_…"
	Version int64  `json:"version"`
	Handler string `json:"handler"`
	Event   Event  `json:"event"`
	State   State  `json:"state"`
	Seq     int64  `json:"seq"` // place in the line of (handler, subject)

	Attempts  int       `json:"attempts"`
	Due       time.Time `json:"due"`        // when the next attempt may begin, by the business clock
	ErrorCode string    `json:"error_code"` // code of the last failure, never its text

	Fence  int64     `json:"fence"`  // raised with each taking
	Until  time.Time `json:"until"`  // end of the lease by the machine's clock, while in progress
	Worker string    `json:"worker"` // the copy that has or had it, for the log

	CreatedAt     time.Time `json:"created_at"`
	FirstFailedAt time.Time `json:"first_failed_at"`
	LastFailedAt  time.Time `json:"last_failed_at"`
	DeliveredAt   time.Time `json:"delivered_at"`
	DeadAt        time.Time `json:"dead_at"`    // when it was last set aside; stays when it is retried
	RetriedAt     time.Time `json:"retried_at"` // when an operator last put it back in line
}

// newDelivery makes the delivery of ev to h, due at once.
func newDelivery(h Handler, ev Event) *Delivery {
	return &Delivery{
		ID: id.New("out"), Handler: h.Name, Event: ev, State: Waiting, Seq: ev.Seq, Due: ev.At, CreatedAt: ev.At,
	}
}

// Identity implements storage.Document.
func (d *Delivery) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document. A key that only matters in one state is absent in the others, so that its index holds just those.
func (d *Delivery) Keys() storage.Keys {
	k := storage.Keys{
		"state": string(d.State), "handler": d.Handler, "type": d.Event.Type, "subject": d.Event.Subject,
		"done": d.DeliveredAt, "dead": d.DeadAt,
	}
	if d.open() {
		k["lane"], k["seq"], k["opened"] = d.lane(), d.Seq, d.CreatedAt
	}
	switch d.State {
	case Waiting:
		k["due"] = d.Due
	case InProgress:
		k["until"] = d.Until
	}
	return k
}

func deliverySpec() storage.Spec {
	return storage.Spec{
		Name: "outbox_deliveries",
		Keys: []storage.Key{
			{Name: "state", Kind: storage.String}, {Name: "handler", Kind: storage.String}, {Name: "type", Kind: storage.String},
			{Name: "subject", Kind: storage.String}, {Name: "lane", Kind: storage.String}, {Name: "seq", Kind: storage.Int},
			{Name: "opened", Kind: storage.Int}, {Name: "due", Kind: storage.Int}, {Name: "until", Kind: storage.Int},
			{Name: "done", Kind: storage.Int}, {Name: "dead", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "due", Keys: []string{"due"}}, {Name: "handler_due", Keys: []string{"handler", "due"}},
			{Name: "until", Keys: []string{"until"}}, {Name: "lane", Keys: []string{"lane", "seq"}},
			{Name: "opened", Keys: []string{"opened"}}, {Name: "done", Keys: []string{"done"}}, {Name: "dead", Keys: []string{"dead"}},
		},
	}
}

func (d *Delivery) lane() string { return d.Handler + "|" + d.Event.Subject }

// open: it still has its place in the line.
func (d *Delivery) open() bool { return d.State == Waiting || d.State == InProgress }

// takeable reports whether a worker may take it: due by the business clock, or left behind by a worker whose lease ended.
func (d *Delivery) takeable(now, real time.Time) bool {
	switch d.State {
	case Waiting:
		return !d.Due.After(now)
	case InProgress:
		return !d.Until.After(real)
	}
	return false
}

// take begins an attempt under a new fencing token.
func (d *Delivery) take(worker string, until time.Time) {
	d.State, d.Worker, d.Until = InProgress, worker, until
	d.Fence++
	d.Attempts++
}

// holds reports whether the worker that took it with this token still has it. A lease that ended counts until somebody else takes it.
func (d *Delivery) holds(fence int64) bool { return d.State == InProgress && d.Fence == fence }

// succeed ends it well.
func (d *Delivery) succeed(now time.Time) {
	d.State, d.DeliveredAt, d.ErrorCode = Delivered, now, ""
}

// fail ends an attempt badly: it waits for the next one, or is set aside after the last.
func (d *Delivery) fail(now time.Time, code string, random float64) {
	d.ErrorCode, d.LastFailedAt = code, now
	if d.FirstFailedAt.IsZero() {
		d.FirstFailedAt = now
	}
	if d.Attempts >= MaxAttempts {
		d.State, d.DeadAt = Dead, now
		return
	}
	d.State, d.Due = Waiting, now.Add(backoff(d.Attempts, random))
}

// giveBack ends an attempt that a stopping program broke off: it doesn't count.
func (d *Delivery) giveBack(now time.Time) {
	d.State, d.Due = Waiting, now
	d.Attempts--
}

// retry puts a dead letter back in line, at its end.
func (d *Delivery) retry(now time.Time, seq int64) {
	d.State, d.Due, d.RetriedAt = Waiting, now, now
	d.Seq, d.Attempts = seq, 0
}
