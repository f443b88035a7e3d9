package placements_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/storage"
)

func asError(err error, e **errs.Error) bool { return errors.As(err, e) }

func TestDraftTakesAnythingAndStaysHidden(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		v := w.draft(placements.Input{Regime: ptr(placements.R50), Title: &i18n.Text{KK: "Электромонтер"}})
		id := v.Place.ID
		if v.Place.State != placements.Draft || !placements.ValidReference(v.Place.Reference) || v.Place.Version != 1 {
			t.Fatalf("draft: %+v", v.Place)
		}
		for _, a := range []accounts.Actor{{}, w.stranger, w.rival, w.registrar} {
			_, err := w.Get(ctx, a, id)
			wantCode(t, err, "placement_not_found")
			_, err = w.Update(ctx, a, id, placements.Input{Seats: ptr(3)}, 0)
			if k := errs.KindOf(err); k != errs.NotFound && k != errs.Unauthorized {
				t.Fatalf("update by a stranger: %v", err)
			}
		}
		if _, err := w.Public(ctx, id); errs.CodeOf(err) != "placement_not_found" {
			t.Fatalf("a draft is public: %v", err)
		}
		v, err := w.Update(ctx, w.hr, id, placements.Input{Seats: ptr(3), WeeklyHours: ptr(30), Workplaces: &[]placements.WorkplaceInput{{Region: karaUnda, City: "караганды"}}}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if v.Place.Version != 2 || v.Sheet.Seats != 3 || v.Place.Workplaces[0].Lat == 0 || v.Place.Workplaces[0].City != "Қарағанды" {
			t.Fatalf("updated: %+v %+v", v.Place, v.Sheet)
		}
		_, err = w.Update(ctx, w.hr, id, placements.Input{Seats: ptr(4)}, 1)
		wantCode(t, err, "stale_version")
		if same, err := w.Update(ctx, w.hr, id, placements.Input{Seats: ptr(3), Workplaces: &[]placements.WorkplaceInput{{Region: karaUnda, City: "Караганда"}}}, 0); err != nil || same.Place.Version != 2 {
			t.Fatalf("the same again made version %d, %v", same.Place.Version, err)
		}
		v, err = w.Update(ctx, w.hr, id, placements.Input{Clear: []string{"seats", "weekly_hours"}}, 0)
		if err != nil || v.Place.Seats != 0 || v.Place.WeeklyHours != 0 {
			t.Fatalf("clear: %v %+v", err, v.Place)
		}
		_, err = w.Update(ctx, w.hr, id, placements.Input{Clear: []string{"seats"}, Seats: ptr(1)}, 0)
		wantCode(t, err, "bad_request")
	})
}

func TestDraftNamesEveryBadField(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		long := make([]rune, 101)
		for i := range long {
			long[i] = 'қ'
		}
		_, err := w.Create(t.Context(), w.hr, ent, placements.Input{
			Regime: ptr(placements.R361), Title: &i18n.Text{KK: string(long)}, QualificationCode: ptr("07130201"), Level: ptr(placements.Worker),
			Seats: ptr(501), MentorID: ptr("mnt_2"), Colleges: &[]string{"col_1", "col_0"}, StartsOn: ptr(cal.Day("2027-02-30")),
			Workplaces: &[]placements.WorkplaceInput{{Region: "999999999", City: "Караганда"}, {Region: almaty, City: "Караганда"}, {Region: almaty, City: "Атлантида"}},
		})
		wantCode(t, err, "bad_request")
		got := codes(err)
		for field, code := range map[string]string{
			"title.kk": "too_long", "qualification_code": "code_of_other_regime", "level": "level_of_other_regime", "seats": "too_large",
			"mentor_id": "unknown_mentor", "colleges[0]": "college_of_other_regime", "colleges[1]": "unknown_college", "starts_on": "bad_format",
			"workplaces[0].region": "unknown_region", "workplaces[1].city": "city_not_in_region", "workplaces[2].city": "unknown_city",
		} {
			if got[field] != code {
				t.Errorf("%s: %q, want %q", field, got[field], code)
			}
		}
		if len(got) != 11 {
			t.Errorf("fields: %v", got)
		}
		_, err = w.Create(t.Context(), w.rival, ent, complete())
		wantCode(t, err, "forbidden")
		_, err = w.Create(t.Context(), w.hr, "ent_0", complete())
		wantCode(t, err, "enterprise_not_found")
	})
}

func TestExternalReferenceIsUniqueWithinTheEnterprise(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		in := complete()
		in.ExternalReference = ptr("SE-1")
		first := w.draft(in)
		_, err := w.Create(t.Context(), w.hr, ent, in)
		wantCode(t, err, "external_reference_taken")
		in.MentorID = ptr("mnt_2")
		if _, err := w.Create(t.Context(), w.rival, other, in); err != nil {
			t.Fatalf("another enterprise may use the same key: %v", err)
		}
		copied, err := w.Clone(t.Context(), w.hr, first.Place.ID)
		if err != nil || copied.Place.ExternalReference != "" || copied.Place.ID == first.Place.ID || copied.Place.Reference == first.Place.Reference ||
			copied.Place.Workplaces[0].ID == first.Place.Workplaces[0].ID || copied.Place.Title != first.Place.Title {
			t.Fatalf("clone: %v %+v", err, copied.Place)
		}
		_, err = w.Update(t.Context(), w.hr, copied.Place.ID, placements.Input{ExternalReference: ptr("SE-1")}, 0)
		wantCode(t, err, "external_reference_taken")
	})
}

func TestPublishNamesEveryFailingRule(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		bare := w.draft(placements.Input{Regime: ptr(placements.R50), Title: &i18n.Text{RU: "Место"}, Summary: &i18n.Text{RU: "коротко"}, OpenToCitizens: ptr(true), Hazardous: ptr(true), MinAge: ptr(16), NightWork: ptr(true)})
		_, err := w.Publish(ctx, w.hr, bare.Place.ID)
		wantCode(t, err, "legal_check_failed")
		got := codes(err)
		for field, code := range map[string]string{
			"summary.ru": "too_short", "tasks.ru": "language_incomplete", "modules": "modules_missing", "qualification_code": "trade_missing",
			"seats": "seats_missing", "workplaces": "workplace_missing", "starts_on": "date_missing", "ends_on": "date_missing", "apply_by": "date_missing",
			"time_model": "time_model_missing", "weekly_hours": "hours_missing", "min_age": "hazardous_under_18", "night_work": "night_under_18",
			"compensation": "compensation_unsaid", "mentor_id": "mentor_missing", "colleges": "citizens_need_college",
		} {
			if got[field] != code {
				t.Errorf("%s: %q, want %q", field, got[field], code)
			}
		}
		var e *errs.Error
		errors.As(err, &e)
		i := slices.IndexFunc(e.Fields, func(f errs.Field) bool { return f.Field == "mentor_id" })
		if e.Fields[i].Rule != "mentor" || e.Fields[i].Source != "R50 4.4, 22.9" {
			t.Errorf("the mentor rule says %+v", e.Fields[i])
		}
		if p, _ := w.Placement(ctx, bare.Place.ID); p.State != placements.Draft || p.Version != 1 {
			t.Errorf("a refused publication left %+v", p)
		}
		if n := w.count(placements.EventPublished, ""); n != 0 {
			t.Errorf("%d events of a refused publication", n)
		}
		newcomer := member("psn_n", fresh, accounts.KindEnterprise, accounts.RoleAdmin)
		in := complete()
		in.MentorID = nil
		v, err := w.Create(ctx, newcomer, fresh, in)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Publish(ctx, newcomer, v.Place.ID)
		wantCode(t, err, "enterprise_not_verified")
		if codes(err)["mentor_id"] != "mentor_missing" {
			t.Errorf("the refusal hides the rest: %v", err)
		}
	})
}

func TestPublishFilesWithEveryChamber(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		in := complete()
		*in.Workplaces = append(*in.Workplaces, placements.WorkplaceInput{Region: almaty, City: "Алма-Ата", Address: "Абая 1", Kind: placements.AtTrainingCentre})
		v := w.publish(w.draft(in))
		if v.Place.State != placements.Published || v.Place.Check.Rules == "" || len(v.Filings) != 2 {
			t.Fatalf("published: %+v, %d filings", v.Place, len(v.Filings))
		}
		second := w.published()
		numbers := map[string]bool{}
		for _, f := range append(v.Filings, second.Filings...) {
			numbers[f.Number] = true
		}
		for _, n := range []string{"35-2026-000001", "75-2026-000001", "35-2026-000002"} {
			if !numbers[n] {
				t.Errorf("no filing %s in %v", n, numbers)
			}
		}
		page, err := w.Filings(ctx, w.registrar, "chm_35", placements.FilingQuery{Limit: 10})
		if err != nil || len(page.Items) != 2 || page.Items[0].Place.ID != v.Place.ID || len(page.Items[0].Workplaces()) != 1 {
			t.Fatalf("queue: %v, %d", err, len(page.Items))
		}
		_, err = w.Filings(ctx, w.hr, "chm_35", placements.FilingQuery{})
		wantCode(t, err, "forbidden")
		own, err := w.PlacementFilings(ctx, w.registrar, v.Place.ID, storage.Cursor{}, 10)
		if err != nil || len(own.Items) != 1 {
			t.Fatalf("the registrar sees %d filings, %v", len(own.Items), err)
		}
		seen, err := w.Get(ctx, w.registrar, v.Place.ID)
		if err != nil || len(seen.Filings) != 1 || seen.Inner {
			t.Fatalf("the registrar's view: %+v %v", seen, err)
		}
		pub, err := w.Get(ctx, accounts.Actor{}, v.Place.ID)
		if err != nil || len(pub.Filings) != 0 || pub.Inner || pub.MentorName != "Ерлан Сапарұлы" || pub.Enterprise.Name == "" {
			t.Fatalf("the public view: %+v %v", pub, err)
		}
		if w.count(placements.EventPublished, v.Place.ID) != 1 || w.count(placements.EventFiled, "") != 3 || w.count(placements.EventChanged, v.Place.ID) != 1 {
			t.Error("events of the publication")
		}
		trail, err := w.trail.Entries(ctx, "placement:"+v.Place.ID)
		if err != nil || len(trail) != 4 { // drafted, filed twice, published
			t.Errorf("trail: %d, %v", len(trail), err)
		}
	})
}

func TestFilingIsRemarkedMendedAccepted(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		v := w.published()
		filing := v.Filings[0].ID
		_, err := w.DecideFiling(ctx, w.hr, filing, placements.Decision{State: placements.Accepted})
		wantCode(t, err, "forbidden")
		_, err = w.DecideFiling(ctx, w.stranger, filing, placements.Decision{State: placements.Accepted})
		wantCode(t, err, "not_found")
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

func TestDeadlinesRunByTheClock(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		v := w.published() // apply_by 2027-01-22, starts 2027-02-15
		id := v.Place.ID
		state := func() placements.State {
			p, err := w.Placement(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			return p.State
		}
		for _, s := range []struct {
			day       cal.Day
			state     placements.State
			reminders int
		}{
			{"2027-01-14", placements.Published, 0},
			{"2027-01-15", placements.Published, 1},
			{"2027-01-16", placements.Published, 1},
			{"2027-01-21", placements.Published, 2},
			{"2027-01-22", placements.Published, 2}, // the deadline includes its day
			{"2027-01-23", placements.Selecting, 2},
			{"2027-02-14", placements.Selecting, 2},
			{"2027-02-15", placements.Closed, 2},
		} {
			w.clock.set(s.day)
			w.jobs()
			w.jobs()
			if got := state(); got != s.state {
				t.Fatalf("%s: %s, want %s", s.day, got, s.state)
			}
			if n := w.count(placements.EventDeadlineNear, id); n != s.reminders {
				t.Fatalf("%s: %d reminders, want %d", s.day, n, s.reminders)
			}
		}
		p, _ := w.Placement(ctx, id)
		if p.ClosedReason != placements.Expired || w.count(placements.EventSelecting, id) != 1 || w.count(placements.EventClosed, id) != 1 {
			t.Errorf("closed as %s", p.ClosedReason)
		}
	})
}

func TestLaterDeadlineIsRemindedAnewAndFixedWhileSelecting(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		id := w.published().Place.ID
		w.clock.set("2027-01-21")
		w.jobs()
		if n := w.count(placements.EventDeadlineNear, id); n != 1 {
			t.Fatalf("of two reminders due at once one goes out, not %d", n)
		}
		if _, err := w.Update(t.Context(), w.hr, id, placements.Input{ApplyBy: ptr(cal.Day("2027-01-29"))}, 0); err != nil {
			t.Fatal(err)
		}
		w.clock.set("2027-01-22")
		w.jobs()
		if n := w.count(placements.EventDeadlineNear, id); n != 2 {
			t.Fatalf("%d reminders after a later deadline", n)
		}
		w.clock.set("2027-01-30")
		w.jobs()
		_, err := w.Update(t.Context(), w.hr, id, placements.Input{ApplyBy: ptr(cal.Day("2027-01-31"))}, 0)
		wantCode(t, err, "fixed_after_publication")
	})
}

func TestFilledWhenEverySeatIsConcluded(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := w.published().Place.ID
		tx := func(fn func(ctx ctxT) error) {
			t.Helper()
			if err := w.db.Tx(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		tx(func(ctx ctxT) error { return w.SeatConcluded(ctx, id) })
		tx(func(ctx ctxT) error { return w.SeatReopened(ctx, id) })
		tx(func(ctx ctxT) error { return w.SeatConcluded(ctx, id) })
		if p, _ := w.Placement(ctx, id); p.State != placements.Published {
			t.Fatalf("one of two seats: %s", p.State)
		}
		tx(func(ctx ctxT) error { return w.SeatConcluded(ctx, id) })
		p, _ := w.Placement(ctx, id)
		if p.State != placements.Closed || p.ClosedReason != placements.Filled || w.count(placements.EventClosed, id) != 1 {
			t.Fatalf("both seats: %s %s", p.State, p.ClosedReason)
		}
	})
}

func TestTenUnansweredInARowPauseThePlaces(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first, second := w.published().Place.ID, w.published().Place.ID
		draft := w.draft(complete()).Place.ID
		record := func(answered bool) {
			t.Helper()
			if err := w.db.Tx(ctx, func(ctx ctxT) error { return w.RecordAnswer(ctx, ent, answered, 48*hour) }); err != nil {
				t.Fatal(err)
			}
		}
		for range 9 {
			record(false)
		}
		record(true)
		for range 9 {
			record(false)
		}
		w.drain()
		if p, _ := w.Placement(ctx, first); p.State != placements.Published {
			t.Fatal("nine in a row must not pause")
		}
		record(false)
		w.drain()
		for _, id := range []string{first, second} {
			if p, _ := w.Placement(ctx, id); p.State != placements.Paused || p.PausedFor != "unanswered" {
				t.Fatalf("%s is %s", id, p.State)
			}
		}
		rate, err := w.ResponseRate(ctx, ent)
		if err != nil || rate.Cases != 20 || rate.Answered != 1 || rate.Days() != 2 || !rate.Shown() {
			t.Fatalf("rate: %+v %v", rate, err)
		}
		waiting := 3
		w.AwaitingAnswer = func(ctxT, string) (int, error) { return waiting, nil }
		_, err = w.Resume(ctx, w.hr, first)
		wantCode(t, err, "answers_overdue")
		_, err = w.Publish(ctx, w.hr, draft)
		wantCode(t, err, "answers_overdue")
		waiting = 0
		if _, err = w.Resume(ctx, w.hr, first); err != nil {
			t.Fatal(err)
		}
		if _, err = w.Publish(ctx, w.hr, draft); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOwnListAndIndexSource(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var ids []string
		for i := range 5 {
			v := w.draft(complete())
			if i < 3 {
				v = w.publish(v)
			}
			ids = append(ids, v.Place.ID)
		}
		var got []string
		cursor := storage.Cursor{}
		for range 10 {
			page, err := w.ListOwn(ctx, w.hr, ent, placements.OwnQuery{Words: "подстанции ЭЛЕКТРО", Limit: 2, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Items {
				got = append(got, v.Place.ID)
			}
			if cursor = page.Next; cursor.IsZero() {
				break
			}
		}
		slices.Sort(got)
		slices.Sort(ids)
		if !slices.Equal(got, ids) {
			t.Errorf("own list: %v, want %v", got, ids)
		}
		page, err := w.ListOwn(ctx, w.hr, ent, placements.OwnQuery{States: []placements.State{placements.Draft}, Words: "нет такого"})
		if err != nil || len(page.Items) != 0 {
			t.Errorf("words that nothing has: %d, %v", len(page.Items), err)
		}
		_, err = w.ListOwn(ctx, w.stranger, ent, placements.OwnQuery{})
		wantCode(t, err, "forbidden")
		n := 0
		err = w.EachPublic(ctx, func(p placements.PublicPlace) error {
			n++
			if p.Sheet.ID != p.Place.ID || p.Enterprise.ID != ent || !p.FitsMinors {
				t.Errorf("%+v", p)
			}
			return nil
		})
		if err != nil || n != 3 {
			t.Errorf("the index gets %d, %v", n, err)
		}
	})
}
