package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/saving"
)

// SavingAPI answers what one does with one's saved places and searches.
type SavingAPI struct {
	Saving *saving.Service
	Views  *PlacementsAPI // how a place is written
}

// ListSavedPlacements answers listSavedPlacements.
func (a *SavingAPI) ListSavedPlacements(ctx context.Context, r apigen.ListSavedPlacementsRequestObject) (apigen.ListSavedPlacementsResponseObject, error) {
	c, n, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Saving.Places(ctx, httpd.Actor(ctx), c, n)
	if err != nil {
		return nil, err
	}
	out := apigen.ListSavedPlacements200JSONResponse{Items: make([]apigen.SavedPlacement, len(page.Items)), NextCursor: some(page.Next.String())}
	for i, one := range page.Items {
		out.Items[i] = apigen.SavedPlacement{
			ID: one.Place.ID, State: apigen.Saved, Version: one.Saved.Version, CreatedAt: one.Saved.SavedAt, Reference: one.Place.Reference,
			PlacementState: apigen.PlacementState(one.Place.State),
		}
		if one.View != nil {
			item := a.Views.SearchItem(ctx, one.View)
			out.Items[i].Placement = &item
		}
	}
	return out, nil
}

// SavePlacement answers savePlacement.
func (a *SavingAPI) SavePlacement(ctx context.Context, r apigen.SavePlacementRequestObject) (apigen.SavePlacementResponseObject, error) {
	if err := a.Saving.SavePlace(ctx, httpd.Actor(ctx), r.ID); err != nil {
		return nil, err
	}
	return apigen.SavePlacement204Response{}, nil
}

// ForgetPlacement answers forgetPlacement.
func (a *SavingAPI) ForgetPlacement(ctx context.Context, r apigen.ForgetPlacementRequestObject) (apigen.ForgetPlacementResponseObject, error) {
	if err := a.Saving.ForgetPlace(ctx, httpd.Actor(ctx), r.ID); err != nil {
		return nil, err
	}
	return apigen.ForgetPlacement204Response{}, nil
}

// ListSavedSearches answers listSavedSearches.
func (a *SavingAPI) ListSavedSearches(ctx context.Context, _ apigen.ListSavedSearchesRequestObject) (apigen.ListSavedSearchesResponseObject, error) {
	list, err := a.Saving.Searches(ctx, httpd.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := apigen.ListSavedSearches200JSONResponse{Items: make([]apigen.SavedSearch, len(list))}
	for i, one := range list {
		out.Items[i] = savedSearch(one)
	}
	return out, nil
}

// CreateSavedSearch answers createSavedSearch.
func (a *SavingAPI) CreateSavedSearch(ctx context.Context, r apigen.CreateSavedSearchRequestObject) (apigen.CreateSavedSearchResponseObject, error) {
	one, err := a.Saving.SaveSearch(ctx, httpd.Actor(ctx), saving.Input{Name: r.Body.Name, Query: r.Body.Query, Alerts: saving.Alerts(deref(r.Body.Alerts))})
	if err != nil {
		return nil, err
	}
	return apigen.CreateSavedSearch201JSONResponse(savedSearch(one)), nil
}

// UpdateSavedSearch answers updateSavedSearch.
func (a *SavingAPI) UpdateSavedSearch(ctx context.Context, r apigen.UpdateSavedSearchRequestObject) (apigen.UpdateSavedSearchResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	change := saving.Change{Name: r.Body.Name}
	if r.Body.Alerts != nil {
		alerts := saving.Alerts(*r.Body.Alerts)
		change.Alerts = &alerts
	}
	one, err := a.Saving.UpdateSearch(ctx, httpd.Actor(ctx), r.ID, change, expect)
	if err != nil {
		return nil, err
	}
	return apigen.UpdateSavedSearch200JSONResponse(savedSearch(one)), nil
}

// DeleteSavedSearch answers deleteSavedSearch.
func (a *SavingAPI) DeleteSavedSearch(ctx context.Context, r apigen.DeleteSavedSearchRequestObject) (apigen.DeleteSavedSearchResponseObject, error) {
	if err := a.Saving.ForgetSearch(ctx, httpd.Actor(ctx), r.ID); err != nil {
		return nil, err
	}
	return apigen.DeleteSavedSearch204Response{}, nil
}

func savedSearch(one *saving.Search) apigen.SavedSearch {
	return apigen.SavedSearch{
		ID: one.ID, State: apigen.SavedSearchStateActive, Version: one.Version, CreatedAt: one.CreatedAt, Name: one.Name, Query: one.Query,
		Alerts: apigen.SearchAlerts(one.Alerts), NextAlertAt: timeOf(one.DueAt), LastAlertAt: timeOf(one.AlertedAt),
	}
}
