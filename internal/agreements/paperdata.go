package agreements

import (
	"strings"
	"time"

	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
)

// paperData is everything the document of an agreement prints, from its terms and parties. at is the instant it is made for.
func (s *Service) paperData(a *Agreement, p *Parties, at time.Time) paper.Data {
	t := a.Terms
	day := today(at)
	r := rules.InForce(day)
	hours := t.Hours(p.Student.Age(t.StartsOn), r)
	d := paper.Data{
		Regime: paper.Regime(a.Regime), TemplateVersion: a.Template, Number: a.Number, Revision: a.Revision, RenderedAt: at,
		English: len(a.Languages) > 2, City: s.cityText(p.College.Region, p.College.City),
		College: s.paperCollege(p.College), TrainingCentre: p.College.Kind == string(directory.TrainingCentre),
		Enterprise: s.paperEnterprise(p.Enterprise), Student: paperStudent(p.Student),
		Period: paper.Period{From: t.StartsOn, To: t.EndsOn}, TimeModel: paper.TimeModel(t.TimeModel), WeeklyHours: (hours.WeeklyMinutes + 59) / 60,
		Schedule: paperSchedule(t.Schedule), Plan: s.paperPlan(t.Plan), Workplace: s.paperWorkplace(t.Workplace),
		Duties: paperDuties(t.Duties), Compensation: paperCompensation(t.Compensation), Insurance: paperInsurance(t.Insurance),
		Verification: s.verification(a),
	}
	for _, b := range t.Benefits {
		d.Benefits = append(d.Benefits, s.words("agreement.benefit."+b))
	}
	if c := t.Curriculum; c != nil {
		d.Curriculum = paper.Curriculum{Title: one(c.Title), Number: c.Number, Date: c.Date}
	}
	if p.Student.Minor(day) {
		d.Guardian = paperGuardian(p.Guardian)
	}
	paperPeople(&d, p)
	if a.Regime == rules.R361 {
		s.paper361(&d, a)
	} else {
		s.paper50(&d, a, p, r)
	}
	return d
}

// paper50 is what only the papers of colleges print.
func (s *Service) paper50(d *paper.Data, a *Agreement, p *Parties, r rules.Rules) {
	t := a.Terms
	d.Specialty = s.coded(p.Student.SpecialtyCode)
	d.Qualification = s.coded(t.QualificationCode)
	share := t.Share(a.Regime, r)
	d.Share = paper.Share{EnterpriseHours: share.EnterpriseHours, TotalHours: share.Hours}
	if t.ProfileReason != "" {
		d.ProfileReason = one(t.ProfileReason)
	}
	if p.Chamber != nil {
		d.Chamber = nameText(p.Chamber.LegalNames, p.Chamber.Name)
	}
	if e := a.Enrolment; a.Citizen && e != nil {
		d.CitizenEnrolment = &paper.Act{Number: e.OrderNumber, Date: e.OrderDate}
	}
}

// paper361 is what only the papers of universities print. The programme is the one written for this enterprise (R361 4.2-4.3, 12), which the curriculum
// names.
func (s *Service) paper361(d *paper.Data, a *Agreement) {
	d.Field = &paper.Coded{Code: a.Terms.ProgrammeCode, Name: one(a.Terms.ProgrammeCode)}
	if p, ok := s.Reference.Programme(a.Terms.ProgrammeCode); ok {
		d.Field = &paper.Coded{Code: p.Code, Name: p.Name}
	}
	if c := a.Terms.Curriculum; c != nil {
		d.Programme = one(c.Title)
	}
}

func paperPeople(d *paper.Data, p *Parties) {
	if m := p.Mentor; m != nil {
		d.Mentor = paper.Mentor{FullName: m.FullName, Position: one(m.Position), Qualification: one(m.Qualification), Order: act(m.OrderNumber, m.OrderDate)}
	}
	if v := p.Supervisor; v != nil {
		d.Supervisor = &paper.Supervisor{FullName: v.FullName, Position: one(v.Position)}
	}
}

// verification leads from the paper to its public page.
func (s *Service) verification(a *Agreement) paper.Verification {
	return paper.Verification{Code: PrintedCode(a.VerificationCode), URL: s.VerifyURL + PrintedCode(a.VerificationCode)}
}

// PrintedCode writes a verification code in groups of four.
func PrintedCode(code string) string {
	var groups []string
	for len(code) > 4 {
		groups, code = append(groups, code[:4]), code[4:]
	}
	return strings.Join(append(groups, code), "-")
}

// one is a text that was given in one language; every version of the paper prints it as it is.
func one(text string) i18n.Text {
	if text == "" {
		return i18n.Text{}
	}
	return i18n.Text{RU: text}
}

// nameText is a name in the languages there are.
func nameText(legal i18n.Text, name string) i18n.Text {
	if legal.IsZero() {
		return one(name)
	}
	return legal
}

// words are a catalogue's words in every language.
func (s *Service) words(key string) i18n.Text {
	say := func(l i18n.Lang) string { return s.Catalogue.Say(l, key, nil) }
	return i18n.Text{KK: say(i18n.KK), RU: say(i18n.RU), EN: say(i18n.EN)}
}

// act is an order or licence, nothing unless both parts are known.
func act(number string, date cal.Day) *paper.Act {
	if number == "" || date == "" {
		return nil
	}
	return &paper.Act{Number: number, Date: date}
}

// cityText is a city's name in all languages, where the reference knows it.
func (s *Service) cityText(region, city string) i18n.Text {
	if c, ok := s.Reference.City(region, city); ok {
		return c.Name
	}
	return one(city)
}

// addressText is a city and an address within it.
func (s *Service) addressText(region, city, address string) i18n.Text {
	name := s.cityText(region, city)
	join := func(l i18n.Lang) string {
		if n := name.In(l); n != "" {
			return n + ", " + address
		}
		return address
	}
	if address == "" {
		return i18n.Text{}
	}
	return i18n.Text{KK: join(i18n.KK), RU: join(i18n.RU), EN: join(i18n.EN)}
}

func (s *Service) paperCollege(c CollegeParty) paper.Organisation {
	return paper.Organisation{
		Name: nameText(c.LegalNames, c.Name), BIN: c.BIN, Address: s.addressText(c.Region, c.City, c.Address), Licence: act(c.LicenceNumber, c.LicenceDate),
		Phone: c.Phone, Email: c.Email, Bank: paperBank(c.Bank),
		Signatory: paper.Signatory{FullName: c.HeadName, Position: one(c.HeadPosition), Authority: one(c.HeadAuthority)},
	}
}

func (s *Service) paperEnterprise(e EnterpriseParty) paper.Organisation {
	out := paper.Organisation{
		Name: nameText(e.LegalNames, e.Name), BIN: e.BIN, Address: s.addressText(e.Region, e.City, e.Address), Phone: e.Phone, Email: e.Email,
		Bank:      paperBank(e.Bank),
		Signatory: paper.Signatory{FullName: e.HeadName, Position: one(e.HeadPosition), Authority: one(e.HeadAuthority)},
	}
	if out.BIN == "" {
		out.IIN = e.IIN
	}
	return out
}

// paperBank prints an account that is whole, else nothing.
func paperBank(b directory.Bank) *paper.Bank {
	if b.Account == "" || b.Bank == "" || b.BIC == "" {
		return nil
	}
	return &paper.Bank{Account: b.Account, Name: one(b.Bank), BIC: b.BIC, Code: b.KBE}
}

func paperStudent(p StudentParty) paper.Student {
	return paper.Student{
		FullName: p.FullName, IIN: p.IIN, BirthDate: p.BirthDate, Address: one(p.Contacts.Address), Phone: p.Contacts.Phone, Email: p.Email,
		IDCard: paperCard(p.Contacts), Group: p.Group, Course: p.Course, StudyForm: one(p.StudyForm),
	}
}

func paperCard(c Contacts) *paper.IDCard {
	if c.IDCardNumber == "" || c.IDCardIssuedBy == "" || c.IDCardIssuedOn == "" {
		return nil
	}
	return &paper.IDCard{Number: c.IDCardNumber, Issuer: one(c.IDCardIssuedBy), IssuedOn: c.IDCardIssuedOn}
}

func paperGuardian(g *GuardianParty) *paper.Guardian {
	if g == nil {
		return nil
	}
	return &paper.Guardian{
		FullName: g.FullName, Ground: paper.Ground(g.Ground), IIN: g.IIN, Address: one(g.Contacts.Address), Phone: g.Contacts.Phone, Email: g.Email,
	}
}

// coded is a code with its name; an unknown code stands for itself.
func (s *Service) coded(code string) *paper.Coded {
	if t, ok := s.Reference.Trade(code); ok {
		return &paper.Coded{Code: t.Code, Name: t.Name}
	}
	return &paper.Coded{Code: code, Name: one(code)}
}

func (s *Service) paperWorkplace(w Workplace) paper.Workplace {
	return paper.Workplace{Kind: paper.WorkplaceKind(w.Kind), Address: s.addressText(w.Region, w.City, w.Address), Hazardous: w.Hazardous}
}

func paperSchedule(phases []Phase) []paper.ScheduleRow {
	var out []paper.ScheduleRow
	for _, p := range phases {
		row := paper.ScheduleRow{
			From: p.From, To: p.To, MinutesPerDay: p.Minutes, Where: paper.Where(p.Where),
		}
		if p.DayFrom != "" && p.DayTo != "" {
			row.DayFrom, row.DayTo = p.DayFrom, p.DayTo
		}
		for _, d := range p.Weekdays {
			row.Weekdays = append(row.Weekdays, time.Weekday(d%7))
		}
		out = append(out, row)
	}
	return out
}

func (s *Service) paperPlan(items []PlanItem) []paper.PlanRow {
	var out []paper.PlanRow
	for _, i := range items {
		row := paper.PlanRow{Name: one(i.Name), Hours: i.Hours, EnterpriseHours: i.EnterpriseHours}
		if i.Kind != "" {
			row.Kind = s.words("agreement.plan_kind." + i.Kind)
		}
		out = append(out, row)
	}
	return out
}

// paperDuties makes a list of the lines of a text, where its languages have as many lines; else one item.
func paperDuties(t i18n.Text) []i18n.Text {
	lines := func(s string) []string {
		var out []string
		for _, l := range strings.Split(s, "\n") {
			if l = strings.TrimSpace(l); l != "" {
				out = append(out, l)
			}
		}
		return out
	}
	kk, ru, en := lines(t.KK), lines(t.RU), lines(t.EN)
	n := max(len(kk), len(ru), len(en))
	for _, l := range [][]string{kk, ru, en} {
		if len(l) != 0 && len(l) != n {
			return []i18n.Text{t}
		}
	}
	at := func(l []string, i int) string {
		if len(l) == 0 {
			return ""
		}
		return l[i]
	}
	var out []i18n.Text
	for i := range n {
		out = append(out, i18n.Text{KK: at(kk, i), RU: at(ru, i), EN: at(en, i)})
	}
	return out
}

func paperCompensation(c *Compensation) paper.Compensation {
	if c == nil {
		return paper.Compensation{}
	}
	out := paper.Compensation{Kind: paper.CompensationKind(c.Kind)}
	if out.Kind != paper.NoCompensation {
		out.Amount, out.Basis = c.Amount, one(c.Basis)
	}
	if out.Kind == paper.Monthly {
		out.PaymentDay = c.PaymentDay
	}
	return out
}

func paperInsurance(i *Insurance) paper.Insurance {
	switch {
	case i == nil:
		return paper.Insurance{}
	case i.Taken:
		return paper.Insurance{Kind: paper.Insured, Note: one(i.Note)}
	}
	return paper.Insurance{Kind: paper.NotInsured}
}
