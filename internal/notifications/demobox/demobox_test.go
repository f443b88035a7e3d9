package demobox_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/notifications/demobox"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

var _ notifications.Mailer = (*demobox.Box)(nil)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

func onEngines(t *testing.T, fn func(t *testing.T, box *demobox.Box, now time.Time)) {
	t.Helper()
	for _, engine := range storagetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			db, now := engine.Open(t), time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)
			if err := storage.Ensure(t.Context(), db, demobox.Specs()...); err != nil {
				t.Fatal(err)
			}
			fn(t, demobox.New(db, cal.ClockFunc(func() time.Time { return now })), now)
		})
	}
}

func TestNewestFirst(t *testing.T) {
	onEngines(t, func(t *testing.T, box *demobox.Box, now time.Time) {
		for i := range 25 {
			mail := notifications.Mail{To: "a@example.kz", Subject: fmt.Sprint(i), Text: "…", MessageID: fmt.Sprintf("%d@x", i)}
			if i%5 == 0 {
				mail.To, mail.Code, mail.ICS = "b@example.kz", "482913", []byte("BEGIN:VCALENDAR")
				mail.HTML, mail.Type, mail.Stop = "<p>482913</p>", "booking.booked", "https://orynda.example.kz/kk/notices/stop/x"
			}
			if err := box.Send(t.Context(), mail); err != nil {
				t.Fatal(err)
			}
		}
		got, err := box.List(t.Context(), "b@example.kz", 2)
		if err != nil || len(got) != 2 || got[0].Subject != "20" || got[1].Subject != "15" {
			t.Fatalf("%+v, %v", got, err)
		}
		if m := got[0]; m.Code != "482913" || m.Calendar == "" || !m.SentAt.Equal(now) || m.To != "b@example.kz" {
			t.Errorf("%+v", m)
		}
		one, err := box.Get(t.Context(), got[0].ID)
		if err != nil || one.HTML != "<p>482913</p>" || one.Type != "booking.booked" || !slices.Equal(one.Attachments, []string{"orynda.ics"}) || one.Stop == "" {
			t.Errorf("%+v, %v", one, err)
		}
		if _, err := box.Get(t.Context(), "eml_none"); !storage.IsNotFound(err) {
			t.Errorf("no such mail: %v", err)
		}
		for limit, want := range map[int]int{0: 20, -1: 20, 22: 22, 1000: 25} {
			if all, err := box.List(t.Context(), "", limit); err != nil || len(all) != want || all[0].Subject != "24" {
				t.Errorf("limit %d: %d mails, %v", limit, len(all), err)
			}
		}
		if none, err := box.List(t.Context(), "c@example.kz", 5); err != nil || len(none) != 0 {
			t.Errorf("%+v, %v", none, err)
		}
	})
}

func TestARepeatIsKeptOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, box *demobox.Box, _ time.Time) {
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				if err := box.Send(context.WithoutCancel(t.Context()), notifications.Mail{To: "a@example.kz", MessageID: "one@x"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got, err := box.List(t.Context(), "a@example.kz", 100); err != nil || len(got) != 1 {
			t.Errorf("%d mails, %v", len(got), err)
		}
		if err := box.Prune(t.Context(), time.Time{}); err != nil {
			t.Error(err)
		}
		if got, _ := box.List(t.Context(), "", 100); len(got) != 1 {
			t.Error("pruned too much")
		}
	})
}
