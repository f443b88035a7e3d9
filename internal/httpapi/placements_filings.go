package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/placements"
)

// ListFilings answers listFilings.
func (a *PlacementsAPI) ListFilings(ctx context.Context, r apigen.ListFilingsRequestObject) (apigen.ListFilingsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	q := placements.FilingQuery{EnterpriseID: deref(r.Params.EnterpriseID), Cursor: after, Limit: limit}
	for _, s := range deref(r.Params.State) {
		q.States = append(q.States, placements.FilingState(s))
	}
	page, err := a.Service.Filings(ctx, httpd.Actor(ctx), r.ID, q)
	if err != nil {
		return nil, err
	}
	items, err := a.filings(ctx, page.Items)
	return apigen.ListFilings200JSONResponse{Items: items, NextCursor: some(page.Next.String())}, err
}

// ListPlacementFilings answers listPlacementFilings.
func (a *PlacementsAPI) ListPlacementFilings(ctx context.Context, r apigen.ListPlacementFilingsRequestObject) (apigen.ListPlacementFilingsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Service.PlacementFilings(ctx, httpd.Actor(ctx), r.ID, after, limit)
	if err != nil {
		return nil, err
	}
	items, err := a.filings(ctx, page.Items)
	return apigen.ListPlacementFilings200JSONResponse{Items: items, NextCursor: some(page.Next.String())}, err
}

// DecideFiling answers decideFiling.
func (a *PlacementsAPI) DecideFiling(ctx context.Context, r apigen.DecideFilingRequestObject) (apigen.DecideFilingResponseObject, error) {
	v, err := a.Service.DecideFiling(ctx, httpd.Actor(ctx), r.ID, placements.Decision{
		State: placements.FilingState(r.Body.Decision), Fields: deref(r.Body.Fields), Comment: deref(r.Body.Comment),
	})
	if err != nil {
		return nil, err
	}
	out, err := a.filing(ctx, v)
	return apigen.DecideFiling200JSONResponse(out), err
}

func (a *PlacementsAPI) filings(ctx context.Context, list []*placements.FilingView) ([]apigen.Filing, error) {
	out := make([]apigen.Filing, 0, len(list))
	for _, v := range list {
		f, err := a.filing(ctx, v)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func (a *PlacementsAPI) filing(ctx context.Context, v *placements.FilingView) (apigen.Filing, error) {
	f, p := v.Filing, v.Place
	out := apigen.Filing{
		ID: f.ID, State: apigen.FilingState(f.State), Version: f.Version, CreatedAt: f.CreatedAt, Number: f.Number, FiledAt: f.FiledAt,
		DueAt: some(f.DueAt), PlacementID: p.ID, PlacementReference: p.Reference, PlacementTitle: texts(p.Title), EnterpriseID: f.EnterpriseID,
		EnterpriseName: v.Enterprise.Name, ChamberID: f.ChamberID, Region: f.Region, QualificationCode: some(p.QualificationCode),
		ProgrammeCode: some(p.ProgrammeCode), Seats: p.Seats, Workplaces: a.workplaces(v.Workplaces(), httpd.Lang(ctx)),
		StartsOn: dateOrNil(p.StartsOn), EndsOn: dateOrNil(p.EndsOn), Comment: some(f.Comment), DecidedAt: some(f.DecidedAt),
	}
	if f.State == placements.Remarks {
		out.Fields = &f.Fields
	}
	changes := []apigen.PlacementChange{}
	if f.Decided != nil {
		var err error
		if changes, err = a.changes(ctx, v.Changes, f.Decided, p); err != nil {
			return out, err
		}
	}
	out.Changes = &changes
	return out, nil
}
