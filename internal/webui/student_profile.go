package webui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/student"
	"github.com/orynda/orynda/web/ui"
)

// mostCarried is how many answers come along; a place asks two questions.
const mostCarried = 10

// carriedAlong reads what was typed elsewhere and comes along while the profile is completed.
func carriedAlong(f *ui.Form) student.Carry {
	c := student.Carry{Place: f.Value("carry_place"), Motivation: f.Value("carry_motivation"), Answers: f.All("carry_answer")}
	if c.Place == "" || f.Values.Has("carry_motivation") {
		return c
	}
	// From the form of an application itself.
	c.Motivation = f.Value("motivation")
	for i := range mostCarried {
		name := "answer" + strconv.Itoa(i)
		if !f.Values.Has(name) {
			break
		}
		c.Answers = append(c.Answers, f.Value(name))
	}
	return c
}

// profileStep shows another part of the profile, or the application that was begun, with what was typed before. It changes nothing.
func (s *site) profileStep(v *visit) error {
	f := v.form()
	c := carriedAlong(f)
	switch f.Value("to") {
	case "apply":
		if c.Place == "" {
			return v.goTo("/placements", "")
		}
		return s.begunApplication(v, c)
	case "enrolment":
		return s.showClaim(v, &ui.Form{}, c, f.Value("q"), "")
	case "guardian":
		return v.show(student.NameGuardian(v.guardianData(&ui.Form{}, c)))
	}
	d, err := s.profileData(v, nil, c)
	if err != nil {
		return err
	}
	return v.show(student.Profile(d))
}

func (s *site) profilePage(v *visit) error {
	d, err := s.profileData(v, nil, student.Carry{})
	if err != nil {
		return err
	}
	return v.show(student.Profile(d))
}

// profileData is the profile as it is stored; f is what was typed instead, nil for nothing.
func (s *site) profileData(v *visit, f *ui.Form, c student.Carry) (student.ProfileData, error) {
	me, err := s.Accounts.Me(v.ctx(), v.actor)
	if err != nil {
		return student.ProfileData{}, err
	}
	p := me.Person
	d := student.ProfileData{
		Form: f, Carry: c, Email: p.Email, Proved: p.EmailProved(), IIN: me.Identity.IIN, Born: dates.Day(v.lang, me.Identity.Born()),
		Minor: me.GuardianRequired, Citizen: p.Role == accounts.AsCitizen,
	}
	if d.Locked, err = s.Directory.IdentityLocked(v.ctx(), p.ID); err != nil {
		return d, err
	}
	d.Locked = d.Locked && me.Identity.IIN != "" && me.Identity.BirthDate != ""
	if f == nil {
		d.Form = s.storedProfile(v, me)
	}
	for _, r := range s.Reference.Regions() {
		d.Regions = append(d.Regions, ui.Option{Value: r.Code, Label: r.Name.In(v.lang)})
	}
	return d, s.profileTies(v, p, &d)
}

// storedProfile is the form as it stands in the store.
func (s *site) storedProfile(v *visit, me *accounts.Me) *ui.Form {
	p, f := me.Person, &ui.Form{}
	city := p.City
	if city != "" {
		city = s.Reference.CityName(p.Region, p.City, v.lang)
	}
	for name, value := range map[string]string{
		"version": strconv.FormatInt(p.Version, 10), "full_name": p.FullName, "phone": me.Identity.Phone, "iin": me.Identity.IIN,
		"birth_date": string(me.Identity.BirthDate), "address": me.Identity.Address, "region": p.Region, "city": city, "about": p.About,
	} {
		f.Set(name, value)
	}
	f.Values["languages"] = p.Languages
	return f
}

// profileTies adds the college, the guardians and the wards.
func (s *site) profileTies(v *visit, p *accounts.Person, d *student.ProfileData) error {
	enrolment, err := s.Directory.OwnEnrolment(v.ctx(), p.ID)
	if err != nil {
		return err
	}
	d.Student = enrolment != nil || p.Role == accounts.AsStudent || p.Role == accounts.AsCitizen
	d.Enrolment = v.enrolmentWords(enrolment)
	guardians, err := s.Directory.Guardians(v.ctx(), p.ID)
	if err != nil {
		return err
	}
	for _, g := range guardians {
		one, err := s.Directory.GuardianView(g)
		if err != nil {
			return err
		}
		d.Guardians = append(d.Guardians, v.guardianWords(one))
	}
	wards, err := s.Directory.NamedWards(v.ctx(), p.ID)
	if err != nil {
		return err
	}
	for _, w := range wards {
		d.Wards = append(d.Wards, v.wardWords(w))
	}
	return nil
}

func (v *visit) enrolmentWords(e *directory.EnrolmentView) *student.Enrolment {
	if e == nil {
		return nil
	}
	out := &student.Enrolment{
		College: e.College.Name, State: v.say("state.enrolment." + string(e.State)), Says: v.say("site.student.enrolment.says_" + string(e.State)),
		Confirmed: e.State == directory.EnrolmentConfirmed, Kind: "wait",
	}
	if out.Confirmed {
		out.Kind = "good"
	}
	out.Rows = []ui.Row{{Term: v.say("site.student.enrolment.group"), Text: e.Group}}
	if t, ok := v.site.Reference.Trade(e.QualificationCode); ok {
		out.Rows = append(out.Rows, ui.Row{Term: v.say("site.student.seen.trade"), Text: t.Name.In(v.lang)})
	} else if t, ok := v.site.Reference.Programme(e.ProgrammeCode); ok {
		out.Rows = append(out.Rows, ui.Row{Term: v.say("site.student.seen.trade"), Text: t.Name.In(v.lang)})
	}
	if e.Course > 0 {
		out.Rows = append(out.Rows, ui.Row{Term: v.say("site.student.seen.course"), Text: strconv.Itoa(e.Course)})
	}
	return out
}

func (v *visit) guardianWords(g *directory.GuardianView) student.Guardian {
	out := student.Guardian{
		Name: g.FullName, Email: g.Email, Phone: g.Phone, Ground: v.say("value.ground." + g.Ground), State: v.say("state.guardian." + string(g.State)),
		Says: v.say("site.student.guardian.says_" + string(g.State)), Kind: "wait",
	}
	if g.State == directory.GuardianConfirmed {
		out.Kind = "good"
	}
	return out
}

// ownField is the form's own name of a field of the service.
func ownField(field string) string {
	field = strings.TrimPrefix(field, "profile.")
	if strings.HasPrefix(field, "languages") {
		return "languages"
	}
	return field
}

// personChange reads the form. A field that the page doesn't show stays as it is.
func personChange(f *ui.Form) accounts.PersonChange {
	text := func(name string) *string {
		if !f.Values.Has(name) {
			return nil
		}
		value := strings.TrimSpace(f.Value(name))
		return &value
	}
	languages := slices.Clone(f.All("languages"))
	if languages == nil {
		languages = []string{}
	}
	in := accounts.PersonChange{
		FullName: text("full_name"), Phone: text("phone"), IIN: text("iin"), Address: text("address"), Region: text("region"), City: text("city"),
		About: text("about"), Languages: &languages,
	}
	if born := text("birth_date"); born != nil {
		day := cal.Day(*born)
		in.BirthDate = &day
	}
	return in
}

func (s *site) saveProfile(v *visit) error {
	f := v.form()
	c := carriedAlong(f)
	_, err := s.Accounts.UpdateMe(v.ctx(), v.actor, personChange(f), f.Version())
	if err == nil {
		return s.profileSaved(v, c, "profile")
	}
	if !v.refused(err, f, ownField) {
		return err
	}
	d, again := s.profileData(v, f, c)
	if again != nil {
		return again
	}
	if errs.KindOf(err) == errs.Stale {
		if err := s.newerProfile(v, f, &d); err != nil {
			return err
		}
	}
	if errs.Has(err, "iin_taken") && f.Error("iin") == "" {
		f.Errors, f.Problem = append(f.Errors, ui.FieldError{Field: "iin", Message: f.Problem}), ""
	}
	f.Labels = v.profileLabels()
	return v.again(student.Profile(d))
}

// profileLabels names the fields in the summary of what is wrong.
func (v *visit) profileLabels() map[string]string {
	out := map[string]string{}
	for _, name := range []string{"full_name", "phone", "birth_date", "iin", "region", "city", "address", "languages", "about"} {
		out[name] = v.say("site.student.profile." + name)
	}
	return out
}

// newerProfile shows beside what was typed what was stored meanwhile. Sent once more, the form is an answer to the newer version.
func (s *site) newerProfile(v *visit, f *ui.Form, d *student.ProfileData) error {
	me, err := s.Accounts.Me(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	stored := s.storedProfile(v, me)
	for _, name := range []string{"full_name", "phone", "birth_date", "iin", "city", "address", "about"} {
		if was := stored.Value(name); f.Values.Has(name) && was != f.Value(name) {
			d.Newer = append(d.Newer, student.Change{Term: v.say("site.student.profile." + name), After: was})
		}
	}
	f.Set("version", stored.Value("version"))
	return nil
}

// profileSaved leads on after a part of the profile was saved. While something is carried along the page answers the form itself, so that it isn't lost.
func (s *site) profileSaved(v *visit, c student.Carry, done string) error {
	if c.Place == "" {
		return v.goTo("/profile", done)
	}
	d, err := s.profileData(v, nil, c)
	if err != nil {
		return err
	}
	d.Saved = v.say("site.done." + done)
	return v.show(student.Profile(d))
}

func (s *site) claimPage(v *visit) error {
	return s.showClaim(v, &ui.Form{}, student.Carry{}, v.query("q"), "")
}

// mostColleges is how many colleges one search shows.
const mostColleges = 20

// showClaim is the page on which a college is found and claimed. chosen is a college that stays among those shown.
func (s *site) showClaim(v *visit, f *ui.Form, c student.Carry, q, chosen string) error {
	d, err := s.claimData(v, f, c, q, chosen)
	if err != nil {
		return err
	}
	if f.Failed() {
		return v.again(student.Claim(d))
	}
	return v.show(student.Claim(d))
}

func (s *site) claimData(v *visit, f *ui.Form, c student.Carry, q, chosen string) (student.EnrolmentData, error) {
	d := student.EnrolmentData{Form: f, Carry: c, Query: q, Asked: q != ""}
	me, err := s.Accounts.Me(v.ctx(), v.actor)
	if err != nil {
		return d, err
	}
	for name, value := range map[string]string{"iin": me.Identity.IIN, "birth_date": string(me.Identity.BirthDate)} {
		if !f.Values.Has(name) {
			f.Set(name, value)
		}
	}
	e, err := s.Directory.OwnEnrolment(v.ctx(), v.actor.PersonID)
	if err != nil {
		return d, err
	}
	if e != nil && e.State == directory.EnrolmentClaimed {
		d.Waiting = v.enrolmentWords(e)
	}
	if q == "" && chosen == "" {
		return d, nil
	}
	page, err := s.Directory.ListColleges(v.ctx(), directory.CollegeFilter{Q: q}, storage.Cursor{}, mostColleges)
	if err != nil {
		return d, err
	}
	for _, one := range page.Items {
		d.Colleges = append(d.Colleges, ui.Option{Value: one.ID, Label: one.Name, Hint: s.Reference.CityName(one.Region, one.City, v.lang)})
	}
	return d, nil
}

func (s *site) claimEnrolment(v *visit) error {
	f := v.form()
	c := carriedAlong(f)
	e, err := s.Directory.ClaimEnrolment(v.ctx(), v.actor, directory.Claim{
		CollegeID: f.Value("college_id"), Group: f.Value("group"), IIN: strings.TrimSpace(f.Value("iin")), BirthDate: cal.Day(f.Value("birth_date")),
	})
	switch {
	case err == nil && e.State == directory.EnrolmentConfirmed:
		return s.profileSaved(v, c, "enrolled")
	case err == nil:
		return s.profileSaved(v, c, "claimed")
	case !v.refused(err, f, nil):
		return err
	}
	f.Labels = v.profileLabels()
	f.Labels["college_id"], f.Labels["group"] = v.say("site.student.enrolment.college"), v.say("site.student.enrolment.group")
	return s.showClaim(v, f, c, f.Value("q"), f.Value("college_id"))
}

func (s *site) guardianPage(v *visit) error {
	return v.show(student.NameGuardian(v.guardianData(&ui.Form{}, student.Carry{})))
}

func (v *visit) guardianData(f *ui.Form, c student.Carry) student.GuardianData {
	d := student.GuardianData{Form: f, Carry: c}
	for _, ground := range []string{directory.GroundParent, directory.GroundAdoptiveParent, directory.GroundGuardian} {
		d.Grounds = append(d.Grounds, ui.Option{Value: ground, Label: v.say("value.ground." + ground)})
	}
	return d
}

func (s *site) nameGuardian(v *visit) error {
	f := v.form()
	c := carriedAlong(f)
	_, err := s.Directory.NameGuardian(v.ctx(), v.actor, directory.GuardianInput{
		FullName: f.Value("full_name"), Email: f.Value("email"), Phone: strings.TrimSpace(f.Value("phone")), Ground: f.Value("ground"),
	})
	if err == nil {
		return s.profileSaved(v, c, "guardian_named")
	}
	if !v.refused(err, f, nil) {
		return err
	}
	f.Labels = map[string]string{
		"full_name": v.say("site.student.guardian.full_name"), "email": v.say("site.student.guardian.email"), "phone": v.say("site.student.guardian.phone"),
		"ground": v.say("site.student.guardian.ground"),
	}
	return v.again(student.NameGuardian(v.guardianData(f, c)))
}
