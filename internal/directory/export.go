package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

// Records lists what the directory keeps about a person, for the person's own export (accounts' Records): enrolments of all times, what the roster
// holds with them, guardians named for the person, enterprises the person registered, authorities to sign.
func (s *Service) Records(ctx context.Context, personID string) ([]accounts.Record, error) {
	out, err := s.enrolmentRecords(ctx, personID)
	if err != nil {
		return nil, err
	}
	guardians, err := s.guardians.Find(ctx, storage.Where(storage.Eq("ward", personID)))
	if err != nil {
		return nil, err
	}
	for _, g := range guardians {
		phone, err := s.GuardianPhone(g)
		if err != nil {
			return nil, err
		}
		out = append(out, accounts.Record{Kind: "guardian", ID: g.ID, CreatedAt: g.CreatedAt, Data: map[string]any{
			"state": g.State, "full_name": g.FullName, "email": g.Email, "phone": phone, "ground": g.Ground,
		}})
	}
	created, err := s.enterprises.Find(ctx, storage.Where(storage.Eq("created_by", personID)))
	if err != nil {
		return nil, err
	}
	for _, e := range created {
		out = append(out, accounts.Record{Kind: "enterprise", ID: e.ID, CreatedAt: e.CreatedAt, Data: map[string]any{
			"state": e.State, "name": e.Name, "region": e.Region, "city": e.City,
		}})
	}
	signs, err := s.signatories.Find(ctx, storage.Where(storage.Eq("person", personID)))
	if err != nil {
		return nil, err
	}
	for _, g := range signs {
		out = append(out, accounts.Record{Kind: "signatory", ID: g.ID, CreatedAt: g.CreatedAt, Data: map[string]any{
			"organisation_id": g.OrganisationID, "position": g.Position, "ground": g.Ground, "from": g.From, "to": g.To,
		}})
	}
	return out, nil
}

func (s *Service) enrolmentRecords(ctx context.Context, personID string) ([]accounts.Record, error) {
	all, err := s.enrolments.Find(ctx, storage.Where(storage.Eq("person", personID)))
	if err != nil {
		return nil, err
	}
	var out []accounts.Record
	for _, e := range all {
		data := map[string]any{
			"state": e.State, "college_id": e.CollegeID, "full_name": e.FullName, "group": e.Group, "course": e.Course,
			"specialty_code": e.SpecialtyCode, "qualification_code": e.QualificationCode, "programme_code": e.ProgrammeCode,
			"study_form": e.StudyForm, "enrolled_on": e.EnrolledOn, "order_number": e.OrderNumber, "ended_on": e.EndedOn, "end_reason": e.EndReason,
		}
		row, err := s.rows.Get(ctx, e.RowID)
		if err != nil && !storage.IsNotFound(err) {
			return nil, err
		}
		if err == nil && row.EnrolmentID == e.ID {
			d, err := s.openRow(row)
			if err != nil {
				return nil, err
			}
			data["roster"] = map[string]any{
				"full_name": d.FullName, "iin": d.IIN, "birth_date": d.BirthDate, "email": d.Email, "phone": d.Phone, "group": d.Studies.Group,
			}
		}
		out = append(out, accounts.Record{Kind: "enrolment", ID: e.ID, CreatedAt: e.CreatedAt, Data: data})
	}
	return out, nil
}
