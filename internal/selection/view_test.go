package selection_test

import (
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	it "github.com/orynda/orynda/internal/interviews/interviewstest"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/selection"
)

func TestViews(t *testing.T) { it.OnEngines(t, views) }

// views: what an enterprise sees of an applicant grows; a college reads no letters; strangers learn nothing (I11).
func views(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	student := w.Student(t)
	guardian := w.Person(t, accounts.AsGuardian, it.Adult)
	_, err := w.Directory.ImportGuardian(ctx, accounts.SystemActor("test"), student.PersonID, guardian.PersonID, directory.GroundParent)
	it.Ok(t, err)
	coordinator := w.MemberOf(t, w.College.ID, accounts.KindCollege, accounts.RoleCoordinator)
	interviewer := w.Member(t, accounts.RoleInterviewer)
	app := w.Scored(t, student, place.ID, selection.RecommendSelect, 4)
	see := func(a accounts.Actor) *selection.View {
		t.Helper()
		got, err := w.Selection.Get(ctx, a, app.ID)
		it.Ok(t, err)
		v, err := w.Selection.View(ctx, a, got)
		it.Ok(t, err)
		return v
	}
	hr := see(w.HR)
	if hr.Applicant.Email != "" || hr.Applicant.Phone != "" || hr.Applicant.Group != "" {
		t.Errorf("before an offer the enterprise sees %+v", hr.Applicant)
	}
	if hr.Applicant.FullName == "" || hr.Applicant.College.ID != w.College.ID || hr.Applicant.Enrolment.Course != 3 || hr.Applicant.AgeBand != "adult" || hr.App.Motivation == "" || hr.App.Outcome == nil {
		t.Errorf("the enterprise sees %+v", hr)
	}
	fit := hr.Fit
	if fit == nil || !*fit.Trade || !*fit.Dates || !*fit.AgeRule || *fit.DistanceKM != 0 {
		t.Errorf("fit %+v", fit)
	}
	own := see(student)
	if own.Applicant.Email == "" || own.Applicant.Phone == "" || own.App.Outcome != nil || own.Fit != nil || own.App.Motivation == "" {
		t.Errorf("the owner sees %+v", own)
	}
	ward := see(guardian)
	if ward.Viewer != selection.ViewGuardian || ward.App.Motivation == "" || ward.App.Outcome != nil || ward.Applicant.Email != "" {
		t.Errorf("the guardian sees %+v", ward)
	}
	college := see(coordinator)
	if college.Viewer != selection.ViewCollege || college.App.Motivation != "" || college.App.Outcome != nil || college.Applicant.Email != "" || college.Applicant.Group == "" || college.Fit != nil {
		t.Errorf("the college sees %+v", college)
	}
	for name, c := range map[string]struct {
		a    accounts.Actor
		code string
	}{
		"nobody":                {accounts.Actor{}, "unauthorized"},
		"another student":       {w.Student(t), "not_found"},
		"another college":       {w.MemberOf(t, w.University.ID, accounts.KindCollege, accounts.RoleCoordinator), "not_found"},
		"interviewer of others": {interviewer, "forbidden"},
		"signatory":             {w.Member(t, accounts.RoleSignatory), "forbidden"},
		"platform admin":        {w.MemberOf(t, accounts.PlatformID, accounts.KindPlatform, accounts.RoleAdmin), "not_found"},
	} {
		_, err := w.Selection.Get(ctx, c.a, app.ID)
		if err == nil {
			t.Errorf("%s reads the application", name)
			continue
		}
		it.Refused(t, err, c.code)
		_, err = w.Selection.Get(ctx, c.a, "app_none")
		if want := map[bool]string{true: "unauthorized", false: "not_found"}[c.a.Anonymous()]; err == nil {
			t.Errorf("%s reads what isn't there", name)
		} else {
			it.Refused(t, err, want)
		}
	}

	o, err := w.Selection.MakeOffer(ctx, w.HR, app.ID, selection.NewOffer{})
	it.Ok(t, err)
	if hr := see(w.HR); hr.Applicant.Email == "" || hr.Applicant.Phone == "" {
		t.Errorf("with an offer the enterprise sees %+v", hr.Applicant)
	}
	for name, a := range map[string]accounts.Actor{"owner": student, "guardian": guardian, "college": coordinator, "enterprise": w.HR} {
		got, err := w.Selection.GetOffer(ctx, a, o.ID)
		it.Ok(t, err)
		v, err := w.Selection.OfferView(ctx, a, got)
		it.Ok(t, err)
		if named := v.StudentName != ""; named != (name == "guardian" || name == "enterprise") {
			t.Errorf("%s: name %q", name, v.StudentName)
		}
	}
	if _, err := w.Selection.AcceptOffer(ctx, guardian, o.ID); err == nil {
		t.Error("a guardian accepts for the ward")
	}
	_, err = w.Selection.DeclineOffer(ctx, student, o.ID, "")
	it.Ok(t, err)
	if hr := see(w.HR); hr.Applicant.Email != "" {
		t.Error("after a no the enterprise keeps the address")
	}

	t.Run("opened", func(t *testing.T) {
		fresh := w.Apply(t, w.Student(t), place.ID)
		_, err := w.Selection.ListOfPlacement(ctx, w.HR, place.ID, selection.Filter{})
		it.Ok(t, err)
		_, err = w.Selection.Get(ctx, coordinator, fresh.ID)
		it.Ok(t, err)
		if !w.App(t, fresh.ID).OpenedAt.IsZero() {
			t.Error("a list, or the college, opens an application")
		}
		for range 2 {
			_, err = w.Selection.Get(ctx, w.HR, fresh.ID)
			it.Ok(t, err)
		}
		if w.App(t, fresh.ID).OpenedAt.IsZero() || w.Events(t, selection.EventOpened, fresh.ID) != 1 {
			t.Error("it was opened once")
		}
	})
	t.Run("parties", func(t *testing.T) {
		for name, c := range map[string]struct {
			a    accounts.Actor
			want accounts.Relation
		}{
			"owner": {student, accounts.Self}, "guardian": {guardian, accounts.Guardian}, "college": {coordinator, accounts.CollegeCoordinator},
			"stranger": {w.Student(t), ""}, "nobody": {accounts.Actor{}, ""},
		} {
			rel, err := w.Selection.Parties(ctx, c.a, place.ID)
			it.Ok(t, err)
			if (c.want == "" && len(rel) != 0) || (c.want != "" && (len(rel) != 1 || rel[0] != c.want)) {
				t.Errorf("%s: %v, want %s", name, rel, c.want)
			}
		}
	})
	t.Run("prospect", func(t *testing.T) {
		welder := w.Place(t, func(in *placements.Input) { in.QualificationCode = ptr("07150501") })
		p, err := w.Selection.Prospect(ctx, student, welder)
		it.Ok(t, err)
		if p.Refusal != nil || !p.TradeMismatch || p.App != nil {
			t.Errorf("prospect %+v", p)
		}
		p, err = w.Selection.Prospect(ctx, student, place)
		it.Ok(t, err)
		it.Refused(t, p.Refusal, "already_applied")
		if p.TradeMismatch || p.App == nil {
			t.Errorf("prospect %+v", p)
		}
		if p, err := w.Selection.Prospect(ctx, w.HR, place); err != nil || p != nil {
			t.Errorf("a member gets %+v, %v", p, err)
		}
	})
	t.Run("records", func(t *testing.T) {
		records, err := w.Selection.Records(ctx, student.PersonID)
		it.Ok(t, err)
		more, err := w.Interviews.Records(ctx, student.PersonID)
		it.Ok(t, err)
		kinds := map[string]int{}
		for _, r := range append(records, more...) {
			kinds[r.Kind]++
		}
		it.Want(t, kinds, map[string]int{"application": 1, "offer": 1, "booking": 1})
	})
}

func TestListOrder(t *testing.T) { it.OnEngines(t, listOrder) }

// listOrder: by default those that wait longest for the enterprise come first and the ended last, over pages.
func listOrder(t *testing.T, w *it.World) {
	ctx := t.Context()
	place := w.Place(t, nil)
	rejected := w.Apply(t, w.Student(t), place.ID)
	_, err := w.Selection.Reject(ctx, w.HR, rejected.ID, "other", "")
	it.Ok(t, err)
	w.Clock.Advance(time.Minute)
	later := w.Apply(t, w.Student(t), place.ID)
	_, err = w.Selection.Consider(ctx, w.HR, later.ID, "")
	it.Ok(t, err)
	w.Clock.Advance(day)
	soon := w.Apply(t, w.Student(t), place.ID)
	w.Slot(t, place.ID, 5*day, 1)
	w.Clock.Advance(time.Minute)
	theirs := w.Shortlisted(t, w.Student(t), place.ID)
	for sort, want := range map[selection.Sort][]string{
		"":                     {soon.ID, later.ID, theirs.ID, rejected.ID},
		selection.SortNewest:   {theirs.ID, soon.ID, later.ID, rejected.ID},
		selection.SortOldest:   {rejected.ID, later.ID, soon.ID, theirs.ID},
		selection.SortDeadline: {soon.ID, later.ID, theirs.ID, rejected.ID},
	} {
		var got []string
		f := selection.Filter{Sort: sort, Limit: 3}
		for {
			page, err := w.Selection.ListOfPlacement(ctx, w.HR, place.ID, f)
			it.Ok(t, err)
			for _, app := range page.Items {
				got = append(got, app.ID)
			}
			if f.Cursor = page.Next; f.Cursor.IsZero() {
				break
			}
		}
		if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
			t.Errorf("sorted by %q: %v, want %v", sort, got, want)
		}
	}
	mine, err := w.Selection.ListMine(ctx, accounts.Actor{PersonID: soon.StudentID, EmailProved: true}, selection.Filter{Live: true})
	it.Ok(t, err)
	if len(mine.Items) != 1 || mine.Items[0].ID != soon.ID {
		t.Errorf("own list %+v", mine.Items)
	}
}
