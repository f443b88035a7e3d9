package placements_test

import (
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

func TestFilingIsRemarkedMendedAccepted(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		v := w.published()
		filing := v.Filings[0].ID
		_, err := w.DecideFiling(ctx, w.hr, filing, placements.Decision{State: placements.Accepted})
		wantCode(t, err, "forbidden")
		_, err = w.DecideFiling(ctx, w.stranger, filing, placements.Decision{State: placements.Accepted})
		wantCode(t, err, "not_found")
		_, err = w.ReadFiling(ctx, w.stranger, filing)
		wantCode(t, err, "not_found")
		_, err = w.ReadFiling(ctx, w.hr, filing)
		wantCode(t, err, "forbidden")
		if one, err := w.ReadFiling(ctx, w.registrar, filing); err != nil || one.Filing.Number != v.Filings[0].Number || one.Place.ID != v.Place.ID {
			t.Fatalf("read: %v %+v", err, one)
		}
		_, err = w.DecideFiling(ctx, w.registrar, filing, placements.Decision{State: placements.Remarks, Fields: []string{"workplaces[4].address", "color"}})
		wantCode(t, err, "bad_request")
		if got := codes(err); got["fields[0]"] != "unknown_field" || got["fields[1]"] != "unknown_field" || got["comment"] != "required" {
			t.Fatalf("bad remarks: %v", got)
		}
		f, err := w.DecideFiling(ctx, w.registrar, filing, placements.Decision{State: placements.Remarks, Fields: []string{"workplaces[0].address"}, Comment: "Укажите корпус"})
		if err != nil || f.Filing.State != placements.Remarks || f.Filing.Number != v.Filings[0].Number {
			t.Fatalf("remarks: %v %+v", err, f)
		}
		_, err = w.DecideFiling(ctx, w.registrar, filing, placements.Decision{State: placements.Accepted})
		wantCode(t, err, "wrong_state")
		v, err = w.Update(ctx, w.hr, v.Place.ID, placements.Input{Title: &i18n.Text{RU: "Другое название места"}}, 0)
		if err != nil || v.Filings[0].State != placements.Remarks {
			t.Fatalf("another field must not file again: %v %+v", err, v.Filings[0])
		}
		wp := v.Place.Workplaces[0]
		v, err = w.Update(ctx, w.hr, v.Place.ID, placements.Input{Workplaces: &[]placements.WorkplaceInput{{ID: wp.ID, Region: wp.Region, City: wp.City, Address: "Складская 14, корпус 2", Kind: wp.Kind}}}, 0)
		if err != nil || v.Filings[0].State != placements.Filed || len(v.Filings) != 1 {
			t.Fatalf("mending must file again: %v %+v", err, v.Filings)
		}
		page, err := w.Filings(ctx, w.registrar, "chm_35", placements.FilingQuery{States: []placements.FilingState{placements.Filed}})
		if err != nil || len(page.Items) != 1 || !slices.Equal(page.Items[0].Changes, []string{"title.ru", "workplaces[0].address"}) {
			t.Fatalf("what changed since: %v %+v", err, page.Items)
		}
		if _, err = w.DecideFiling(ctx, w.registrar, filing, placements.Decision{State: placements.Accepted}); err != nil {
			t.Fatal(err)
		}
		v, err = w.Update(ctx, w.hr, v.Place.ID, placements.Input{Seats: ptr(1)}, 0)
		if err != nil || v.Filings[0].State != placements.Accepted {
			t.Fatalf("fewer seats file nothing: %v", err)
		}
		v, err = w.Update(ctx, w.hr, v.Place.ID, placements.Input{Seats: ptr(5)}, 0)
		if err != nil || v.Filings[0].State != placements.Filed {
			t.Fatalf("new seats file again: %v", err)
		}
	})
}

func TestEditingALivePlace(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		v := w.published()
		id := v.Place.ID
		_, err := w.Update(ctx, w.hr, id, placements.Input{Regime: ptr(placements.R361), QualificationCode: ptr("07130200"), Clear: []string{"compensation"}}, 0)
		wantCode(t, err, "fixed_after_publication")
		if got := codes(err); got["regime"] == "" || got["qualification_code"] == "" || got["compensation"] == "" {
			t.Errorf("fixed: %v", got)
		}
		_, err = w.Update(ctx, w.hr, id, placements.Input{ApplyBy: ptr(cal.Day("2027-01-20"))}, 0)
		wantCode(t, err, "apply_by_earlier")
		_, err = w.Update(ctx, w.hr, id, placements.Input{WeeklyHours: ptr(40), MentorID: ptr("mnt_3")}, 0)
		wantCode(t, err, "legal_check_failed")
		if codes(err)["weekly_hours"] != "hours_over_limit" {
			t.Errorf("hours: %v", err)
		}
		if err := w.seat(id, "ofr_1"); err != nil {
			t.Fatal(err)
		}
		if err := w.seat(id, "ofr_2"); err != nil {
			t.Fatal(err)
		}
		_, err = w.Update(ctx, w.hr, id, placements.Input{Seats: ptr(1)}, 0)
		wantCode(t, err, "seats_taken")
		_, err = w.Update(ctx, w.hr, id, placements.Input{Workplaces: &[]placements.WorkplaceInput{{Region: almaty, City: "Алматы", Address: "Абая 1", Kind: placements.AtWorkplace}}}, 0)
		wantCode(t, err, "fixed_after_publication")
		none := w.versions(id)
		if len(none) != 0 {
			t.Fatalf("refused edits left %d versions", len(none))
		}
		before := w.count(placements.EventChanged, id)
		v, err = w.Update(ctx, w.hr, id, placements.Input{Title: &i18n.Text{RU: "Электромонтер подстанции"}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if w.count(placements.EventTermsChanged, id) != 0 || w.count(placements.EventChanged, id) != before+1 {
			t.Error("a new title tells the index and not the applicants")
		}
		v, err = w.Update(ctx, w.hr, id, placements.Input{WeeklyHours: ptr(30), Compensation: &placements.Compensation{Kind: placements.PayNone}, ApplyBy: ptr(cal.Day("2027-01-25"))}, v.Place.Version)
		if err != nil || v.Sheet.ApplyBy != "2027-01-25" {
			t.Fatal(err)
		}
		if w.count(placements.EventTermsChanged, id) != 1 {
			t.Error("applicants aren't told")
		}
		list := w.versions(id)
		if len(list) != 2 || !list[0].Material || list[1].Material || list[0].Number != v.Place.Version ||
			!slices.Equal(list[0].Changes, []string{"apply_by", "weekly_hours", "compensation"}) || list[0].Before.WeeklyHours != 24 || list[0].After.WeeklyHours != 30 {
			t.Fatalf("versions: %+v", list)
		}
		_, err = w.Versions(ctx, w.stranger, id, storage.Cursor{}, 5)
		wantCode(t, err, "forbidden")
		w.Parties = func(_ ctxT, a accounts.Actor, _ string) ([]accounts.Relation, error) {
			if a.PersonID == "psn_s" {
				return []accounts.Relation{accounts.Self}, nil
			}
			return nil, nil
		}
		if _, err = w.Versions(ctx, w.stranger, id, storage.Cursor{}, 5); err != nil {
			t.Errorf("an applicant may see what changed: %v", err)
		}
	})
}

func (w *world) versions(id string) []*placements.Version {
	w.t.Helper()
	page, err := w.Versions(w.t.Context(), w.hr, id, storage.Cursor{}, 50)
	if err != nil {
		w.t.Fatal(err)
	}
	return page.Items
}

func TestPauseResumeCloseAndWhoReads(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		v := w.published()
		id := v.Place.ID
		steps := []struct {
			name string
			run  func() error
			code string
		}{
			{"publish again", func() error { _, err := w.Publish(ctx, w.hr, id); return err }, "wrong_state"},
			{"resume published", func() error { _, err := w.Resume(ctx, w.hr, id); return err }, "wrong_state"},
			{"pause by a stranger", func() error { _, err := w.Pause(ctx, w.stranger, id); return err }, "forbidden"},
			{"pause by nobody", func() error { _, err := w.Pause(ctx, accounts.Actor{}, id); return err }, "unauthorized"},
			{"pause", func() error { _, err := w.Pause(ctx, w.hr, id); return err }, ""},
			{"pause again", func() error { _, err := w.Pause(ctx, w.hr, id); return err }, "wrong_state"},
			{"apply while paused", func() error {
				return w.inSheet(id, func(sh *placements.Sheet) error { return sh.CanApply(w.clock.Now()) })
			}, "placement_not_open"},
			{"read while paused", func() error { _, err := w.Get(ctx, accounts.Actor{}, id); return err }, ""},
			{"resume", func() error { _, err := w.Resume(ctx, w.hr, id); return err }, ""},
			{"apply", func() error {
				return w.inSheet(id, func(sh *placements.Sheet) error { return sh.CanApply(w.clock.Now()) })
			}, ""},
			{"close", func() error { _, err := w.Close(ctx, w.hr, id, "Линия закрыта"); return err }, ""},
			{"close again", func() error { _, err := w.Close(ctx, w.hr, id, ""); return err }, "wrong_state"},
			{"resume closed", func() error { _, err := w.Resume(ctx, w.hr, id); return err }, "wrong_state"},
			{"edit closed", func() error { _, err := w.Update(ctx, w.hr, id, placements.Input{Seats: ptr(9)}, 0); return err }, "placement_closed"},
			{"seat on closed", func() error { return w.seat(id, "ofr_9") }, "placement_closed"},
		}
		for _, s := range steps {
			if err := s.run(); errs.CodeOf(err) != s.code {
				t.Fatalf("%s: %v, want %q", s.name, err, s.code)
			}
		}
		like := w.published()
		w.Similar = func(ctxT, *placements.Placement) ([]string, error) { return []string{id, like.Place.ID}, nil }
		for _, a := range []accounts.Actor{{}, w.stranger, w.rival} {
			got, err := w.Get(ctx, a, id)
			if err != nil || !got.Gone || len(got.Similar) != 1 || got.Similar[0].Place.ID != like.Place.ID {
				t.Fatalf("a stranger gets %+v, %v", got, err)
			}
		}
		for _, a := range []accounts.Actor{w.hr, w.registrar} {
			if got, err := w.Get(ctx, a, id); err != nil || got.Gone || got.Place.ClosedReason != placements.Withdrawn {
				t.Fatalf("a party gets %+v, %v", got, err)
			}
		}
		if _, err := w.Public(ctx, id); errs.KindOf(err) != errs.NotFound {
			t.Error("a closed place is in the index")
		}
		if w.count(placements.EventClosed, id) != 1 || w.count(placements.EventPaused, id) != 1 || w.count(placements.EventResumed, id) != 1 {
			t.Error("events")
		}
		draft := w.draft(complete())
		if _, err := w.Close(ctx, w.hr, draft.Place.ID, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Get(ctx, accounts.Actor{}, draft.Place.ID); errs.KindOf(err) != errs.NotFound {
			t.Error("a withdrawn draft must stay unknown")
		}
	})
}
