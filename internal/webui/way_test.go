package webui

import (
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/web/ui"
)

// Every state of an agreement under both Rules, as the one who must act and as others see it.
func TestWayOfAgreement(t *testing.T) {
	made := time.Date(2026, 9, 10, 6, 0, 0, 0, time.UTC)
	day := cal.DayOf(made)
	wait := func(p agreements.Party, a agreements.Action, until cal.Day) agreements.Waiting {
		return agreements.Waiting{Party: p, Action: a, Until: until}
	}
	nobody := agreements.BySystem
	for _, c := range []struct {
		name    string
		state   agreements.State
		regime  rules.Regime
		reader  agreements.Party
		waiting []agreements.Waiting
		at      ui.Station
		says    string
		mine    bool
		done    bool
		left    bool
		from    time.Time // of the clock
	}{
		{"a draft that I fill in", agreements.Draft, rules.R50, agreements.ByCollege, []agreements.Waiting{wait(agreements.ByEnterprise, agreements.ActFillIn, day), wait(agreements.ByCollege, agreements.ActFillIn, day)}, ui.AtAgreement, "fill_in.mine college", true, false, false, made},
		{"a draft that others fill in", agreements.Draft, rules.R50, agreements.ByStudent, []agreements.Waiting{wait(agreements.ByEnterprise, agreements.ActFillIn, day)}, ui.AtAgreement, "fill_in.other enterprise", false, false, false, made},
		{"an enrolment to record", agreements.Draft, rules.R50, agreements.ByCollege, []agreements.Waiting{wait(agreements.ByCollege, agreements.ActRecordEnrolment, day)}, ui.AtAgreement, "record_enrolment.mine college", true, false, false, made},
		{"a complete draft", agreements.Draft, rules.R361, agreements.ByStudent, []agreements.Waiting{wait(agreements.ByCollege, agreements.ActMakeReady, day)}, ui.AtAgreement, "make_ready.other college", false, false, false, made},
		{"ready, mine to sign", agreements.Ready, rules.R50, agreements.ByGuardian, []agreements.Waiting{wait(agreements.ByStudent, agreements.ActSign, day), wait(agreements.ByGuardian, agreements.ActSign, day)}, ui.AtAgreement, "sign.mine guardian", true, false, false, made},
		{"being signed by others", agreements.Signing, rules.R50, agreements.ByStudent, []agreements.Waiting{wait(agreements.ByEnterprise, agreements.ActSign, day)}, ui.AtAgreement, "sign.other enterprise", false, false, false, made},
		{"the college's turn", agreements.Awaiting, rules.R361, agreements.ByCollege, []agreements.Waiting{wait(agreements.ByCollege, agreements.ActCountersign, day)}, ui.AtCountersignature, "countersign.mine college", true, false, false, made},
		{"concluded, the chamber's turn", agreements.Concluded, rules.R50, agreements.ByChamber, []agreements.Waiting{wait(agreements.ByChamber, agreements.ActRegister, day)}, ui.AtRegister, "register.mine chamber", true, false, false, made.Add(time.Hour)},
		{"concluded with defects", agreements.Concluded, rules.R50, agreements.ByCollege, []agreements.Waiting{wait(agreements.ByChamber, agreements.ActRegister, day), wait(agreements.ByCollege, agreements.ActMendDefects, "")}, ui.AtRegister, "mend_defects.mine college", true, false, false, time.Time{}},
		{"concluded without a register", agreements.Concluded, rules.R361, agreements.ByStudent, nil, ui.AtCountersignature, "agreement_concluded", false, true, false, time.Time{}},
		{"ended without a register, mine to confirm", agreements.Concluded, rules.R361, agreements.ByEnterprise, []agreements.Waiting{wait(agreements.ByCollege, agreements.ActConfirm, ""), wait(agreements.ByEnterprise, agreements.ActConfirm, "")}, ui.AtCountersignature, "confirm_completion.mine enterprise", true, true, false, time.Time{}},
		{"registered", agreements.Registered, rules.R50, agreements.ByStudent, nil, ui.AtRegister, "agreement_registered", false, true, false, time.Time{}},
		{"registered, others confirm", agreements.Registered, rules.R50, agreements.ByStudent, []agreements.Waiting{wait(agreements.ByCollege, agreements.ActConfirm, "")}, ui.AtRegister, "confirm_completion.other college", false, true, false, time.Time{}},
		{"completed", agreements.Completed, rules.R50, nobody, nil, ui.AtRegister, "agreement_completed", false, true, false, time.Time{}},
		{"completed without a register", agreements.Completed, rules.R361, nobody, nil, ui.AtCountersignature, "agreement_completed", false, true, false, time.Time{}},
		{"terminated", agreements.Terminated, rules.R50, nobody, nil, ui.AtRegister, "agreement_terminated", false, false, true, time.Time{}},
		{"cancelled", agreements.Cancelled, rules.R50, agreements.ByStudent, nil, ui.AtAgreement, "agreement_cancelled", false, false, true, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := &agreements.Agreement{State: c.state, Regime: c.regime, Document: &agreements.FrozenDocument{ReadyAt: made}, ConcludedAt: made.Add(time.Hour)}
			say := words{say: func(key string, pairs ...any) string {
				out := strings.TrimPrefix(strings.TrimPrefix(key, agreementWords), "agreement.party.")
				for i := 1; i < len(pairs); i += 2 {
					out += " " + pairs[i].(string)
				}
				return out
			}}
			way := wayOfAgreement(a, c.waiting, func(p agreements.Party) bool { return p == c.reader }, say, agreementWords)
			if way.At != c.at || way.Says != c.says || way.Mine != c.mine || way.Done != c.done || way.Left != c.left || way.WithoutRegister != (c.regime == rules.R361) {
				t.Errorf("got %+v", way)
			}
			if (way.Clock == nil) != c.from.IsZero() || way.Clock != nil && !way.Clock.From.Equal(c.from) {
				t.Errorf("clock %+v, want one from %v", way.Clock, c.from)
			}
		})
	}
}

// Every sentence that a way may need is in the catalogues.
func TestWayOfAgreementHasWords(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, a := range []agreements.Action{
		agreements.ActFillIn, agreements.ActRecordEnrolment, agreements.ActMakeReady, agreements.ActSign, agreements.ActCountersign, agreements.ActRegister,
		agreements.ActMendDefects, agreements.ActConfirm,
	} {
		keys = append(keys, string(a)+".mine", string(a)+".other")
	}
	for _, g := range agreementGroups() {
		for _, state := range g.states {
			keys = append(keys, "agreement_"+string(state))
		}
	}
	for _, d := range agreements.Defects() {
		keys = append(keys, "../defect."+string(d))
	}
	for _, key := range keys {
		full := agreementWords + key
		if rest, up := strings.CutPrefix(key, "../"); up {
			full = "site.agreements." + rest
		}
		if !catalogue.Has(full) {
			t.Errorf("no sentence %s", full)
		}
	}
}

// A look within half an hour is the same look; marks stay until the next one. What a browser sends is not believed further than it reads.
func TestLooks(t *testing.T) {
	now := time.Date(2026, 9, 10, 6, 0, 0, 0, time.UTC)
	all := []look{{mark: "abc", since: time.Time{}, last: now}, {mark: "def", since: now.Add(-time.Hour), last: now}}
	got := parseLooks(writeLooks(all))
	if len(got) != 2 || got[0].mark != "abc" || !got[0].since.IsZero() || !got[0].last.Equal(now) || !got[1].since.Equal(now.Add(-time.Hour)) {
		t.Errorf("looks came back as %+v", got)
	}
	for _, wild := range []string{"", "_", "a.b", "a.b.c.d", "a.!.?", strings.Repeat("x.1.1_", 500)} {
		if n := len(parseLooks(wild)); n > mostLooked {
			t.Errorf("%d looks of %q", n, wild)
		}
	}
}
