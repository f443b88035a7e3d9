package agreements_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// Each side changes its own fields only; all foreign ones are named.
func TestFieldOwnership(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := w.draft()
		text, day := "x", cal.Day("2027-03-01")
		fields := map[string]agreements.Patch{
			"supervisor_id": {SupervisorID: &text}, "curriculum": {Curriculum: &agreements.Curriculum{}}, "schedule": {Schedule: &[]agreements.Phase{}},
			"plan": {Plan: &[]agreements.PlanItem{}}, "profile_reason": {ProfileReason: &text}, "enrolment": {Enrolment: &agreements.Enrolment{}},
			"workplace_id": {WorkplaceID: &text}, "mentor_id": {MentorID: &text}, "starts_on": {StartsOn: &day}, "ends_on": {EndsOn: &day},
			"insurance": {Insurance: &agreements.Insurance{}}, "compensation": {Compensation: &agreements.Compensation{}}, "duties": {Duties: &text},
			"contacts": {Contacts: &agreements.ContactsPatch{}},
		}
		owner := func(f string) string {
			switch f {
			case "supervisor_id", "curriculum", "schedule", "plan", "profile_reason", "enrolment":
				return "college"
			case "contacts":
				return "student"
			}
			return "enterprise"
		}
		for who, by := range map[string]accounts.Actor{"college": theCoordinator(), "enterprise": theHR(), "student": theStudent()} {
			for f, patch := range fields {
				_, err := w.Update(ctx, by, id, patch, 0)
				if errs.Has(err, "field_not_yours") == (owner(f) == who) {
					t.Errorf("%s sends %s: %v", who, f, err)
				}
			}
		}
		_, err := w.Update(ctx, theStudent(), id, agreements.Patch{Duties: &text, SupervisorID: &text}, 0)
		if e := new(errs.Error); !errsAs(err, &e) || len(e.Fields) != 2 {
			t.Errorf("%v", err)
		}
		_, err = w.Update(ctx, theRector(), id, agreements.Patch{SupervisorID: &text}, 0)
		wantCode(t, err, "forbidden")
	})
}

func errsAs(err error, into **errs.Error) bool {
	e, ok := err.(*errs.Error) //nolint:errorlint // services give it as it is
	if ok {
		*into = e
	}
	return ok
}

func TestUpdate(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		id := w.draft()
		a := w.get(id)
		// The present values change nothing.
		duties := "Осмотр оборудования подстанции"
		b, err := w.Update(ctx, theHR(), id, agreements.Patch{Duties: &duties, Compensation: &agreements.Compensation{Kind: "monthly", Amount: 40000}}, a.Version)
		if err != nil || b.Version != a.Version {
			t.Fatalf("%v version %d, was %d", err, b.Version, a.Version)
		}
		early, late, end := cal.Day("2027-01-31"), cal.Day("2027-03-01"), cal.Day("2027-06-14")
		_, err = w.Update(ctx, theHR(), id, agreements.Patch{StartsOn: &early}, 0)
		wantCode(t, err, "date_not_later")
		if b, err = w.Update(ctx, theHR(), id, agreements.Patch{StartsOn: &late, EndsOn: &end}, a.Version); err != nil {
			t.Fatal(err)
		}
		if w.low.moved[b.MatchID] != [2]cal.Day{late, end} {
			t.Errorf("the match is at %v", w.low.moved)
		}
		_, err = w.Update(ctx, theHR(), id, agreements.Patch{StartsOn: &end}, a.Version)
		wantCode(t, err, "stale_version")
		w.low.moveErr = errs.New(errs.Conflict, "overlapping_match")
		later := cal.Day("2027-07-01")
		_, err = w.Update(ctx, theHR(), id, agreements.Patch{EndsOn: &later}, 0)
		wantCode(t, err, "overlapping_match")
		if w.get(id).Terms.EndsOn != end {
			t.Error("a refused date stayed")
		}
		other := "mnt_other"
		_, err = w.Update(ctx, theHR(), id, agreements.Patch{
			MentorID: &other, WorkplaceID: &other, Compensation: &agreements.Compensation{Kind: "monthly"}, Insurance: &agreements.Insurance{Note: strings.Repeat("ы", 501)},
		}, 0)
		wantCode(t, err, "validation_failed")
		e := new(errs.Error)
		if errsAs(err, &e); len(e.Fields) != 4 {
			t.Errorf("%v", err)
		}
		phone, address := "8 701 555 44 33", "ул. Новая, 7"
		if _, err = w.Update(ctx, theStudent(), id, agreements.Patch{Contacts: &agreements.ContactsPatch{Phone: &phone, Address: &address}}, 0); err != nil {
			t.Fatal(err)
		}
		v, err := w.Get(ctx, theHR(), id)
		if err != nil || v.Parties.Student.Contacts.Phone != "+77015554433" {
			t.Errorf("%v %+v", err, v.Parties.Student.Contacts)
		}
		raw, _ := json.Marshal(w.get(id))
		if bytes.Contains(raw, []byte("7015554433")) || bytes.Contains(raw, []byte("Новая")) {
			t.Error("contacts are stored in clear")
		}
		page, err := w.ListRevisions(ctx, theCoordinator(), id, i18n.EN, storage.Cursor{}, 5)
		if err != nil {
			t.Fatal(err)
		}
		var labels []string
		for _, c := range page.Items[0].Changes {
			labels = append(labels, c.Label+"="+c.After)
		}
		if got := strings.Join(labels, "; "); got != "First day of training=01.03.2027; Last day of training=14.06.2027; Student: phone=+77015554433; Student: address=ул. Новая, 7" {
			t.Error(got)
		}
		stored, _ := json.Marshal(page.Items[0].Revision)
		if bytes.Contains(stored, []byte("7015554433")) {
			t.Error("a change of contacts is stored in clear")
		}
		_, err = w.Update(ctx, theHR(), w.concludedLater(), agreements.Patch{Duties: &phone}, 0)
		wantCode(t, err, "agreement_concluded")
	})
}

// concludedLater concludes another agreement in another period.
func (w *world) concludedLater() string {
	w.t.Helper()
	w.low.moveErr = nil
	id := w.draft(func(m *matchOf) { m.From, m.To = "2028-02-01", "2028-05-14" })
	w.complete(id)
	part := collegePart()
	if _, err := w.Update(w.t.Context(), theCoordinator(), id, agreements.Patch{Schedule: shifted(*part.Schedule, "2028-02-01", "2028-05-14")}, 0); err != nil {
		w.t.Fatal(err)
	}
	a, err := w.Ready(w.t.Context(), theCoordinator(), id, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, by := range []accounts.Actor{theStudent(), theBoss()} {
		if a, err = w.sign(by, a); err != nil {
			w.t.Fatal(err)
		}
	}
	proof, err := w.code(theRector(), item(a))
	if err == nil {
		_, err = w.Countersign(w.t.Context(), theRector(), item(a), proof)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// The public page says what is valid and names no person; the timeline is the trail; the register goes out as CSV and XLSX.
func TestVerifyTimelineRegister(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.concluded()
		v, err := w.Verify(ctx, strings.ToLower(agreements.PrintedCode(a.VerificationCode)), strings.ToUpper(a.Document.SHA256), i18n.RU)
		if err != nil || !v.Valid || v.Matches == nil || !*v.Matches || len(v.Signatures) != 3 || len(v.Organisations) != 3 || v.Assurance != agreements.Simple {
			t.Fatalf("%v %+v", err, v)
		}
		public, _ := json.Marshal([]any{v.Organisations, v.Signatures, v.Code})
		for _, private := range []string{"Сейтқали", "080515500017", student, boss} {
			if bytes.Contains(public, []byte(private)) {
				t.Errorf("the public page names %s", private)
			}
		}
		_, err = w.Verify(ctx, "0000-0000-0000-0000", "", i18n.RU)
		wantCode(t, err, "not_found")

		_, err = w.RefuseRegistration(ctx, theRegistrar(), a.ID, []agreements.Defect{"mood"}, "")
		wantCode(t, err, "bad_request")
		if a, err = w.RefuseRegistration(ctx, theRegistrar(), a.ID, []agreements.Defect{"requisites_incomplete"}, "нет счёта"); err != nil {
			t.Fatal(err)
		}
		wantState(t, a, agreements.Concluded)
		if a, err = w.Register(ctx, theRegistrar(), a.ID); err != nil || a.Returned != nil {
			t.Fatal(err)
		}
		_, err = w.RefuseRegistration(ctx, theRegistrar(), a.ID, []agreements.Defect{"duplicate"}, "")
		wantCode(t, err, "already_registered")

		page, err := w.Timeline(ctx, theStudent(), a.ID, i18n.RU, storage.Cursor{}, 5)
		if err != nil || len(page.Items) != 5 || page.Next.IsZero() {
			t.Fatalf("%v %+v", err, page)
		}
		rest, err := w.Timeline(ctx, theStudent(), a.ID, i18n.RU, page.Next, 50)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, e := range append(page.Items, rest.Items...) {
			kinds = append(kinds, e.Kind)
			if strings.HasPrefix(e.Text, "agreement.") || len(e.Hash) != 64 {
				t.Errorf("%+v", e)
			}
		}
		if got := strings.Join(kinds, " "); got != "drafted changed changed ready signed signed countersigned concluded registration_refused registered" {
			t.Error(got)
		}
		if r := rest.Items[3]; r.Kind != "registration_refused" || r.Reason != "нет счёта" || r.Party != agreements.ByChamber || r.Person == "" {
			t.Errorf("%+v", r)
		}
		_, err = w.ListRegister(ctx, theHR(), chamber, agreements.RegisterFilter{})
		wantCode(t, err, "forbidden")
		csv, err := w.ExportRegister(ctx, theRegistrar(), chamber, agreements.RegisterFilter{Year: 2026}, "csv", i18n.RU)
		if err != nil || !bytes.HasPrefix(csv.Body, []byte("\xef\xbb\xbf№ в реестре;")) || !bytes.Contains(csv.Body, []byte(";080515500017;")) || csv.Name != "register-2026.csv" {
			t.Errorf("%v %s %q", err, csv.Name, csv.Body)
		}
		sheet, err := w.ExportRegister(ctx, theRegistrar(), chamber, agreements.RegisterFilter{}, "xlsx", i18n.KK)
		if err != nil {
			t.Fatal(err)
		}
		x, err := excelize.OpenReader(bytes.NewReader(sheet.Body))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := x.GetRows(x.GetSheetName(0))
		if err != nil || len(rows) != 2 || rows[1][12] != "080515500017" {
			t.Errorf("%v %v", err, rows)
		}
		if empty, err := w.ListRegister(ctx, theRegistrar(), chamber, agreements.RegisterFilter{Year: 2025}); err != nil || len(empty.Items) != 0 {
			t.Errorf("%v %v", err, empty.Items)
		}
		university(w.low)
		_, err = w.Register(ctx, theRegistrar(), w.draft(func(m *matchOf) { m.Regime = "r361" }))
		wantCode(t, err, "regime_without_register")
	})
}

// A wild verification code never finds anything and never fails.
func FuzzNormalCode(f *testing.F) {
	f.Add("7KQ3-M9XD-2HTR-5VBN")
	f.Add(" il o–")
	f.Fuzz(func(t *testing.T, s string) {
		once := agreements.NormalCode(s)
		if strings.ToValidUTF8(s, "") == s && agreements.NormalCode(once) != once {
			t.Errorf("%q gives %q, then %q", s, once, agreements.NormalCode(once))
		}
	})
}
