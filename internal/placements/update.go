package placements

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/placements/rules"
)

// Update changes what the input says. A draft takes anything within the limits. A place that is public passes the legal checks again, keeps the
// change as a version, tells applicants when it concerns them, and files itself anew where it has to. The same values twice change
// nothing. The errors: Stale stale_version, Unprocessable bad_request, Conflict placement_closed, external_reference_taken and seats_taken,
// Unprocessable fixed_after_publication, apply_by_earlier and legal_check_failed.
func (s *Service) Update(ctx context.Context, a accounts.Actor, placementID string, in Input, expect int64) (*View, error) {
	return s.act(ctx, a, "updatePlacement", placementID, expect, func(ctx context.Context, t *taken) (bool, error) {
		if t.place.State == Closed {
			return false, errs.New(errs.Conflict, "placement_closed")
		}
		before, next := t.place.clone(), t.place.clone()
		look := s.lookup()
		bad, err := s.apply(ctx, look, next, &in)
		if err != nil {
			return false, err
		}
		if next.Title.IsZero() {
			bad = append(bad, errs.Field{Field: "title", Code: "required"})
		}
		changes := Changes(before, next)
		switch {
		case t.place.Live() && fixed(before, next, changes, in.Clear) != nil:
			return false, fixed(before, next, changes, in.Clear)
		case len(bad) > 0:
			return false, badInput(bad)
		case len(changes) == 0:
			return false, nil
		}
		*t.place = *next
		if before.State == Draft {
			return true, s.note(ctx, a, actionChanged, placementID, nil)
		}
		return true, s.updateLive(ctx, look, t, before, changes)
	})
}

// neededFields can't be emptied once the place is public.
func neededFields() []string {
	return []string{
		"summary", "tasks", "qualification_code", "programme_code", "seats", "starts_on", "ends_on", "apply_by", "time_model", "weekly_hours",
		"compensation", "min_age", "mentor_id",
	}
}

// fixed refuses what no public place may change: regime, qualification and programme, a needed field emptied, an earlier deadline, and any
// deadline once the time of applications is over.
func fixed(before, next *Placement, changes, clear []string) error {
	var fields []errs.Field
	add := func(field string) {
		if !slices.ContainsFunc(fields, func(f errs.Field) bool { return f.Field == field }) {
			fields = append(fields, errs.Field{Field: field, Code: "fixed_after_publication"})
		}
	}
	for _, path := range changes {
		f := root(path)
		if f == "regime" || f == "qualification_code" || f == "programme_code" || f == "apply_by" && before.State == Selecting {
			add(f)
		}
	}
	for _, f := range clear {
		if slices.Contains(neededFields(), f) {
			add(f)
		}
	}
	if len(fields) > 0 {
		return errs.New(errs.Unprocessable, "fixed_after_publication").WithFields(fields...)
	}
	if next.ApplyBy < before.ApplyBy {
		return errs.New(errs.Unprocessable, "apply_by_earlier").WithFields(errs.Field{Field: "apply_by", Code: "apply_by_earlier"})
	}
	return nil
}

// updateLive finishes a change of a public place: t.place has the new values already.
func (s *Service) updateLive(ctx context.Context, look *lookup, t *taken, before *Placement, changes []string) error {
	if err := seatsStay(t, before); err != nil {
		return err
	}
	if err := s.judgeChange(ctx, look, t, before); err != nil {
		return err
	}
	version := newVersion(t, before, changes)
	if err := s.versions.Insert(ctx, version); err != nil {
		return err
	}
	if err := s.refile(ctx, look, t, before, changes); err != nil {
		return err
	}
	data := map[string]string{"version": version.ID}
	if !version.Material {
		return s.finishUpdate(ctx, t, actionChanged, data)
	}
	if err := s.d.Box.Emit(ctx, EventTermsChanged, t.place.ID, data); err != nil {
		return err
	}
	return s.finishUpdate(ctx, t, EventTermsChanged, data)
}

// finishUpdate notes the change; fewer seats may mean that all of them are concluded now.
func (s *Service) finishUpdate(ctx context.Context, t *taken, action string, data map[string]string) error {
	if err := s.note(ctx, t.by, action, t.place.ID, data); err != nil {
		return err
	}
	t.sheet.mirror(t.place)
	if !t.sheet.Filled() {
		return nil
	}
	return s.close(ctx, t, Filled, "")
}

// seatsStay keeps what offers and matches stand on: the number of seats, and the workplaces they name.
func seatsStay(t *taken, before *Placement) error {
	if t.place.Seats < len(t.sheet.Taken) {
		return errs.New(errs.Conflict, "seats_taken").With("taken", len(t.sheet.Taken)).
			WithFields(errs.Field{Field: "seats", Code: "seats_taken", Params: map[string]any{"taken": len(t.sheet.Taken)}})
	}
	if len(t.sheet.Taken) == 0 {
		return nil
	}
	for _, w := range before.Workplaces {
		if _, stays := t.place.WorkplaceByID(w.ID); !stays {
			return errs.New(errs.Unprocessable, "fixed_after_publication").WithFields(errs.Field{Field: "workplaces", Code: "workplace_in_use"})
		}
	}
	return nil
}

// judgeChange runs the checks of publication again, but for how far ahead the deadline lies: a later deadline only has to lie ahead.
func (s *Service) judgeChange(ctx context.Context, look *lookup, t *taken, before *Placement) error {
	r := rules.InForce(cal.DayOf(t.now))
	fields, err := s.judge(ctx, look, t.place, func(f facts) []errs.Field {
		return CheckStanding(t.place, f.enterprise, f.mentor, s.d.Reference, r)
	})
	if err != nil {
		return err
	}
	today := cal.DayOf(t.now)
	if t.place.ApplyBy != before.ApplyBy && t.place.ApplyBy < today {
		fields = append(fields, posting(t.place, "apply_by", "deadline_too_close", map[string]any{"days": 0, "earliest": string(today)}))
	}
	if len(fields) > 0 {
		return errs.New(errs.Unprocessable, "legal_check_failed").WithFields(fields...)
	}
	t.place.Check = Check{Rules: r.Version, At: t.now}
	return nil
}
