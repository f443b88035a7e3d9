package httpapi

import (
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/i18n"
)

// signatures writes who signed on what ground; the student signs in the own name, a guardian by the tie to the ward.
func (a *AgreementsAPI) signatures(list []agreements.Signature, lang i18n.Lang) []apigen.Signature {
	out := make([]apigen.Signature, 0, len(list))
	for _, s := range list {
		sig := apigen.Signature{
			Party: apigen.AgreementParty(s.Party), Person: s.Person, PersonID: s.PersonID, Authority: a.authority(s, lang),
			AuthorityFrom: dateOrNil(s.AuthorityFrom), AuthorityTo: dateOrNil(s.AuthorityTo), At: s.At, Channel: apigen.SigningChannel(s.Channel),
			Assurance: apigen.SignatureAssurance(s.Assurance), Revision: s.Revision, DocumentSha256: s.SHA256,
		}
		if s.Consent {
			sig.Consent = &s.Consent
		}
		out = append(out, sig)
	}
	return out
}

func (a *AgreementsAPI) authority(s agreements.Signature, lang i18n.Lang) string {
	switch {
	case s.Party == agreements.ByStudent:
		return a.Catalogue.Say(lang, "agreement.own_name", nil)
	case s.Party == agreements.ByGuardian:
		return a.Catalogue.Say(lang, "agreement.ground."+s.Authority, nil)
	case s.Position == "":
		return s.Authority
	}
	return s.Position + ", " + s.Authority
}

func refusals(list []agreements.Refusal) []apigen.SignatureRefusal {
	out := make([]apigen.SignatureRefusal, 0, len(list))
	for _, r := range list {
		out = append(out, apigen.SignatureRefusal{
			Party: apigen.AgreementParty(r.Party), Person: r.Person, PersonID: r.PersonID, Reason: r.Reason, At: r.At, Revision: r.Revision,
		})
	}
	return out
}

func waitingOut(list []agreements.Waiting) []apigen.AgreementWaiting {
	out := make([]apigen.AgreementWaiting, 0, len(list))
	for _, w := range list {
		out = append(out, apigen.AgreementWaiting{
			Party: apigen.AgreementActingParty(w.Party), Action: apigen.AgreementWaitingAction(w.Action), Until: dateOrNil(w.Until),
		})
	}
	return out
}

// missingOut writes every gap with its sentence.
func (a *AgreementsAPI) missingOut(gaps []agreements.Gap, lang i18n.Lang) []apigen.AgreementMissing {
	out := make([]apigen.AgreementMissing, 0, len(gaps))
	for _, g := range gaps {
		f := g.Field
		key := "field." + f.Code
		if !a.Catalogue.Has(key) {
			key = "error." + f.Code
		}
		out = append(out, apigen.AgreementMissing{
			Field: f.Field, Code: f.Code, Message: a.Catalogue.Say(lang, key, f.Params), Rule: some(f.Rule), Source: some(f.Source),
			Party: apigen.AgreementActingParty(g.Party),
		})
	}
	return out
}

func registrationOut(r *agreements.Registration) *apigen.AgreementRegistration {
	if r == nil {
		return nil
	}
	return &apigen.AgreementRegistration{Number: r.Number, At: r.At, ChamberID: r.ChamberID, Person: some(r.Person)}
}

func registrationRefusal(r *agreements.RegistrationRefusal) *apigen.AgreementRegistrationRefusal {
	if r == nil {
		return nil
	}
	out := &apigen.AgreementRegistrationRefusal{
		Comment: some(r.Comment), At: r.At, ChamberID: r.ChamberID, Person: some(r.Person), Defects: make([]apigen.RegistrationDefect, 0, len(r.Defects)),
	}
	for _, d := range r.Defects {
		out.Defects = append(out.Defects, apigen.RegistrationDefect(d))
	}
	return out
}

func completionOut(c *agreements.Completion) *apigen.AgreementCompletion {
	if c == nil {
		return nil
	}
	out := &apigen.AgreementCompletion{CompletedOn: dateOrNil(c.CompletedOn), Hired: c.Hired}
	if w := c.College; w != nil {
		out.CollegeDate, out.CollegeAt, out.CollegePerson, out.CollegeReason = dateOrNil(w.Date), &w.At, some(w.Person), some(w.Reason)
	}
	if w := c.Enterprise; w != nil {
		out.EnterpriseDate, out.EnterpriseAt, out.EnterprisePerson, out.EnterpriseReason = dateOrNil(w.Date), &w.At, some(w.Person), some(w.Reason)
	}
	return out
}

func terminationOut(t *agreements.Termination) *apigen.AgreementTermination {
	if t == nil {
		return nil
	}
	return &apigen.AgreementTermination{
		Date: dateOf(t.Date), Reason: t.Reason, Party: apigen.AgreementParty(t.Party), Person: some(t.Person), At: t.At, TrainingBegan: t.TrainingBegan,
	}
}

func cancellationOut(c *agreements.Cancellation) *apigen.AgreementCancellation {
	if c == nil {
		return nil
	}
	return &apigen.AgreementCancellation{Party: apigen.AgreementCancellationParty(c.Party), Person: some(c.Person), Reason: c.Reason, At: c.At}
}
