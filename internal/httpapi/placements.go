package httpapi

import (
	"context"
	"io"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// PlacementsAPI answers the operations tagged placements: places and their life here, filings in placements_filings.go, what is read from requests in
// placements_input.go, what is answered in placements_view.go and, in words, placements_words.go.
type PlacementsAPI struct {
	Service   *placements.Service
	Reference *directory.Reference
	Catalogue *i18n.Catalogue
	Clock     cal.Clock
	// Viewer gives how a place concerns a signed-in student or citizen; nil for everybody else. A nil field leaves it out.
	Viewer func(ctx context.Context, a accounts.Actor, v *placements.View) (*apigen.PlacementViewer, error)
	// Saved tells which places somebody saved.
	Saved func(ctx context.Context, a accounts.Actor, placementIDs ...string) (map[string]bool, error)
}

// CreatePlacement answers createPlacement.
func (a *PlacementsAPI) CreatePlacement(ctx context.Context, r apigen.CreatePlacementRequestObject) (apigen.CreatePlacementResponseObject, error) {
	v, err := a.Service.Create(ctx, httpd.Actor(ctx), r.Body.EnterpriseID, createInput(r.Body))
	if err != nil {
		return nil, err
	}
	return apigen.CreatePlacement201JSONResponse(a.placement(ctx, v)), nil
}

// GetPlacement answers getPlacement: a stranger gets a closed place as a problem with places like it.
func (a *PlacementsAPI) GetPlacement(ctx context.Context, r apigen.GetPlacementRequestObject) (apigen.GetPlacementResponseObject, error) {
	actor := httpd.Actor(ctx)
	v, err := a.Service.Get(ctx, actor, r.ID)
	if err != nil {
		return nil, err
	}
	if v.Gone {
		return gonePlacement(a.gone(ctx, v)), nil
	}
	out := a.placement(ctx, v)
	if a.Viewer != nil && !actor.Anonymous() {
		if out.Viewer, err = a.viewer(ctx, actor, v); err != nil {
			return nil, err
		}
	}
	return apigen.GetPlacement200JSONResponse(out), nil
}

// viewer says how a place concerns somebody who is signed in.
func (a *PlacementsAPI) viewer(ctx context.Context, actor accounts.Actor, v *placements.View) (*apigen.PlacementViewer, error) {
	out, err := a.Viewer(ctx, actor, v)
	if err != nil {
		return nil, err
	}
	if out == nil {
		out = &apigen.PlacementViewer{}
	}
	saved, err := a.Saved(ctx, actor, v.Place.ID)
	here := saved[v.Place.ID]
	out.Saved = &here
	return out, err
}

// gonePlacement answers as a problem; the generated answer would lose its content type in fiber's JSON.
type gonePlacement apigen.GonePlacement

// VisitGetPlacementResponse implements apigen.GetPlacementResponseObject.
func (g gonePlacement) VisitGetPlacementResponse(c *fiber.Ctx) error {
	return c.Status(fiber.StatusGone).JSON(apigen.GonePlacement(g), "application/problem+json")
}

// gone is the problem for a closed place.
func (a *PlacementsAPI) gone(ctx context.Context, v *placements.View) apigen.GonePlacement {
	problem := httpd.NewProblem(errs.New(errs.Gone, "placement_closed"), a.Catalogue, httpd.Lang(ctx), httpd.RequestID(ctx))
	out := apigen.GonePlacement{
		Type: problem.Type, Title: problem.Title, Status: problem.Status, Detail: some(problem.Detail), Code: problem.Code,
		RequestID: problem.RequestID, Reference: some(v.Place.Reference), ClosedReason: some(apigen.PlacementClosedReason(v.Place.ClosedReason)),
		Similar: []apigen.PlacementSearchItem{},
	}
	for _, like := range v.Similar {
		out.Similar = append(out.Similar, a.SearchItem(ctx, like))
	}
	return out
}

// UpdatePlacement answers updatePlacement.
func (a *PlacementsAPI) UpdatePlacement(ctx context.Context, r apigen.UpdatePlacementRequestObject) (apigen.UpdatePlacementResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	v, err := a.Service.Update(ctx, httpd.Actor(ctx), r.ID, updateInput(r.Body), expect)
	if err != nil {
		return nil, err
	}
	return apigen.UpdatePlacement200JSONResponse(a.placement(ctx, v)), nil
}

// PublishPlacement answers publishPlacement.
func (a *PlacementsAPI) PublishPlacement(ctx context.Context, r apigen.PublishPlacementRequestObject) (apigen.PublishPlacementResponseObject, error) {
	v, err := a.Service.Publish(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.PublishPlacement200JSONResponse(a.placement(ctx, v)), nil
}

// PausePlacement answers pausePlacement.
func (a *PlacementsAPI) PausePlacement(ctx context.Context, r apigen.PausePlacementRequestObject) (apigen.PausePlacementResponseObject, error) {
	v, err := a.Service.Pause(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.PausePlacement200JSONResponse(a.placement(ctx, v)), nil
}

// ResumePlacement answers resumePlacement.
func (a *PlacementsAPI) ResumePlacement(ctx context.Context, r apigen.ResumePlacementRequestObject) (apigen.ResumePlacementResponseObject, error) {
	v, err := a.Service.Resume(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.ResumePlacement200JSONResponse(a.placement(ctx, v)), nil
}

// ClosePlacement answers closePlacement; the contract knows one reason only.
func (a *PlacementsAPI) ClosePlacement(ctx context.Context, r apigen.ClosePlacementRequestObject) (apigen.ClosePlacementResponseObject, error) {
	v, err := a.Service.Close(ctx, httpd.Actor(ctx), r.ID, deref(r.Body.Comment))
	if err != nil {
		return nil, err
	}
	return apigen.ClosePlacement200JSONResponse(a.placement(ctx, v)), nil
}

// ClonePlacement answers clonePlacement.
func (a *PlacementsAPI) ClonePlacement(ctx context.Context, r apigen.ClonePlacementRequestObject) (apigen.ClonePlacementResponseObject, error) {
	v, err := a.Service.Clone(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.ClonePlacement201JSONResponse(a.placement(ctx, v)), nil
}

// ListPlacementVersions answers listPlacementVersions.
func (a *PlacementsAPI) ListPlacementVersions(ctx context.Context, r apigen.ListPlacementVersionsRequestObject) (apigen.ListPlacementVersionsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Service.Versions(ctx, httpd.Actor(ctx), r.ID, after, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListPlacementVersions200JSONResponse{Items: []apigen.PlacementVersion{}, NextCursor: some(page.Next.String())}
	for _, v := range page.Items {
		changes, err := a.changes(ctx, v.Changes, &v.Before, &v.After)
		if err != nil {
			return nil, err
		}
		by := apigen.PlacementVersionBy(v.By)
		out.Items = append(out.Items, apigen.PlacementVersion{
			ID: v.ID, State: apigen.PlacementState(v.State), Version: v.Number, CreatedAt: v.CreatedAt, PlacementID: v.PlacementID, By: &by,
			Material: &v.Material, Changes: changes,
		})
	}
	return out, nil
}

// ListEnterprisePlacements answers listEnterprisePlacements.
func (a *PlacementsAPI) ListEnterprisePlacements(ctx context.Context, r apigen.ListEnterprisePlacementsRequestObject) (apigen.ListEnterprisePlacementsResponseObject, error) {
	after, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	q := placements.OwnQuery{Words: deref(r.Params.Q), Cursor: after, Limit: limit}
	for _, s := range deref(r.Params.State) {
		q.States = append(q.States, placements.State(s))
	}
	page, err := a.Service.ListOwn(ctx, httpd.Actor(ctx), r.ID, q)
	if err != nil {
		return nil, err
	}
	out := apigen.ListEnterprisePlacements200JSONResponse{Items: []apigen.Placement{}, NextCursor: some(page.Next.String())}
	for _, v := range page.Items {
		out.Items = append(out.Items, a.placement(ctx, v))
	}
	return out, nil
}

// ImportPlacements answers importPlacements.
func (a *PlacementsAPI) ImportPlacements(ctx context.Context, r apigen.ImportPlacementsRequestObject) (apigen.ImportPlacementsResponseObject, error) {
	// One byte more than allowed, so that a file that is too long is told from one that just fits.
	file, err := io.ReadAll(io.LimitReader(r.Body, placements.MaxImportBytes+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "bad_request").WithCause(err)
	}
	got, err := a.Service.ImportFile(ctx, httpd.Actor(ctx), r.ID, file, deref(r.Params.DryRun))
	if err != nil {
		return nil, err
	}
	imp := got.Import
	out := apigen.ImportPlacements200JSONResponse{
		ID: imp.ID, State: apigen.PlacementImportState(imp.State), Version: 1, CreatedAt: imp.CreatedAt, EnterpriseID: imp.EnterpriseID,
		DryRun: imp.State == placements.ImportChecked, Rows: len(got.Rows), Created: got.Count(placements.RowCreated),
		Updated: got.Count(placements.RowUpdated), Unchanged: got.Count(placements.RowUnchanged), Items: []apigen.PlacementImportRow{},
	}
	for _, row := range got.Rows {
		out.Items = append(out.Items, apigen.PlacementImportRow{
			Row: row.Row, ExternalReference: row.ExternalReference, Result: apigen.PlacementImportRowResult(row.Result), PlacementID: some(row.PlacementID),
		})
	}
	return out, nil
}
