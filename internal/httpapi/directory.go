package httpapi

import (
	"context"

	"github.com/oapi-codegen/runtime/types"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
)

// DirectoryAPI answers the operations tagged directory: enterprises here; reference data, verification, mentors and rooms, colleges and chambers,
// rosters, enrolments and guardians in directory_*.go.
type DirectoryAPI struct {
	Directory *directory.Service
	Catalogue *i18n.Catalogue // sentences of a roster's bad cells in a dry run
}

// CreateEnterprise answers createEnterprise.
func (a *DirectoryAPI) CreateEnterprise(
	ctx context.Context, r apigen.CreateEnterpriseRequestObject,
) (apigen.CreateEnterpriseResponseObject, error) {
	b := r.Body
	v, err := a.Directory.CreateEnterprise(ctx, httpd.Actor(ctx), directory.EnterpriseInput{
		BIN: b.Bin, IIN: b.Iin, Name: &b.Name, LegalNames: textIn(b.LegalNames), Region: &b.Region, City: &b.City, Address: &b.Address,
		ActivityCode: b.ActivityCode, About: b.About, Website: b.Website, Email: b.Email, Phone: b.Phone, HeadName: b.HeadName,
		HeadPosition: b.HeadPosition, HeadAuthority: b.HeadAuthority, Bank: bankIn(b.Bank),
	})
	if err != nil {
		return nil, err
	}
	return apigen.CreateEnterprise201JSONResponse(a.enterprise(ctx, v)), nil
}

// GetEnterprise answers getEnterprise.
func (a *DirectoryAPI) GetEnterprise(ctx context.Context, r apigen.GetEnterpriseRequestObject) (apigen.GetEnterpriseResponseObject, error) {
	v, err := a.Directory.ReadEnterprise(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.GetEnterprise200JSONResponse(a.enterprise(ctx, v)), nil
}

// UpdateEnterprise answers updateEnterprise.
func (a *DirectoryAPI) UpdateEnterprise(
	ctx context.Context, r apigen.UpdateEnterpriseRequestObject,
) (apigen.UpdateEnterpriseResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	b := r.Body
	v, err := a.Directory.UpdateEnterprise(ctx, httpd.Actor(ctx), r.ID, expect, directory.EnterpriseInput{
		BIN: b.Bin, IIN: b.Iin, Name: b.Name, LegalNames: textIn(b.LegalNames), Region: b.Region, City: b.City, Address: b.Address,
		ActivityCode: b.ActivityCode, About: b.About, Website: b.Website, Email: b.Email, Phone: b.Phone, HeadName: b.HeadName,
		HeadPosition: b.HeadPosition, HeadAuthority: b.HeadAuthority, Bank: bankIn(b.Bank),
	})
	if err != nil {
		return nil, err
	}
	return apigen.UpdateEnterprise200JSONResponse(a.enterprise(ctx, v)), nil
}

// enterprise shows what the view allows.
func (a *DirectoryAPI) enterprise(ctx context.Context, v *directory.EnterpriseView) apigen.Enterprise {
	e := &v.Enterprise
	out := apigen.Enterprise{
		ID: e.ID, State: apigen.EnterpriseState(e.State), Version: e.Version, CreatedAt: e.CreatedAt, Kind: apigen.EnterpriseKind(e.Kind),
		Bin: some(e.BIN), Name: e.Name, LegalNames: textsOrNil(e.LegalNames), Region: e.Region, City: a.city(ctx, e.Region, e.City),
		Address: e.Address, ActivityCode: some(e.ActivityCode), About: some(e.About), Website: some(e.Website), VerifiedAt: some(e.VerifiedAt),
	}
	if v.HasRate {
		out.ResponseRate, out.ResponseDays = &v.ResponseRate, &v.ResponseDays
	}
	if !v.Private {
		return out
	}
	out.Iin, out.ChamberID, out.Email, out.Phone = some(v.IIN), some(v.ChamberID), some(e.Email), some(e.Phone)
	out.HeadName, out.HeadPosition, out.HeadAuthority = some(e.HeadName), some(e.HeadPosition), some(e.HeadAuthority)
	out.Bank = bankOrNil(e.Bank)
	if o := e.Verification; o.Round > 0 {
		out.Verification = &apigen.VerificationOutcome{
			SubmittedAt: some(o.SubmittedAt), DueAt: some(o.DueAt), DecidedAt: some(o.DecidedAt), Comment: some(o.Comment),
		}
		if len(o.Defects) > 0 {
			list := defects(o.Defects)
			out.Verification.Defects = &list
		}
	}
	return out
}

// city is a stored city's name in the reader's language.
func (a *DirectoryAPI) city(ctx context.Context, region, stored string) string {
	return a.Directory.Reference().CityName(region, stored, httpd.Lang(ctx))
}

func bankIn(b *apigen.BankDetails) *directory.Bank {
	if b == nil {
		return nil
	}
	return &directory.Bank{Account: deref(b.Account), Bank: deref(b.Bank), BIC: deref(b.Bic), KBE: deref(b.Kbe)}
}

func bankOrNil(b directory.Bank) *apigen.BankDetails {
	if b == (directory.Bank{}) {
		return nil
	}
	return &apigen.BankDetails{Account: some(b.Account), Bank: some(b.Bank), Bic: some(b.BIC), Kbe: some(b.KBE)}
}

func defects(list []directory.Defect) []apigen.Defect {
	out := make([]apigen.Defect, 0, len(list))
	for _, d := range list {
		out = append(out, apigen.Defect{Field: apigen.DefectField(d.Field), Code: apigen.DefectCode(d.Code), Note: some(d.Note)})
	}
	return out
}

// dayIn reads an optional date, "" without one.
func dayIn(d *types.Date) cal.Day {
	if d == nil {
		return ""
	}
	return cal.Day(d.Format("2006-01-02"))
}
