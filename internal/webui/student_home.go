package webui

import (
	"context"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/web/pages/student"
	"github.com/orynda/orynda/web/ui"
)

func (s *site) studentHome(v *visit) error {
	d, err := s.homeData(v)
	if err != nil {
		return err
	}
	return v.show(student.Home(d))
}

// homeData gathers everything that waits for or concerns the reader as an applicant and as a guardian.
func (s *site) homeData(v *visit) (student.HomeData, error) {
	var d student.HomeData
	wards, err := s.Directory.NamedWards(v.ctx(), v.actor.PersonID)
	if err != nil {
		return d, err
	}
	if err := s.homeSelf(v, &d); err != nil {
		return d, err
	}
	for _, w := range wards {
		d.Wards = append(d.Wards, v.wardWords(w))
	}
	if err := s.homeMeetings(v, &d); err != nil {
		return d, err
	}
	d.Meets = d.Applicant || len(d.Meetings) > 0
	return d, s.homeWays(v, &d, wards)
}

func (v *visit) wardWords(w directory.NamedWard) student.Ward {
	return student.Ward{
		Name: w.Ward.FullName, State: v.say("state.guardian." + string(w.Guardian.State)), Says: v.say("site.student.ward." + string(w.Guardian.State)),
		Confirmed: w.Guardian.State == directory.GuardianConfirmed,
	}
}

// homeSelf says what an applicant still has to do in the profile.
func (s *site) homeSelf(v *visit, d *student.HomeData) error {
	me, err := s.Accounts.Me(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	enrolment, err := s.Directory.OwnEnrolment(v.ctx(), v.actor.PersonID)
	if err != nil {
		return err
	}
	d.Applicant = enrolment != nil || me.Person.Role == accounts.AsStudent || me.Person.Role == accounts.AsCitizen
	if !me.Person.EmailProved() {
		d.Gaps = append(d.Gaps, student.Step{Path: "/account/verify", Label: v.say("site.student.gap.email")})
	}
	if !d.Applicant {
		return nil
	}
	if me.Identity.Born() == "" {
		d.Gaps = append(d.Gaps, student.Step{Path: "/profile", Label: v.say("site.student.gap.birth_date")})
	}
	if enrolment == nil && me.Person.Role == accounts.AsStudent {
		d.Gaps = append(d.Gaps, student.Step{Path: "/profile/enrolment", Label: v.say("site.student.gap.enrolment")})
	}
	if me.GuardianRequired {
		guardians, err := s.Directory.Guardians(v.ctx(), v.actor.PersonID)
		if err != nil {
			return err
		}
		if len(guardians) == 0 {
			d.Gaps = append(d.Gaps, student.Step{Path: "/profile/guardian", Label: v.say("site.student.gap.guardian")})
		}
	}
	return nil
}

// homeMeetings lists the coming interviews of the reader and the wards. Those that the reader holds for an enterprise stand on its desk.
func (s *site) homeMeetings(v *visit, d *student.HomeData) error {
	page, err := s.Interviews.ListMyBookings(v.ctx(), v.actor, interviews.BookingFilter{
		From: s.Clock.Now().Add(-interviews.MostLength), States: []interviews.BookingState{interviews.Booked}, Limit: mostListed,
	})
	if err != nil {
		return err
	}
	for _, b := range page.Items {
		if !b.Staff && b.Booking.EndsAt.After(s.Clock.Now()) {
			d.Meetings = append(d.Meetings, v.meetingOf(b))
		}
	}
	return nil
}

// homeWays puts every application on its way, by who must act.
func (s *site) homeWays(v *visit, d *student.HomeData, wards []directory.NamedWard) error {
	page, err := s.Selection.ListMine(v.ctx(), v.actor, selection.Filter{Limit: mostListed})
	if err != nil {
		return err
	}
	views, err := s.Selection.Views(v.ctx(), v.actor, page.Items)
	if err != nil {
		return err
	}
	papers, err := s.papersOf(v.ctx(), v.actor, wards)
	if err != nil {
		return err
	}
	type ranked struct {
		card student.Card
		rank int
		end  time.Time
	}
	var cards []ranked
	for _, view := range views {
		st := v.standing(view, papers[view.App.ID])
		way := wayOf(st, v.words())
		if st.finished() {
			d.Ended = append(d.Ended, v.endedCard(view, st, way))
			continue
		}
		one := ranked{card: v.wayCard(view, st, way), rank: st.rank(way)}
		if way.Clock != nil {
			one.end = way.Clock.Until
		}
		cards = append(cards, one)
	}
	slices.SortStableFunc(cards, func(a, b ranked) int {
		switch {
		case a.rank != b.rank:
			return a.rank - b.rank
		case a.end.IsZero() || b.end.IsZero():
			return 0
		}
		return a.end.Compare(b.end)
	})
	for _, c := range cards {
		d.Cards = append(d.Cards, c.card)
	}
	return nil
}

// papersOf finds the agreements of the reader and of confirmed wards, by application.
func (s *site) papersOf(ctx context.Context, actor accounts.Actor, wards []directory.NamedWard) (map[string]*agreements.Summary, error) {
	people := []string{actor.PersonID}
	for _, w := range wards {
		if w.Guardian.State == directory.GuardianConfirmed {
			people = append(people, w.Ward.ID)
		}
	}
	out := map[string]*agreements.Summary{}
	for _, person := range people {
		page, err := s.Agreements.List(ctx, actor, agreements.Filter{StudentID: person, Limit: mostListed})
		if err != nil {
			return nil, err
		}
		for _, sum := range page.Items {
			out[sum.Agreement.ApplicationID] = sum
		}
	}
	return out, nil
}

// standing gathers what the page knows of an application.
func (v *visit) standing(view *selection.View, paper *agreements.Summary) standing {
	return standing{
		App: view.App, Wait: view.Wait, Agreement: paper, Own: view.Viewer == selection.ViewOwner, Guardian: view.Viewer == selection.ViewGuardian,
	}
}

func (v *visit) wayCard(view *selection.View, st standing, way ui.Way) student.Card {
	c := student.Card{Path: "/applications/" + view.App.ID, Place: placeBrief(view.Place, view.EnterpriseName), Way: way, Steps: v.stepsOf(st, way)}
	if !st.Own {
		c.Whose = view.Applicant.FullName
	}
	return c
}

// stepsOf are the ways on from an application: what the reader can do now first.
func (v *visit) stepsOf(st standing, way ui.Way) []student.Step {
	a := st.App
	step := func(path, key string) []student.Step {
		kind := "quiet"
		if way.Mine {
			kind = ""
		}
		return []student.Step{{Path: path, Label: v.say("site.student.step." + key), Kind: kind}}
	}
	switch {
	case a.State == selection.Offered && st.Own:
		return step("/offers/"+a.OfferID, "answer")
	case a.State == selection.Offered:
		return step("/offers/"+a.OfferID, "offer")
	case a.State == selection.Shortlisted && way.Mine:
		return step("/applications/"+a.ID+"/slots", "choose")
	case a.Interview != nil && a.Interview.Live:
		return step("/bookings/"+a.Interview.BookingID, "booking")
	case a.State == selection.Accepted && a.AgreementID != "" && way.Mine:
		return step("/agreements/"+a.AgreementID, "sign")
	case a.AgreementID != "" && (st.Own || st.Guardian):
		return step("/agreements/"+a.AgreementID, "agreement")
	}
	return nil
}

func (v *visit) endedCard(view *selection.View, st standing, way ui.Way) student.Ended {
	out := student.Ended{
		Path: "/applications/" + view.App.ID, Place: placeBrief(view.Place, view.EnterpriseName), Says: way.Says,
		State: v.say("state.application." + string(view.App.State)),
	}
	switch view.App.State {
	case selection.Accepted:
		out.State = v.say("state.agreement." + string(st.Agreement.Agreement.State))
		if way.Done {
			out.Kind = "good"
		}
	case selection.Rejected:
		out.Kind = "bad"
	}
	if !st.Own {
		out.Whose = view.Applicant.FullName
	}
	return out
}
