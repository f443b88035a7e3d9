package corpus

import (
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// rightDigit computes the check digit anew, from the published rule.
func rightDigit(number string) bool {
	if len(number) != 12 {
		return false
	}
	sum := func(weights [11]int) int {
		s := 0
		for i, w := range weights {
			s += w * int(number[i]-'0')
		}
		return s % 11
	}
	digit := sum([11]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
	if digit == 10 {
		digit = sum([11]int{3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2})
	}
	return digit < 10 && int(number[11]-'0') == digit
}

// Numbers are unique and well formed, names unique and complete in three languages.
func TestEnterprises(t *testing.T) {
	c := world(t)
	numbers, names, slugs := map[string]bool{}, map[string]bool{}, map[string]bool{}
	sole, perCell := 0, map[string]int{}
	for _, e := range c.Enterprises(c.EnterpriseTotal()) {
		number := e.BIN + e.IIN
		if (e.BIN == "") == (e.IIN == "") || !rightDigit(number) || numbers[number] {
			t.Fatalf("enterprise %d: BIN %q, IIN %q", e.Index, e.BIN, e.IIN)
		}
		if e.BIN != "" && (e.BIN[4] != '4' || e.BIN[2:4] < "01" || e.BIN[2:4] > "12") {
			t.Fatalf("BIN %s", e.BIN)
		}
		if e.IIN != "" {
			sole++
			if !cal.Day("19"+e.IIN[:2]+"-"+e.IIN[2:4]+"-"+e.IIN[4:6]).Valid() || e.IIN[6] != '3' && e.IIN[6] != '4' {
				t.Fatalf("IIN %s", e.IIN)
			}
			if (e.IIN[6] == '4') != e.Head.Female {
				t.Fatalf("IIN %s of %s", e.IIN, e.Head.Full())
			}
		}
		numbers[number] = true
		if names[e.Name.RU] || names[e.Name.KK] || slugs[e.Slug] || e.Name.EN == "" {
			t.Fatalf("a second %s, %s, %s", e.Name.RU, e.Name.KK, e.Slug)
		}
		names[e.Name.RU], names[e.Name.KK], slugs[e.Slug] = true, true, true
		for _, l := range []i18n.Lang{i18n.KK, i18n.RU} {
			if s := exact(e.Name, l); latin.MatchString(s) || strings.ContainsAny(s, "{}") || !strings.Contains(s, "«") {
				t.Fatalf("name %q", s)
			}
		}
		if !strings.HasSuffix(e.NameLine, " (демо)") || e.City.RU == "" || e.Head.Last == "" || strings.Trim(e.Slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Fatalf("%+v", e)
		}
		perCell[e.Industry+e.Region]++
	}
	if sole == 0 || sole > len(numbers)/4 {
		t.Errorf("%d of %d are sole entrepreneurs", sole, len(numbers))
	}
	if len(perCell) != 20*len(c.d.orgs.Industries) {
		t.Errorf("%d cells", len(perCell))
	}
}

// A small world doesn't have an enterprise for each place.
func TestPlacesShareEnterprises(t *testing.T) {
	c := world(t)
	used := map[int]bool{}
	for i := range 300 {
		used[c.Place(i).Enterprise] = true
	}
	t.Logf("300 places at %d enterprises", len(used))
	if len(used) > 260 || len(used) < 60 {
		t.Errorf("%d enterprises", len(used))
	}
	for i := range 20_000 {
		used[c.Place(i).Enterprise] = true
	}
	t.Logf("20,000 places at %d enterprises", len(used))
}

// Each region has a college; numbers are right and meet no enterprise's.
func TestColleges(t *testing.T) {
	c := world(t)
	enterprises := map[string]bool{}
	for _, e := range c.Enterprises(c.EnterpriseTotal()) {
		enterprises[e.BIN] = true
	}
	for i := range 1000 {
		if n := c.BIN(i); !rightDigit(n) || enterprises[n] {
			t.Fatalf("BIN %s", n)
		} else {
			enterprises[n] = true
		}
	}
	regions, slugs, universities := map[string]bool{}, map[string]bool{}, 0
	for i, col := range c.Colleges() {
		if !rightDigit(col.BIN) || enterprises[col.BIN] || slugs[col.Slug] || col.Name.KK == "" || col.City.KK == "" || latin.MatchString(col.Name.KK+col.Name.RU) {
			t.Errorf("%+v", col)
		}
		slugs[col.Slug] = true
		if i < 20 {
			regions[col.Region] = true
			if col.Region != c.Regions()[i] {
				t.Errorf("college %d is in %s", i, col.Region)
			}
		}
		if col.Kind == "university" {
			universities++
		}
	}
	if len(regions) != 20 || universities == 0 || !slugs["karaganda"] || !slugs["abai"] {
		t.Errorf("%d regions, %d universities, %v", len(regions), universities, slugs)
	}
}

// Names agree in gender and spelling; different people have different numbers.
func TestPeople(t *testing.T) {
	c := world(t)
	full, kinds := map[string]int{}, map[string]int{}
	for i := range 2000 {
		n := c.Person(i)
		full[n.Full()]++
		switch {
		case strings.HasSuffix(n.Patronymic, "қызы"), strings.HasSuffix(n.Patronymic, "вна"), strings.HasSuffix(n.Patronymic, "чна"):
			kinds["woman"]++
			if !n.Female {
				t.Fatalf("%+v", n)
			}
		case strings.HasSuffix(n.Patronymic, "ұлы"), strings.HasSuffix(n.Patronymic, "вич"), strings.HasSuffix(n.Patronymic, "ич"):
			kinds["man"]++
			if n.Female {
				t.Fatalf("%+v", n)
			}
		default:
			t.Fatalf("%+v", n)
		}
		if strings.HasSuffix(n.Last, "ов") && n.Female || strings.HasSuffix(n.Last, "ова") && !n.Female {
			t.Fatalf("%+v", n)
		}
		if n.Kazakh {
			kinds["kazakh"]++
		}
	}
	if len(full) < 1900 || kinds["kazakh"] < 600 || kinds["woman"] < 700 || kinds["man"] < 700 {
		t.Errorf("%d different of 2000, %v", len(full), kinds)
	}
	seen := map[string]bool{}
	for i := range 2000 {
		n := c.IIN(i, "2007-03-14", i%2 == 0)
		if !rightDigit(n) || seen[n] || !strings.HasPrefix(n, "070314") {
			t.Fatalf("IIN %s", n)
		}
		seen[n] = true
	}
}

// The check digit agrees with published examples, and some prefixes have none.
func TestCheckDigit(t *testing.T) {
	for _, n := range []string{"080515500017", "080515500808", "100101600019", "100101601802", "200140000014", "200140000501", "791028302728", "061211600012"} {
		if d, ok := checkDigit(n[:11]); !ok || byte('0'+d) != n[11] {
			t.Errorf("%s: %d %v", n, d, ok)
		}
	}
	for _, n := range []string{"08051550081", "10010160184", "20014000130"} {
		if d, ok := checkDigit(n); ok {
			t.Errorf("%s has %d", n, d)
		}
	}
}
