package notifications_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/selection"
)

// digests runs the job of the daily mails once.
func (w *world) digests() error {
	for _, j := range notifications.Jobs(w.Service) {
		if j.Name == "notifications.digest" {
			return j.Run(w.t.Context(), w.clock.Now())
		}
	}
	return errors.New("no such job")
}

func (w *world) mustDigest() {
	w.t.Helper()
	if err := w.digests(); err != nil {
		w.t.Fatal(err)
	}
}

// daily are the daily mails that were sent to an address.
func (w *world) daily(to string) []notifications.Mail {
	var out []notifications.Mail
	for _, m := range w.mail.all() {
		if m.Type == "digest" && m.To == to+"@example.kz" {
			out = append(out, m)
		}
	}
	return out
}

// at moves the clock to an hour of the day in UTC+5, today or tomorrow.
func (w *world) at(hour int) {
	now := w.clock.Now().Add(5 * time.Hour)
	next := now.Truncate(24 * time.Hour).Add(time.Duration(hour) * time.Hour)
	if !next.After(now) {
		next = next.Add(24 * time.Hour)
	}
	w.clock.advance(next.Sub(now))
}

func TestTheDailyMail(t *testing.T) {
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) {
			onEngines(t, func(t *testing.T, w *world) {
				w.people["psn_student"].Locale = lang
				w.choose("psn_student", notifications.Daily)
				w.emit(selection.EventOfferMade, "ofr_1", nil)
				w.emit(interviews.EventBooked, "bkg_1", nil)
				w.emit(selection.EventShortlisted, "app_1", nil)
				w.run()
				w.mustDigest() // ten in the morning: tomorrow's mail takes them
				w.at(7)
				w.mustDigest()
				if n := len(w.daily("student")); n != 0 {
					t.Fatalf("%d daily mails before eight", n)
				}
				w.at(8)
				w.mustDigest()
				w.mustDigest()
				mails := w.daily("student")
				if len(mails) != 1 || len(w.daily("guardian")) != 0 {
					t.Fatalf("%d daily mails", len(mails))
				}
				checkMail(t, "digest", lang, mails[0])
				said := w.notices("psn_student", lang)
				for _, one := range said {
					if !strings.Contains(mails[0].Text, one.Title) || !strings.Contains(mails[0].Text, "https://orynda.example.kz/"+string(lang)+one.Path+"\n") {
						t.Errorf("%q is missing in\n%s", one.Title, mails[0].Text)
					}
				}
				if len(said) != 3 || !strings.Contains(mails[0].Subject, "3") || !strings.Contains(mails[0].Text, "/"+string(lang)+"/notices\n") {
					t.Errorf("%d notices, subject %q", len(said), mails[0].Subject)
				}
				w.at(8)
				w.mustDigest()
				if n := len(w.daily("student")); n != 1 {
					t.Errorf("%d daily mails although nothing is new", n)
				}
			})
		})
	}
}

// Forty copies of the job at once send one mail, on each of three days; what came due after it waits for the next day.
func TestTheDailyMailComesOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.choose("psn_student", notifications.Daily)
		w.choose("psn_hr", notifications.Daily)
		for day := 1; day <= 3; day++ {
			w.emit(selection.EventReopened, "app_1", nil) // to applicant and enterprise
			w.run()
			w.at(8)
			var all sync.WaitGroup
			for range 40 {
				all.Go(func() {
					if err := w.digests(); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			for _, who := range []string{"student", "hr"} {
				if n := len(w.daily(who)); n != day {
					t.Fatalf("day %d: %d daily mails to %s", day, n, who)
				}
			}
			if subject := w.daily("hr")[day-1].Subject; !strings.HasPrefix(subject, "1 ") {
				t.Errorf("day %d: %q", day, subject)
			}
		}
	})
}

func TestWhatCameDueLaterWaitsForTheNextDay(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.choose("psn_student", notifications.Daily)
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.at(8)
		w.mustDigest()
		w.clock.advance(-time.Minute) // written by a copy whose transaction ended late
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.clock.advance(2 * time.Minute)
		w.mustDigest()
		w.mustDigest()
		if n := len(w.daily("student")); n != 1 {
			t.Fatalf("%d daily mails on one day", n)
		}
		w.at(8)
		w.mustDigest()
		if n := len(w.daily("student")); n != 2 {
			t.Errorf("%d daily mails on two days", n)
		}
	})
}

// The daily mail says what still stands when it goes out.
func TestTheDailyMailTellsThePresent(t *testing.T) {
	for name, change := range map[string]func(w *world){
		"the interview was cancelled": func(w *world) {
			w.booking.State, w.booking.CancelledBy = interviews.Cancelled, interviews.PartyStudent
		},
		"it was read on the site": func(w *world) {
			if _, err := w.MarkAllRead(w.t.Context(), w.by("psn_student")); err != nil {
				w.t.Fatal(err)
			}
		},
		"mails were switched off meanwhile": func(w *world) { w.choose("psn_student", notifications.Never) },
		"the account is gone":               func(w *world) { w.people["psn_student"].DeletedAt = w.clock.Now() },
	} {
		t.Run(name, func(t *testing.T) {
			onEngines(t, func(t *testing.T, w *world) {
				w.choose("psn_student", notifications.Daily)
				w.emit(interviews.EventBooked, "bkg_1", nil)
				w.run()
				change(w)
				w.at(8)
				w.mustDigest()
				if mails := w.daily("student"); len(mails) != 0 {
					t.Errorf("sent\n%s", mails[0].Text)
				}
				w.at(8)
				w.mustDigest()
				if len(w.daily("student")) != 0 {
					t.Error("sent a day later")
				}
			})
		})
	}
}

func TestTheDailyMailWaitsForAServerThatIsAway(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.choose("psn_student", notifications.Daily)
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.at(8)
		w.mail.fail = func(notifications.Mail) error { return notifications.ErrUnreachable(errors.New("refused")) }
		if err := w.digests(); !errs.Has(err, notifications.CodeUnreachable) {
			t.Errorf("error %v", err)
		}
		w.mail.fail = nil
		w.clock.advance(5 * time.Minute)
		w.mustDigest()
		if n := len(w.daily("student")); n != 1 {
			t.Errorf("%d daily mails", n)
		}
	})
}

func TestTheDailyMailIsNotSentTwiceWhenItsFateIsUnknown(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.choose("psn_student", notifications.Daily)
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.at(8)
		w.mail.lose = func(notifications.Mail) error { return notifications.ErrFailed(errors.New("connection reset")) }
		w.mustDigest()
		w.mail.lose = nil
		w.clock.advance(5 * time.Minute)
		w.mustDigest()
		w.at(8)
		w.mustDigest()
		if n := len(w.daily("student")); n != 1 {
			t.Errorf("%d daily mails", n)
		}
	})
}

func TestALateRunDoesntComeAtNight(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.choose("psn_student", notifications.Daily)
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.at(8)
		w.at(3) // the program was down for a day
		w.mustDigest()
		if n := len(w.daily("student")); n != 0 {
			t.Errorf("%d mails at three in the night", n)
		}
		w.at(8)
		w.mustDigest()
		if n := len(w.daily("student")); n != 1 {
			t.Errorf("%d daily mails", n)
		}
	})
}

func TestAFullDailyMailIsBounded(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.choose("psn_student", notifications.Daily)
		for range 73 {
			w.emit(selection.EventShortlisted, "app_1", nil)
		}
		w.run()
		w.at(8)
		w.mustDigest()
		mails := w.daily("student")
		if len(mails) != 1 {
			t.Fatalf("%d daily mails", len(mails))
		}
		if got := strings.Count(mails[0].Text, "\n- "); got != 50 || !strings.Contains(mails[0].Text, "Ещё 23 уведомления") || !strings.HasPrefix(mails[0].Subject, "73 уведомления") {
			t.Errorf("%d entries, subject %q\n%.400s", got, mails[0].Subject, mails[0].Text)
		}
	})
}

func TestTheLinkThatEndsTheDailyMail(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.choose("psn_student", notifications.Daily)
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.at(8)
		w.mustDigest()
		_, token, _ := strings.Cut(w.daily("student")[0].Stop, "/notices/stop/")
		page, err := w.StopPage(t.Context(), i18n.EN, token)
		if err != nil || page.Group != notifications.GroupDigest || page.When != notifications.Daily || page.Name != "The daily mail" {
			t.Fatalf("%+v, %v", page, err)
		}
		if done, err := w.StopMails(t.Context(), i18n.EN, token); err != nil || done.When != notifications.Never {
			t.Fatalf("%+v, %v", done, err)
		}
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.at(8)
		w.mustDigest()
		if got := fmt.Sprint(len(w.daily("student")), w.unread("psn_student")); got != "1 2" {
			t.Errorf("daily mails and notices: %s", got)
		}
	})
}
