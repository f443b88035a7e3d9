package questions_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/finding/questions"
	"github.com/orynda/orynda/internal/search"
)

func parsed(t *testing.T, query string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNormal(t *testing.T) {
	for from, want := range map[string]string{
		"": "",
		"q=+welder+&page=3&per_page=5&whole=city": "q=welder",
		"region=2&region=1&region=2&city=&q=":     "region=2&region=1",
		"sort=newest&full=include":                "full=include&sort=newest",
	} {
		got := questions.Normal(parsed(t, from))
		if got.Encode() != want {
			t.Errorf("%q: %q, want %q", from, got.Encode(), want)
		}
		if again := questions.Normal(got); again.Encode() != got.Encode() {
			t.Errorf("%q twice: %q", from, again.Encode())
		}
	}
	long := questions.Normal(url.Values{"q": {strings.Repeat("ә", 300)}})
	if n := len([]rune(long.Get("q"))); n != questions.MaxValue {
		t.Errorf("a long value keeps %d characters", n)
	}
}

func TestRead(t *testing.T) {
	q, bad := questions.Read(parsed(t, "q=welder&literal=true&region=350000000&region=710000000&city=Астана&radius_km=25&paid=true&under_18=false&min_compensation=50000&level=worker&near=49.8,73.1&starts_from=2027-01-01&full=include&sort=distance&time_model=block"))
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	if q.Text != "welder" || !q.Literally || len(q.Region) != 2 || q.City != "Астана" || q.RadiusKM != 25 || q.Paid == nil || !*q.Paid || q.Under18 == nil || *q.Under18 || q.Dormitory != nil ||
		q.MinCompensation != 50000 || q.Level[0] != "worker" || q.Near == nil || q.Near.Lat != 49.8 || q.StartsFrom != "2027-01-01" || q.Full != search.FullInclude ||
		q.Sort != search.Distance || q.TimeModel != "block" {
		t.Errorf("%+v", q)
	}
	if q, _ := questions.Read(parsed(t, "paid=true&paid=false&radius_km=5&sort=distance")); q.Paid != nil || q.Literally || q.RadiusKM != 0 || q.Sort != "" {
		t.Errorf("what means nothing: %+v", q)
	}
}

func TestReadNamesWhatIsWrong(t *testing.T) {
	_, bad := questions.Read(parsed(t, "salary=5&page=2&paid=yes&min_compensation=-1&max_weekly_hours=x&level=master&regime=r51&time_model=night"))
	var got []string
	for _, f := range bad {
		got = append(got, f.Field+" "+f.Code)
	}
	slices.Sort(got)
	want := []string{
		"level unknown_value", "max_weekly_hours bad_format", "min_compensation bad_format", "page unknown_field", "paid bad_format", "regime unknown_value",
		"salary unknown_field", "time_model unknown_value",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, f := range bad {
		if f.Field == "salary" && !strings.Contains(f.Params["allowed"].(string), "min_compensation") {
			t.Errorf("the sentence doesn't list the parameters: %v", f.Params)
		}
	}
}
