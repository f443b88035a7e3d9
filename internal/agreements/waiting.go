package agreements

import (
	"slices"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/placements/rules"
)

// Waiting is a next step: whose turn it is, for what, and until when ("" without a deadline).
type Waiting struct {
	Party  Party
	Action Action
	Until  cal.Day
}

// GuardianRequired reports whether the guardian's signature is needed: while the student hasn't signed, by the age of today; then by the age on the
// day of the student's own signature (I7).
func (a *Agreement) GuardianRequired(p *Parties, day cal.Day) bool {
	if own := a.signature(ByStudent); own != nil {
		return own.Minor
	}
	return p.Student.Minor(day)
}

// unsigned lists the parties that have to sign before the college and haven't.
func (a *Agreement) unsigned(p *Parties, day cal.Day) []Party {
	var out []Party
	for _, side := range []Party{ByStudent, ByGuardian, ByEnterprise} {
		if a.signature(side) == nil && (side != ByGuardian || a.GuardianRequired(p, day)) {
			out = append(out, side)
		}
	}
	return out
}

// WaitingFor computes whose turn it is. gaps are those of a draft.
func (a *Agreement) WaitingFor(p *Parties, gaps []Gap, day cal.Day) []Waiting {
	switch {
	case a.State == Draft:
		return a.waitingDraft(gaps)
	case a.State == Ready || a.State == Signing:
		var out []Waiting
		for _, side := range a.unsigned(p, day) {
			out = append(out, Waiting{side, ActSign, a.lastDayToSign()})
		}
		return out
	case a.State == Awaiting:
		return []Waiting{{ByCollege, ActCountersign, a.lastDayToSign()}}
	case a.State.Binding():
		return a.waitingBinding(day)
	}
	return nil
}

// lastDayToSign is the last of the days for signing that lies before the training.
func (a *Agreement) lastDayToSign() cal.Day { return min(a.SignUntil(), a.Terms.StartsOn.Add(-1)) }

func (a *Agreement) waitingDraft(gaps []Gap) []Waiting {
	until := a.Terms.StartsOn.Add(StaleDraftDays)
	var out []Waiting
	for _, side := range []Party{ByStudent, ByGuardian, ByEnterprise, ByCollege, ByChamber} {
		enrol, fill := false, false
		for _, g := range gaps {
			if g.Party == side {
				enrol = enrol || g.Field.Code == "enrolment_missing" || g.Field.Code == "enrolment_unconfirmed"
				fill = fill || (g.Field.Code != "enrolment_missing" && g.Field.Code != "enrolment_unconfirmed")
			}
		}
		if enrol {
			w := Waiting{side, ActRecordEnrolment, until}
			if !a.NoEnrolmentSince.IsZero() {
				w.Until = min(until, a.enrolmentBy())
			}
			out = append(out, w)
		}
		if fill {
			out = append(out, Waiting{side, ActFillIn, until})
		}
	}
	if len(gaps) == 0 {
		out = append(out, Waiting{ByCollege, ActMakeReady, a.Terms.StartsOn.Add(-1)})
	}
	return out
}

func (a *Agreement) waitingBinding(day cal.Day) []Waiting {
	var out []Waiting
	if a.State == Concluded && a.Regime == rules.R50 {
		out = append(out, Waiting{ByChamber, ActRegister, a.RegisterBy})
		if a.Returned != nil {
			out = append(out, Waiting{ByCollege, ActMendDefects, ""})
		}
	}
	if day < a.Terms.EndsOn {
		return out
	}
	if a.Completion == nil || a.Completion.College == nil {
		out = append(out, Waiting{ByCollege, ActConfirm, ""})
	}
	if a.Completion == nil || a.Completion.Enterprise == nil {
		out = append(out, Waiting{ByEnterprise, ActConfirm, ""})
	}
	return out
}

// waitingStates are the states in which it can be a party's turn.
func waitingStates(p Party) []State {
	switch p {
	case ByStudent, ByGuardian:
		return []State{Draft, Ready, Signing}
	case ByEnterprise:
		return []State{Draft, Ready, Signing, Concluded, Registered}
	case ByCollege:
		return []State{Draft, Awaiting, Concluded, Registered}
	case ByChamber:
		return []State{Draft, Concluded}
	}
	return nil
}

// waitsFor reports whether a party is among those whose turn it is.
func waitsFor(list []Waiting, p Party) bool {
	return slices.ContainsFunc(list, func(w Waiting) bool { return w.Party == p })
}
