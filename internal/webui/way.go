package webui

import (
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/web/ui"
)

// agreementWords is the place of the sentences that tell an agreement's way to everybody.
const agreementWords = "site.agreements.way."

// wayOfAgreement draws where an agreement stands on the way, who must act and until when (domain.md, life cycles). It decides nothing: whose turn it is comes
// from the agreements. mine tells the reader's own sides; below is the place of the sentences in the catalogues: <action>.mine and .other with the party as "who", and
// agreement_<state> where nobody must act.
func wayOfAgreement(a *agreements.Agreement, waiting []agreements.Waiting, mine func(agreements.Party) bool, w words, below string) ui.Way {
	way := stationOf(a)
	turn := turnOf(waiting, mine)
	if turn == nil || way.Left || way.Done && turn.Action != agreements.ActConfirm {
		way.Says = w.say(below + "agreement_" + string(a.State))
		return way
	}
	way.Mine = mine(turn.Party)
	way.Says = w.say(below+string(turn.Action)+side(way.Mine), "who", w.say("agreement.party."+string(turn.Party)))
	if turn.Until.Valid() {
		way.Clock = ui.DayClock("", turn.Until)
		switch {
		case turn.Action == agreements.ActRegister:
			way.Clock.From = a.ConcludedAt
		case a.Document != nil:
			way.Clock.From = a.Document.ReadyAt
		}
	}
	return way
}

// stationOf is the station of an agreement's state. Under the universities' Rules the college's signature is the last one.
func stationOf(a *agreements.Agreement) ui.Way {
	way := ui.Way{WithoutRegister: a.Regime == rules.R361, At: ui.AtAgreement}
	last := ui.AtRegister
	if way.WithoutRegister {
		last = ui.AtCountersignature
	}
	switch a.State {
	case agreements.Awaiting:
		way.At = ui.AtCountersignature
	case agreements.Concluded:
		way.At, way.Done = last, way.WithoutRegister
	case agreements.Registered, agreements.Completed:
		way.At, way.Done = last, true
	case agreements.Terminated:
		way.At, way.Left = last, true
	case agreements.Cancelled:
		way.Left = true
	}
	return way
}

// turnOf is the next step: the reader's own where there is one, nil where nobody has to act.
func turnOf(waiting []agreements.Waiting, mine func(agreements.Party) bool) *agreements.Waiting {
	for i := range waiting {
		if mine(waiting[i].Party) {
			return &waiting[i]
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return &waiting[0]
}

// side tells sentences to the one who must act from those about others.
func side(mine bool) string {
	if mine {
		return ".mine"
	}
	return ".other"
}
