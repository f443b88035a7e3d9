package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// SelectionAPI answers the operations tagged selection: applications here, rankings and offers in selection_offers.go, what is answered in
// selection_view.go.
type SelectionAPI struct {
	Service    *selection.Service
	Interviews *interviews.Service // for the scorecard beside an application
	Reference  *directory.Reference
	Catalogue  *i18n.Catalogue
}

// Apply answers apply.
func (a *SelectionAPI) Apply(ctx context.Context, r apigen.ApplyRequestObject) (apigen.ApplyResponseObject, error) {
	app, err := a.Service.Apply(ctx, httpd.Actor(ctx), r.ID, selection.Request{Motivation: deref(r.Body.Motivation), Answers: deref(r.Body.Answers)})
	if err != nil {
		return nil, err
	}
	out, err := a.application(ctx, app)
	return apigen.Apply201JSONResponse(out), err
}

// GetApplication answers getApplication.
func (a *SelectionAPI) GetApplication(ctx context.Context, r apigen.GetApplicationRequestObject) (apigen.GetApplicationResponseObject, error) {
	app, err := a.Service.Get(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	out, err := a.application(ctx, app)
	return apigen.GetApplication200JSONResponse(out), err
}

// ListMyApplications answers listMyApplications.
func (a *SelectionAPI) ListMyApplications(ctx context.Context, r apigen.ListMyApplicationsRequestObject) (apigen.ListMyApplicationsResponseObject, error) {
	p := r.Params
	f, err := filterOf(p.State, p.Cursor, p.Limit)
	if err != nil {
		return nil, err
	}
	f.Live = deref(p.Live)
	page, err := a.Service.ListMine(ctx, httpd.Actor(ctx), f)
	if err != nil {
		return nil, err
	}
	out, err := a.applicationList(ctx, page)
	return apigen.ListMyApplications200JSONResponse(out), err
}

// ListPlacementApplications answers listPlacementApplications.
func (a *SelectionAPI) ListPlacementApplications(ctx context.Context, r apigen.ListPlacementApplicationsRequestObject) (apigen.ListPlacementApplicationsResponseObject, error) {
	p := r.Params
	f, err := filterOf(p.State, p.Cursor, p.Limit)
	if err != nil {
		return nil, err
	}
	f.Sort = selection.Sort(deref(p.Sort))
	page, err := a.Service.ListOfPlacement(ctx, httpd.Actor(ctx), r.ID, f)
	if err != nil {
		return nil, err
	}
	out, err := a.applicationList(ctx, page)
	return apigen.ListPlacementApplications200JSONResponse(out), err
}

// ListCollegeApplications answers listCollegeApplications.
func (a *SelectionAPI) ListCollegeApplications(ctx context.Context, r apigen.ListCollegeApplicationsRequestObject) (apigen.ListCollegeApplicationsResponseObject, error) {
	p := r.Params
	f, err := filterOf(p.State, p.Cursor, p.Limit)
	if err != nil {
		return nil, err
	}
	f.StudentID = deref(p.StudentID)
	page, err := a.Service.ListOfCollege(ctx, httpd.Actor(ctx), r.ID, f)
	if err != nil {
		return nil, err
	}
	out, err := a.applicationList(ctx, page)
	return apigen.ListCollegeApplications200JSONResponse(out), err
}

// ShortlistApplication answers shortlistApplication.
func (a *SelectionAPI) ShortlistApplication(ctx context.Context, r apigen.ShortlistApplicationRequestObject) (apigen.ShortlistApplicationResponseObject, error) {
	app, err := a.Service.Shortlist(ctx, httpd.Actor(ctx), r.ID, deref(r.Body.Comment))
	if err != nil {
		return nil, err
	}
	out, err := a.application(ctx, app)
	return apigen.ShortlistApplication200JSONResponse(out), err
}

// ConsiderApplication answers considerApplication.
func (a *SelectionAPI) ConsiderApplication(ctx context.Context, r apigen.ConsiderApplicationRequestObject) (apigen.ConsiderApplicationResponseObject, error) {
	app, err := a.Service.Consider(ctx, httpd.Actor(ctx), r.ID, deref(r.Body.Comment))
	if err != nil {
		return nil, err
	}
	out, err := a.application(ctx, app)
	return apigen.ConsiderApplication200JSONResponse(out), err
}

// RejectApplication answers rejectApplication.
func (a *SelectionAPI) RejectApplication(ctx context.Context, r apigen.RejectApplicationRequestObject) (apigen.RejectApplicationResponseObject, error) {
	app, err := a.Service.Reject(ctx, httpd.Actor(ctx), r.ID, selection.RejectReason(r.Body.Reason), deref(r.Body.Comment))
	if err != nil {
		return nil, err
	}
	out, err := a.application(ctx, app)
	return apigen.RejectApplication200JSONResponse(out), err
}

// WithdrawApplication answers withdrawApplication.
func (a *SelectionAPI) WithdrawApplication(ctx context.Context, r apigen.WithdrawApplicationRequestObject) (apigen.WithdrawApplicationResponseObject, error) {
	app, err := a.Service.Withdraw(ctx, httpd.Actor(ctx), r.ID, deref(r.Body.Reason), deref(r.Body.Comment))
	if err != nil {
		return nil, err
	}
	out, err := a.application(ctx, app)
	return apigen.WithdrawApplication200JSONResponse(out), err
}

func filterOf(states *[]apigen.ApplicationState, cursor *string, limit *int) (selection.Filter, error) {
	c, n, err := cursorOf(cursor, limit)
	f := selection.Filter{Cursor: c, Limit: n}
	for _, s := range deref(states) {
		f.States = append(f.States, selection.State(s))
	}
	return f, err
}

func (a *SelectionAPI) applicationList(ctx context.Context, page storage.Page[*selection.Application]) (apigen.ApplicationList, error) {
	out := apigen.ApplicationList{Items: []apigen.Application{}, NextCursor: some(page.Next.String())}
	views, err := a.Service.Views(ctx, httpd.Actor(ctx), page.Items)
	for _, v := range views {
		out.Items = append(out.Items, applicationView(v, httpd.Lang(ctx), a.Reference))
	}
	return out, err
}

// application shows one application, with its scorecard to those who may see it.
func (a *SelectionAPI) application(ctx context.Context, app *selection.Application) (apigen.Application, error) {
	v, err := a.Service.View(ctx, httpd.Actor(ctx), app)
	if err != nil {
		return apigen.Application{}, err
	}
	out := applicationView(v, httpd.Lang(ctx), a.Reference)
	if v.App.Outcome == nil {
		return out, nil
	}
	card, err := a.Interviews.ScorecardOf(ctx, app.ID)
	if err != nil {
		return out, err
	}
	shown := scorecard(card)
	out.Scorecard = &shown
	return out, nil
}
