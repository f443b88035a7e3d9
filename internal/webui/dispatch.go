package webui

import (
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

// One address serves both sides of an application, an interview and an offer. The pages of applicants, guardians and colleges find out who looks and hand
// the place's enterprise over to these.

// enterpriseApplication is the page of an application for the place's enterprise.
func (s *site) enterpriseApplication(v *visit) error {
	view, err := s.staffView(v, v.param("id"))
	if err != nil {
		return err
	}
	d, err := s.selected(v, view, &ui.Form{}, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(selecting.ApplicationPage(d))
}

// enterpriseBooking is the page of an interview for the place's enterprise and its interviewer.
func (s *site) enterpriseBooking(v *visit) error {
	d, err := s.staffBooking(v, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(selecting.BookingPage(d))
}

// enterpriseOffer is the page of an offer for the place's enterprise.
func (s *site) enterpriseOffer(v *visit, view *selection.OfferView) error {
	d, err := s.staffOffer(v, view, &ui.Form{})
	if err != nil {
		return err
	}
	return v.show(selecting.OfferPage(d))
}
