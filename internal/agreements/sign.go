package agreements

import (
	"context"
	"encoding/json"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/placements/rules"
)

// Sign gives a signature of the student, the guardian or the enterprise on the present document (signAgreement). The first makes the agreement signing,
// the last one needed awaiting_countersignature. Its refusals: Conflict document_changed, out_of_turn, already_signed, period_passed;
// Unprocessable code_invalid, code_other_items, authority_missing, contact_shared, assurance_too_low, legal_check_failed; NotImplemented
// not_implemented_yet. It must not be called inside a transaction.
func (s *Service) Sign(ctx context.Context, by accounts.Actor, it SigningItem, proof CodeProof) (*Agreement, error) {
	return s.signOne(ctx, by, "signAgreement", it, proof)
}

// Countersign gives the college's signature, the last one, and concludes the agreement in the same transaction (countersignAgreement; R50 21.8, 22.16).
// Its refusals are those of [Service.Sign] and Conflict signatures_missing with each party.
func (s *Service) Countersign(ctx context.Context, by accounts.Actor, it SigningItem, proof CodeProof) (*Agreement, error) {
	return s.signOne(ctx, by, "countersignAgreement", it, proof)
}

// signOne first asks what can be known without the code, so that a code isn't spent on a document that has changed.
func (s *Service) signOne(ctx context.Context, by accounts.Actor, op string, it SigningItem, proof CodeProof) (*Agreement, error) {
	a, party, err := s.permitted(ctx, by, op, it.AgreementID)
	if err != nil {
		return nil, err
	}
	if proof.Channel != ByCode {
		return nil, errs.New(errs.NotImplemented, "not_implemented_yet")
	}
	if err := s.turn(ctx, &acting{a: a, by: by, party: party, now: s.Clock.Now()}, it); err != nil {
		return nil, err
	}
	if err := s.prove(ctx, by, proof, []SigningItem{it}); err != nil {
		return nil, err
	}
	return s.put(ctx, by, party, it)
}

// put gives the signature in a transaction of its own. An agreement whose training would have begun goes back to draft, and the call fails.
func (s *Service) put(ctx context.Context, by accounts.Actor, party Party, it SigningItem) (*Agreement, error) {
	var out *Agreement
	passed := false
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		a, err := s.lock(ctx, it.AgreementID)
		if err != nil {
			return err
		}
		passed, out = false, a
		w := &acting{a: a, by: by, party: party, now: s.Clock.Now()}
		if err := s.turn(ctx, w, it); err != nil {
			return err
		}
		if today(w.now) >= a.Terms.StartsOn {
			passed = true
			return s.periodPassed(ctx, a)
		}
		if err := s.sign(ctx, w); err != nil {
			return err
		}
		return s.save(ctx, a, w.now)
	})
	if err == nil && passed {
		err = errs.New(errs.Conflict, "period_passed")
	}
	return out, err
}

// turn says whether this party may sign this document now: already_signed, out_of_turn, signatures_missing or document_changed else.
func (s *Service) turn(ctx context.Context, w *acting, it SigningItem) error {
	if err := s.mayPartySign(ctx, w); err != nil {
		return err
	}
	if !w.a.signs(it) {
		return errs.New(errs.Conflict, "document_changed")
	}
	return nil
}

func (s *Service) mayPartySign(ctx context.Context, w *acting) error {
	a := w.a
	if a.signature(w.party) != nil {
		return errs.New(errs.Conflict, "already_signed")
	}
	if !a.State.Frozen() {
		return errs.New(errs.Conflict, "out_of_turn")
	}
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return err
	}
	if w.party == ByCollege {
		return signaturesMissing(a.unsigned(p, today(w.now)))
	}
	if a.State == Awaiting {
		return errs.New(errs.Conflict, "out_of_turn")
	}
	if w.party == ByGuardian && (w.by.PersonID != a.GuardianID || !a.GuardianRequired(p, today(w.now))) {
		return errs.New(errs.Conflict, "out_of_turn")
	}
	return nil
}

func signaturesMissing(parties []Party) error {
	if len(parties) == 0 {
		return nil
	}
	e := errs.New(errs.Conflict, "signatures_missing")
	for _, p := range parties {
		e = e.WithFields(errs.Field{Field: "signatures." + string(p), Code: "signature_missing_" + string(p)})
	}
	return e
}

// authority is on what a signature rests.
type authority struct {
	person   *accounts.Person
	position string
	ground   string
	from, to cal.Day
}

// signer checks who signs: turn of the party, authority on this day, contacts shared with nobody (I13).
func (s *Service) signer(ctx context.Context, w *acting) (*authority, error) {
	if err := s.mayPartySign(ctx, w); err != nil {
		return nil, err
	}
	person, err := s.Accounts.Person(ctx, w.by.PersonID)
	if err != nil {
		return nil, err
	}
	p, err := s.partiesOf(ctx, w.a)
	if err != nil {
		return nil, err
	}
	out := &authority{person: person}
	switch w.party {
	case ByGuardian:
		out.ground = p.Guardian.Ground
	case ByEnterprise, ByCollege:
		organisation := w.a.EnterpriseID
		if w.party == ByCollege {
			organisation = w.a.CollegeID
		}
		g, err := s.Directory.Authority(ctx, organisation, person.ID, today(w.now))
		if errs.Has(err, "no_authority") {
			return nil, errs.New(errs.Unprocessable, "authority_missing").WithFields(
				rules.Fail(rules.Authority, w.a.Regime, "signature", "authority_missing"))
		}
		if err != nil {
			return nil, err
		}
		out.position, out.ground, out.from, out.to = g.Position, g.Ground, g.From, g.To
	}
	return out, s.aloneWith(ctx, w, p, person)
}

// aloneWith refuses a signer who shares account, mail address or phone with another signatory: the student, a needed guardian, and whoever has signed.
func (s *Service) aloneWith(ctx context.Context, w *acting, p *Parties, person *accounts.Person) error {
	mine, err := s.contactOf(ctx, person)
	if err != nil {
		return err
	}
	var others []contact
	if w.party != ByStudent {
		others = append(others, contactOfStudent(p))
	} else if mine.phone == "" {
		mine.phone = contactOfStudent(p).phone
	}
	if w.party != ByGuardian && w.a.GuardianRequired(p, today(w.now)) {
		others = append(others, contactOfGuardian(p))
	}
	for _, sig := range w.a.Signatures {
		if sig.Party == w.party {
			continue
		}
		other, err := s.Accounts.Person(ctx, sig.PersonID)
		if err != nil {
			return err
		}
		c, err := s.contactOf(ctx, other)
		if err != nil {
			return err
		}
		others = append(others, c)
	}
	for _, o := range others {
		if shares(mine, o) {
			return errs.New(errs.Unprocessable, "contact_shared").WithFields(rules.Fail(rules.Authority, w.a.Regime, "signature", "contact_shared"))
		}
	}
	return nil
}

func (s *Service) contactOf(ctx context.Context, person *accounts.Person) (contact, error) {
	who, err := s.Accounts.Identity(ctx, person.ID)
	return contact{person.ID, person.Email, normalPhone(who.Phone)}, err
}

// sign runs with the agreement taken: the checks of S, the sealed signature, the next state. The caller saves.
func (s *Service) sign(ctx context.Context, w *acting) error {
	auth, err := s.signer(ctx, w)
	if err != nil {
		return err
	}
	if LeastAssurance(w.a.Regime, w.party) != Simple {
		return errs.New(errs.Unprocessable, "assurance_too_low")
	}
	p, err := s.partiesOf(ctx, w.a)
	if err != nil {
		return err
	}
	day := today(w.now)
	overlaps, err := s.overlaps(ctx, w.a)
	if err != nil {
		return err
	}
	r := rules.InForce(day)
	if gaps := CheckSigning(w.a, p, day, r, overlaps); len(gaps) > 0 {
		e := errs.New(errs.Unprocessable, "legal_check_failed")
		for _, g := range gaps {
			e = e.WithFields(g.Field)
		}
		return e
	}
	sig := s.sealed(w, auth, r.Version)
	sig.Minor = w.party == ByStudent && p.Student.Minor(day)
	w.a.Signatures = append(w.a.Signatures, sig)
	w.a.Rules = r.Version
	w.name = auth.person.FullName
	if w.party == ByCollege {
		return s.conclude(ctx, w, sig)
	}
	w.a.State = Signing
	if len(w.a.unsigned(p, day)) == 0 {
		w.a.State = Awaiting
	}
	return s.tell(ctx, w.a, step{by: w.by, party: w.party, event: EventSigned, data: map[string]string{"signature": sig.ID, "person": sig.PersonID}})
}

// LeastAssurance is the least a party's signature must prove under a regime. It is dated data of our own: simple for all, until the law's demand is
// confirmed (legal-facts.md 7).
func LeastAssurance(rules.Regime, Party) Assurance { return Simple }

// statement is what a signature says, in the order of its names: the form that is sealed.
type statement struct {
	Agreement     string `json:"agreement"`
	Assurance     string `json:"assurance"`
	At            string `json:"at"`
	Authority     string `json:"authority"`
	AuthorityFrom string `json:"authority_from"`
	AuthorityTo   string `json:"authority_to"`
	Channel       string `json:"channel"`
	Consent       bool   `json:"consent"`
	Number        string `json:"number"`
	Party         string `json:"party"`
	Person        string `json:"person"`
	PersonID      string `json:"person_id"`
	Revision      int    `json:"revision"`
	SHA256        string `json:"sha256"`
	Signature     string `json:"signature"`
	V             int    `json:"v"`
}

// sealed makes a signature with its canonical statement and seal.
func (s *Service) sealed(w *acting, auth *authority, edition string) Signature {
	a := w.a
	sig := Signature{
		ID: id.New("sig"), Party: w.party, PersonID: auth.person.ID, Person: auth.person.FullName, Authority: auth.ground, Position: auth.position,
		AuthorityFrom: auth.from, AuthorityTo: auth.to, At: w.now, Channel: ByCode, Assurance: Simple, Consent: w.party == ByGuardian,
		Revision: a.Revision, SHA256: a.Document.SHA256, Rules: edition,
	}
	raw, _ := json.Marshal(statement{ // texts and numbers always marshal
		Agreement: a.ID, Assurance: string(sig.Assurance), At: sig.At.UTC().Format("2006-01-02T15:04:05.000Z"), Authority: joined(sig.Position, sig.Authority),
		AuthorityFrom: string(sig.AuthorityFrom), AuthorityTo: string(sig.AuthorityTo), Channel: string(sig.Channel), Consent: sig.Consent,
		Number: a.Number, Party: string(sig.Party), Person: sig.Person, PersonID: sig.PersonID, Revision: sig.Revision, SHA256: sig.SHA256,
		Signature: sig.ID, V: 1,
	})
	sig.Statement = string(raw)
	sig.SealKey, sig.Seal = s.Ring.SealSign(raw)
	return sig
}

// SealHolds reports whether a signature's statement is as it was sealed and speaks of this signature's document.
func (s *Service) SealHolds(sig Signature) bool {
	var st statement
	if json.Unmarshal([]byte(sig.Statement), &st) != nil {
		return false
	}
	same := st.Signature == sig.ID && st.SHA256 == sig.SHA256 && st.Revision == sig.Revision && st.PersonID == sig.PersonID && st.Party == string(sig.Party)
	return same && s.Ring.SealVerify(sig.SealKey, []byte(sig.Statement), sig.Seal)
}

func joined(position, ground string) string {
	switch {
	case position == "":
		return ground
	case ground == "":
		return position
	}
	return position + ", " + ground
}

// conclude makes the agreement concluded in the transaction of the countersignature.
func (s *Service) conclude(ctx context.Context, w *acting, sig Signature) error {
	a := w.a
	a.State = Awaiting
	if err := s.tell(ctx, a, step{by: w.by, party: w.party, event: EventCountersigned, data: map[string]string{"signature": sig.ID, "person": sig.PersonID}}); err != nil {
		return err
	}
	a.State, a.ConcludedAt = Concluded, w.now
	if a.Regime == rules.R50 {
		a.RegisterBy = s.Reference.AddWorkingDays(today(w.now), RegistrationDays)
	}
	if err := s.Placements.SeatConcluded(ctx, a.PlacementID); err != nil {
		return err
	}
	return s.tell(ctx, a, step{by: w.by, party: w.party, event: EventConcluded, data: map[string]string{"chamber": a.ChamberID, "placement": a.PlacementID}})
}
