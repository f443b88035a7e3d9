package webui

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/web/pages/chamber"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) chamberQueue(v *visit) error {
	_, head, err := s.chamberOf(v, "verifications")
	if err != nil {
		return err
	}
	after, err := v.cursor()
	if err != nil {
		return err
	}
	q := chamber.Queue{Head: head, Mine: v.query("mine") == "true"}
	switch state := v.query("state"); directory.VerificationState(state) {
	case directory.VerificationWaiting, directory.VerificationClaimed, directory.VerificationVerified, directory.VerificationRefused:
		q.State = state
	}
	if q.Changes, err = s.changesOf(v, head.ID, listVerifications, "/chambers/"+head.ID+"/looked", otherChanged(v, "/chambers/"+head.ID+"/verifications")); err != nil {
		return err
	}
	page, err := s.Directory.ListVerifications(
		v.ctx(), v.actor, head.ID, directory.QueueFilter{State: directory.VerificationState(q.State), Mine: q.Mine, Since: q.Changes.From()}, after, queuePerPage,
	)
	if err != nil {
		return err
	}
	q.Items = page.Items
	if !page.Next.IsZero() {
		q.Next = fmt.Sprintf("/chambers/%s/verifications?state=%s&mine=%t&changed=%t&cursor=%s", head.ID, q.State, q.Mine, q.Changes.Only, page.Next)
	}
	return v.show(chamber.QueuePage(q))
}

func (s *site) reviewPage(v *visit) error {
	r, err := s.reviewOf(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(chamber.ReviewPage(r))
}

func reviewPath(v *visit) string {
	return "/chambers/" + v.param("id") + "/verifications/" + v.param("one")
}

func (s *site) reviewOf(v *visit, f *ui.Form) (chamber.Review, error) {
	c, head, err := s.chamberOf(v, "verifications")
	if err != nil {
		return chamber.Review{}, err
	}
	view, err := s.Directory.ReadVerification(v.ctx(), v.actor, v.param("one"))
	if errs.Has(err, "not_submitted") || (err == nil && view.Region != c.Region) {
		return chamber.Review{}, errs.New(errs.NotFound, "not_found")
	}
	if err != nil {
		return chamber.Review{}, err
	}
	r := chamber.Review{
		Head: head, View: view, Facts: s.enterpriseFacts(v, view.Enterprise), Form: f, Open: view.Decision == "",
		Version: strconv.FormatInt(view.Enterprise.Version, 10),
	}
	if view.State == directory.VerificationClaimed {
		r.Mine = view.ClaimedBy == v.actor.PersonID
		r.Taken = !r.Mine
	}
	for _, change := range view.Changed {
		d := enterprise.Difference{Label: enterprise.Label(v.ctx(), change.Field), Before: change.Before, After: change.After}
		if change.Field == "region" {
			d.Before, d.After = s.regionName(v, change.Before), s.regionName(v, change.After)
		}
		r.Before = append(r.Before, d)
	}
	return r, nil
}

// regionName is a region's name in the page's language.
func (s *site) regionName(v *visit, code string) string {
	if r, ok := s.Reference.Region(code); ok {
		return ui.In(v.ctx(), r.Name)
	}
	return code
}

// enterpriseFacts is what an enterprise says about itself, in the order of the fields that may have a defect.
func (s *site) enterpriseFacts(v *visit, e *directory.EnterpriseView) []chamber.Fact {
	said := map[string]string{
		"bin": e.BIN, "iin": e.IIN, "name": e.Name, "region": s.regionName(v, e.Region), "city": s.Reference.CityName(e.Region, e.City, v.lang),
		"legal_names": joinSaid("; ", e.LegalNames.KK, e.LegalNames.RU, e.LegalNames.EN), "address": e.Address, "activity_code": e.ActivityCode,
		"head_name": e.HeadName, "head_position": e.HeadPosition, "head_authority": e.HeadAuthority, "email": e.Email, "phone": e.Phone,
		"bank": joinSaid(", ", e.Bank.Account, e.Bank.Bank, e.Bank.BIC, e.Bank.KBE),
	}
	var out []chamber.Fact
	for _, field := range directory.DefectFields() {
		if (field == "iin" && e.IIN == "") || (field == "bin" && e.BIN == "") {
			continue
		}
		out = append(out, chamber.Fact{Field: field, Label: enterprise.Label(v.ctx(), field), Text: said[field]})
	}
	return out
}

// joinSaid joins the texts that are there.
func joinSaid(between string, texts ...string) string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return strings.Join(out, between)
}

func (s *site) reviewClaim(v *visit) error {
	if _, _, err := s.chamberOf(v, "verifications"); err != nil {
		return err
	}
	if _, err := s.Directory.ClaimVerification(v.ctx(), v.actor, v.param("one")); err != nil {
		return v.refusedAct(err, reviewPath(v))
	}
	return v.goTo(reviewPath(v), "chamber.claimed")
}

// review verifies an enterprise or refuses it, by the button that was pressed. What is marked beside "verify" is a mistake that the service names.
func (s *site) review(v *visit) error {
	if _, _, err := s.chamberOf(v, "verifications"); err != nil {
		return err
	}
	f := v.form()
	in := directory.Review{Decision: directory.VerificationState(f.Value("do")), Comment: f.Value("comment")}
	for _, field := range directory.DefectFields() {
		if code := f.Value("defect." + field); code != "" {
			in.Defects = append(in.Defects, directory.Defect{Field: field, Code: code, Note: f.Value("note." + field)})
		}
	}
	_, err := s.Directory.DecideVerification(v.ctx(), v.actor, v.param("one"), f.Version(), in)
	if err == nil {
		return v.goTo("/chambers/"+v.param("id")+"/verifications", "chamber."+string(in.Decision))
	}
	if !v.refused(err, f, func(field string) string { return reviewField(in.Defects, field) }) {
		return err
	}
	for _, e := range f.Errors {
		if f.Labels == nil {
			f.Labels = map[string]string{}
		}
		if _, field, ok := strings.Cut(e.Field, "."); ok {
			f.Labels[e.Field] = enterprise.Label(v.ctx(), field)
		}
	}
	r, wrong := s.reviewOf(v, f)
	if wrong != nil {
		return err
	}
	return v.again(chamber.ReviewPage(r))
}

// reviewField is the control of a field of the contract: "defects[1].note" is the note beside the second marked field.
func reviewField(defects []directory.Defect, field string) string {
	var at int
	var part string
	if _, err := fmt.Sscanf(strings.NewReplacer("[", " ", "].", " ", "]", " ").Replace(field), "defects %d %s", &at, &part); err != nil || at >= len(defects) {
		if field == "defects" {
			return "defect." + directory.DefectFields()[0]
		}
		return field
	}
	if part == "note" {
		return "note." + defects[at].Field
	}
	return "defect." + defects[at].Field
}
