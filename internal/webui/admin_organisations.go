package webui

import (
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/admin"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) adminColleges(v *visit, d *admin.Organisations, after storage.Cursor) (storage.Cursor, error) {
	page, err := s.Directory.ListColleges(v.ctx(), directory.CollegeFilter{Q: d.Q}, after, adminPerPage)
	for _, c := range page.Items {
		d.Rows = append(d.Rows, admin.Organisation{
			ID: c.ID, Name: c.Name, Kind: v.say("site.public.college_kind." + string(c.Kind)), Region: s.regionName(v, c.Region),
			City: s.Reference.CityName(c.Region, c.City, v.lang), BIN: c.BIN,
		})
	}
	return page.Next, err
}

func (s *site) adminChambers(v *visit, d *admin.Organisations, after storage.Cursor) (storage.Cursor, error) {
	page, err := s.Directory.ListChambers(v.ctx(), d.Q, "", after, adminPerPage)
	for _, c := range page.Items {
		d.Rows = append(d.Rows, admin.Organisation{
			ID: c.ID, Name: c.Name, Region: s.regionName(v, c.Region), City: s.Reference.CityName(c.Region, c.City, v.lang), BIN: c.BIN,
		})
	}
	return page.Next, err
}

func (s *site) adminCreateCollege(v *visit, f *ui.Form, in directory.InstitutionInput) error {
	in.Kind = directory.CollegeKind(f.Value("kind"))
	_, err := s.Directory.CreateCollege(v.ctx(), v.actor, in)
	return err
}

func (s *site) adminCreateChamber(v *visit, _ *ui.Form, in directory.InstitutionInput) error {
	_, err := s.Directory.CreateChamber(v.ctx(), v.actor, in)
	return err
}
