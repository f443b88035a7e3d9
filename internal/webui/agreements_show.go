package webui

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
	pages "github.com/orynda/orynda/web/pages/agreements"
	"github.com/orynda/orynda/web/ui"
)

// reading is one agreement with how the reader stands to it.
type reading struct {
	*agreements.View
	sides sides
}

// read reads one agreement for the reader, or refuses as the service does.
func (s *site) read(v *visit) (*reading, error) {
	view, err := s.Agreements.Get(v.ctx(), v.actor, v.param("id"))
	if err != nil {
		return nil, err
	}
	return s.standing(v, view)
}

// standing adds for which sides the reader speaks.
func (s *site) standing(v *visit, view *agreements.View) (*reading, error) {
	r, err := s.sidesOf(v)
	return &reading{View: view, sides: r}, err
}

// may reports whether the policy lets the reader do something with this agreement.
func (s *site) may(v *visit, r *reading, operation string) bool {
	return s.Agreements.Policy.Permit(v.actor, operation, r.Relations...) == nil
}

func (r *reading) mine(p agreements.Party) bool { return r.sides.of(r.Agreement)(p) }

// turn finds the reader's own next step of a kind.
func (r *reading) turn(actions ...agreements.Action) *agreements.Waiting {
	for i, w := range r.Waiting {
		for _, a := range actions {
			if w.Action == a && r.mine(w.Party) {
				return &r.Waiting[i]
			}
		}
	}
	return nil
}

// agreementPage is one agreement.
func (s *site) agreementPage(v *visit) error {
	r, err := s.read(v)
	if err != nil {
		return err
	}
	d, err := s.agreementData(v, r)
	if err != nil {
		return err
	}
	return v.show(pages.Show(d))
}

func (s *site) agreementData(v *visit, r *reading) (pages.ShowData, error) {
	ctx, a := v.ctx(), r.Agreement
	d := pages.ShowData{
		ID: a.ID, Title: ui.In(ctx, a.PlacementTitle), TitleLang: ui.InLang(ctx, a.PlacementTitle), Number: a.Number, Void: a.NumberVoid,
		State: v.say("state.agreement." + string(a.State)), Way: wayOfAgreement(a, r.Waiting, r.mine, v.words(), agreementWords),
		Enterprise: pages.Link{Path: "/enterprises/" + a.EnterpriseID, Label: a.EnterpriseName}, College: pages.Link{Path: "/colleges/" + a.CollegeID, Label: a.CollegeName},
		Brief: v.briefRows(r), Signatures: v.signatureLines(r), Notes: v.agreementNotes(a), Gaps: v.gapsOf(r), Acts: s.actsOf(v, r),
		WordingNote: v.wordingNote(r.Template),
	}
	d.Kind = agreementKind(a.State, d.Way.Mine)
	d.Else = v.elseSigns(r)
	agreementFiles(&d, v, a)
	d.Verify = pages.Link{Path: "/verify/" + agreements.PrintedCode(a.VerificationCode), Label: agreements.PrintedCode(a.VerificationCode)}
	changed, err := s.agreementHistory(v, r, &d)
	if err != nil {
		return d, err
	}
	if err := s.wording(v, a, &d); err != nil || len(d.Text) > 0 {
		return d, err
	}
	d.Sections = v.termSections(s, r, changed)
	return d, nil
}

// wording is the text of a fixed document in the language that is asked for, else the reader's.
func (s *site) wording(v *visit, a *agreements.Agreement, d *pages.ShowData) error {
	lang := v.lang
	for _, l := range a.Languages {
		if string(l) == v.query("language") {
			lang = l
		}
	}
	if lang == i18n.EN && len(a.Languages) < 3 {
		lang = i18n.KK
	}
	text, err := s.Agreements.Text(v.ctx(), v.actor, a.ID, lang)
	if err != nil {
		return err
	}
	d.TextLang = string(lang)
	for _, l := range a.Languages {
		d.Languages = append(d.Languages, ui.Tab{Path: "/agreements/" + a.ID + "?language=" + string(l), Label: v.say("value.language." + string(l)), Current: l == lang})
	}
	for _, p := range text {
		one := pages.Piece{Kind: string(p.Kind), Number: p.Number, Heads: p.Heads, Rows: p.Rows}
		for _, run := range p.Runs {
			one.Runs = append(one.Runs, pages.Run(run))
		}
		d.Text = append(d.Text, one)
	}
	return nil
}

func (v *visit) wordingNote(t agreements.Template) string {
	key := "site.agreements.show.wording"
	if !t.Compared {
		key += "_uncompared"
	}
	return v.say(key, "act", v.say("site.agreements.show.act."+t.ID))
}

// agreementFiles are the files that there are: the signed bytes, the sheet of signatures, and unsigned copies.
func agreementFiles(d *pages.ShowData, v *visit, a *agreements.Agreement) {
	path := "/agreements/" + a.ID + "/document.pdf"
	if a.Document != nil {
		d.Document, d.Hash = path, a.Document.SHA256[:16]
		if len(a.Signatures) > 0 {
			d.Sheet = path + "?part=signatures"
		}
	}
	if a.Document == nil {
		return // a draft that lacks something can't be printed, and what is on its page is all that there is
	}
	for _, l := range a.Languages {
		d.Copies = append(d.Copies, pages.Link{Path: path + "?language=" + string(l), Label: v.say("value.language." + string(l))})
	}
}

// agreementDocument gives the exact stored bytes, the sheet of signatures or an unsigned copy, to be read in the browser.
func (s *site) agreementDocument(v *visit) error {
	file, err := s.Agreements.Document(v.ctx(), v.actor, v.param("id"), agreements.WantedDocument{
		Language: i18n.Lang(v.query("language")), Sheet: v.query("part") == "signatures", Revision: v.c.QueryInt("revision"), Reader: v.lang,
	})
	if err != nil {
		return err
	}
	tag := `"` + file.SHA256 + `"`
	v.c.Set(fiber.HeaderETag, tag)
	for _, known := range strings.Split(v.c.Get(fiber.HeaderIfNoneMatch), ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
			return v.c.SendStatus(fiber.StatusNotModified)
		}
	}
	v.c.Set(fiber.HeaderContentType, "application/pdf")
	v.c.Set(fiber.HeaderContentDisposition, `inline; filename="`+file.Name+`"`)
	return v.c.Send(file.Body)
}

// briefRows are what everybody asks first.
func (v *visit) briefRows(r *reading) []ui.Row {
	a, t := r.Agreement, r.Agreement.Terms
	rows := []ui.Row{
		{Term: v.say("site.agreements.period"), Text: v.period(t)},
		{Term: v.say("agreement.party.student"), Text: a.StudentName},
		{Term: v.say("agreement.register.compensation_kind"), Text: v.payOf(t.Compensation)},
		{Term: v.say("site.agreements.share.week"), Text: v.say("site.agreements.share.hours", "hours", fraction(v.ctx(), r.Hours.Weekly()))},
	}
	if r.Share.Known {
		rows = append(rows, ui.Row{Term: v.say("site.agreements.share.title"), Text: fraction(v.ctx(), r.Share.Percent) + "\u00a0%"})
	}
	if m := r.Parties.Mentor; m != nil {
		rows = append(rows, ui.Row{Term: v.say("agreement.field.mentor_id"), Text: m.FullName, Note: m.Position})
	}
	rows = append(rows, ui.Row{Term: v.say("site.agreements.show.revision"), Text: itoa(a.Revision)})
	if !a.ConcludedAt.IsZero() {
		rows = append(rows, ui.Row{Term: v.say("agreement.register.concluded_on"), Text: ui.Moment(v.ctx(), a.ConcludedAt)})
	}
	if a.Registration != nil {
		rows = append(rows, ui.Row{Term: v.say("agreement.register.number"), Text: a.Registration.Number, Note: ui.Moment(v.ctx(), a.Registration.At)})
	}
	return rows
}

// signatureLines are all signatures that the agreement has or needs, the college's last.
func (v *visit) signatureLines(r *reading) []pages.Signature {
	var out []pages.Signature
	a, p := r.Agreement, r.Parties
	for _, party := range []agreements.Party{agreements.ByStudent, agreements.ByGuardian, agreements.ByEnterprise, agreements.ByCollege} {
		line := pages.Signature{Party: v.say("agreement.party." + string(party))}
		signed := false
		for _, sig := range a.Signatures {
			if sig.Party == party {
				signed = true
				line.Person, line.When, line.Consent, line.Authority = sig.Person, sig.At, sig.Consent, v.authority(sig)
				line.How, line.Assurance = v.say("site.agreements.channel."+string(sig.Channel)), v.say("site.agreements.assurance."+string(sig.Assurance))
			}
		}
		switch {
		case signed:
		case !a.State.Open(), party == agreements.ByGuardian && !r.GuardianRequired:
			continue
		case party == agreements.ByStudent:
			line.Person = p.Student.FullName
		case party == agreements.ByGuardian && p.Guardian != nil:
			line.Person = p.Guardian.FullName
		case party == agreements.ByEnterprise:
			line.Person = a.EnterpriseName
		case party == agreements.ByCollege:
			line.Person = a.CollegeName
		}
		out = append(out, line)
	}
	return out
}

// authority says on what a signature rests.
func (v *visit) authority(sig agreements.Signature) string {
	switch {
	case sig.Party == agreements.ByStudent:
		return v.say("agreement.own_name")
	case sig.Party == agreements.ByGuardian:
		return v.say("agreement.ground." + sig.Authority)
	case sig.Position == "":
		return sig.Authority
	}
	return sig.Position + ", " + sig.Authority
}

// elseSigns says who else must sign, because a student under 18 and the guardian each wonder.
func (v *visit) elseSigns(r *reading) string {
	a := r.Agreement
	if !a.State.Frozen() {
		if a.State == agreements.Draft && r.GuardianRequired {
			return v.say("site.agreements.else.minor")
		}
		return ""
	}
	var who []string
	for _, w := range r.Waiting {
		if (w.Action == agreements.ActSign || w.Action == agreements.ActCountersign) && !r.mine(w.Party) {
			who = append(who, v.say("site.agreements.else.party."+string(w.Party)))
		}
	}
	out := ""
	if a.State != agreements.Awaiting {
		who = append(who, v.say("site.agreements.else.last"))
	}
	if len(who) > 0 {
		out = v.say("site.agreements.else.sign", "who", strings.Join(who, ", "))
	}
	if r.GuardianRequired {
		out = strings.TrimSpace(out + " " + v.say("site.agreements.else.minor"))
	}
	return out
}

func boolWord(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// actsOf lists what the reader may do now, the next step first.
func (s *site) actsOf(v *visit, r *reading) []pages.Act {
	a := r.Agreement
	path := "/agreements/" + a.ID
	var out []pages.Act
	link := func(ok bool, key, kind string) {
		if ok {
			out = append(out, pages.Act{Path: path + "/" + key, Label: v.say("site.agreements." + key + ".link"), Kind: kind})
		}
	}
	signs := r.signing() != nil
	link(signs, "sign", "")
	if a.State == agreements.Draft && len(r.Gaps) == 0 && s.may(v, r, "readyAgreement") {
		out = append(out, pages.Act{Path: path + "/ready", Label: v.say("site.agreements.ready.do"), Post: true, Version: strconv.FormatInt(a.Version, 10)})
	}
	link(a.State == agreements.Draft && len(r.draftSides()) > 0, "draft", kindIf(r.turn(agreements.ActFillIn, agreements.ActRecordEnrolment) != nil))
	if r.turn(agreements.ActRegister) != nil && s.may(v, r, "registerAgreement") {
		out = append(out, pages.Act{Path: path + "/register", Label: v.say("site.agreements.register.do"), Post: true})
	}
	link(a.State.Frozen() && len(r.draftSides()) > 0, "draft", "quiet")
	for _, st := range agreementSteps() {
		link(st.open(r) && s.may(v, r, st.operation), st.key, st.kind)
	}
	return out
}

func kindIf(next bool) string {
	if next {
		return ""
	}
	return "quiet"
}

// signing is the reader's turn to sign, nil when there is none.
func (r *reading) signing() *agreements.Waiting {
	if t := r.turn(agreements.ActSign, agreements.ActCountersign); t != nil && r.sides.signs(r.Agreement, t.Party) {
		return t
	}
	return nil
}

// payOf says what is paid, or plainly that nothing is; "" when it isn't said yet.
func (v *visit) payOf(c *agreements.Compensation) string {
	if c == nil {
		return ""
	}
	return payWords(v.ctx(), placements.Compensation{Kind: placements.PayKind(c.Kind), Amount: c.Amount})
}

// ruleSource is where a rule stands for the agreement's regime.
func ruleSource(rule string, a *agreements.Agreement) string { return rules.Source(rule, a.Regime) }
