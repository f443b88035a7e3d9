package webui

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/web/pages/college"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) collegePeoplePage(v *visit, part string) error {
	p, err := s.collegePeopleOf(v, part, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(college.PeoplePage(p))
}

func (s *site) collegePeopleOf(v *visit, part string, f *ui.Form) (college.People, error) {
	_, head, err := s.collegeOf(v, "people")
	if err != nil {
		return college.People{}, err
	}
	p := college.People{Head: head, Part: part, Form: f}
	path := college.PartPath(head.ID, part)
	switch part {
	case college.PartSignatories:
		p.Signatories, err = s.signatoriesOf(v, head.ID, head.Runs, path, f)
		return p, err
	case college.PartMembers:
		p.Members, err = s.membersOf(v, head.ID, accounts.KindCollege, path, f)
		return p, err
	}
	after, err := v.cursor()
	if err != nil {
		return p, err
	}
	page, err := s.Directory.ListSupervisors(v.ctx(), v.actor, head.ID, "", after, peoplePerPage)
	p.Supervisors = page.Items
	if !page.Next.IsZero() {
		p.Next = path + "?cursor=" + page.Next.String()
	}
	return p, err
}

func (s *site) collegePeopleAdd(v *visit, part string) error {
	f, id := v.form(), v.param("id")
	add := map[string]func(*visit, string, *ui.Form) error{
		college.PartSupervisors: s.addSupervisor, college.PartSignatories: s.addSignatory, college.PartMembers: s.inviteMember,
	}[part]
	err := add(v, id, f)
	if err == nil {
		return v.goTo(college.PartPath(id, part), "people.added_"+part)
	}
	if !v.refused(err, f, nil) {
		return err
	}
	prefix := "site.people.f."
	if part == college.PartSupervisors {
		prefix = "site.college.f."
	}
	nameFields(v, f, keyed(prefix))
	p, wrong := s.collegePeopleOf(v, part, f)
	if wrong != nil {
		return wrong
	}
	return v.again(college.PeoplePage(p))
}

func (s *site) addSupervisor(v *visit, id string, f *ui.Form) error {
	_, err := s.Directory.CreateSupervisor(v.ctx(), v.actor, id, directory.SupervisorInput{
		FullName: f.Value("full_name"), Position: f.Value("position"), Role: f.Value("role"), OrderNumber: f.Value("order_number"),
		OrderDate: cal.Day(f.Value("order_date")), Phone: f.Value("phone"), Email: f.Value("email"),
	})
	return err
}

// collegePeopleEnd is a step of one button on somebody of a part.
func (s *site) collegePeopleEnd(part string, end func(ctx context.Context, by accounts.Actor, id, one string) error) handler {
	return endOne(end, func(id string) string { return college.PartPath(id, part) })
}

func (s *site) collegeProfilePage(v *visit) error {
	p, err := s.collegeProfileOf(v, nil)
	if err != nil {
		return err
	}
	return v.show(college.ProfilePage(p))
}

// collegeProfileOf is the page with what is stored, or with what was typed.
func (s *site) collegeProfileOf(v *visit, typed *ui.Form) (college.Profile, error) {
	c, head, err := s.collegeOf(v, "profile")
	if err != nil {
		return college.Profile{}, err
	}
	if typed == nil {
		typed = ui.NewForm(institutionValues(c))
	}
	cities := slices.DeleteFunc(s.cityOptions(v), func(o ui.Option) bool { return !strings.HasPrefix(o.Value, c.Region+"/") })
	return college.Profile{
		Head: head, College: c, Form: typed, Cities: cities, City: s.Reference.CityName(c.Region, c.City, v.lang),
		Version: strconv.FormatInt(c.Version, 10),
	}, nil
}

func institutionValues(c *directory.CollegeView) url.Values {
	values := url.Values{}
	for name, value := range map[string]string{
		"city": cityValue(c.Region, c.City), "address": c.Address, "website": c.Website, "email": c.Email, "phone": c.Phone, "head_name": c.HeadName,
		"head_position": c.HeadPosition, "head_authority": c.HeadAuthority, "licence_number": c.LicenceNumber, "licence_date": string(c.LicenceDate),
		"bank.account": c.Bank.Account, "bank.bank": c.Bank.Bank, "bank.bic": c.Bank.BIC, "bank.kbe": c.Bank.KBE,
	} {
		values.Set(name, value)
	}
	return values
}

// institutionInput reads what a college's and a chamber's form have in common. What a form hasn't stays as it is.
func institutionInput(f *ui.Form) directory.InstitutionInput {
	in := directory.InstitutionInput{
		Address: saidIn(f, "address"), Website: saidIn(f, "website"), Email: saidIn(f, "email"), Phone: saidIn(f, "phone"), HeadName: saidIn(f, "head_name"),
		HeadPosition: saidIn(f, "head_position"), HeadAuthority: saidIn(f, "head_authority"), LicenceNumber: saidIn(f, "licence_number"),
	}
	if f.Values.Has("licence_date") {
		day := cal.Day(f.Value("licence_date"))
		in.LicenceDate = &day
	}
	if f.Values.Has("city") {
		region, city := cityParts(f.Value("city"))
		in.Region, in.City = &region, &city
	}
	if f.Values.Has("bank.account") {
		in.Bank = &directory.Bank{Account: f.Value("bank.account"), Bank: f.Value("bank.bank"), BIC: f.Value("bank.bic"), KBE: f.Value("bank.kbe")}
	}
	return in
}

func (s *site) collegeProfile(v *visit) error {
	f, id := v.form(), v.param("id")
	in := institutionInput(f)
	in.Region = nil // an institution stays in its region
	_, err := s.Directory.UpdateCollege(v.ctx(), v.actor, id, f.Version(), in)
	if err == nil {
		return v.goTo("/colleges/"+id+"/profile", "college.saved")
	}
	if !v.refused(err, f, collegeField) {
		return err
	}
	nameFields(v, f, keyed("site.college.f."))
	p, wrong := s.collegeProfileOf(v, f)
	if wrong != nil {
		return wrong
	}
	p.Newer = errs.KindOf(err) == errs.Stale
	return v.again(college.ProfilePage(p))
}
