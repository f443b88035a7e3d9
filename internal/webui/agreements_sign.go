package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/errs"
	pages "github.com/orynda/orynda/web/pages/agreements"
	"github.com/orynda/orynda/web/ui"
)

// A signature takes two forms: the first shows what is signed and asks for a code, the second takes it. Both carry the exact documents, so that nothing else than what
// was read can be signed. The page of the code is the answer to the first form: loading it anew only asks for a new code.

// signPage shows what is about to be signed.
func (s *site) signPage(v *visit) error {
	r, err := s.read(v)
	if err != nil {
		return err
	}
	if r.Agreement.Document == nil {
		return v.goTo("/agreements/"+r.Agreement.ID, "agreement_unready")
	}
	return v.show(pages.Sign(s.signData(v, r, &ui.Form{})))
}

func (s *site) signData(v *visit, r *reading, f *ui.Form) pages.SignData {
	ctx, a := v.ctx(), r.Agreement
	d := pages.SignData{
		Form: f, ID: a.ID, Title: v.titleOf(a), Number: a.Number, Revision: a.Revision, Document: "/agreements/" + a.ID + "/document.pdf",
		Signatures: v.signatureLines(r), Else: v.elseSigns(r), Waits: r.signing() != nil, Why: v.say("error.out_of_turn"),
	}
	if a.Document != nil {
		d.Hash, d.Sum = a.Document.SHA256[:16], a.Document.SHA256
	}
	if s.may(v, r, "refuseSignature") && r.turn(agreements.ActSign) != nil {
		d.Refuse = "/agreements/" + a.ID + "/refuse"
	}
	if a.State.Frozen() && r.turn(agreements.ActSign, agreements.ActCountersign) != nil && !d.Waits {
		d.Why = v.say("site.agreements.sign.not_signatory")
	}
	d.Rows = []ui.Row{
		{Term: v.say("site.agreements.agreement"), Text: "№\u00a0" + a.Number, Note: ui.In(ctx, a.PlacementTitle)},
		{Term: v.say("site.agreements.show.revision"), Text: itoa(a.Revision)},
		{Term: v.say("agreement.party.student"), Text: a.StudentName},
		{Term: v.say("agreement.party.enterprise"), Text: a.EnterpriseName},
		{Term: v.say("site.agreements.college"), Text: a.CollegeName},
		{Term: v.say("site.agreements.period"), Text: v.period(a.Terms)},
		{Term: v.say("agreement.register.compensation_kind"), Text: v.payOf(a.Terms.Compensation)},
	}
	return d
}

// requestSignature asks for the code. Who didn't say that the document was read gets the page back.
func (s *site) requestSignature(v *visit) error {
	f := v.form()
	r, err := s.read(v)
	if err != nil {
		return err
	}
	id := r.Agreement.ID
	items := itemsOf(f)
	if len(items) == 0 {
		revision, _ := strconv.Atoi(f.Value("revision")) // what isn't a number is no document's
		items = []agreements.SigningItem{{AgreementID: id, Revision: revision, SHA256: f.Value("document")}}
	}
	if len(items) != 1 || items[0].AgreementID != id {
		return errs.New(errs.Invalid, "bad_request")
	}
	if f.Value("read") != "true" {
		f.Errors = append(f.Errors, ui.FieldError{Field: "read", Message: v.say("site.agreements.sign.unread")})
		return v.again(pages.Sign(s.signData(v, r, f)))
	}
	request, err := s.Agreements.RequestCode(v.ctx(), v.actor, items)
	if err != nil {
		if !v.refused(err, f, formName) {
			return err
		}
		return v.again(pages.Sign(s.signData(v, r, f)))
	}
	d, err := s.codeData(v, items, &ui.Form{})
	if err != nil {
		return err
	}
	d.of(id, v)
	d.sent(v, request)
	return v.show(pages.Code(d.CodeData))
}

// codePage is the page of the code being made.
type codePage struct{ pages.CodeData }

func (d *codePage) of(id string, v *visit) {
	d.Path, d.Again, d.Back = "/agreements/"+id+"/sign/code", "/agreements/"+id+"/sign", ui.Crumb{Path: "/agreements/" + id + "/sign", Label: v.say("site.agreements.sign.title")}
}

func (d *codePage) ofAll(v *visit) {
	d.Path, d.Again, d.Back = "/signing/code", "/signing", ui.Crumb{Path: "/signing", Label: v.say("site.agreements.signing.title")}
}

func (d *codePage) sent(v *visit, request *agreements.SigningRequest) {
	d.Request, d.SentTo, d.Until = request.ID, request.SentTo, ui.Moment(v.ctx(), request.ExpiresAt)
}

// kept takes over what the form carried along.
func (d *codePage) kept(f *ui.Form) {
	d.Request, d.SentTo, d.Until = f.Value("request"), f.Value("sent_to"), f.Value("until")
}

// codeData names the documents that a code is for. Each is read as its reader may.
func (s *site) codeData(v *visit, items []agreements.SigningItem, f *ui.Form) (*codePage, error) {
	d := &codePage{pages.CodeData{Form: f}}
	for _, it := range items {
		view, err := s.Agreements.Get(v.ctx(), v.actor, it.AgreementID)
		if err != nil {
			return d, err
		}
		a := view.Agreement
		d.Items = append(d.Items, pages.Item{Value: itemValue(it), Title: ui.In(v.ctx(), a.PlacementTitle), Number: a.Number, Student: a.StudentName})
	}
	return d, nil
}

// itemValue writes a document as forms carry it: the agreement, the revision, the hash.
func itemValue(it agreements.SigningItem) string {
	return it.AgreementID + "|" + strconv.Itoa(it.Revision) + "|" + it.SHA256
}

// itemsOf reads the documents of a form. What isn't one is left out; the service judges the rest.
func itemsOf(f *ui.Form) []agreements.SigningItem {
	var out []agreements.SigningItem
	for _, value := range f.All("item") {
		parts := strings.Split(value, "|")
		if len(parts) != 3 {
			continue
		}
		if revision, err := strconv.Atoi(parts[1]); err == nil {
			out = append(out, agreements.SigningItem{AgreementID: parts[0], Revision: revision, SHA256: parts[2]})
		}
	}
	return out
}

func proofOf(f *ui.Form) agreements.CodeProof {
	digits := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, f.Value("code"))
	return agreements.CodeProof{Channel: agreements.ByCode, RequestID: f.Value("request"), Code: digits}
}

// signature takes the code for one agreement.
func (s *site) signature(v *visit) error {
	f := v.form()
	r, err := s.read(v)
	if err != nil {
		return err
	}
	id, items := r.Agreement.ID, itemsOf(f)
	if len(items) != 1 || items[0].AgreementID != id {
		return errs.New(errs.Invalid, "bad_request")
	}
	sign := s.Agreements.Countersign
	if s.may(v, r, "signAgreement") {
		sign = s.Agreements.Sign
	}
	a, err := sign(v.ctx(), v.actor, items[0], proofOf(f))
	if err == nil {
		if a.State == agreements.Concluded {
			return v.goTo("/agreements/"+id, "agreement_concluded")
		}
		return v.goTo("/agreements/"+id, "agreement_signed")
	}
	return s.codeAgain(v, f, items, err, func(d *codePage) { d.of(id, v) })
}

// codeAgain shows the page of the code with what was wrong. A code that can no longer be of use is not asked for again.
func (s *site) codeAgain(v *visit, f *ui.Form, items []agreements.SigningItem, err error, where func(*codePage)) error {
	if !v.refused(err, f, nil) {
		return err
	}
	d, failed := s.codeData(v, items, f)
	if failed != nil {
		return failed
	}
	f.Set("code", "")
	d.kept(f)
	where(d)
	d.Changed = !errs.Has(err, "code_invalid") && !errs.Has(err, "rate_limited")
	return v.again(pages.Code(d.CodeData))
}

// signingPage is everything that waits for the reader's signature.
func (s *site) signingPage(v *visit) error {
	d, err := s.signingData(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(pages.Signing(d))
}

func (s *site) signingData(v *visit, f *ui.Form) (pages.SigningData, error) {
	d := pages.SigningData{Form: f, Most: agreements.MaxBulk, Vals: map[string]string{}}
	r, err := s.sidesOf(v)
	if err != nil {
		return d, err
	}
	waiting, err := s.waitingFor(v, r)
	if err != nil {
		return d, err
	}
	for _, one := range waiting {
		a := one.Agreement
		turn := turnOf(one.Waiting, r.of(a))
		if turn == nil || !a.State.Frozen() || a.Document == nil || !r.signs(a, turn.Party) {
			continue
		}
		row := v.agreementRow(r, one)
		if turn.Action == agreements.ActCountersign {
			d.Bulk = append(d.Bulk, row)
			d.Vals[a.ID] = itemValue(agreements.SigningItem{AgreementID: a.ID, Revision: a.Revision, SHA256: a.Document.SHA256})
		} else {
			d.One = append(d.One, row)
		}
	}
	return d, nil
}

// requestSignatures asks for one code for all chosen agreements.
func (s *site) requestSignatures(v *visit) error {
	f := v.form()
	items := itemsOf(f)
	if len(items) == 0 {
		f.Errors = append(f.Errors, ui.FieldError{Field: "item", Message: v.say("site.agreements.signing.choose_one")})
	}
	if f.Value("read") != "true" {
		f.Errors = append(f.Errors, ui.FieldError{Field: "read", Message: v.say("site.agreements.sign.unread")})
	}
	if len(f.Errors) > 0 {
		return s.signingAgain(v, f)
	}
	request, err := s.Agreements.RequestCode(v.ctx(), v.actor, items)
	if err != nil {
		if !v.refused(err, f, func(string) string { return "item" }) {
			return err
		}
		return s.signingAgain(v, f)
	}
	d, err := s.codeData(v, items, &ui.Form{})
	if err != nil {
		return err
	}
	d.ofAll(v)
	d.sent(v, request)
	return v.show(pages.Code(d.CodeData))
}

func (s *site) signingAgain(v *visit, f *ui.Form) error {
	d, err := s.signingData(v, f)
	if err != nil {
		return err
	}
	return v.again(pages.Signing(d))
}

// signatures takes the code and countersigns one agreement after the other; each has its own result.
func (s *site) signatures(v *visit) error {
	f := v.form()
	items := itemsOf(f)
	if len(items) == 0 || len(v.actor.Organisations(accounts.KindCollege, accounts.RoleSignatory)) == 0 {
		return errs.New(errs.Invalid, "bad_request")
	}
	results, err := s.Agreements.CountersignAll(v.ctx(), v.actor, items, proofOf(f))
	if err != nil {
		return s.codeAgain(v, f, items, err, func(d *codePage) { d.ofAll(v) })
	}
	var d pages.ResultsData
	for _, one := range results {
		r := pages.Result{ID: one.AgreementID, Done: one.Concluded, Number: one.Number, Text: v.say("state.agreement." + string(agreements.Concluded))}
		if a, err := s.Agreements.Get(v.ctx(), v.actor, one.AgreementID); err == nil {
			r.Title, r.Student, r.Number = ui.In(v.ctx(), a.Agreement.PlacementTitle), a.Agreement.StudentName, a.Agreement.Number
		} else if errs.KindOf(err) != errs.NotFound {
			return err
		}
		if d.Done++; !one.Concluded {
			d.Done--
			d.Failed++
			r.Text = v.whole(one.Err)
		}
		d.Results = append(d.Results, r)
	}
	slices.SortStableFunc(d.Results, func(x, y pages.Result) int { return boolOrder(x.Done) - boolOrder(y.Done) })
	return v.show(pages.Results(d))
}

// whole is the sentence of a refusal with those of its fields.
func (v *visit) whole(err error) string {
	f := &ui.Form{}
	if !v.refused(err, f, nil) {
		return v.say("error.agreement_not_found")
	}
	text := f.Problem
	for _, e := range f.Errors {
		text += " " + e.Message
	}
	return text
}

// boolOrder puts what failed first.
func boolOrder(done bool) int {
	if done {
		return 1
	}
	return 0
}
