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
