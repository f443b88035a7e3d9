package directory_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/storage"
)

func TestCreateEnterprise(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		by := w.someone()
		_, err := w.CreateEnterprise(ctx, accounts.Actor{}, enterpriseInput(bin(1)))
		w.refused(err, "unauthorized")
		unproved := by
		unproved.EmailProved = false
		_, err = w.CreateEnterprise(ctx, unproved, enterpriseInput(bin(1)))
		w.refused(err, "email_unverified")
		_, err = w.CreateEnterprise(ctx, by, directory.EnterpriseInput{})
		w.fields(err, "validation_failed", "bin bin_or_iin_required", "name required", "region required", "city required", "address required")
		in := enterpriseInput("200140000015")
		in.IIN, in.City, in.Phone, in.Website = nil, ptr("Алматы"), ptr("12"), ptr("javascript:x")
		_, err = w.CreateEnterprise(ctx, by, in)
		w.fields(err, "validation_failed", "bin bin_check_digit", "city city_not_in_region", "website bad_format", "phone phone_malformed")
		in = enterpriseInput(bin(1))
		in.IIN = ptr("080515500808")
		_, err = w.CreateEnterprise(ctx, by, in)
		w.fields(err, "validation_failed", "iin bin_and_iin")

		e := w.enterprise(by, bin(1))
		if e.State != directory.EnterpriseNew || e.City != "Теміртау" || e.Kind != directory.LegalEntity || !e.Private {
			t.Fatalf("%+v", e)
		}
		admin, err := w.accounts.HasRole(ctx, by.PersonID, e.ID, accounts.RoleAdmin)
		signatory, err2 := w.accounts.HasRole(ctx, by.PersonID, e.ID, accounts.RoleSignatory)
		if err != nil || err2 != nil || !admin || signatory {
			t.Fatalf("the creator is admin %v, signatory %v", admin, signatory)
		}
		// Unverified, it is hidden from strangers.
		_, err = w.ReadEnterprise(ctx, w.someone(), e.ID)
		w.refused(err, "not_found")
		_, err = w.ReadEnterprise(ctx, accounts.Actor{}, e.ID)
		w.refused(err, "not_found")
		_, err = w.UpdateEnterprise(ctx, w.someone(), e.ID, 0, directory.EnterpriseInput{})
		w.refused(err, "not_found")
	})
}

func TestSoleEntrepreneurIsSealed(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		by := w.someone()
		in := enterpriseInput("")
		in.BIN, in.IIN = nil, ptr("080515500808")
		e, err := w.CreateEnterprise(ctx, by, in)
		w.ok(err)
		if e.Kind != directory.SoleEntrepreneur || e.BIN != "" || e.IIN != "080515500808" {
			t.Fatalf("%+v", e)
		}
		w.ok(w.db.Find(ctx, directory.Specs()[0], storage.Query{}, func(f storage.Found) error {
			var doc map[string]any
			w.ok(f.Decode(&doc))
			if strings.Contains(fmt.Sprint(doc), "080515500808") {
				t.Error("the IIN lies open in the store")
			}
			return nil
		}))
		seen, err := w.ReadEnterprise(ctx, by2(w, e.ID), e.ID)
		w.ok(err)
		if seen.IIN == "" {
			t.Error("a member doesn't see the IIN")
		}
	})
}

func by2(w *world, id string) accounts.Actor {
	return w.member(id, accounts.KindEnterprise, accounts.RoleHR)
}

func TestVerification(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		chamber := w.chamber(karaganda, "Караганда")
		registrar := w.member(chamber.ID, accounts.KindChamber, accounts.RoleRegistrar)
		by := w.someone()
		e := w.enterprise(by, bin(1))
		by = w.actor(must(w.accounts.Person(ctx, by.PersonID)))

		_, err := w.ClaimVerification(ctx, registrar, e.ID)
		w.refused(err, "not_submitted")
		_, err = w.DecideVerification(ctx, registrar, e.ID, 0, directory.Review{Decision: directory.VerificationVerified})
		w.refused(err, "not_submitted")
		_, err = w.ReadVerification(ctx, registrar, e.ID)
		w.refused(err, "not_submitted")
		e, err = w.SubmitVerification(ctx, by, e.ID, "")
		w.ok(err)
		version := e.Version
		e, err = w.SubmitVerification(ctx, by, e.ID, "") // once more changes nothing
		w.ok(err)
		if e.State != directory.EnterpriseSubmitted || e.Version != version || w.count(directory.EventEnterpriseSubmitted) != 1 {
			t.Fatalf("%+v", e.Enterprise)
		}
		if e.Verification.DueAt != w.Reference().WorkingHours(w.clock.Now(), 24*time.Hour) {
			t.Errorf("due at %s", e.Verification.DueAt)
		}
		_, err = w.UpdateEnterprise(ctx, by, e.ID, 0, directory.EnterpriseInput{BIN: ptr(bin(2)), Region: ptr(almaty), City: ptr("Алматы")})
		w.fields(err, "identity_locked", "bin identity_locked", "region identity_locked")

		// Neither another chamber's registrar nor the platform's administrator knows of it.
		other := w.member(w.chamber(almaty, "Алматы").ID, accounts.KindChamber, accounts.RoleRegistrar)
		_, err = w.ClaimVerification(ctx, other, e.ID)
		w.refused(err, "not_found")
		_, err = w.ReadVerification(ctx, other, e.ID)
		w.refused(err, "not_found")
		seen, err := w.ReadVerification(ctx, registrar, e.ID) // looking takes nothing
		w.ok(err)
		if seen.State != directory.VerificationWaiting || seen.EnterpriseID != e.ID {
			t.Errorf("%+v", seen)
		}
		_, err = w.ListVerifications(ctx, other, chamber.ID, directory.QueueFilter{}, storage.Cursor{}, 0)
		w.refused(err, "forbidden")
		_, err = w.ClaimVerification(ctx, w.member(accounts.PlatformID, accounts.KindPlatform, accounts.RoleAdmin), e.ID)
		w.refused(err, "not_found")

		v, err := w.ClaimVerification(ctx, registrar, e.ID)
		w.ok(err)
		if v.State != directory.VerificationClaimed || v.Claimant.ID != registrar.PersonID || len(v.Changed) != 0 {
			t.Fatalf("%+v", v)
		}
		second := w.member(chamber.ID, accounts.KindChamber, accounts.RoleRegistrar)
		_, err = w.ClaimVerification(ctx, second, e.ID)
		w.refused(err, "claimed_by_other")
		_, err = w.DecideVerification(ctx, second, e.ID, 0, directory.Review{Decision: directory.VerificationVerified})
		w.refused(err, "claimed_by_other")
		w.clock.advance(4*time.Hour + time.Second) // the claim lapses
		page, err := w.ListVerifications(ctx, second, chamber.ID, directory.QueueFilter{State: directory.VerificationWaiting}, storage.Cursor{}, 0)
		w.ok(err)
		if len(page.Items) != 1 {
			t.Fatal("a lapsed claim doesn't wait again")
		}
		_, err = w.DecideVerification(ctx, second, e.ID, 0, directory.Review{Decision: directory.VerificationRefused})
		w.refused(err, "defects_required")
		defects := []directory.Defect{{Field: "address", Code: "address_incomplete", Note: "Нет номера дома."}}
		_, err = w.DecideVerification(ctx, second, e.ID, 0, directory.Review{Decision: directory.VerificationVerified, Defects: defects})
		w.refused(err, "defects_not_allowed")
		_, err = w.DecideVerification(ctx, second, e.ID, e.Version+7, directory.Review{Decision: directory.VerificationRefused, Defects: defects})
		w.refused(err, "stale_version")
		e, err = w.DecideVerification(ctx, second, e.ID, e.Version, directory.Review{
			Decision: directory.VerificationRefused, Defects: defects, Comment: "Остальное в порядке.",
		})
		w.ok(err)
		if e.State != directory.EnterpriseRefused || len(e.Verification.Defects) != 1 || e.Verification.Comment == "" {
			t.Fatalf("%+v", e.Verification)
		}

		// The second round shows what changed since the refusal.
		_, err = w.UpdateEnterprise(ctx, by, e.ID, 0, directory.EnterpriseInput{Address: ptr("ул. Мира, 40")})
		w.ok(err)
		_, err = w.SubmitVerification(ctx, by, e.ID, "Исправлено.")
		w.ok(err)
		page, err = w.ListVerifications(ctx, registrar, chamber.ID, directory.QueueFilter{}, storage.Cursor{}, 0)
		w.ok(err)
		got := page.Items[0]
		if len(page.Items) != 1 || got.Round != 2 || len(got.Defects) != 1 || fmt.Sprint(got.Changed) != "[{address ул. Мира, 38 ул. Мира, 40}]" {
			t.Fatalf("round %d, %v, %v", got.Round, got.Defects, got.Changed)
		}
		e, err = w.DecideVerification(ctx, registrar, e.ID, 0, directory.Review{Decision: directory.VerificationVerified})
		w.ok(err)
		if e.State != directory.EnterpriseVerified || e.VerifiedAt.IsZero() {
			t.Fatalf("%+v", e.Enterprise)
		}
		signatory, err := w.accounts.HasRole(ctx, by.PersonID, e.ID, accounts.RoleSignatory)
		if err != nil || !signatory {
			t.Error("the creator isn't signatory")
		}
		_, err = w.SubmitVerification(ctx, by, e.ID, "")
		w.refused(err, "already_verified")
		_, err = w.UpdateEnterprise(ctx, by, e.ID, 0, directory.EnterpriseInput{Name: ptr("Другое")})
		w.fields(err, "identity_locked", "name identity_locked")
		_, err = w.UpdateEnterprise(ctx, by, e.ID, 0, directory.EnterpriseInput{Phone: ptr("87142000014"), Name: ptr(e.Name)})
		w.ok(err)
		public, err := w.ReadEnterprise(ctx, accounts.Actor{}, e.ID)
		w.ok(err)
		if public.Private || public.ChamberID != "" || public.IIN != "" {
			t.Errorf("a stranger sees %+v", public)
		}
		_, err = w.UpdateEnterprise(ctx, w.someone(), e.ID, 0, directory.EnterpriseInput{})
		w.refused(err, "forbidden") // public by now
		_, err = w.CreateEnterprise(ctx, w.someone(), enterpriseInput(bin(1)))
		w.refused(err, "bin_taken")
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestQueueIsOldestFirst(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		chamber := w.chamber(karaganda, "Караганда")
		registrar := w.member(chamber.ID, accounts.KindChamber, accounts.RoleRegistrar)
		var want []string
		for i := range 5 {
			e := w.submitted(bin(i))
			want = append(want, e.ID)
			w.clock.advance(time.Minute)
		}
		var got []string
		var after storage.Cursor
		for {
			page, err := w.ListVerifications(ctx, registrar, chamber.ID, directory.QueueFilter{}, after, 2)
			w.ok(err)
			for _, v := range page.Items {
				got = append(got, v.EnterpriseID)
			}
			if after = page.Next; after.IsZero() {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		_, err := w.ClaimVerification(ctx, registrar, want[3])
		w.ok(err)
		mine, err := w.ListVerifications(ctx, registrar, chamber.ID, directory.QueueFilter{Mine: true}, storage.Cursor{}, 0)
		w.ok(err)
		waiting, err := w.ListVerifications(ctx, registrar, chamber.ID, directory.QueueFilter{State: directory.VerificationWaiting}, storage.Cursor{}, 0)
		w.ok(err)
		if len(mine.Items) != 1 || mine.Items[0].EnterpriseID != want[3] || len(waiting.Items) != 4 {
			t.Errorf("%d mine, %d waiting", len(mine.Items), len(waiting.Items))
		}
	})
}

func (w *world) submitted(number string) *directory.EnterpriseView {
	w.t.Helper()
	ctx := w.t.Context()
	by := w.someone()
	e := w.enterprise(by, number)
	by = w.actor(must(w.accounts.Person(ctx, by.PersonID)))
	e, err := w.SubmitVerification(ctx, by, e.ID, "")
	w.ok(err)
	return e
}

func TestOneReviewerClaims(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		chamber := w.chamber(karaganda, "Караганда")
		var registrars []accounts.Actor
		for range callers {
			registrars = append(registrars, w.member(chamber.ID, accounts.KindChamber, accounts.RoleRegistrar))
		}
		e := w.submitted(bin(1))
		got := w.together(func(ctx context.Context, i int) error {
			_, err := w.ClaimVerification(ctx, registrars[i], e.ID)
			return err
		})
		w.want(got, map[string]int{"": 1, "claimed_by_other": callers - 1})
	})
}

func TestOneNumberOneVerifiedEnterprise(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		chamber := w.chamber(karaganda, "Караганда")
		registrar := w.member(chamber.ID, accounts.KindChamber, accounts.RoleRegistrar)
		var all []string
		for range callers {
			all = append(all, w.submitted(bin(1)).ID)
		}
		got := w.together(func(ctx context.Context, i int) error {
			_, err := w.DecideVerification(ctx, registrar, all[i], 0, directory.Review{Decision: directory.VerificationVerified})
			return err
		})
		w.want(got, map[string]int{"": 1, "bin_taken": callers - 1})
		if n := w.count(directory.EventEnterpriseVerified); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

func TestOneDecision(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		chamber := w.chamber(karaganda, "Караганда")
		registrar := w.member(chamber.ID, accounts.KindChamber, accounts.RoleRegistrar)
		e := w.submitted(bin(1))
		got := w.together(func(ctx context.Context, i int) error {
			r := directory.Review{Decision: directory.VerificationVerified}
			if i%2 == 1 {
				r = directory.Review{Decision: directory.VerificationRefused, Defects: []directory.Defect{{Field: "bin", Code: "not_found"}}}
			}
			_, err := w.DecideVerification(ctx, registrar, e.ID, 0, r)
			return err
		})
		w.want(got, map[string]int{"": 1, "not_submitted": callers - 1})
	})
}

func TestMentorsTrainees(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		list, err := w.ImportEnterprises(ctx, system(), []directory.NewEnterprise{{EnterpriseInput: enterpriseInput(bin(1)), Verified: true}})
		w.ok(err)
		hr := w.member(list[0].ID, accounts.KindEnterprise, accounts.RoleHR)
		m, err := w.CreateMentor(ctx, hr, list[0].ID, directory.MentorInput{FullName: "Жумабекова Роза", Position: "мастер"})
		w.ok(err)
		got := w.together(func(ctx context.Context, i int) error {
			return w.TakeTrainee(ctx, m.ID, fmt.Sprintf("agr_%d", i), directory.MentorTrainees)
		})
		w.want(got, map[string]int{"": 5, "mentor_full": callers - 5})
		m, err = w.Mentor(ctx, m.ID)
		w.ok(err)
		w.ok(w.TakeTrainee(ctx, m.ID, m.Trainees[0], directory.MentorTrainees)) // a repeat is fine
		for _, a := range m.Trainees[1:] {
			w.ok(w.ReleaseTrainee(ctx, m.ID, a))
			w.ok(w.ReleaseTrainee(ctx, m.ID, a))
		}
		w.MentorInUse = func(context.Context, string) (bool, error) { return true, nil }
		w.refused(w.EndMentor(ctx, hr, list[0].ID, m.ID), "in_use")
		w.MentorInUse = nil
		w.ok(w.EndMentor(ctx, hr, list[0].ID, m.ID))
		w.ok(w.EndMentor(ctx, hr, list[0].ID, m.ID))
		w.refused(w.TakeTrainee(ctx, m.ID, "agr_x", 5), "mentor_ended")
		_, err = w.UpdateMentor(ctx, hr, list[0].ID, m.ID, 0, directory.MentorInput{FullName: "Жумабекова Роза", Position: "мастер"})
		w.refused(err, "mentor_ended")
		w.ok(w.ReleaseTrainee(ctx, m.ID, m.Trainees[0])) // the training of a concluded agreement ends later
		w.refused(w.TakeTrainee(ctx, "mnt_none", "agr_x", 5), "mentor_not_found")
		active, err := w.ListMentors(ctx, hr, list[0].ID, "", storage.Cursor{}, 0)
		w.ok(err)
		ended, err := w.ListMentors(ctx, hr, list[0].ID, directory.StateEnded, storage.Cursor{}, 0)
		w.ok(err)
		if len(active.Items) != 0 || len(ended.Items) != 1 {
			t.Errorf("%d active, %d ended", len(active.Items), len(ended.Items))
		}
		_, err = w.CreateMentor(ctx, hr, list[0].ID, directory.MentorInput{FullName: "Тест Тестов", Position: "мастер", PersonID: w.someone().PersonID})
		w.refused(err, "not_a_member")
		interviewer := w.member(list[0].ID, accounts.KindEnterprise, accounts.RoleInterviewer)
		_, err = w.CreateMentor(ctx, interviewer, list[0].ID, directory.MentorInput{})
		w.refused(err, "forbidden")
		_, err = w.ListMentors(ctx, interviewer, list[0].ID, "", storage.Cursor{}, 0)
		w.ok(err)
	})
}

func TestRoomsAndSignatories(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		list, err := w.ImportEnterprises(ctx, system(), []directory.NewEnterprise{{EnterpriseInput: enterpriseInput(bin(1)), Verified: true}})
		w.ok(err)
		id := list[0].ID
		admin := w.member(id, accounts.KindEnterprise, accounts.RoleAdmin)
		room, err := w.CreateRoom(ctx, admin, id, directory.RoomInput{Name: "Переговорная 2"})
		w.ok(err)
		if room.City != "Теміртау" || room.Address != "ул. Мира, 38" {
			t.Errorf("%+v", room)
		}
		got := w.together(func(ctx context.Context, _ int) error {
			_, err := w.CreateRoom(ctx, admin, id, directory.RoomInput{Name: "Кабинет 5"})
			return err
		})
		w.want(got, map[string]int{"": 1, "name_taken": callers - 1})
		w.ok(w.EndRoom(ctx, admin, id, room.ID))
		_, err = w.CreateRoom(ctx, admin, id, directory.RoomInput{Name: "переговорная-2"})
		w.ok(err) // an ended one doesn't keep its name

		_, err = w.CreateSignatory(ctx, admin, id, directory.SignatoryInput{PersonID: w.someone().PersonID, Ground: "Устав", From: "2026-09-01"})
		w.refused(err, "not_a_member")
		_, err = w.CreateSignatory(ctx, admin, id, directory.SignatoryInput{PersonID: admin.PersonID, Ground: "Устав", From: "2026-09-01", To: "2026-08-31"})
		w.refused(err, "period_invalid")
		in := directory.SignatoryInput{PersonID: admin.PersonID, Ground: "Устав", From: "2026-11-01", To: "2026-11-30"}
		g, err := w.CreateSignatory(ctx, admin, id, in)
		w.ok(err)
		_, err = w.CreateSignatory(ctx, admin, id, in)
		w.refused(err, "authority_exists")
		for day, code := range map[string]string{"2026-10-31": "no_authority", "2026-11-01": "", "2026-11-30": "", "2026-12-01": "no_authority"} {
			_, err = w.Authority(ctx, id, admin.PersonID, cal.Day(day))
			w.refused(err, code)
		}
		is, err := w.accounts.HasRole(ctx, admin.PersonID, id, accounts.RoleSignatory)
		if err != nil || !is {
			t.Error("the authority didn't bring the role")
		}
		ended := ""
		w.EndRole = func(_ context.Context, _ accounts.Actor, personID, _ string, role accounts.OrgRole) error {
			ended = personID + string(role)
			return nil
		}
		w.ok(w.EndSignatory(ctx, admin, id, g.ID))
		w.ok(w.EndSignatory(ctx, admin, id, g.ID))
		_, err = w.Authority(ctx, id, admin.PersonID, "2026-11-15")
		w.refused(err, "no_authority")
		if ended != admin.PersonID+"signatory" {
			t.Errorf("the role stays: %q", ended)
		}
		_, err = w.CreateSignatory(ctx, admin, w.chamber(karaganda, "Караганда").ID, in)
		w.refused(err, "not_found")
		// Whoever leaves the organisation loses the authority.
		leaver := w.member(id, accounts.KindEnterprise, accounts.RoleHR)
		_, err = w.CreateSignatory(ctx, admin, id, directory.SignatoryInput{PersonID: leaver.PersonID, Ground: "Приказ 5", From: "2026-11-01"})
		w.ok(err)
		w.ok(w.accounts.RemoveMember(ctx, admin, id, leaver.PersonID, ""))
		_, err = w.Authority(ctx, id, leaver.PersonID, "2026-11-15")
		w.refused(err, "no_authority")
	})
}

func TestMentorIsChanged(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		list, err := w.ImportEnterprises(ctx, system(), []directory.NewEnterprise{
			{EnterpriseInput: enterpriseInput(bin(1)), Verified: true}, {EnterpriseInput: enterpriseInput(bin(2)), Verified: true},
		})
		w.ok(err)
		own, other := list[0].ID, list[1].ID
		hr, rival := w.member(own, accounts.KindEnterprise, accounts.RoleHR), w.member(other, accounts.KindEnterprise, accounts.RoleHR)
		years := 4
		m, err := w.CreateMentor(ctx, hr, own, directory.MentorInput{FullName: "Жумабекова Роза", Position: "мастер", ExperienceYears: &years})
		w.ok(err)
		w.ok(w.TakeTrainee(ctx, m.ID, "agr_1", directory.MentorTrainees))
		in := directory.MentorInput{FullName: " Жумабекова-Ли Роза ", Position: "старший мастер"}
		_, err = w.UpdateMentor(ctx, hr, own, m.ID, m.Version, in) // a trainee came meanwhile
		w.refused(err, "stale_version")
		changed, err := w.UpdateMentor(ctx, hr, own, m.ID, m.Version+1, in)
		w.ok(err)
		if changed.FullName != "Жумабекова-Ли Роза" || changed.Position != "старший мастер" || changed.ExperienceYears != nil || len(changed.Trainees) != 1 {
			t.Errorf("changed to %+v", changed)
		}
		listed, err := w.ListMentors(ctx, hr, own, "", storage.Cursor{}, 0)
		w.ok(err)
		if len(listed.Items) != 1 || listed.Items[0].FullName != changed.FullName {
			t.Errorf("listed %+v", listed.Items)
		}
		_, err = w.UpdateMentor(ctx, hr, own, m.ID, 0, directory.MentorInput{FullName: "Ж", Position: ""})
		w.refused(err, "validation_failed")
		in.PersonID = rival.PersonID
		_, err = w.UpdateMentor(ctx, hr, own, m.ID, 0, in)
		w.refused(err, "not_a_member")
		in.PersonID = ""
		_, err = w.UpdateMentor(ctx, rival, other, m.ID, 0, in)
		w.refused(err, "not_found")
		_, err = w.UpdateMentor(ctx, w.member(own, accounts.KindEnterprise, accounts.RoleInterviewer), own, m.ID, 0, in)
		w.refused(err, "forbidden")
		// Forty who read the same version: one saves, nobody overwrites what another wrote.
		got := w.together(func(ctx context.Context, i int) error {
			_, err := w.UpdateMentor(ctx, hr, own, m.ID, changed.Version, directory.MentorInput{FullName: "Жумабекова Роза", Position: fmt.Sprintf("мастер %d", i)})
			return err
		})
		w.want(got, map[string]int{"": 1, "stale_version": callers - 1})
	})
}
