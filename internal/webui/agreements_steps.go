package webui

import (
	"slices"
	"strconv"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	pages "github.com/orynda/orynda/web/pages/agreements"
	"github.com/orynda/orynda/web/ui"
)

// agreementStep is a step that needs words: a page of its own says what it does, and its form takes them.
type agreementStep struct {
	key       string // of the address and of the texts
	operation string
	kind      string // of the button
	needs     []string
	// open reports whether the agreement stands where the step has a meaning; the service has the last word.
	open func(r *reading) bool
	do   func(s *site, v *visit, f *ui.Form) error
}

func (st agreementStep) has(field string) bool { return slices.Contains(st.needs, field) }

// agreementSteps lists the steps in the order of the buttons.
func agreementSteps() []agreementStep {
	frozen := func(r *reading) bool { return r.Agreement.State.Frozen() }
	binding := func(r *reading) bool { return r.Agreement.State.Binding() }
	return []agreementStep{
		{"defects", "refuseRegistration", "quiet", []string{"defects", "reason"}, func(r *reading) bool { return r.turn(agreements.ActRegister) != nil }, func(s *site, v *visit, f *ui.Form) error {
			var defects []agreements.Defect
			for _, d := range f.All("defects") {
				defects = append(defects, agreements.Defect(d))
			}
			_, err := s.Agreements.RefuseRegistration(v.ctx(), v.actor, v.param("id"), defects, f.Value("reason"))
			return err
		}},
		{"refuse", "refuseSignature", "danger", []string{"reason", "required", "revision"}, func(r *reading) bool { return r.turn(agreements.ActSign) != nil }, func(s *site, v *visit, f *ui.Form) error {
			revision, _ := strconv.Atoi(f.Value("revision")) // what isn't a number is the present one
			_, err := s.Agreements.Refuse(v.ctx(), v.actor, v.param("id"), f.Value("reason"), revision)
			return err
		}},
		{"return", "returnAgreement", "quiet", []string{"reason", "required"}, frozen, func(s *site, v *visit, f *ui.Form) error {
			_, err := s.Agreements.Return(v.ctx(), v.actor, v.param("id"), f.Value("reason"))
			return err
		}},
		{"complete", "completeAgreement", "", []string{"date", "reason", "hired"}, func(r *reading) bool { return binding(r) && r.turn(agreements.ActConfirm) != nil }, completeStep},
		{"terminate", "terminateAgreement", "danger", []string{"date", "reason", "required"}, binding, func(s *site, v *visit, f *ui.Form) error {
			_, err := s.Agreements.Terminate(v.ctx(), v.actor, v.param("id"), f.Value("reason"), cal.Day(f.Value("date")))
			return err
		}},
		{"cancel", "cancelAgreement", "danger", []string{"reason", "required"}, func(r *reading) bool { return r.Agreement.State.Open() }, func(s *site, v *visit, f *ui.Form) error {
			_, err := s.Agreements.Cancel(v.ctx(), v.actor, v.param("id"), f.Value("reason"))
			return err
		}},
	}
}

func completeStep(s *site, v *visit, f *ui.Form) error {
	in := agreements.ConfirmInput{Date: cal.Day(f.Value("date")), Reason: f.Value("reason")}
	if said := f.Value("hired"); said != "" {
		hired := said == "true"
		in.Hired = &hired
	}
	_, err := s.Agreements.Complete(v.ctx(), v.actor, v.param("id"), in)
	return err
}

// stepPage is the page of a step. Who may not take it is refused here already, as the step itself would be.
func (s *site) stepPage(st agreementStep) handler {
	return func(v *visit) error {
		r, err := s.read(v)
		if err != nil {
			return err
		}
		if err := s.Agreements.Policy.Permit(v.actor, st.operation, r.Relations...); err != nil {
			return err
		}
		f := &ui.Form{}
		if st.has("date") {
			f.Set("date", string(min(ui.Today(v.ctx()), r.Agreement.Terms.EndsOn)))
		}
		return v.show(pages.Step(v.stepData(st, r, f)))
	}
}

func (v *visit) stepData(st agreementStep, r *reading, f *ui.Form) pages.ActData {
	a := r.Agreement
	d := pages.ActData{
		Form: f, ID: a.ID, Title: v.titleOf(a), Key: st.key, Kind: st.kind, Date: st.has("date"), Reason: st.has("reason"), ReasonRequired: st.has("required"),
		DateMax: string(ui.Today(v.ctx())), Hired: st.has("hired") && slices.Contains(r.Relations, accounts.EnterpriseHR),
	}
	if st.kind == "quiet" {
		d.Kind = ""
	}
	if st.has("revision") {
		d.Revision = itoa(a.Revision)
	}
	if st.has("defects") {
		for _, one := range agreements.Defects() {
			d.Defects = append(d.Defects, ui.Option{Value: string(one), Label: v.say("site.agreements.defect." + string(one))})
		}
	}
	return d
}

// titleOf names an agreement in a way back to it.
func (v *visit) titleOf(a *agreements.Agreement) string {
	if a.Number != "" {
		return v.say("site.agreements.show.title") + " №\u00a0" + a.Number
	}
	return v.say("site.agreements.show.title")
}

// step takes a step; refused, its form comes back with what was typed.
func (s *site) step(st agreementStep) handler {
	return func(v *visit) error {
		f := v.form()
		err := st.do(s, v, f)
		if err == nil {
			return v.goTo("/agreements/"+v.param("id"), "agreement_"+st.key)
		}
		rename := func(field string) string {
			if field == "comment" {
				return "reason"
			}
			return field
		}
		if !v.refused(err, f, rename) {
			return err
		}
		r, failed := s.read(v)
		if failed != nil {
			return failed
		}
		return v.again(pages.Step(v.stepData(st, r, f)))
	}
}

// agreementReady freezes a complete draft for signing. What is missing is listed on the page it leads back to.
func (s *site) agreementReady(v *visit) error {
	id := v.param("id")
	version := v.form().Version()
	if _, err := s.Agreements.Ready(v.ctx(), v.actor, id, version); err != nil {
		return v.refusedAct(err, "/agreements/"+id)
	}
	return v.goTo("/agreements/"+id, "agreement_ready")
}

func (s *site) agreementRegister(v *visit) error {
	id := v.param("id")
	if _, err := s.Agreements.Register(v.ctx(), v.actor, id); err != nil {
		return v.refusedAct(err, "/agreements/"+id)
	}
	return v.goTo("/agreements/"+id, "agreement_registered")
}
