package notifications

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/storage"
)

// FactKind says how a fact becomes a word.
type FactKind string

// The kinds of facts. Names are looked up when a notice is said, so that none is stored.
const (
	FactPlace        FactKind = "place"        // Value: a place's id; gives title, enterprise and reference
	FactAgreement    FactKind = "agreement"    // Value: an agreement's id; gives title, student, enterprise, college, number, from and to
	FactSide         FactKind = "side"         // Value: an agreement's id, Of: the party whose name it is
	FactPerson       FactKind = "person"       // Value: a person's id
	FactOrganisation FactKind = "organisation" // Value: an organisation's id
	FactSearch       FactKind = "search"       // Value: a saved search's id
	FactDay          FactKind = "day"          // Value: a day
	FactLastDay      FactKind = "last_day"     // Value: a day that a deadline includes
	FactUntil        FactKind = "until"        // At: a deadline
	FactMoment       FactKind = "moment"       // At: an instant, written in full
	FactShort        FactKind = "short"        // At: an instant, written without the year
	FactCount        FactKind = "count"        // N of the noun Of
	FactNumber       FactKind = "number"       // N
	FactWord         FactKind = "word"         // Value: a key of the catalogue
	FactFlag         FactKind = "flag"         // N is 1
	FactCode         FactKind = "code"         // Value: a code or a number of a paper
)

// Fact is one value of a notice: an id, a code, a date or a count, never a name or a text that a person wrote.
type Fact struct {
	Name  string    `json:"name"`
	Kind  FactKind  `json:"kind"`
	Value string    `json:"value,omitempty"`
	Of    string    `json:"of,omitempty"`
	At    time.Time `json:"at,omitzero"`
	N     int       `json:"n,omitempty"`
}

func aboutPlace(id string) Fact     { return Fact{Name: "place", Kind: FactPlace, Value: id} }
func aboutAgreement(id string) Fact { return Fact{Name: "agreement", Kind: FactAgreement, Value: id} }

func aboutPerson(name, id string) Fact { return Fact{Name: name, Kind: FactPerson, Value: id} }

func aboutSearch(id string) Fact { return Fact{Name: "search", Kind: FactSearch, Value: id} }

func aboutOrganisation(name, id string) Fact {
	return Fact{Name: name, Kind: FactOrganisation, Value: id}
}

func onDay(name string, d cal.Day) Fact { return Fact{Name: name, Kind: FactDay, Value: string(d)} }
func lastDay(name string, d cal.Day) Fact {
	return Fact{Name: name, Kind: FactLastDay, Value: string(d)}
}

func until(name string, t time.Time) Fact { return Fact{Name: name, Kind: FactUntil, At: cal.Trim(t)} }
func moment(name string, t time.Time) Fact {
	return Fact{Name: name, Kind: FactMoment, At: cal.Trim(t)}
}
func short(name string, t time.Time) Fact { return Fact{Name: name, Kind: FactShort, At: cal.Trim(t)} }

func counted(name, noun string, n int) Fact {
	return Fact{Name: name, Kind: FactCount, Of: noun, N: n}
}
func number(name string, n int) Fact { return Fact{Name: name, Kind: FactNumber, N: n} }
func word(name, key string) Fact     { return Fact{Name: name, Kind: FactWord, Value: key} }
func code(name, value string) Fact   { return Fact{Name: name, Kind: FactCode, Value: value} }

func flag(name string, set bool) Fact {
	f := Fact{Name: name, Kind: FactFlag}
	if set {
		f.N = 1
	}
	return f
}

// words turns facts into words and looks each thing up once. It serves one page or one event, not longer: what it has read gets old.
type words struct {
	s      *Service
	places map[string]place
	pacts  map[string]pact
	names  map[string]string
}

func (s *Service) words() *words {
	return &words{s: s, places: map[string]place{}, pacts: map[string]pact{}, names: map[string]string{}}
}

// values writes facts in a language. Whatever is gone meanwhile is called so.
func (w *words) values(ctx context.Context, lang i18n.Lang, facts []Fact) (map[string]any, error) {
	out := map[string]any{}
	for _, f := range facts {
		var err error
		switch f.Kind {
		case FactPlace:
			err = w.addPlace(ctx, lang, f.Value, out)
		case FactAgreement:
			err = w.addAgreement(ctx, lang, f.Value, out)
		case FactSide, FactPerson, FactOrganisation, FactSearch:
			out[f.Name], err = w.name(ctx, lang, f)
		default:
			out[f.Name] = w.s.plain(lang, f)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// plain writes a fact that needs no look-up.
func (s *Service) plain(lang i18n.Lang, f Fact) any {
	switch f.Kind {
	case FactDay:
		return dates.Day(lang, cal.Day(f.Value))
	case FactLastDay:
		return dates.LastDay(lang, cal.Day(f.Value))
	case FactUntil:
		return dates.Until(lang, f.At)
	case FactMoment:
		return dates.Moment(lang, f.At)
	case FactShort:
		return dates.Short(lang, f.At)
	case FactCount:
		return s.count(lang, f.Of, f.N)
	case FactNumber:
		return f.N
	case FactFlag:
		return f.N == 1
	case FactWord:
		return s.say(lang, f.Value, nil)
	default:
		return f.Value
	}
}

// orGone is a name, or the word for what has none any more.
func (w *words) orGone(lang i18n.Lang, name string) string {
	if name == "" {
		return w.s.say(lang, "notice.gone", nil)
	}
	return name
}

func (w *words) addPlace(ctx context.Context, lang i18n.Lang, id string, out map[string]any) error {
	p, known := w.places[id]
	if !known {
		var err error
		if p, err = w.s.place(ctx, id); err != nil && !storage.IsNotFound(err) {
			return err
		}
		w.places[id] = p
	}
	title, reference := "", ""
	if p.Placement != nil {
		title, reference = p.Title.In(lang), p.Reference
	}
	out["title"], out["enterprise"], out["reference"] = w.orGone(lang, title), w.orGone(lang, p.enterprise), reference
	return nil
}

func (w *words) agreement(ctx context.Context, id string) (pact, error) {
	p, known := w.pacts[id]
	if known {
		return p, nil
	}
	p, err := w.s.pact(ctx, id)
	if storage.IsNotFound(err) || (err == nil && p.Agreement == nil) {
		p, err = pact{&agreements.Agreement{}}, nil
	}
	if err == nil {
		w.pacts[id] = p
	}
	return p, err
}

func (w *words) addAgreement(ctx context.Context, lang i18n.Lang, id string, out map[string]any) error {
	p, err := w.agreement(ctx, id)
	if err != nil {
		return err
	}
	out["title"], out["student"] = w.orGone(lang, p.PlacementTitle.In(lang)), w.orGone(lang, p.StudentName)
	out["enterprise"], out["college"] = w.orGone(lang, p.EnterpriseName), w.orGone(lang, p.CollegeName)
	out["number"], out["from"], out["to"] = p.Number, dates.Day(lang, p.Terms.StartsOn), dates.Day(lang, p.Terms.EndsOn)
	return nil
}

// name looks up who or what a fact is about. A side without a name, the system's, stays empty.
func (w *words) name(ctx context.Context, lang i18n.Lang, f Fact) (string, error) {
	if f.Kind == FactSide {
		p, err := w.agreement(ctx, f.Value)
		return p.side(agreements.Party(f.Of)), err
	}
	name, known := w.names[f.Value]
	if !known {
		var err error
		if name, err = w.s.nameOf(ctx, f); err != nil {
			return "", err
		}
		w.names[f.Value] = name
	}
	return w.orGone(lang, name), nil
}

func (s *Service) nameOf(ctx context.Context, f Fact) (string, error) {
	switch f.Kind {
	case FactPerson:
		return s.name(ctx, f.Value)
	case FactSearch:
		one, err := s.d.Saved.Search(ctx, f.Value)
		if storage.IsNotFound(err) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		return one.Name, nil
	}
	name, err := s.organisation(ctx, f.Value)
	if storage.IsNotFound(err) {
		return "", nil
	}
	return name, err
}
