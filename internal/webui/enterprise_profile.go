package webui

import (
	"net/url"
	"strconv"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/web/pages/enterprise"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) enterpriseNewPage(v *visit) error {
	return v.show(enterprise.Register(enterprise.Profile{Form: &ui.Form{}, Cities: s.cityOptions(v)}))
}

func (s *site) enterpriseNew(v *visit) error {
	f := v.form()
	e, err := s.Directory.CreateEnterprise(v.ctx(), v.actor, enterpriseInput(f))
	if err == nil {
		return v.goTo("/enterprises/"+e.ID+"/desk", "enterprise.registered")
	}
	if !v.refused(err, f, enterpriseField) {
		return err
	}
	nameFields(v, f, enterprise.Label)
	return v.again(enterprise.Register(enterprise.Profile{Form: f, Cities: s.cityOptions(v)}))
}

func (s *site) enterpriseProfilePage(v *visit) error {
	p, err := s.enterpriseProfileOf(v, nil, nil)
	if err != nil {
		return err
	}
	return v.show(enterprise.ProfilePage(p))
}

// enterpriseProfileOf is the page with what is stored, or with what was typed into one of its forms.
func (s *site) enterpriseProfileOf(v *visit, typed, comment *ui.Form) (enterprise.Profile, error) {
	e, head, err := s.enterpriseOf(v, "profile")
	if err != nil {
		return enterprise.Profile{}, err
	}
	if typed == nil {
		typed = ui.NewForm(enterpriseValues(e))
	}
	if comment == nil {
		comment = &ui.Form{}
	}
	p := enterprise.Profile{Head: head, Enterprise: e, Form: typed, Comment: comment, Cities: s.cityOptions(v), Version: strconv.FormatInt(e.Version, 10)}
	if e.ChamberID != "" {
		c, err := s.Directory.Chamber(v.ctx(), e.ChamberID)
		if err != nil {
			return p, err
		}
		p.Chamber = c.Name
	}
	return p, nil
}

func (s *site) enterpriseProfile(v *visit) error {
	f := v.form()
	id := v.param("id")
	_, err := s.Directory.UpdateEnterprise(v.ctx(), v.actor, id, f.Version(), enterpriseInput(f))
	if err == nil {
		return v.goTo("/enterprises/"+id+"/profile", "enterprise.saved")
	}
	if !v.refused(err, f, enterpriseField) {
		return err
	}
	nameFields(v, f, enterprise.Label)
	p, wrong := s.enterpriseProfileOf(v, f, nil)
	if wrong != nil {
		return wrong
	}
	if errs.KindOf(err) == errs.Stale {
		p.Newer = enterpriseDifferences(v, enterpriseValues(p.Enterprise), f.Values)
	}
	return v.again(enterprise.ProfilePage(p))
}

func (s *site) enterpriseSubmit(v *visit) error {
	f := v.form()
	id := v.param("id")
	_, err := s.Directory.SubmitVerification(v.ctx(), v.actor, id, f.Value("comment"))
	if err == nil {
		return v.goTo("/enterprises/"+id+"/desk", "enterprise.submitted")
	}
	if !v.refused(err, f, enterpriseField) {
		return err
	}
	nameFields(v, f, enterprise.Label)
	p, wrong := s.enterpriseProfileOf(v, nil, f)
	if wrong != nil {
		return wrong
	}
	return v.again(enterprise.ProfilePage(p))
}

// enterpriseField is the control that holds a field of the contract.
func enterpriseField(field string) string {
	if field == "region" {
		return "city"
	}
	return field
}

// saidIn is a value of a form, nil where the form has no such field: then it stays as it is.
func saidIn(f *ui.Form, name string) *string {
	if !f.Values.Has(name) {
		return nil
	}
	value := f.Value(name)
	return &value
}

func enterpriseInput(f *ui.Form) directory.EnterpriseInput {
	in := directory.EnterpriseInput{
		BIN: saidIn(f, "bin"), IIN: saidIn(f, "iin"), Name: saidIn(f, "name"), Address: saidIn(f, "address"), ActivityCode: saidIn(f, "activity_code"),
		About: saidIn(f, "about"), Website: saidIn(f, "website"), Email: saidIn(f, "email"), Phone: saidIn(f, "phone"), HeadName: saidIn(f, "head_name"),
		HeadPosition: saidIn(f, "head_position"), HeadAuthority: saidIn(f, "head_authority"),
	}
	if f.Values.Has("legal_names.kk") || f.Values.Has("legal_names.ru") {
		in.LegalNames = &i18n.Text{KK: f.Value("legal_names.kk"), RU: f.Value("legal_names.ru"), EN: f.Value("legal_names.en")}
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

// enterpriseNames are the fields of the form in their order.
func enterpriseNames() []string {
	return []string{
		"bin", "iin", "name", "legal_names.kk", "legal_names.ru", "legal_names.en", "city", "address", "about", "website", "activity_code", "email", "phone",
		"head_name", "head_position", "head_authority", "bank.account", "bank.bank", "bank.bic", "bank.kbe",
	}
}

func enterpriseValues(e *directory.EnterpriseView) url.Values {
	values := url.Values{}
	for i, value := range []string{
		e.BIN, e.IIN, e.Name, e.LegalNames.KK, e.LegalNames.RU, e.LegalNames.EN, cityValue(e.Region, e.City), e.Address, e.About, e.Website, e.ActivityCode,
		e.Email, e.Phone, e.HeadName, e.HeadPosition, e.HeadAuthority, e.Bank.Account, e.Bank.Bank, e.Bank.BIC, e.Bank.KBE,
	} {
		values.Set(enterpriseNames()[i], value)
	}
	return values
}

// enterpriseDifferences is what is stored now, against what was typed.
func enterpriseDifferences(v *visit, stored, typed url.Values) []enterprise.Difference {
	var out []enterprise.Difference
	for _, name := range enterpriseNames() {
		if !typed.Has(name) || stored.Get(name) == typed.Get(name) {
			continue
		}
		d := enterprise.Difference{Label: enterprise.Label(v.ctx(), name), Before: stored.Get(name), After: typed.Get(name)}
		if name == "city" {
			_, d.Before = cityParts(d.Before)
			_, d.After = cityParts(d.After)
		}
		out = append(out, d)
	}
	return out
}
