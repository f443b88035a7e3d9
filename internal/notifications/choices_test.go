package notifications_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// choose sets everything that can be chosen so; where a group doesn't have the choice it keeps its default.
func (w *world) choose(personID string, when notifications.When) {
	w.t.Helper()
	var in []notifications.Choice
	for _, rule := range notifications.GroupRules() {
		if slices.Contains(rule.Options, when) {
			in = append(in, notifications.Choice{Group: rule.Group, When: when})
		}
	}
	if _, err := w.SetChoices(w.t.Context(), w.by(personID), i18n.KK, in, 0); err != nil {
		w.t.Fatal(err)
	}
}

// What was chosen holds for the mail; the notice is there in any case.
func TestChoicesAreHonoured(t *testing.T) {
	for _, c := range []struct {
		when notifications.When
		want map[string][]string // sent at once
	}{
		{notifications.AtOnce, map[string][]string{
			selection.EventOfferMade: to("offer.made", "guardian", "student"), interviews.EventReminder: to("booking.reminder", "guardian", "interviewer", "student"),
		}},
		{notifications.Daily, map[string][]string{
			selection.EventOfferMade: to("offer.made", "guardian"), interviews.EventReminder: to("booking.reminder", "guardian", "interviewer", "student"),
		}},
		{notifications.Never, map[string][]string{
			selection.EventOfferMade: to("offer.made", "guardian"), interviews.EventReminder: to("booking.reminder", "guardian", "interviewer"),
		}},
	} {
		t.Run(string(c.when), func(t *testing.T) {
			onEngines(t, func(t *testing.T, first *world) {
				for typ, want := range c.want {
					w := newWorld(t, storagetest.Engines(t)[0].Open(t))
					if first.db.Name() != "sqlite" {
						w = newWorld(t, storagetest.Engines(t)[1].Open(t))
					}
					w.choose("psn_student", c.when)
					w.emit(typ, map[string]string{selection.EventOfferMade: "ofr_1", interviews.EventReminder: "bkg_1"}[typ], nil)
					w.run()
					w.want(want...)
					if w.unread("psn_student") != 1 {
						t.Errorf("%s: %d notices", typ, w.unread("psn_student"))
					}
				}
			})
		})
	}
}

// What the Rules and the account's safety ask for comes at once, whatever was chosen.
func TestLegalMailCantBeSwitchedOff(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	for id := range w.people {
		w.choose(id, notifications.Never)
	}
	for _, s := range scenarios() {
		next := w.next()
		s.play(next)
		for _, line := range s.want {
			template, _, _ := strings.Cut(line, " ")
			rule := ruleOf(t, notifications.GroupOf(template))
			mailed := slices.ContainsFunc(next.mail.all(), func(m notifications.Mail) bool { return m.Type == s.typ })
			if mailed != rule.Fixed() {
				t.Errorf("%s: mailed %v although its group %s is fixed: %v", template, mailed, rule.Group, rule.Fixed())
			}
		}
	}
	for _, template := range []string{
		"signing.code_issued", "account.password_changed", "agreement.ready", "agreement.signed", "agreement.terminated", "agreement.concluded.chamber", "account.session_stolen",
	} {
		if rule := ruleOf(t, notifications.GroupOf(template)); !rule.Fixed() {
			t.Errorf("%s can be switched off", template)
		}
	}
	if notifications.GroupOf("a.new_event") != notifications.GroupSecurity {
		t.Error("what nobody sorted can be switched off")
	}
}

func ruleOf(t *testing.T, g notifications.Group) notifications.GroupRule {
	t.Helper()
	for _, rule := range notifications.GroupRules() {
		if rule.Group == g {
			return rule
		}
	}
	t.Fatalf("%s has no rule", g)
	return notifications.GroupRule{}
}

func TestChoosing(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx, student := t.Context(), w.by("psn_student")
		w.people["psn_student"].Role = accounts.AsStudent
		before, err := w.Choices(ctx, student, i18n.RU)
		if err != nil || before.Version != 1 {
			t.Fatalf("%+v, %v", before, err)
		}
		for _, g := range before.Groups {
			if g.When != notifications.AtOnce || g.Name == "" || strings.Contains(g.Name, ".") || !strings.HasSuffix(g.Text, ".") {
				t.Errorf("%+v", g)
			}
		}
		in := []notifications.Choice{{Group: notifications.GroupInterviews, When: notifications.Daily}, {Group: notifications.GroupOffers, When: notifications.Never}}
		after, err := w.SetChoices(ctx, student, i18n.RU, in, before.Version)
		if err != nil || after.Version != 2 {
			t.Fatalf("%+v, %v", after, err)
		}
		if _, err := w.SetChoices(ctx, student, i18n.RU, nil, before.Version); !errs.Has(err, "stale_version") {
			t.Errorf("a stale edit: %v", err)
		}
		again, err := w.Choices(ctx, student, i18n.RU)
		if err != nil || whenOf(again, notifications.GroupInterviews) != notifications.Daily || whenOf(again, notifications.GroupOffers) != notifications.Never ||
			whenOf(again, notifications.GroupApplications) != notifications.AtOnce {
			t.Errorf("%+v, %v", again, err)
		}
		if back, err := w.SetChoices(ctx, student, i18n.RU, nil, 2); err != nil || whenOf(back, notifications.GroupOffers) != notifications.AtOnce {
			t.Errorf("%+v, %v", back, err)
		}
	})
}

func whenOf(v notifications.ChoicesView, g notifications.Group) notifications.When {
	for _, one := range v.Groups {
		if one.Group == g {
			return one.When
		}
	}
	return ""
}

func TestWrongChoicesAreNamed(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	_, err := w.SetChoices(t.Context(), w.by("psn_student"), i18n.RU, []notifications.Choice{
		{Group: "weather", When: notifications.Never}, {Group: notifications.GroupOffers, When: "weekly"}, {Group: notifications.GroupSecurity, When: notifications.Never},
		{Group: notifications.GroupInterviewReminders, When: notifications.Daily}, {Group: notifications.GroupAgreements, When: notifications.AtOnce},
		{Group: notifications.GroupAgreements, When: notifications.Daily},
	}, 0)
	want := []string{"choices[0].group unknown_value", "choices[1].when unknown_value", "choices[2].when notice_fixed", "choices[3].when notice_option", "choices[5].when notice_fixed"}
	var got []string
	if e := new(errs.Error); errors.As(err, &e) {
		for _, f := range e.Fields {
			got = append(got, f.Field+" "+f.Code)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if v, err := w.Choices(t.Context(), w.by("psn_student"), i18n.RU); err != nil || v.Version != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Each sees the groups that concern it.
func TestWhoChoosesWhat(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	w.people["psn_student"].Role, w.people["psn_guardian"].Role = accounts.AsStudent, accounts.AsMember
	w.people["psn_new"] = &accounts.Person{ID: "psn_new", Role: accounts.AsEnterprise}
	for id, want := range map[string]string{
		"psn_student":     "applications offers interviews interview_reminders enrolment saved_searches agreement_reminders agreements security",
		"psn_guardian":    "applications offers interviews interview_reminders enrolment saved_searches agreement_reminders agreements security", // by the ward
		"psn_hr":          "applicants interviews interview_reminders places saved_searches agreement_reminders agreements security",
		"psn_new":         "applicants interviews interview_reminders places saved_searches agreement_reminders agreements security",
		"psn_coordinator": "students saved_searches agreement_reminders agreements security",
		"psn_registrar":   "verifications saved_searches agreement_reminders agreements security",
	} {
		v, err := w.Choices(t.Context(), w.by(id), i18n.KK)
		var got []string
		for _, g := range v.Groups {
			got = append(got, string(g.Group))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q, %v; want %q", id, strings.Join(got, " "), err, want)
		}
	}
}

func TestTheLinkThatEndsMails(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.emit(selection.EventOfferMade, "ofr_1", nil)
		w.run()
		mail := w.mail.all()[0]
		prefix := "https://orynda.example.kz/" + string(mail.Lang) + "/notices/stop/"
		token, found := strings.CutPrefix(mail.Stop, prefix)
		if !found || !strings.Contains(mail.Text, mail.Stop) || strings.Contains(token, "psn_") || strings.Contains(token, "student") {
			t.Fatalf("%q in\n%s", mail.Stop, mail.Text)
		}
		for range 3 { // opening changes nothing
			page, err := w.StopPage(t.Context(), i18n.EN, token)
			if err != nil || page.Group != notifications.GroupOffers || page.Name != "Offers to me" || page.When != notifications.AtOnce {
				t.Fatalf("%+v, %v", page, err)
			}
		}
		for range 2 {
			done, err := w.StopMails(t.Context(), i18n.EN, token)
			if err != nil || done.When != notifications.Never {
				t.Fatalf("%+v, %v", done, err)
			}
		}
		w.emit(selection.EventOfferMade, "ofr_1", nil)
		w.emit(selection.EventShortlisted, "app_1", nil)
		w.run()
		w.want("offer.made guardian", "offer.made student", "offer.made guardian", "application.shortlisted guardian", "application.shortlisted student")
		for _, wrong := range []string{"", "x", token[:len(token)-4], token + "AAAA", strings.ToUpper(token), w.sealed("notice.stop", "psn_student|security"),
			w.sealed("notice.stop", "psn_student|nothing"), w.sealed("notice.stop", "psn_student"), w.sealed("notice.stop", "psn_nobody|offers"), w.sealed("mail.code", "psn_student|offers")} {
			if _, err := w.StopMails(t.Context(), i18n.KK, wrong); !errs.Has(err, "notice_link_not_found") {
				t.Errorf("%q: %v", wrong, err)
			}
		}
	})
}

// The link of an alert ends those of its search, and no others.
func TestTheLinkThatEndsOneSearch(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.emit(saving.EventMatched, "srh_1", m("since", "2026-11-21T03:00:00Z", "until", "2026-11-22T02:00:00Z"))
		w.run()
		mail := w.mail.all()[0]
		_, token, found := strings.Cut(mail.Stop, "/notices/stop/")
		if !found || strings.Contains(token, "srh_1") {
			t.Fatalf("%q", mail.Stop)
		}
		for range 3 { // opening changes nothing
			page, err := w.StopPage(t.Context(), i18n.EN, token)
			if err != nil || page.Name != w.search.Name || page.When != notifications.AtOnce || w.search.Alerts != saving.Daily {
				t.Fatalf("%+v, %v", page, err)
			}
		}
		for range 2 {
			done, err := w.StopMails(t.Context(), i18n.EN, token)
			if err != nil || done.When != notifications.Never || w.search.Alerts != saving.Off {
				t.Fatalf("%+v, %v", done, err)
			}
		}
		choices, err := w.Choices(t.Context(), w.by("psn_student"), i18n.EN)
		if err != nil || whenOf(choices, notifications.GroupSavedSearches) != notifications.AtOnce {
			t.Errorf("the whole group is off: %+v, %v", choices, err)
		}
		w.search = nil
		if done, err := w.StopMails(t.Context(), i18n.EN, token); err != nil || done.When != notifications.Never {
			t.Errorf("a search that is gone: %+v, %v", done, err)
		}
		if _, err := w.StopMails(t.Context(), i18n.EN, w.sealed("notice.stop", "psn_student|saved_searches|srh_1|more")); !errs.Has(err, "notice_link_not_found") {
			t.Errorf("%v", err)
		}
	})
}

// Mails that can't be switched off say so, and have no such link.
func TestOnlyWhatCanBeEndedHasTheLink(t *testing.T) {
	first := newWorld(t, storagetest.Engines(t)[0].Open(t))
	for _, s := range scenarios() {
		w := first.next()
		s.play(w)
		for _, mail := range w.mail.all() {
			stoppable, fixed := strings.Contains(mail.Text, "/notices/stop/"), strings.Contains(mail.Text, "отключить такие письма нельзя")
			choices := strings.Contains(mail.Text, "https://orynda.example.kz/ru/notices/choices")
			stranger := s.typ == accounts.EventInvited || s.typ == accounts.EventDeleted || s.typ == accounts.EventCodeIssued ||
				s.typ == accounts.EventResetRequested || s.typ == agreements.EventCodeIssued
			if stoppable != (mail.Stop != "") || stoppable == (fixed || stranger) || choices == stranger {
				t.Errorf("%s: stop %q, fixed %v, choices %v in\n%s", s.typ, mail.Stop, fixed, choices, mail.Text)
			}
		}
	}
}
