package selection_test

import (
	"slices"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/selection"
)

func monday() time.Time { return time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC) }

func states() []selection.State {
	return append(selection.LiveStates(), selection.Accepted, selection.Declined, selection.Expired, selection.Unanswered, selection.Withdrawn,
		selection.Rejected, selection.Closed)
}

// standing makes an application in a state, as the steps leave it.
func standing(s selection.State) *selection.Application {
	now := monday()
	a := &selection.Application{ID: "app_1", StudentID: "psn_1", PlacementID: "plc_1", Kind: selection.Student, Regime: "r50", State: s}
	good := &selection.Outcome{Recommendation: selection.RecommendReserve, Average: 4}
	meeting := &selection.Interview{BookingID: "bkg_1", SlotID: "slt_1", InterviewerID: "psn_i", StartsAt: now.Add(-2 * time.Hour), EndsAt: now.Add(-time.Hour)}
	switch s {
	case selection.Submitted, selection.Shortlisted:
		a.StartClock(now)
	case selection.Interviewing:
		live := *meeting
		live.Live = true
		a.Interview, a.InterviewerID = &live, "psn_i"
		a.StartClock(now)
	case selection.Interviewed:
		a.Interview, a.Outcome = meeting, good
		a.StartClock(now)
	case selection.Reserve:
		a.Interview, a.Outcome = meeting, good
	case selection.Offered:
		a.Interview, a.Outcome, a.BeforeOffer, a.OfferID = meeting, good, selection.Interviewed, "ofr_1"
	}
	return a
}

// TestApplicationSteps walks every step from every state: where it leads, or wrong_state and nothing changed.
func TestApplicationSteps(t *testing.T) {
	now := monday()
	live := selection.LiveStates()
	only := func(s ...selection.State) []selection.State { return s }
	meeting := selection.Interview{BookingID: "bkg_2", StartsAt: now.Add(time.Hour), EndsAt: now.Add(2 * time.Hour)}
	for name, c := range map[string]struct {
		step func(a *selection.Application) error
		from []selection.State
		to   selection.State
		code string
	}{
		"shortlist":      {func(a *selection.Application) error { return a.Shortlist(now, true, "") }, only(selection.Submitted), selection.Shortlisted, "wrong_state"},
		"book":           {func(a *selection.Application) error { return a.Book(meeting, now) }, only(selection.Shortlisted, selection.Interviewing), selection.Interviewing, "not_invited"},
		"rebook":         {func(a *selection.Application) error { return a.Rebook(meeting, now) }, only(selection.Interviewing), selection.Interviewing, "wrong_state"},
		"unbook":         {func(a *selection.Application) error { return a.Unbook(false, true, now) }, only(selection.Interviewing), selection.Shortlisted, "wrong_state"},
		"first absence":  {func(a *selection.Application) error { return a.StudentAbsent(now, true) }, only(selection.Interviewing), selection.Shortlisted, "wrong_state"},
		"attend":         {func(a *selection.Application) error { return a.Attend(now) }, only(selection.Interviewing), selection.Interviewed, "wrong_state"},
		"offer accepted": {func(a *selection.Application) error { return a.OfferEnded(selection.OfferAccepted, false, now) }, only(selection.Offered), selection.Accepted, "wrong_state"},
		"offer declined": {func(a *selection.Application) error { return a.OfferEnded(selection.OfferDeclined, false, now) }, only(selection.Offered), selection.Declined, "wrong_state"},
		"offer expired":  {func(a *selection.Application) error { return a.OfferEnded(selection.OfferExpired, false, now) }, only(selection.Offered), selection.Expired, "wrong_state"},
		"offer taken back": {func(a *selection.Application) error { return a.OfferEnded(selection.OfferWithdrawn, false, now) }, only(selection.Offered),
			selection.Interviewed, "wrong_state"},
		"offer still open": {func(a *selection.Application) error { return a.OfferEnded(selection.OfferOpen, false, now) }, nil, "", "wrong_state"},
		"reject":           {func(a *selection.Application) error { return a.Reject("other", "", now) }, live, selection.Rejected, "wrong_state"},
		"withdraw":         {func(a *selection.Application) error { return a.Withdraw("", "", now) }, live, selection.Withdrawn, "wrong_state"},
		"supersede":        {func(a *selection.Application) error { return a.Supersede("mat_1", now) }, live, selection.Withdrawn, "wrong_state"},
		"leave roster":     {func(a *selection.Application) error { return a.LeaveRoster(now) }, live, selection.Withdrawn, "wrong_state"},
		"close":            {func(a *selection.Application) error { return a.Close(selection.PlacementExpired, now) }, live, selection.Closed, "wrong_state"},
		"dissolve":         {func(a *selection.Application) error { return a.Close(selection.DissolvedMatch, now) }, only(selection.Accepted), selection.Closed, "wrong_state"},
		"lapse": {func(a *selection.Application) error { return a.Lapse(now.Add(16 * 24 * time.Hour)) },
			only(selection.Submitted, selection.Shortlisted, selection.Interviewing, selection.Interviewed), selection.Unanswered, "wrong_state"},
		"lapse too early": {func(a *selection.Application) error { return a.Lapse(now.Add(15 * 24 * time.Hour)) }, nil, "", "wrong_state"},
		"reopen":          {func(a *selection.Application) error { return a.Reopen(false, false, now) }, nil, "", "wrong_state"}, // withdrawn by oneself
	} {
		for _, from := range states() {
			a := standing(from)
			err := c.step(a)
			if !slices.Contains(c.from, from) {
				if !errs.Has(err, c.code) || a.State != from {
					t.Errorf("%s from %s: %v, now %s; want %s", name, from, err, a.State, c.code)
				}
				continue
			}
			if err != nil || a.State != c.to {
				t.Errorf("%s from %s: %v, now %s; want %s", name, from, err, a.State, c.to)
				continue
			}
			consistent(t, name+" from "+string(from), a)
		}
	}
}

// consistent checks what holds in every state.
func consistent(t *testing.T, name string, a *selection.Application) {
	t.Helper()
	over := !a.State.Live() && a.State != selection.Accepted
	if over == a.EndedAt.IsZero() {
		t.Errorf("%s: %s ended at %v", name, a.State, a.EndedAt)
	}
	if a.AnswerBy != "" && (!a.State.Live() || a.State == selection.Reserve || a.State == selection.Offered) {
		t.Errorf("%s: a clock runs in %s", name, a.State)
	}
	if a.Interview != nil && a.Interview.Live != (a.State == selection.Interviewing && !a.Missed) {
		t.Errorf("%s: in %s a booking is live: %v", name, a.State, a.Interview.Live)
	}
	if _, keyed := a.Keys()["live"]; keyed != a.State.Live() {
		t.Errorf("%s: %s has the key of a live one: %v", name, a.State, keyed)
	}
}

func TestSecondAbsence(t *testing.T) {
	now := monday()
	a := standing(selection.Interviewing)
	a.StudentAbsences = selection.MostStudentAbsences
	if err := a.StudentAbsent(now, true); err != nil || a.State != selection.Interviewing || !a.Missed {
		t.Fatalf("%v, %+v", err, a)
	}
	for name, err := range map[string]error{"book": a.Book(selection.Interview{}, now), "attend": a.Attend(now), "absent": a.StudentAbsent(now, true), "rebook": a.Rebook(selection.Interview{}, now)} {
		if err == nil {
			t.Errorf("%s: possible after a second absence", name)
		}
	}
	if w := a.WaitingFor(now, true); w.Party != selection.WaitsForEnterprise || w.Action != "answer" {
		t.Errorf("waits for %+v", w)
	}
	if err := a.Shortlist(now, true, ""); err != nil || a.State != selection.Shortlisted || a.Missed {
		t.Fatalf("%v, %+v", err, a)
	}
	// While a booking lives, an interviewing applicant can't be shortlisted around it.
	a = standing(selection.Interviewing)
	a.StudentAbsences = 5
	if err := a.Shortlist(now, true, ""); !errs.Has(err, "wrong_state") {
		t.Errorf("shortlisted around a booking: %v", err)
	}
}

func TestReopen(t *testing.T) {
	now := monday()
	for name, c := range map[string]struct {
		change   func(a *selection.Application)
		listed   bool
		bookable bool
		want     selection.State
		clock    bool
	}{
		"submitted":          {func(*selection.Application) {}, false, true, selection.Submitted, true},
		"shortlisted":        {func(a *selection.Application) { a.WasShortlisted = true }, false, true, selection.Shortlisted, false},
		"shortlisted, empty": {func(a *selection.Application) { a.WasShortlisted = true }, false, false, selection.Shortlisted, true},
		"interviewed":        {func(a *selection.Application) { a.Outcome = outcome(selection.RecommendSelect) }, false, true, selection.Interviewed, true},
		"reserve":            {func(a *selection.Application) { a.Outcome = outcome(selection.RecommendSelect) }, true, true, selection.Reserve, false},
		"not recommended":    {func(a *selection.Application) { a.Outcome = outcome(selection.RecommendReject) }, true, true, selection.Interviewed, true},
	} {
		a := standing(selection.Submitted)
		c.change(a)
		if err := a.Supersede("mat_1", now); err != nil {
			t.Fatal(err)
		}
		if err := a.Reopen(c.listed, c.bookable, now); err != nil || a.State != c.want || (a.AnswerBy != "") != c.clock || a.WithdrawnBy != "" {
			t.Errorf("%s: %v, %s, clock %q", name, err, a.State, a.AnswerBy)
		}
		consistent(t, name, a)
	}
}

func outcome(r selection.Recommendation) *selection.Outcome {
	return &selection.Outcome{Recommendation: r, Average: 3}
}

func TestCanOffer(t *testing.T) {
	citizen := func(s selection.State) *selection.Application {
		a := standing(s)
		a.Kind = selection.Citizen
		return a
	}
	university := citizen(selection.Submitted)
	university.Regime = "r361"
	bad := standing(selection.Interviewed)
	bad.Outcome = outcome(selection.RecommendReject)
	bare := standing(selection.Interviewed)
	bare.Outcome = nil
	for name, c := range map[string]struct {
		a            *selection.Application
		reason, code string
	}{
		"submitted":            {standing(selection.Submitted), "x", "interview_required"},
		"shortlisted":          {standing(selection.Shortlisted), "x", "interview_required"},
		"interviewing":         {standing(selection.Interviewing), "x", "interview_required"},
		"no scorecard":         {bare, "x", "interview_required"},
		"advised against":      {bad, "x", "not_recommended"},
		"interviewed":          {standing(selection.Interviewed), "", ""},
		"reserve":              {standing(selection.Reserve), "", ""},
		"offered":              {standing(selection.Offered), "", "offer_exists"},
		"ended":                {standing(selection.Rejected), "", "wrong_state"},
		"accepted":             {standing(selection.Accepted), "", "wrong_state"},
		"citizen":              {citizen(selection.Submitted), "x", ""},
		"citizen, shortlisted": {citizen(selection.Shortlisted), "x", ""},
		"citizen, no reason":   {citizen(selection.Submitted), "", "reason_required"},
		"citizen, interview":   {citizen(selection.Interviewed), "", ""},
		"citizen, in between":  {citizen(selection.Interviewing), "x", "interview_required"},
		"university":           {university, "x", "interview_required"},
	} {
		if err := c.a.CanOffer(c.reason); errs.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestConsiderOnlyInTurn(t *testing.T) {
	now := monday()
	for _, from := range states() {
		a := standing(from)
		err := a.Consider(now, "")
		turn := a.AnswerBy != "" // all interviews of standing are over
		if (err == nil) != turn {
			t.Errorf("%s: %v", from, err)
		}
	}
	a := standing(selection.Submitted)
	before := a.AnswerBy
	if err := a.Consider(now, ""); err != nil || before.DaysUntil(a.AnswerBy) != selection.ConsiderDays {
		t.Errorf("%v, until %s", err, a.AnswerBy)
	}
	late := standing(selection.Submitted)
	if err := late.Consider(now.Add(16*24*time.Hour), ""); !errs.Has(err, "wrong_state") {
		t.Errorf("considered after the end: %v", err)
	}
}

func TestWaitingFor(t *testing.T) {
	now := monday()
	shortlisted := standing(selection.Shortlisted)
	shortlisted.PauseClock()
	ahead := standing(selection.Interviewing)
	ahead.Interview.StartsAt, ahead.Interview.EndsAt = now.Add(time.Hour), now.Add(2*time.Hour)
	bare := standing(selection.Interviewed)
	bare.Outcome = nil
	for name, c := range map[string]struct {
		a         *selection.Application
		confirmed bool
		want      string
		until     bool
	}{
		"submitted":   {standing(selection.Submitted), false, "enterprise answer", true},
		"no times":    {standing(selection.Shortlisted), true, "enterprise offer_times", true},
		"times":       {shortlisted, true, "student choose_time", false},
		"ahead":       {ahead, true, "student attend", true},
		"held":        {standing(selection.Interviewing), true, "enterprise record_result", true},
		"no card":     {bare, true, "enterprise record_result", true},
		"decide":      {standing(selection.Interviewed), true, "enterprise decide", true},
		"unconfirmed": {standing(selection.Interviewed), false, "college confirm_enrolment", true},
		"reserve":     {standing(selection.Reserve), true, "", false},
		"offered":     {standing(selection.Offered), true, "student answer_offer", false},
		"ended":       {standing(selection.Declined), true, "", false},
	} {
		got, until := "", false
		if w := c.a.WaitingFor(now, c.confirmed); w != nil {
			got, until = w.Party+" "+w.Action, !w.Until.IsZero()
		}
		if got != c.want || until != c.until {
			t.Errorf("%s: waits for %q (until %v), want %q", name, got, until, c.want)
		}
	}
}

func TestOfferSteps(t *testing.T) {
	now := monday()
	made := func(s selection.OfferState) *selection.Offer {
		return &selection.Offer{State: s, ExpiresAt: now.Add(time.Hour)}
	}
	all := []selection.OfferState{selection.OfferOpen, selection.OfferAccepted, selection.OfferDeclined, selection.OfferExpired, selection.OfferWithdrawn}
	for name, c := range map[string]struct {
		step  func(o *selection.Offer, now time.Time) error
		to    selection.OfferState
		late  string // code after the end of an open one; "" when it works
		early string // before the end
	}{
		"accept":   {func(o *selection.Offer, now time.Time) error { return o.Accept(now) }, selection.OfferAccepted, "offer_expired", ""},
		"decline":  {func(o *selection.Offer, now time.Time) error { return o.Decline("", now) }, selection.OfferDeclined, "offer_expired", ""},
		"withdraw": {func(o *selection.Offer, now time.Time) error { return o.Withdraw("", now) }, selection.OfferWithdrawn, "offer_expired", ""},
		"expire":   {func(o *selection.Offer, now time.Time) error { return o.Expire(now) }, selection.OfferExpired, "", "offer_answered"},
		"end with": {func(o *selection.Offer, _ time.Time) error { return o.EndWith(selection.ByClosing) }, selection.OfferWithdrawn, "", ""},
	} {
		for _, from := range all {
			for late, at := range map[bool]time.Time{false: now, true: now.Add(time.Hour)} {
				o := made(from)
				err := c.step(o, at)
				want := c.early
				switch {
				case from == selection.OfferExpired && name != "expire" && name != "end with":
					want = "offer_expired"
				case from != selection.OfferOpen:
					want = "offer_answered"
				case late:
					want = c.late
				}
				if errs.CodeOf(err) != want {
					t.Errorf("%s of an offer %s (late %v): %v, want %q", name, from, late, err, want)
				}
				if end := o.State; (err == nil && end != c.to) || (err != nil && end != from) {
					t.Errorf("%s of an offer %s leaves %s", name, from, end)
				}
			}
		}
	}
}

func TestPassesOn(t *testing.T) {
	for state, want := range map[selection.OfferState]bool{
		selection.OfferOpen: false, selection.OfferAccepted: false, selection.OfferDeclined: true, selection.OfferExpired: true, selection.OfferWithdrawn: false,
	} {
		if (&selection.Offer{State: state}).PassesOn() != want {
			t.Errorf("%s passes on: %v", state, !want)
		}
	}
	for by, want := range map[selection.OfferEnd]bool{
		selection.ByWithdrawal: true, selection.BySuperseded: true, selection.ByEnrolment: true, selection.ByDeletion: true,
		selection.ByRejection: false, selection.ByClosing: false,
	} {
		if (&selection.Offer{State: selection.OfferWithdrawn, EndedBy: by}).PassesOn() != want {
			t.Errorf("ended with %s passes on: %v", by, !want)
		}
	}
}

func TestExpiry(t *testing.T) {
	now := monday()
	starts := cal.Day("2026-12-05")
	days := func(n int) time.Time { return now.Add(time.Duration(n) * 24 * time.Hour) }
	for name, c := range map[string]struct {
		asked, want time.Time
		starts      cal.Day
		refused     bool
	}{
		"default":            {time.Time{}, cal.Day("2026-11-28").End(), "2027-02-01", false},
		"default cut":        {time.Time{}, cal.Day("2026-11-25").End(), "2026-11-26", false},
		"default impossible": {time.Time{}, time.Time{}, "2026-11-23", true},
		"tomorrow":           {days(1), days(1), "2027-02-01", false},
		"today":              {now.Add(time.Hour), time.Time{}, "2027-02-01", true},
		"past":               {days(-1), time.Time{}, "2027-02-01", true},
		"fifteen":            {cal.Day("2026-12-08").End(), cal.Day("2026-12-08").End(), "2027-02-01", false},
		"sixteen":            {cal.Day("2026-12-08").End().Add(time.Second), time.Time{}, "2027-02-01", true},
		"eve":                {starts.Start(), starts.Start(), starts, false},
		"first day":          {starts.Start().Add(time.Second), time.Time{}, starts, true},
	} {
		got, err := selection.Expiry(c.asked, now, c.starts)
		if c.refused != errs.Has(err, "expiry_out_of_range") || !got.Equal(c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}

func TestMatchSteps(t *testing.T) {
	for _, from := range []selection.MatchState{selection.MatchActive, selection.MatchDissolved, selection.MatchCompleted} {
		for name, c := range map[string]struct {
			step func(m *selection.Match) error
			to   selection.MatchState
		}{
			"dissolve": {func(m *selection.Match) error { return m.Dissolve("agreement_cancelled", monday()) }, selection.MatchDissolved},
			"complete": {func(m *selection.Match) error { return m.Complete() }, selection.MatchCompleted},
		} {
			m := &selection.Match{State: from}
			err := c.step(m)
			if from == selection.MatchActive && (err != nil || m.State != c.to) {
				t.Errorf("%s: %v, %s", name, err, m.State)
			}
			if from != selection.MatchActive && (!errs.Has(err, "wrong_state") || m.State != from) {
				t.Errorf("%s of %s: %v, %s", name, from, err, m.State)
			}
		}
	}
}

func TestStudentSheet(t *testing.T) {
	s := &selection.StudentSheet{ID: "psn_1"}
	for i := range selection.MostLiveApplications {
		if err := s.Add(string(rune('a' + i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Add("a"); err != nil {
		t.Errorf("a second adding of one application: %v", err)
	}
	if err := s.Add("z"); !errs.Has(err, "too_many_applications") || s.Room() {
		t.Errorf("a ninth application: %v", err)
	}
	s.Remove("a")
	if err := s.Add("z"); err != nil {
		t.Errorf("after one ended: %v", err)
	}
	for _, c := range []struct {
		match    string
		from, to cal.Day
		code     string
	}{
		{"m1", "2027-02-01", "2027-06-30", ""},
		{"m2", "2027-06-30", "2027-12-31", "overlapping_match"},
		{"m2", "2027-07-01", "2027-12-31", ""},
		{"m1", "2027-03-01", "2027-07-01", "overlapping_match"}, // a move checks again
		{"m1", "2027-03-01", "2027-06-30", ""},
		{"m3", "2027-01-01", "2027-02-28", ""}, // the days m1 left
	} {
		if err := s.Bind(c.match, c.from, c.to); errs.CodeOf(err) != c.code {
			t.Errorf("%s from %s to %s: %v, want %q", c.match, c.from, c.to, err, c.code)
		}
	}
	s.Unbind("m2")
	if len(s.Matches) != 2 || s.Overlaps("2027-07-01", "2027-12-31") || !s.Overlaps("2027-06-30", "2027-12-31") {
		t.Errorf("matches %+v", s.Matches)
	}
}
