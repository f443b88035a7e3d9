package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// GetRanking answers getRanking.
func (a *SelectionAPI) GetRanking(ctx context.Context, r apigen.GetRankingRequestObject) (apigen.GetRankingResponseObject, error) {
	ranked, err := a.Service.Ranking(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.GetRanking200JSONResponse(rankingView(ranked)), nil
}

// UpdateRanking answers updateRanking.
func (a *SelectionAPI) UpdateRanking(ctx context.Context, r apigen.UpdateRankingRequestObject) (apigen.UpdateRankingResponseObject, error) {
	expect, err := httpd.Expected(r.Params.IfMatch)
	if err != nil {
		return nil, err
	}
	ranked, err := a.Service.UpdateRanking(ctx, httpd.Actor(ctx), r.ID, r.Body.ApplicationIds, r.Body.Reason, expect)
	if err != nil {
		return nil, err
	}
	return apigen.UpdateRanking200JSONResponse(rankingView(ranked)), nil
}

// MakeOffer answers makeOffer.
func (a *SelectionAPI) MakeOffer(ctx context.Context, r apigen.MakeOfferRequestObject) (apigen.MakeOfferResponseObject, error) {
	offer, err := a.Service.MakeOffer(ctx, httpd.Actor(ctx), r.ID, selection.NewOffer{
		WorkplaceID: deref(r.Body.WorkplaceID), ExpiresAt: deref(r.Body.ExpiresAt), Reason: deref(r.Body.Reason), CollegeID: deref(r.Body.CollegeID),
	})
	if err != nil {
		return nil, err
	}
	out, err := a.offer(ctx, offer)
	return apigen.MakeOffer201JSONResponse(out), err
}

// GetOffer answers getOffer.
func (a *SelectionAPI) GetOffer(ctx context.Context, r apigen.GetOfferRequestObject) (apigen.GetOfferResponseObject, error) {
	offer, err := a.Service.GetOffer(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	out, err := a.offer(ctx, offer)
	return apigen.GetOffer200JSONResponse(out), err
}

// ListMyOffers answers listMyOffers.
func (a *SelectionAPI) ListMyOffers(ctx context.Context, r apigen.ListMyOffersRequestObject) (apigen.ListMyOffersResponseObject, error) {
	f, err := offerFilter(r.Params.State, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Service.ListMyOffers(ctx, httpd.Actor(ctx), f)
	if err != nil {
		return nil, err
	}
	out, err := a.offerList(ctx, page)
	return apigen.ListMyOffers200JSONResponse(out), err
}

// ListPlacementOffers answers listPlacementOffers.
func (a *SelectionAPI) ListPlacementOffers(ctx context.Context, r apigen.ListPlacementOffersRequestObject) (apigen.ListPlacementOffersResponseObject, error) {
	f, err := offerFilter(r.Params.State, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	page, err := a.Service.ListPlacementOffers(ctx, httpd.Actor(ctx), r.ID, f)
	if err != nil {
		return nil, err
	}
	out, err := a.offerList(ctx, page)
	return apigen.ListPlacementOffers200JSONResponse(out), err
}

// AcceptOffer answers acceptOffer.
func (a *SelectionAPI) AcceptOffer(ctx context.Context, r apigen.AcceptOfferRequestObject) (apigen.AcceptOfferResponseObject, error) {
	done, err := a.Service.AcceptOffer(ctx, httpd.Actor(ctx), r.ID)
	if err != nil {
		return nil, err
	}
	offer, err := a.offer(ctx, done.Offer)
	return apigen.AcceptOffer200JSONResponse{
		Match: matchView(done.Match), AgreementID: done.Match.AgreementID, Offer: offer, WithdrawnApplicationIds: listOf(done.Withdrawn),
	}, err
}

// DeclineOffer answers declineOffer.
func (a *SelectionAPI) DeclineOffer(ctx context.Context, r apigen.DeclineOfferRequestObject) (apigen.DeclineOfferResponseObject, error) {
	offer, err := a.Service.DeclineOffer(ctx, httpd.Actor(ctx), r.ID, deref(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	out, err := a.offer(ctx, offer)
	return apigen.DeclineOffer200JSONResponse(out), err
}

// WithdrawOffer answers withdrawOffer.
func (a *SelectionAPI) WithdrawOffer(ctx context.Context, r apigen.WithdrawOfferRequestObject) (apigen.WithdrawOfferResponseObject, error) {
	offer, err := a.Service.WithdrawOffer(ctx, httpd.Actor(ctx), r.ID, deref(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	out, err := a.offer(ctx, offer)
	return apigen.WithdrawOffer200JSONResponse(out), err
}

func offerFilter(states *[]apigen.OfferState, cursor *string, limit *int) (selection.OfferFilter, error) {
	c, n, err := cursorOf(cursor, limit)
	f := selection.OfferFilter{Cursor: c, Limit: n}
	for _, s := range deref(states) {
		f.States = append(f.States, selection.OfferState(s))
	}
	return f, err
}

func (a *SelectionAPI) offer(ctx context.Context, o *selection.Offer) (apigen.Offer, error) {
	v, err := a.Service.OfferView(ctx, httpd.Actor(ctx), o)
	if err != nil {
		return apigen.Offer{}, err
	}
	return offerView(v, httpd.Lang(ctx), a.Reference), nil
}

func (a *SelectionAPI) offerList(ctx context.Context, page storage.Page[*selection.Offer]) (apigen.OfferList, error) {
	out := apigen.OfferList{Items: []apigen.Offer{}, NextCursor: some(page.Next.String())}
	views, err := a.Service.OfferViews(ctx, httpd.Actor(ctx), page.Items)
	for _, v := range views {
		out.Items = append(out.Items, offerView(v, httpd.Lang(ctx), a.Reference))
	}
	return out, err
}
