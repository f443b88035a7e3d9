package notifications_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// by is a person who is signed in, with the own memberships.
func (w *world) by(personID string) accounts.Actor {
	a := accounts.Actor{PersonID: personID, EmailProved: true}
	for _, m := range w.members {
		if m.PersonID == personID {
			own := *m
			own.Kind = map[string]accounts.OrgKind{"ent": accounts.KindEnterprise, "col": accounts.KindCollege, "chm": accounts.KindChamber}[m.OrganisationID[:3]]
			a.Memberships = append(a.Memberships, own)
		}
	}
	return a
}

// notices is what a person reads on the site, newest first.
func (w *world) notices(personID string, lang i18n.Lang) []notifications.Said {
	w.t.Helper()
	page, err := w.ListNotices(w.t.Context(), w.by(personID), lang, false, storage.Cursor{}, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	return page.Items
}

func (w *world) unread(personID string) int {
	w.t.Helper()
	n, err := w.CountUnread(w.t.Context(), w.by(personID))
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// silentOnSite are the templates that make a mail only: they hold a secret, or their reader has no account.
func silentOnSite(template string) bool {
	switch template {
	case "account.code_issued", "account.reset_requested", "account.invited", "account.invited.guardian", "account.deleted", "signing.code_issued":
		return true
	}
	return false
}

// leadsElsewhere is the template whose mail leads to a page for everybody, so that nobody has to sign in.
func leadsElsewhere(template string) bool { return template == "saved_search.matched" }

// Every mail is a notice too, which says the same in each language.
func TestEveryEventIsSaidOnTheSite(t *testing.T) {
	first := newWorld(t, storagetest.Engines(t)[0].Open(t))
	for _, s := range scenarios() {
		w := first.next()
		for id := range w.people { // the worlds share a store: what earlier ones left is read
			if _, err := w.MarkAllRead(t.Context(), w.by(id)); err != nil {
				t.Fatal(err)
			}
		}
		s.play(w)
		want := 0
		for _, line := range s.want {
			if template, who, _ := strings.Cut(line, " "); !silentOnSite(template) {
				want++
				w.checkSaid(s.typ, template, "psn_"+who)
			}
		}
		got := 0
		for id := range w.people {
			got += w.unread(id)
		}
		if got != want {
			t.Errorf("%s: %d notices, want %d", s.typ, got, want)
		}
	}
}

// checkSaid checks the newest notice of a reader in every language against the mail that went with it.
func (w *world) checkSaid(typ, template, personID string) {
	w.t.Helper()
	at := slices.IndexFunc(w.mail.all(), func(m notifications.Mail) bool { return "psn_"+strings.TrimSuffix(m.To, "@example.kz") == personID })
	if at < 0 {
		w.t.Errorf("%s: no mail to %s", template, personID)
		return
	}
	mail := w.mail.all()[at]
	for _, lang := range i18n.Langs() {
		page, err := w.ListNotices(w.t.Context(), w.by(personID), lang, true, storage.Cursor{}, 5)
		if err != nil || len(page.Items) != 1 {
			w.t.Errorf("%s: %d notices, %v", template, len(page.Items), err)
			return
		}
		said := page.Items[0]
		if said.EventType != typ || said.Group != notifications.GroupOf(template) || !said.ReadAt.IsZero() {
			w.t.Errorf("%s: %+v", template, said)
		}
		for _, text := range []string{said.Title, said.Text} {
			if text == "" || strings.Contains(text, "\n") {
				w.t.Errorf("%s in %s: %q", template, lang, text)
			}
			w.wellSaid(template, lang, text)
		}
		if said.Path != "" && (!strings.HasPrefix(said.Path, "/") || strings.HasPrefix(said.Path, "/"+string(lang)+"/")) {
			w.t.Errorf("%s leads to %q", template, said.Path)
		}
		if lang != mail.Lang {
			continue
		}
		if said.Title != mail.Subject {
			w.t.Errorf("%s: the site says %q, the mail %q", template, said.Title, mail.Subject)
		}
		if said.Path != "" && said.Path != "/" && !leadsElsewhere(template) && !strings.Contains(mail.Text, "https://orynda.example.kz/"+string(lang)+said.Path+"\n") {
			w.t.Errorf("%s: the site leads to %s, the mail says\n%s", template, said.Path, mail.Text)
		}
	}
}

// wellSaid reports whether a text is finished, and holds nothing private.
func (w *world) wellSaid(template string, lang i18n.Lang, text string) {
	w.t.Helper()
	for _, broken := range []string{"mail.", "notice.", "<no value>", "{{", "}}", "%!", "()", "«»", "“”", ": .", "!", iin, string(born), phone, "Ерубаева"} {
		if strings.Contains(text, broken) {
			w.t.Errorf("%s in %s: %q in %q", template, lang, broken, text)
		}
	}
	if lang != i18n.EN && strings.Contains(text, "The ") {
		w.t.Errorf("%s in %s is in English: %q", template, lang, text)
	}
}

// What is stored is ids, codes, dates and counts: no name, no title, no word of a person, no address.
func TestNoticesHoldNoPersonalData(t *testing.T) {
	onEngines(t, func(t *testing.T, first *world) {
		for i, s := range scenarios() {
			if first.db.Name() != "sqlite" && i%6 != 0 {
				continue
			}
			w := first.next()
			for _, id := range []string{"psn_student", "psn_hr", "psn_coordinator"} {
				w.choose(id, notifications.Daily) // stores what the daily mail needs too
			}
			s.play(w)
		}
		kept := first.stored()
		for _, private := range []string{
			"Сейітов", "Динара", "Ахметов", "Громов", "Сварщик", "Дәнекерлеуші", "Сарыарқа", "политехнический", "паспорт", "Заболел", "Авария", "Опечатка", "Сократили",
			"Двойник", "Уточните", "Бухар-Жырау", "двора", "meet.example.kz", "@example.kz", code, linkToken, iin, phone, address, "https://",
		} {
			if strings.Contains(kept, private) {
				t.Errorf("%q is stored", private)
			}
		}
		if notices := strings.Count(kept, `"ntc_`); notices < 20 || !strings.Contains(kept, "booking.booked") || !strings.Contains(kept, `"app_1"`) {
			t.Errorf("the test looked at the wrong place: %d notices", notices)
		}
		if !strings.Contains(kept, `"data":`) {
			t.Error("no notice waits for the daily mail")
		}
	})
}

func TestANoticeOutlivesWhatItIsAbout(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		scenario{agreements.EventDrafted, "agr_1", nil, func(w *world) { w.agreement.State = agreements.Draft }, nil}.play(w)
		scenario{selection.EventSubmitted, "app_1", nil, func(w *world) { w.app.State = selection.Submitted }, nil}.play(w)
		scenario{interviews.EventScoreDue, "bkg_1", nil, func(w *world) { w.booking.State = interviews.Attended }, nil}.play(w)
		delete(w.people, "psn_student") // the account was deleted
		w.place.Title, w.agreement.StudentName = i18n.Text{}, ""
		for _, lang := range i18n.Langs() {
			gone := map[i18n.Lang]string{i18n.KK: "(дерегі жойылған)", i18n.RU: "(данные удалены)", i18n.EN: "(no longer available)"}[lang]
			for _, said := range append(w.notices("psn_hr", lang), w.notices("psn_interviewer", lang)...) {
				if !strings.Contains(said.Title, gone) || strings.Contains(said.Title, "Сейітов") {
					t.Errorf("%s: %q", lang, said.Title)
				}
			}
		}
	})
}

func TestReadingNotices(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		for range 7 {
			w.emit(selection.EventShortlisted, "app_1", nil)
			w.run()
			w.clock.advance(time.Minute)
		}
		w.emit(selection.EventReopened, "app_1", nil)
		w.run()
		if got := w.unread("psn_student"); got != 8 {
			t.Fatalf("%d unread", got)
		}
		seen := w.pages("psn_student", false, 3)
		if len(seen) != 8 || seen[0].EventType != selection.EventReopened {
			t.Fatalf("%d notices, the first %+v", len(seen), seen[0])
		}
		for i := range seen[1:] {
			if seen[i+1].CreatedAt.After(seen[i].CreatedAt) {
				t.Error("not the newest first")
			}
		}
		foreign := w.notices("psn_hr", i18n.RU)[0].ID
		left, err := w.MarkRead(t.Context(), w.by("psn_student"), seen[0].ID, seen[3].ID, seen[3].ID, foreign, "ntc_none")
		if err != nil || left != 6 {
			t.Errorf("%d left, %v", left, err)
		}
		if got := w.unread("psn_hr"); got != 1 {
			t.Errorf("somebody else's notice was marked: %d unread", got)
		}
		if unread := w.pages("psn_student", true, 2); len(unread) != 6 || slices.ContainsFunc(unread, func(s notifications.Said) bool { return s.ID == seen[3].ID }) {
			t.Errorf("%d unread", len(unread))
		}
		if left, err = w.MarkAllRead(t.Context(), w.by("psn_student")); err != nil || left != 0 {
			t.Errorf("%d left, %v", left, err)
		}
		if all := w.notices("psn_student", i18n.KK); len(all) != 8 || all[7].ReadAt.IsZero() {
			t.Errorf("%d notices", len(all))
		}
		if w.unread("psn_guardian") != 8 || w.unread("psn_hr") != 1 {
			t.Error("others' notices were marked")
		}
	})
}

// pages reads a list page by page.
func (w *world) pages(personID string, unread bool, size int) (out []notifications.Said) {
	w.t.Helper()
	var after storage.Cursor
	for {
		page, err := w.ListNotices(w.t.Context(), w.by(personID), i18n.RU, unread, after, size)
		if err != nil || len(page.Items) > size {
			w.t.Fatalf("%d items, %v", len(page.Items), err)
		}
		out = append(out, page.Items...)
		if after = page.Next; after.IsZero() {
			return out
		}
	}
}

func TestMarkingManyAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		for range 120 { // more than one batch
			w.emit(selection.EventShortlisted, "app_1", nil)
		}
		w.run()
		if got := w.unread("psn_student"); got != 120 {
			t.Fatalf("%d unread", got)
		}
		page := w.notices("psn_student", i18n.KK)
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				var err error
				if i%2 == 0 {
					_, err = w.MarkAllRead(t.Context(), w.by("psn_student"))
				} else {
					_, err = w.MarkRead(t.Context(), w.by("psn_student"), page[i].ID, page[99-i].ID)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := w.unread("psn_student"); got != 0 {
			t.Errorf("%d unread", got)
		}
	})
}

func TestWhoMayRead(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	unproved := accounts.Actor{PersonID: "psn_student"}
	for name, try := range map[string]func(a accounts.Actor) error{
		"list": func(a accounts.Actor) error {
			_, err := w.ListNotices(t.Context(), a, i18n.KK, false, storage.Cursor{}, 5)
			return err
		},
		"count":  func(a accounts.Actor) error { _, err := w.CountUnread(t.Context(), a); return err },
		"read":   func(a accounts.Actor) error { _, err := w.MarkRead(t.Context(), a, "ntc_1"); return err },
		"all":    func(a accounts.Actor) error { _, err := w.MarkAllRead(t.Context(), a); return err },
		"choose": func(a accounts.Actor) error { _, err := w.SetChoices(t.Context(), a, i18n.KK, nil, 0); return err },
		"chosen": func(a accounts.Actor) error { _, err := w.Choices(t.Context(), a, i18n.KK); return err },
	} {
		if err := try(accounts.Actor{}); !errs.Has(err, "unauthorized") {
			t.Errorf("%s by nobody: %v", name, err)
		}
		if err := try(unproved); !errs.Has(err, "email_unverified") {
			t.Errorf("%s before the address is proved: %v", name, err)
		}
	}
}

func TestARepeatMakesNoSecondNotice(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.mail.fail = func(m notifications.Mail) error { return notifications.ErrUnreachable(fmt.Errorf("refused")) }
		w.emit(selection.EventOfferMade, "ofr_1", nil)
		w.run()
		if got := w.unread("psn_student"); got != 1 { // the site doesn't wait for the mail server
			t.Errorf("%d notices while the server is away", got)
		}
		w.mail.fail = nil
		w.retries()
		if got := w.unread("psn_student"); got != 1 || len(w.mail.all()) != 2 {
			t.Errorf("%d notices, %d mails", got, len(w.mail.all()))
		}
	})
}

func TestNoticesAreForgotten(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.clock.advance(notifications.KeepLog - time.Hour)
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		prune := notifications.Jobs(w.Service)[0]
		for _, want := range []int{2, 1} {
			if err := prune.Run(t.Context(), w.clock.Now()); err != nil {
				t.Fatal(err)
			}
			if got := w.unread("psn_student"); got != want {
				t.Errorf("%d notices, want %d", got, want)
			}
			w.clock.advance(2 * time.Hour)
		}
	})
}

func TestErasing(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.choose("psn_student", notifications.Daily)
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		records, err := w.Records(t.Context(), "psn_student")
		if err != nil || len(records) != 2 || records[0].Kind != "notice" || records[0].Data["event"] != selection.EventShortlisted ||
			records[1].Kind != "notice_choices" || records[1].Data["applications"] != "daily" {
			t.Errorf("%+v, %v", records, err)
		}
		for range 2 { // a repeat is fine
			if err := w.Erase(t.Context(), w.people["psn_student"]); err != nil {
				t.Fatal(err)
			}
		}
		if records, err := w.Records(t.Context(), "psn_student"); err != nil || len(records) != 0 {
			t.Errorf("%+v, %v", records, err)
		}
		if w.unread("psn_guardian") != 1 {
			t.Error("somebody else's notices are gone")
		}
	})
}
