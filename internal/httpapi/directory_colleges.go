package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
)

// CreateCollege answers createCollege.
func (a *DirectoryAPI) CreateCollege(ctx context.Context, r apigen.CreateCollegeRequestObject) (apigen.CreateCollegeResponseObject, error) {
	b := r.Body
	v, err := a.Directory.CreateCollege(ctx, httpd.Actor(ctx), directory.InstitutionInput{
		BIN: &b.Bin, Name: &b.Name, LegalNames: textIn(b.LegalNames), Kind: directory.CollegeKind(b.Kind), Region: &b.Region, City: &b.City,
		Address: b.Address, Website: b.Website, Email: b.Email, Phone: b.Phone, HeadName: b.HeadName, HeadPosition: b.HeadPosition,
		HeadAuthority: b.HeadAuthority, LicenceNumber: b.LicenceNumber, LicenceDate: dayOrNil(b.LicenceDate), Bank: bankIn(b.Bank),
		FirstMember: directory.FirstMember{Email: b.FirstMember.Email, FullName: b.FirstMember.FullName},
	})
	if err != nil {
		return nil, err
	}
	return apigen.CreateCollege201JSONResponse(a.college(ctx, v)), nil
}

// ListColleges answers listColleges.
func (a *DirectoryAPI) ListColleges(ctx context.Context, r apigen.ListCollegesRequestObject) (apigen.ListCollegesResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	filter := directory.CollegeFilter{
		Q: deref(r.Params.Q), Region: deref(r.Params.Region), Kind: directory.CollegeKind(deref(r.Params.Kind)),
	}
	page, err := a.Directory.ListColleges(ctx, filter, after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListColleges200JSONResponse{Items: []apigen.College{}, NextCursor: some(page.Next.String())}
	for _, v := range page.Items {
		out.Items = append(out.Items, a.college(ctx, v))
	}
	return out, nil
}

// GetCollege answers getCollege.
func (a *DirectoryAPI) GetCollege(ctx context.Context, r apigen.GetCollegeRequestObject) (apigen.GetCollegeResponseObject, error) {
	v, err := a.Directory.ReadCollege(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.GetCollege200JSONResponse(a.college(ctx, v)), nil
}

// UpdateCollege answers updateCollege.
func (a *DirectoryAPI) UpdateCollege(ctx context.Context, r apigen.UpdateCollegeRequestObject) (apigen.UpdateCollegeResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	v, err := a.Directory.UpdateCollege(ctx, httpd.Actor(ctx), r.ID, expect, directory.InstitutionInput{
		City: b.City, Address: b.Address, Website: b.Website, Email: b.Email, Phone: b.Phone, HeadName: b.HeadName, HeadPosition: b.HeadPosition,
		HeadAuthority: b.HeadAuthority, LicenceNumber: b.LicenceNumber, LicenceDate: dayOrNil(b.LicenceDate), Bank: bankIn(b.Bank),
	})
	if err != nil {
		return nil, err
	}
	return apigen.UpdateCollege200JSONResponse(a.college(ctx, v)), nil
}

func (a *DirectoryAPI) college(ctx context.Context, v *directory.CollegeView) apigen.College {
	c := &v.College
	out := apigen.College{
		ID: c.ID, State: apigen.CollegeState(directory.StateActive), Version: c.Version, CreatedAt: c.CreatedAt, Bin: some(c.BIN), Name: c.Name,
		LegalNames: textsOrNil(c.LegalNames), Kind: apigen.CollegeKind(c.Kind), Regime: apigen.CollegeRegime(c.Regime()), Region: c.Region,
		City: a.city(ctx, c.Region, c.City), Address: some(c.Address), Website: some(c.Website), Email: some(c.Email), Phone: some(c.Phone),
	}
	if !v.Private {
		return out
	}
	out.HeadName, out.HeadPosition, out.HeadAuthority = some(c.HeadName), some(c.HeadPosition), some(c.HeadAuthority)
	out.LicenceNumber, out.LicenceDate, out.Bank = some(c.LicenceNumber), dateOrNil(c.LicenceDate), bankOrNil(c.Bank)
	return out
}

// CreateChamber answers createChamber.
func (a *DirectoryAPI) CreateChamber(ctx context.Context, r apigen.CreateChamberRequestObject) (apigen.CreateChamberResponseObject, error) {
	b := r.Body
	c, err := a.Directory.CreateChamber(ctx, httpd.Actor(ctx), directory.InstitutionInput{
		BIN: &b.Bin, Name: &b.Name, LegalNames: textIn(b.LegalNames), Region: &b.Region, City: &b.City, Address: b.Address, Website: b.Website,
		Email: b.Email, Phone: b.Phone, FirstMember: directory.FirstMember{Email: b.FirstMember.Email, FullName: b.FirstMember.FullName},
	})
	if err != nil {
		return nil, err
	}
	return apigen.CreateChamber201JSONResponse(a.chamber(ctx, c)), nil
}

// ListChambers answers listChambers.
func (a *DirectoryAPI) ListChambers(ctx context.Context, r apigen.ListChambersRequestObject) (apigen.ListChambersResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Directory.ListChambers(ctx, deref(r.Params.Q), deref(r.Params.Region), after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListChambers200JSONResponse{Items: []apigen.Chamber{}, NextCursor: some(page.Next.String())}
	for _, c := range page.Items {
		out.Items = append(out.Items, a.chamber(ctx, c))
	}
	return out, nil
}

// GetChamber answers getChamber.
func (a *DirectoryAPI) GetChamber(ctx context.Context, r apigen.GetChamberRequestObject) (apigen.GetChamberResponseObject, error) {
	c, err := a.Directory.ReadChamber(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.GetChamber200JSONResponse(a.chamber(ctx, c)), nil
}

func (a *DirectoryAPI) chamber(ctx context.Context, c *directory.Chamber) apigen.Chamber {
	return apigen.Chamber{
		ID: c.ID, State: apigen.ChamberState(directory.StateActive), Version: c.Version, CreatedAt: c.CreatedAt, Bin: some(c.BIN), Name: c.Name,
		LegalNames: textsOrNil(c.LegalNames), Region: c.Region, City: a.city(ctx, c.Region, c.City), Address: some(c.Address),
		Website: some(c.Website), Email: some(c.Email), Phone: some(c.Phone),
	}
}
