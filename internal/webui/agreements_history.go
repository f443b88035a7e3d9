package webui

import (
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/storage"
	pages "github.com/orynda/orynda/web/pages/agreements"
	"github.com/orynda/orynda/web/ui"
)

// agreementNotes are what was said about the agreement: refusals, returns, defects, ends.
func (v *visit) agreementNotes(a *agreements.Agreement) []pages.Note {
	var out []pages.Note
	party := func(p agreements.Party) string { return v.say("agreement.party." + string(p)) }
	if n := len(a.Refusals); n > 0 && a.State == agreements.Draft && a.Refusals[n-1].Revision == a.Revision-1 {
		last := a.Refusals[n-1]
		out = append(out, pages.Note{Kind: "bad", Title: v.say("site.agreements.note.refused", "who", party(last.Party)), Text: last.Reason, Who: last.Person + ", " + ui.Moment(v.ctx(), last.At)})
	}
	if back := a.Returned; back != nil && a.State == agreements.Concluded {
		n := pages.Note{Kind: "wait", Title: v.say("site.agreements.note.defects"), Text: back.Comment, Who: ui.Moment(v.ctx(), back.At)}
		for _, one := range back.Defects {
			n.List = append(n.List, v.say("site.agreements.defect."+string(one)))
		}
		out = append(out, n)
	}
	if end := a.Termination; end != nil {
		key := "site.agreements.note.terminated"
		if !end.TrainingBegan {
			key += "_before"
		}
		out = append(out, pages.Note{Kind: "bad", Title: v.say(key, "day", ui.Day(v.ctx(), end.Date)), Text: end.Reason, Who: party(end.Party)})
	}
	if end := a.Cancellation; end != nil {
		reason := end.Reason
		if key := "agreement.reason." + reason; v.site.Catalogue.Has(key) {
			reason = v.say(key)
		}
		out = append(out, pages.Note{Kind: "bad", Title: v.say("site.agreements.note.cancelled"), Text: reason, Who: party(end.Party) + ", " + ui.Moment(v.ctx(), end.At)})
	}
	if c := a.Completion; c != nil {
		n := pages.Note{Kind: "good", Title: v.say("site.agreements.note.completion")}
		add := func(p agreements.Party, word *agreements.Confirmation) {
			if word != nil {
				n.List = append(n.List, party(p)+": "+ui.Day(v.ctx(), word.Date))
			}
		}
		add(agreements.ByCollege, c.College)
		add(agreements.ByEnterprise, c.Enterprise)
		if c.Hired != nil {
			n.List = append(n.List, v.say("agreement.register.hired")+": "+v.say("agreement.hired."+boolWord(*c.Hired)))
		}
		out = append(out, n)
	}
	return out
}

// agreementHistory writes the trail and the revisions, and gives the fields that somebody else changed since the reader's last look.
func (s *site) agreementHistory(v *visit, r *reading, d *pages.ShowData) (map[string]bool, error) {
	a := r.Agreement
	cursor, err := storage.ParseCursor(v.query("after"))
	if err != nil {
		return nil, err
	}
	steps, err := s.Agreements.Timeline(v.ctx(), v.actor, a.ID, v.lang, cursor, 50)
	if err != nil {
		return nil, err
	}
	for _, e := range steps.Items {
		d.Events = append(d.Events, pages.Event{When: ui.Moment(v.ctx(), e.At), Text: e.Text, Who: e.Person, Reason: e.Reason})
	}
	if !steps.Next.IsZero() {
		d.NextEvents = "/agreements/" + a.ID + "?after=" + steps.Next.String()
	}
	revisions, err := s.Agreements.ListRevisions(v.ctx(), v.actor, a.ID, v.lang, storage.Cursor{}, 20)
	if err != nil {
		return nil, err
	}
	since := v.looked(a.ID)
	changed := map[string]bool{}
	for _, rev := range revisions.Items {
		one := v.revision(a, rev)
		for i, c := range rev.Changes {
			if !since.IsZero() && c.At.After(since) && c.PersonID != v.actor.PersonID {
				changed[c.Field] = true
				d.Changes = append(d.Changes, one.Changes[i])
			}
		}
		d.Revisions = append(d.Revisions, one)
	}
	if len(d.Revisions) == 1 && len(d.Revisions[0].Changes) == 0 {
		d.Revisions = nil
	}
	return changed, nil
}

func (v *visit) revision(a *agreements.Agreement, rev *agreements.RevisionView) pages.Revision {
	out := pages.Revision{
		Number: rev.Revision.Number, Text: v.say("site.agreements.cause." + string(rev.Revision.Cause)), When: ui.Moment(v.ctx(), rev.Revision.CreatedAt), Reason: rev.Revision.Reason,
	}
	if rev.Revision.SHA256 != "" {
		out.Document = "/agreements/" + a.ID + "/document.pdf?revision=" + itoa(rev.Revision.Number)
	}
	for _, c := range rev.Changes {
		out.Changes = append(out.Changes, pages.Change{
			Label: c.Label, Before: c.Before, After: c.After, Who: v.say("agreement.party." + string(c.Party)), When: ui.Short(v.ctx(), c.At),
		})
	}
	return out
}
