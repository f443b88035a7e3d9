package corpus

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/directory"
)

// The first 300 places have every qualification, every specialty without one, every programme and every region of the reference data.
func TestFirst300CoverEverything(t *testing.T) {
	ref, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	codes, regions := map[string]string{}, map[string]bool{}
	c := world(t)
	mixes := map[string]int{}
	for i := range 300 {
		p := c.Place(i)
		codes[p.QualificationCode+p.ProgrammeCode] = p.Level
		regions[p.Region] = true
		mixes[fmt.Sprint(p.Title.KK != "", p.Title.RU != "", p.Title.EN != "")]++
	}
	has := map[string]bool{}
	for _, q := range ref.Qualifications() {
		has[q.SpecialtyCode] = true
		level, ok := codes[q.Code]
		if !ok {
			t.Errorf("no place for qualification %s %s", q.Code, q.Name.RU)
		}
		if q.Level != "" && q.Level != level {
			t.Errorf("qualification %s is for a %s, not a %s", q.Code, q.Level, level)
		}
		delete(codes, q.Code)
	}
	for _, s := range ref.Specialties() {
		if _, ok := codes[s.Code]; !ok && !has[s.Code] {
			t.Errorf("no place for specialty %s %s", s.Code, s.Name.RU)
		}
		delete(codes, s.Code)
	}
	for _, p := range ref.Programmes() {
		if codes[p.Code] != LevelBachelor {
			t.Errorf("no bachelor's place for programme %s", p.Code)
		}
		delete(codes, p.Code)
	}
	if len(codes) > 0 {
		t.Errorf("codes that the reference data doesn't have: %v", codes)
	}
	for _, r := range ref.Regions() {
		if !regions[r.Code] {
			t.Errorf("no place in %s", r.Name.RU)
		}
	}
	if len(regions) != 20 {
		t.Errorf("%d regions", len(regions))
	}
	if len(mixes) < 4 {
		t.Errorf("languages of the postings: %v, want all three, two, and each of Kazakh and Russian alone", mixes)
	}
}

// Towns are those of the reference data, under the same names.
func TestTownsAreKnown(t *testing.T) {
	ref, err := directory.LoadReference()
	if err != nil {
		t.Fatal(err)
	}
	c := world(t)
	for _, r := range c.d.regions {
		for _, town := range r.Cities {
			known := func(h directory.City) bool {
				return h.Region == r.KATO && h.Key() == town.Name.KK && h.Name.RU == town.Name.RU && h.Lat == town.Lat && h.Lon == town.Lon
			}
			if !slices.ContainsFunc(ref.Cities(), known) {
				t.Errorf("%s: no town %s", r.ID, town.Name.KK)
			}
			if !strings.HasPrefix(town.In, "в ") {
				t.Errorf("%s: %q", town.Name.RU, town.In)
			}
		}
	}
}
