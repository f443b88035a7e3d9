package notifications_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

func (w *world) want(sent ...string) {
	w.t.Helper()
	if got := w.sent(); !slices.Equal(got, join(sent)) {
		w.t.Errorf("sent %q, want %q", got, join(sent))
	}
}

// ids are the Message-IDs by recipient, in the order of sending.
func (w *world) ids() map[string][]string {
	out := map[string][]string{}
	for _, m := range w.mail.all() {
		out[m.To] = append(out[m.To], m.MessageID)
	}
	return out
}

func TestARepeatIsTheSameMail(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		lost := 0
		w.mail.lose = func(m notifications.Mail) error { // the server took it, and its answer got lost
			if m.To == "student@example.kz" && lost < 1 {
				lost++
				return notifications.ErrFailed(errors.New("connection reset"))
			}
			return nil
		}
		w.emit(selection.EventOfferMade, "ofr_1", nil)
		w.run()
		w.want("offer.made guardian") // the other reader isn't held up
		w.retries()
		w.want("offer.made guardian", "offer.made student")
		ids := w.ids()
		student := ids["student@example.kz"]
		if len(student) != 2 || student[0] != student[1] {
			t.Errorf("the repeat is another mail: %q", student)
		}
		if len(ids["guardian@example.kz"]) != 1 {
			t.Errorf("the guardian got it again: %q", ids)
		}
		if !strings.HasSuffix(student[0], "@orynda.example.kz") || student[0] == ids["guardian@example.kz"][0] {
			t.Errorf("ids %q", ids)
		}
		w.emit(selection.EventOfferMade, "ofr_1", nil)
		w.run()
		if again := w.ids()["student@example.kz"]; len(again) != 3 || again[2] == again[1] {
			t.Errorf("another event is the same mail: %q", again)
		}
	})
}

func TestRemindersGoOutAtMostOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.mail.lose = func(notifications.Mail) error { return notifications.ErrFailed(errors.New("connection reset")) }
		w.emit(interviews.EventReminder, "bkg_1", nil)
		w.run()
		w.mail.lose = nil
		w.retries()
		if n := len(w.mail.all()); n != 3 {
			t.Errorf("%d reminders for 3 readers", n)
		}
		for _, d := range w.entries() {
			if d.State != notifications.Lost || d.Attempts != 1 {
				t.Errorf("%s %s: %s after %d attempts", d.Template, d.Recipient, d.State, d.Attempts)
			}
		}
	})
}

func TestRemindersWaitForAServerThatIsAway(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.mail.fail = func(notifications.Mail) error { return notifications.ErrUnreachable(errors.New("refused")) }
		w.emit(interviews.EventReminder, "bkg_1", nil)
		w.run()
		w.mail.fail = nil
		w.retries()
		w.want(to("booking.reminder", "guardian", "interviewer", "student")...)
		if n := len(w.mail.all()); n != 3 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestCancelledWhileTheServerWasAway(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.mail.fail = func(notifications.Mail) error { return notifications.ErrUnreachable(errors.New("refused")) }
		w.emit(interviews.EventReminder, "bkg_1", nil)
		w.run()
		w.booking.State, w.booking.CancelledBy = interviews.Cancelled, interviews.PartyEnterprise
		w.mail.fail = nil
		w.retries()
		if n := len(w.mail.all()); n != 0 {
			t.Errorf("%d reminders of a cancelled interview", n)
		}
	})
}

func TestRefusedForGoodIsNotTriedAgain(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		tries := 0
		w.mail.fail = func(m notifications.Mail) error {
			if m.To != "student@example.kz" {
				return nil
			}
			tries++
			return notifications.ErrRefused(errors.New("status 550"))
		}
		w.emit(selection.EventOfferMade, "ofr_1", nil)
		w.run()
		w.retries()
		w.want("offer.made guardian")
		if tries != 1 {
			t.Errorf("%d tries", tries)
		}
		if backlog, err := w.box.Backlog(t.Context()); err != nil || backlog.Waiting != 0 || backlog.Dead != 0 {
			t.Errorf("backlog %+v, %v", backlog, err)
		}
		page, err := w.Deliveries(t.Context(), "psn_student", storage.Cursor{}, 10)
		if err != nil || len(page.Items) != 1 || page.Items[0].State != notifications.Refused || page.Items[0].ErrorCode != notifications.CodeRefused {
			t.Errorf("log %+v, %v", page, err)
		}
	})
}

func TestTheLogIsWrittenBeforeSending(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.mail.fail = func(m notifications.Mail) error {
			for _, d := range w.entries() {
				if d.MessageID == m.MessageID && d.State == notifications.Sending {
					return nil
				}
			}
			t.Errorf("no entry for %s", m.MessageID)
			return nil
		}
		w.emit(selection.EventOfferMade, "ofr_1", nil)
		w.run()
		if len(w.mail.all()) != 2 {
			t.Errorf("%d mails", len(w.mail.all()))
		}
	})
}

func TestSecretsStandInTheMailOnly(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		for _, s := range []scenario{
			{accounts.EventCodeIssued, "psn_student", m("sealed_code", "CODE"), nil, nil},
			{accounts.EventInvited, "inv_1", m("sealed_token", "TOKEN"), nil, nil},
			{accounts.EventDeleted, "psn_gone", m("sealed_email", "EMAIL", "locale", "kk"), nil, nil},
			{selection.EventShortlisted, "app_1", nil, nil, nil},
		} {
			s.play(w)
		}
		w.mail.fail = func(notifications.Mail) error { return notifications.ErrRefused(errors.New("status 550")) }
		scenario{accounts.EventResetRequested, "psn_hr", m("sealed_code", "CODE"), nil, nil}.play(w)
		mails := w.mail.all()
		if len(mails) != 5 || mails[0].Code != code || !strings.Contains(mails[0].Text, code) || !strings.Contains(mails[1].Text, "/invitations/"+linkToken) {
			t.Fatalf("mails %+v", mails)
		}
		if mails[1].Code != "" || mails[3].Code != "" {
			t.Error("a code where there is none")
		}
		kept := w.stored()
		for _, secret := range []string{code, linkToken, "@example.kz", "Сейітов", "Сварщик", iin, phone} {
			if strings.Contains(kept, secret) {
				t.Errorf("%q is kept in the store or the log", secret)
			}
		}
		if !strings.Contains(kept, mails[0].MessageID) {
			t.Error("the test looked at the wrong place")
		}
	})
}

func TestStaleCodesAreNotSent(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.mail.fail = func(notifications.Mail) error { return notifications.ErrUnreachable(errors.New("refused")) }
		scenario{accounts.EventCodeIssued, "psn_student", m("sealed_code", "CODE"), nil, nil}.play(w)
		w.mail.fail = nil
		w.retries()
		if n := len(w.mail.all()); n != 0 {
			t.Errorf("%d mails with a code that can't be used", n)
		}
	})
}

func TestWhoGetsNoMail(t *testing.T) {
	grown := func(w *world) { w.identity.BirthDate, w.identity.IIN = "2006-11-22", "" } // eighteen long since
	for name, c := range map[string]struct {
		given func(w *world)
		want  []string
	}{
		"guardian of an adult":           {grown, to("offer.made", "student")},
		"came of age today":              {func(w *world) { w.identity.BirthDate = "2008-11-22" }, to("offer.made", "student")},
		"comes of age tomorrow":          {func(w *world) { w.identity.BirthDate = "2008-11-23" }, to("offer.made", "guardian", "student")},
		"birth date unknown":             {func(w *world) { w.identity = accounts.Identity{} }, to("offer.made", "guardian", "student")},
		"guardian not confirmed":         {func(w *world) { w.guardian.State = directory.GuardianAccepted }, to("offer.made", "student")},
		"guardian without account":       {func(w *world) { w.guardian.PersonID = "" }, to("offer.made", "student")},
		"no guardian":                    {func(w *world) { w.guardian = nil }, to("offer.made", "student")},
		"student's address not proved":   {func(w *world) { w.people["psn_student"].EmailProvedAt = time.Time{} }, to("offer.made", "guardian")},
		"student's account is gone":      {func(w *world) { w.people["psn_student"].DeletedAt = w.clock.Now() }, to("offer.made", "guardian")},
		"student's account never was":    {func(w *world) { delete(w.people, "psn_student") }, to("offer.made", "guardian")},
		"guardian who is the ward":       {func(w *world) { w.guardian.PersonID = "psn_student" }, to("offer.made", "student")},
		"guardian's address not proved":  {func(w *world) { w.people["psn_guardian"].EmailProvedAt = time.Time{} }, to("offer.made", "student")},
		"everybody has unproved address": {unproved, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, storagetest.Engines(t)[0].Open(t))
			scenario{selection.EventOfferMade, "ofr_1", nil, c.given, nil}.play(w)
			w.want(c.want...)
		})
	}
}

func TestEachReaderGetsTheOwnLanguage(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.people["psn_student"].Locale, w.people["psn_guardian"].Locale, w.people["psn_interviewer"].Locale = "kk", "en", ""
		scenario{interviews.EventBooked, "bkg_1", nil, nil, nil}.play(w)
		for _, mail := range w.mail.all() {
			word := map[string]string{"student@example.kz": "жазылдыңыз", "guardian@example.kz": "booked", "interviewer@example.kz": "жазылды"}[mail.To]
			if !strings.Contains(mail.Text, word) {
				t.Errorf("%s got\n%s", mail.To, mail.Text)
			}
			if !strings.Contains(string(mail.ICS), "METHOD:REQUEST") || !strings.Contains(string(mail.ICS), "X-LANG:"+string(mail.Lang)) {
				t.Errorf("%s got the file %q", mail.To, mail.ICS)
			}
			copied := strings.Contains(mail.Text, "legal representative")
			if copied != (mail.To == "guardian@example.kz") {
				t.Errorf("%s: a copy? %v", mail.To, copied)
			}
			if applicant := strings.Contains(mail.Text, "Үміткер: Сейітов"); applicant != (mail.To == "interviewer@example.kz") {
				t.Errorf("%s: names the applicant: %v", mail.To, applicant)
			}
		}
	})
}

func TestACancelTakesTheInterviewOutOfTheCalendar(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		scenario{interviews.EventCancelled, "bkg_1", nil, func(w *world) {
			w.booking.State, w.booking.CancelledBy, w.booking.Reason = interviews.Cancelled, interviews.PartySystem, "application_rejected"
		}, nil}.play(w)
		for _, mail := range w.mail.all() {
			if !strings.Contains(string(mail.ICS), "METHOD:CANCEL") || strings.Contains(mail.Text, "application_rejected") {
				t.Errorf("%s got %q and\n%s", mail.To, mail.ICS, mail.Text)
			}
		}
	})
}

func TestFreeTextCantBreakASubject(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.place.Title.RU = "Сварщик\r\nBcc: all@example.kz {{.code}}"
		scenario{selection.EventOfferMade, "ofr_1", nil, nil, nil}.play(w)
		if got := w.mail.all()[0].Subject; strings.ContainsAny(got, "\r\n") || !strings.Contains(got, "{{.code}}") {
			t.Errorf("subject %q", got)
		}
	})
}

func TestOldEntriesAreForgotten(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.fill(210)
		w.clock.advance(notifications.KeepLog - time.Hour)
		w.emit(accounts.EventPasswordChanged, "psn_hr", nil)
		w.run()
		job := notifications.Jobs(w.Service)[0]
		prune := func(want int) {
			t.Helper()
			if err := job.Run(context.Background(), w.clock.Now()); err != nil {
				t.Fatal(err)
			}
			if got := len(w.entries()); got != want {
				t.Errorf("%d entries, want %d", got, want)
			}
		}
		prune(211)
		w.clock.advance(2 * time.Hour)
		prune(1)
	})
}

// fill puts old entries into the log.
func (w *world) fill(n int) {
	w.t.Helper()
	entries := storage.Open[notifications.Delivery](w.db, notifications.Specs()[0])
	err := w.db.Tx(w.t.Context(), func(ctx context.Context) error {
		for range n {
			err := entries.Insert(ctx, &notifications.Delivery{ID: id.New("dlv"), CreatedAt: w.clock.Now(), State: notifications.Sent})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
