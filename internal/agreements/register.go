package agreements

import (
	"context"
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements/rules"
)

// registrable says whether a chamber may act on the agreement.
func (a *Agreement) registrable() error {
	switch {
	case a.Regime != rules.R50:
		return errs.New(errs.Unprocessable, "regime_without_register")
	case a.State.Open():
		return errs.New(errs.Conflict, "not_concluded")
	case !a.State.Binding():
		return a.wrongState()
	}
	return nil
}

// Register enters an agreement in the register of the competent chamber (registerAgreement; R50 25.4): the next number of the chamber and year, without
// gap. One that is registered is answered unchanged. Its refusals: Conflict not_concluded, wrong_state; Unprocessable regime_without_register.
func (s *Service) Register(ctx context.Context, by accounts.Actor, agreementID string) (*Agreement, error) {
	return s.act(ctx, by, "registerAgreement", agreementID, func(ctx context.Context, w *acting) (bool, error) {
		a := w.a
		if err := a.registrable(); err != nil {
			return false, err
		}
		if a.Registration != nil {
			return false, nil
		}
		year := yearOf(w.now)
		seq, err := s.next(ctx, "register", a.ChamberID, year)
		if err != nil {
			return false, err
		}
		a.Registration = &Registration{
			ID: id.New("reg"), Number: numberText(seq, year), Seq: seq, Year: year, At: w.now, ChamberID: a.ChamberID, PersonID: by.PersonID, Person: w.name,
		}
		a.State, a.Returned = Registered, nil
		return true, s.tell(ctx, a, step{by: by, party: ByChamber, event: EventRegistered, data: map[string]string{"chamber": a.ChamberID}})
	})
}

// RefuseRegistration returns a concluded agreement for listed formal defects; it stays concluded and in force (refuseRegistration). Its refusals: Conflict
// not_concluded, already_registered, wrong_state; Unprocessable regime_without_register; Invalid bad_request for an unknown defect.
func (s *Service) RefuseRegistration(ctx context.Context, by accounts.Actor, agreementID string, defects []Defect, comment string) (*Agreement, error) {
	comment = strings.TrimSpace(comment)
	if err := checkDefects(defects, comment); err != nil {
		return nil, err
	}
	return s.act(ctx, by, "refuseRegistration", agreementID, func(ctx context.Context, w *acting) (bool, error) {
		a := w.a
		if err := a.registrable(); err != nil {
			return false, err
		}
		if a.Registration != nil {
			return false, errs.New(errs.Conflict, "already_registered")
		}
		a.Returned = &RegistrationRefusal{
			Defects: slices.Clone(defects), Comment: comment, At: w.now, ChamberID: a.ChamberID, PersonID: by.PersonID, Person: w.name,
		}
		words := make([]string, len(defects))
		for i, d := range defects {
			words[i] = string(d)
		}
		data := map[string]string{"chamber": a.ChamberID, "defects": strings.Join(words, ",")}
		return true, s.tell(ctx, a, step{by: by, party: ByChamber, event: EventRegistrationRefused, reason: comment, data: data})
	})
}

func checkDefects(defects []Defect, comment string) error {
	var bad []errs.Field
	if len(defects) == 0 {
		bad = append(bad, errs.Field{Field: "defects", Code: "required"})
	}
	for _, d := range defects {
		if !slices.Contains(Defects(), d) {
			bad = append(bad, errs.Field{Field: "defects", Code: "unknown_value"})
			break
		}
	}
	return errs.InvalidFields(append(bad, errs.Longer("comment", comment, MaxReason)...))
}
