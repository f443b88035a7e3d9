package corpus

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

const many = 20_000

func world(t *testing.T) *Corpus {
	t.Helper()
	c, err := New(7)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The legal and posting limits hold for every place of a big world.
func TestPlacesKeepTheLimits(t *testing.T) {
	c := world(t)
	start := time.Now()
	places := make([]Place, many)
	for i := range places {
		places[i] = c.Place(i)
	}
	t.Logf("%d places in %v", many, time.Since(start))
	for i, p := range places {
		if bad := broken(c, p); len(bad) > 0 {
			t.Fatalf("place %d (%s%s, %s): %s", i, p.QualificationCode, p.ProgrammeCode, p.Family, strings.Join(bad, "; "))
		}
	}
}

// broken names what is wrong with a place.
func broken(c *Corpus, p Place) []string {
	var bad []string
	want := func(ok bool, format string, a ...any) {
		if !ok {
			bad = append(bad, fmt.Sprintf(format, a...))
		}
	}
	want((p.QualificationCode == "") != (p.ProgrammeCode == ""), "codes %q %q", p.QualificationCode, p.ProgrammeCode)
	want((p.Regime == RegimeR361) == (p.ProgrammeCode != ""), "regime %s", p.Regime)
	want(p.Seats >= 1 && p.Seats <= 500, "seats %d", p.Seats)
	want(p.ApplyOffsetDays >= 3 && p.StartOffsetDays-p.ApplyOffsetDays >= 14, "offsets %d %d", p.ApplyOffsetDays, p.StartOffsetDays)
	want(p.DurationDays >= 19 && p.DurationDays <= 7*maxWeeks, "duration %d", p.DurationDays)
	want((p.Amount == 0) == (p.CompensationKind == PayNone) && p.Amount >= 0 && p.Amount <= 120_000, "pay %s %d", p.CompensationKind, p.Amount)
	want(p.Lat > 40 && p.Lat < 56 && p.Lon > 46 && p.Lon < 88, "position %v %v", p.Lat, p.Lon)
	want(p.Address != "" && p.City.KK != "" && p.MentorPosition != "" && p.Mentor.First != "", "something is empty")
	want(len(p.Questions) <= 2 && len(p.Languages) > 0, "questions %d, languages %d", len(p.Questions), len(p.Languages))
	for _, q := range p.Questions {
		want(length(q) <= MaxQuestion && !strings.ContainsAny(q, "{}"), "question %q", q)
	}
	bad = append(bad, brokenHours(p)...)
	bad = append(bad, brokenTexts(p)...)
	e := c.Enterprise(p.Enterprise)
	want(e.Region == p.Region && e.Industry == p.Industry && p.Enterprise < c.EnterpriseTotal(), "enterprise %+v", e)
	return bad
}

func brokenHours(p Place) []string {
	var bad []string
	limit := 40
	switch {
	case p.MinAge < 16:
		limit = 24
	case p.MinAge < 18 || p.Hazardous:
		limit = 36
	}
	if p.WeeklyHours < 8 || p.WeeklyHours > limit || p.MinAge < 14 || p.Hazardous && p.MinAge < 18 {
		bad = append(bad, fmt.Sprintf("%d hours from age %d, hazardous %v", p.WeeklyHours, p.MinAge, p.Hazardous))
	}
	share := 60
	if p.Regime == RegimeR361 {
		share = 40
	}
	if n := len(p.Modules); n < 2 || n > 4 {
		bad = append(bad, fmt.Sprintf("%d modules", n))
	}
	for _, m := range p.Modules {
		if m.Hours <= 0 || m.EnterpriseHours > m.Hours || m.EnterpriseHours*100 < share*m.Hours {
			bad = append(bad, fmt.Sprintf("module %v", m))
		}
	}
	return bad
}

// Latin words that Kazakh and Russian texts may have: none so far. A new one belongs here, after a look at it.
var latin = regexp.MustCompile(`[A-Za-z]+`)

func brokenTexts(p Place) []string {
	var bad []string
	posted := 0
	for _, l := range i18n.Langs() {
		title, sum, tasks := exact(p.Title, l), exact(p.Summary, l), exact(p.Tasks, l)
		if title == "" && sum == "" && tasks == "" {
			continue
		}
		posted++
		if n := length(title); n < 5 || n > MaxTitle {
			bad = append(bad, fmt.Sprintf("title of %d characters: %q", n, title))
		}
		if n := length(sum); n < MinSummary || n > MaxSummary {
			bad = append(bad, fmt.Sprintf("summary of %d characters: %q", n, sum))
		}
		if n := length(tasks); n < 150 || n > MaxTasks {
			bad = append(bad, fmt.Sprintf("tasks of %d characters", n))
		}
		all := title + "\n" + sum + "\n" + tasks
		for _, m := range p.Modules {
			if exact(m.Name, l) == "" {
				bad = append(bad, "a module without a name")
			}
			all += "\n" + exact(m.Name, l)
		}
		if strings.ContainsAny(all, "{}!") || strings.Contains(all, "  ") {
			bad = append(bad, "left-over signs in "+all)
		}
		if l != i18n.EN && latin.MatchString(all) {
			bad = append(bad, "Latin letters: "+latin.FindString(all))
		}
		if l == i18n.KK && (!kazakh(sum) || !kazakh(tasks)) {
			bad = append(bad, "not Kazakh: "+sum)
		}
	}
	if posted == 0 {
		bad = append(bad, "no language")
	}
	return bad
}

func kazakh(s string) bool { return strings.ContainsAny(strings.ToLower(s), "әғқңөұүһі") }

// No two of 300 places read the same, and few of 20,000 do.
func TestPlacesReadDifferently(t *testing.T) {
	c := world(t)
	for _, tc := range []struct{ places, most int }{{300, 1}, {many, 6}} {
		seen := map[string]int{}
		worst := 0
		for i := range tc.places {
			p := c.Place(i)
			key := fmt.Sprint(p.Title, p.Summary)
			seen[key]++
			worst = max(worst, seen[key])
		}
		t.Logf("%d places: %d different, one text at most %d times", tc.places, len(seen), worst)
		if worst > tc.most {
			t.Errorf("%d places: a title with its summary stands %d times, want at most %d", tc.places, worst, tc.most)
		}
	}
}

// The same seed gives the same world in any order of asking; another seed gives another.
func TestWorldIsDeterministic(t *testing.T) {
	a, b := world(t), world(t)
	other, err := New(8)
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for i := 299; i >= 0; i-- {
		if p, q := a.Place(i), b.Place(i); !reflect.DeepEqual(p, q) {
			t.Fatalf("place %d differs: %+v and %+v", i, p, q)
		}
		if reflect.DeepEqual(a.Place(i), other.Place(i)) {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d places are the same under another seed", same)
	}
	if !reflect.DeepEqual(a.Enterprises(200), b.Enterprises(200)) || !reflect.DeepEqual(a.Colleges(), b.Colleges()) {
		t.Error("organisations differ")
	}
	if got := a.Place(0).Title; got != a.Place(0).Title {
		t.Error(got)
	}
}

// PlaceOf gives the place that was asked for.
func TestPlaceOf(t *testing.T) {
	c := world(t)
	seen := map[string]bool{}
	for i := range 20 {
		p, ok := c.PlaceOf(i, "07130101", "350000000")
		if !ok || p.QualificationCode != "07130101" || p.Region != "350000000" || p.Regime != RegimeR50 {
			t.Fatalf("%d: %+v %v", i, p, ok)
		}
		if bad := broken(c, p); len(bad) > 0 {
			t.Fatal(bad)
		}
		seen[fmt.Sprint(p.Title, p.Summary)] = true
	}
	if len(seen) < 18 {
		t.Errorf("only %d of 20 differ", len(seen))
	}
	for _, bad := range [][2]string{{"99999999", "350000000"}, {"07130101", "1"}} {
		if _, ok := c.PlaceOf(0, bad[0], bad[1]); ok {
			t.Errorf("a place for %v", bad)
		}
	}
}

// Training starts on a Monday, two weeks after the deadline at least, and in the season of its trade.
func TestDates(t *testing.T) {
	c := world(t)
	today := cal.NewDay(2026, 11, 22)
	for i := range 600 {
		p := c.Place(i)
		apply, from, to := p.Dates(today)
		if today.DaysUntil(apply) < 3 || apply.DaysUntil(from) < 14 || from.DaysUntil(to) < 14 || today.DaysUntil(from) > 520 {
			t.Fatalf("place %d: apply by %s, %s to %s", i, apply, from, to)
		}
		_, month, _ := from.Date()
		if from.Weekday() != time.Monday || len(p.StartMonths) > 0 && !slices.Contains(p.StartMonths, int(month)) {
			t.Fatalf("place %d (%s) starts on %s", i, p.Family, from)
		}
	}
}
