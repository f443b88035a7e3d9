package notifications_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/storage"
)

// An alert lists at most ten places with their addresses, counts the rest and leads to the search; the notice says how many.
func TestAnAlertListsPlaces(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.emit(saving.EventMatched, "srh_1", m("since", "2026-11-21T03:00:00Z", "until", "2026-11-22T02:00:00Z"))
		w.run()
		w.run()
		if len(w.mail.all()) != 1 {
			t.Fatalf("%d mails", len(w.mail.all()))
		}
		mail := w.mail.all()[0]
		if mail.Subject != "Сварщик, Караганда: 12 новых мест" || strings.Count(mail.Text, "https://orynda.example.kz/ru/placements/plc_1") != saving.MostListed ||
			!strings.Contains(mail.Text, "есть ещё 2") || !strings.Contains(mail.Text, "https://orynda.example.kz/ru/placements?q=welder&sort=newest") ||
			!strings.Contains(mail.Text, "последний день заявок: 29 ноября 2026 года") {
			t.Errorf("%s\n%s", mail.Subject, mail.Text)
		}
		page, err := w.ListNotices(t.Context(), w.by("psn_student"), i18n.EN, false, storage.Cursor{}, 10)
		if err != nil || len(page.Items) != 1 || page.Items[0].Text != "Published for your saved search “Сварщик, Караганда”: 12 new places." || page.Items[0].Path != "/saved/searches/srh_1" {
			t.Errorf("%+v, %v", page.Items, err)
		}
	})
}

// What nobody knows whether it was taken isn't sent again.
func TestAnAlertGoesOutAtMostOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.mail.lose = func(notifications.Mail) error { return notifications.ErrFailed(errors.New("connection reset")) }
		w.emit(saving.EventMatched, "srh_1", m("since", "2026-11-21T03:00:00Z", "until", "2026-11-22T02:00:00Z"))
		w.run()
		w.mail.lose = nil
		w.retries()
		if n := len(w.mail.all()); n != 1 {
			t.Errorf("%d mails", n)
		}
	})
}
