package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/app/demo/corpus"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
)

// Days of a place of the demo enterprises, counted from its posting: there is time for the whole chain before training starts.
const (
	ownApplyDays = 45
	ownStartDays = 66
	ownSpareDays = 5 // a place whose deadline is nearer than this counts as over
)

// kind is a sort of place that a demo enterprise always has open.
type kind struct {
	name       string
	enterprise string
	code       string
	colleges   []string // slugs
	citizens   bool
	least      int // how many are open at any time, of those that fit
	// words says whether a wording serves for this kind, fits whether a place does.
	words func(p corpus.Place) bool
	fits  func(p *placements.Placement, r rules.Rules) bool
}

// kinds lists them; the special ones come first, because they serve as ordinary ones too.
func kinds() []kind {
	few := func(p corpus.Place) bool { return p.Seats >= 2 && p.Seats <= rules.InForce("").MentorTrainees }
	young := func(p corpus.Place) bool { return few(p) && p.MinAge <= 16 }
	every := func(*placements.Placement, rules.Rules) bool { return true }
	forMinors := func(p *placements.Placement, r rules.Rules) bool { return p.MinAge <= 16 && p.FitsMinors(r) }
	forCitizens := func(p *placements.Placement, _ rules.Rules) bool { return p.OpenToCitizens }
	college, university := []string{karagandaCollege}, []string{almatyUniversity}
	return []kind{
		{"minors", saryarqa, electrician, college, false, 1, young, forMinors},
		{"citizens", saryarqa, electrician, college, true, 1, few, forCitizens},
		{"students", saryarqa, electrician, college, false, 5, few, every},
		{"undergraduates", temir, automation, university, false, 2, few, every},
	}
}

// seedOwnPlaces posts the first places of the demo enterprises and offers their interview times.
func (w *world) seedOwnPlaces(ctx context.Context) error {
	w.past.present()
	if err := w.topUpOwn(ctx); err != nil {
		return err
	}
	if err := w.topUpSlots(ctx); err != nil {
		return err
	}
	return w.tx(ctx, "demo places", func(context.Context) error { return nil })
}

// topUpOwn posts what is missing of each kind.
func (w *world) topUpOwn(ctx context.Context) error {
	open := map[string][]*placements.Placement{}
	for _, o := range owns() {
		places, err := w.openPlaces(ctx, o.ref)
		if err != nil {
			return err
		}
		open[o.ref] = places
	}
	r := rules.InForce(w.today())
	for _, k := range kinds() {
		have := 0
		for _, p := range open[k.enterprise] {
			if k.fits(p, r) {
				have++
			}
		}
		for ; have < k.least; have++ {
			p, err := w.postOwn(ctx, k)
			if err != nil {
				return err
			}
			open[k.enterprise] = append(open[k.enterprise], p)
		}
	}
	return nil
}

// openPlaces are the published places that the demo made for one of its enterprises and that still take applications.
func (w *world) openPlaces(ctx context.Context, enterprise string) ([]*placements.Placement, error) {
	views, err := w.published(ctx, enterprise)
	if err != nil {
		return nil, err
	}
	var out []*placements.Placement
	for _, v := range views {
		if v.Sheet.Free() == 0 || v.Sheet.CanApply(w.Clock.Now()) != nil || v.Place.ApplyBy < w.today().Add(ownSpareDays) {
			continue
		}
		m, err := w.Directory.Mentor(ctx, v.Place.MentorID)
		if err != nil {
			return nil, err
		}
		if len(m.Trainees) < w.Directory.MentorLimitOn(w.today()) { // else no agreement could get ready
			out = append(out, v.Place)
		}
	}
	return out, nil
}

// published are the published places that the demo made for an enterprise, last changed first.
func (w *world) published(ctx context.Context, enterprise string) ([]*placements.View, error) {
	by, err := w.actor(ctx, hrOf(enterprise))
	if err != nil {
		return nil, err
	}
	var out []*placements.View
	q := placements.OwnQuery{States: []placements.State{placements.Published}, Limit: 100}
	for {
		page, err := w.Placements.ListOwn(ctx, by, w.refs.get(enterpriseRef(enterprise)), q)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Items {
			if w.refs.get(ownRef(v.Place.ID)) != "" {
				out = append(out, v)
			}
		}
		if q.Cursor = page.Next; page.Next.IsZero() {
			return out, nil
		}
	}
}

// ownRef marks a place that the demo made: places that people post by hand are left to them.
func ownRef(placementID string) string { return "own:" + placementID }

// postOwn posts the next place of a kind, with events: the world may be running.
func (w *world) postOwn(ctx context.Context, k kind) (*placements.Placement, error) {
	text, next, err := w.wording(k, w.state.Own)
	if err != nil {
		return nil, err
	}
	taken, err := w.published(ctx, k.enterprise)
	if err != nil {
		return nil, err
	}
	var id string
	err = w.tx(ctx, "", func(ctx context.Context) error {
		mentorID, err := w.mentorFor(ctx, k.enterprise, taken)
		if err != nil {
			return err
		}
		posting := placements.Posting{EnterpriseID: w.refs.get(enterpriseRef(k.enterprise)), In: w.ownForm(k, text, mentorID)}
		ids, err := w.Placements.Seed(ctx, []placements.Posting{posting}, true)
		if err != nil {
			return err
		}
		id = ids[0]
		w.refs.set(ownRef(id), k.name)
		return w.state.note(ctx, w.DB, func(s *state) { s.Own = next })
	})
	if err != nil {
		return nil, err
	}
	return w.Placements.Placement(ctx, id)
}

// ownForm is the form of a demo enterprise's place, posted today. It asks no questions, so that an application is one call.
func (w *world) ownForm(k kind, text corpus.Place, mentorID string) placements.Input {
	in := w.form(text, mentorID)
	starts := monday(w.today().Add(ownStartDays))
	in.ApplyBy, in.StartsOn, in.EndsOn = ptr(w.today().Add(ownApplyDays)), &starts, ptr(starts.Add(text.DurationDays-1))
	var colleges []string
	for _, slug := range k.colleges {
		colleges = append(colleges, w.refs.get(collegeRef(slug)))
	}
	in.Colleges, in.OpenToCitizens, in.AutoOffer = &colleges, &k.citizens, ptr(false)
	in.Insurance = &placements.Insurance{Taken: ptr(true), Note: insuranceNote}
	return in
}

// monday is the first Monday from a day on.
func monday(d cal.Day) cal.Day {
	for d.Weekday() != time.Monday {
		d = d.Add(1)
	}
	return d
}

const insuranceNote = "ұжымдық сақтандыру шарты; договор коллективного страхования"

// mentorFor finds a mentor without trainees who has no other published place, or hires one: the chain may be walked any number of times.
func (w *world) mentorFor(ctx context.Context, enterprise string, published []*placements.View) (string, error) {
	i := 1 // the first one is left to people
	for ; w.refs.get(mentorRef(enterprise, i)) != ""; i++ {
		m, err := w.Directory.Mentor(ctx, w.refs.get(mentorRef(enterprise, i)))
		if err != nil {
			return "", err
		}
		named := slices.ContainsFunc(published, func(v *placements.View) bool { return v.Place.MentorID == m.ID })
		if !named && m.State() == directory.StateActive && len(m.Trainees) == 0 {
			return m.ID, nil
		}
	}
	ref := mentorRef(enterprise, i)
	err := w.hire(ctx, enterprise, w.refs.get(enterpriseRef(enterprise)), ref, w.corpus.Person(23_000+i).Full())
	return w.refs.get(ref), err
}

// wordings is how many wordings are looked at for one that fits.
const wordings = 2000

// wording finds the next wording of a kind from the n-th on: in Kazakh and in Russian, in the region's centre, paid.
func (w *world) wording(k kind, n int) (p corpus.Place, next int, err error) {
	for i := n; i < n+wordings; i++ {
		p, ok := w.corpus.PlaceOf(i, k.code, karaganda)
		if !ok {
			break
		}
		if usable(p) && k.words(p) {
			return w.moved(p, k), i + 1, nil
		}
	}
	return p, n, errors.New("no wording fits places for " + k.name)
}

func usable(p corpus.Place) bool {
	return p.Title.Has(i18n.KK) && p.Title.Has(i18n.RU) && strings.HasPrefix(p.City.RU, "Караганд") && !p.Hazardous && p.DurationDays >= 60 &&
		p.CompensationKind != corpus.PayNone && p.WorkplaceKind == corpus.KindWorkplace && slices.Contains(p.Languages, "ru")
}

// moved makes a corpus place the demo enterprise's own.
func (w *world) moved(p corpus.Place, k kind) corpus.Place {
	from := w.corpus.Enterprise(p.Enterprise).Name
	for _, o := range owns() {
		if o.ref != k.enterprise {
			continue
		}
		to := *w.input(o, "", "").LegalNames
		p.Title, p.Summary, p.Tasks = same(p.Title, from, to), same(p.Summary, from, to), same(p.Tasks, from, to)
		p.Address, p.Lat, p.Lon = o.address, o.lat, o.lon
	}
	return p
}

// mostTopUp is how many places of the corpus one TopUp posts at most; the rest follows with the next ones.
const mostTopUp = 300

// topUpCorpus posts new places of the corpus when fewer than half are left.
func (w *world) topUpCorpus(ctx context.Context) error {
	live, err := w.Placements.CountByState(ctx, placements.Published)
	if err != nil || live*2 >= int64(w.state.Places) {
		return err
	}
	for left := min(w.state.Places-int(live), mostTopUp); left > 0; left -= postBatch {
		if err := w.post(ctx, min(left, postBatch), 1, true); err != nil {
			return err
		}
	}
	return nil
}

// TopUp keeps the promises of a world that was made: free places of every kind at the demo enterprises, interview times on the coming weekdays, and places of
// the corpus when most have expired. It answers an error where there is no world yet.
func TopUp(ctx context.Context, d Deps) error {
	w, err := open(ctx, d, nil)
	if err != nil {
		return err
	}
	for _, top := range []func(context.Context) error{w.topUpOwn, w.topUpSlots, w.topUpCorpus} {
		if err := top(ctx); err != nil {
			return fmt.Errorf("demo: top up: %w", err)
		}
	}
	return nil
}
