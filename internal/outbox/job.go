package outbox

import (
	"context"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/storage"
)

// Job is work that is done once per period among all copies of the program.
type Job struct {
	Name  string        // stable: it is stored
	Every time.Duration // from the start of one run to the start of the next, by the business clock
	// Run does the work as of now (business clock) and must be repeatable, best in batches of short transactions. ctx ends when
	// the lease is lost or the program stops; it carries the fencing token ([Fence]) and the lease ([Hold]).
	Run func(ctx context.Context, now time.Time) error
}

// jobState is the owner document of a job.
type jobState struct {
	ID        string    `json:"id"` // the job's name
	Version   int64     `json:"version"`
	Next      time.Time `json:"next"` // when it is due, by the business clock; zero: at once
	Fence     int64     `json:"fence"`
	Until     time.Time `json:"until"` // end of the lease by the machine's clock; zero: nobody runs it
	Worker    string    `json:"worker"`
	StartedAt time.Time `json:"started_at"` // of the last run, by the business clock
	Failures  int       `json:"failures"`   // in a row
	ErrorCode string    `json:"error_code"` // of the last run, "" when it was well
}

// Identity implements storage.Document.
func (j *jobState) Identity() (string, *int64) { return j.ID, &j.Version }

// Keys implements storage.Document.
func (j *jobState) Keys() storage.Keys { return nil }

func jobSpec() storage.Spec { return storage.Spec{Name: "outbox_jobs"} }

// free reports whether nobody holds the job.
func (j *jobState) free(real time.Time) bool { return j.Until.IsZero() || !j.Until.After(real) }

// due reports whether a run may begin.
func (j *jobState) due(now time.Time) bool { return !j.Next.After(now) }

func (j *jobState) take(worker string, now, until time.Time) {
	j.Worker, j.StartedAt, j.Until = worker, now, until
	j.Fence++
}

func (j *jobState) holds(fence int64) bool { return !j.Until.IsZero() && j.Fence == fence }

// succeed ends a run well: the next one is a period after this one began. Periods that passed meanwhile are not made up for.
func (j *jobState) succeed(every time.Duration) {
	j.Until, j.Failures, j.ErrorCode = time.Time{}, 0, ""
	j.Next = j.StartedAt.Add(every)
}

// fail ends a run badly: the next one comes after a backoff, at the latest after a period.
func (j *jobState) fail(every time.Duration, code string, random float64) {
	j.Until, j.ErrorCode = time.Time{}, code
	j.Failures++
	j.Next = j.StartedAt.Add(min(every, backoff(j.Failures, random)))
}

// giveBack ends a run that a stopping program broke off: it is due again.
func (j *jobState) giveBack() { j.Until, j.Next = time.Time{}, j.StartedAt }

// scheduled is a job of this copy.
type scheduled struct {
	job Job
	mu  sync.Mutex // held while this copy runs it or looks at it
	// Guarded by mu: when to look at the stored state again, so that an idle copy asks the store rarely.
	next   time.Time // not before, by the business clock
	asleep time.Time // not before, by the machine's clock
}

// Schedule adds a job before Start. It is due at once the first time, then every period. A job without name, period or Run, a second one of a
// name, and one that comes after Start are mistakes of the program and panic.
func (b *Box) Schedule(j Job) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if j.Name == "" || j.Every <= 0 || j.Run == nil {
		panic("outbox: a job needs a name, a period and Run")
	}
	if b.life != nil {
		panic("outbox: job " + j.Name + " comes after Start")
	}
	for _, other := range b.schedule {
		if other.job.Name == j.Name {
			panic("outbox: two jobs are called " + j.Name)
		}
	}
	b.schedule = append(b.schedule, &scheduled{job: j})
}

func (b *Box) scheduledJobs() []*scheduled {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]*scheduled(nil), b.schedule...)
}
