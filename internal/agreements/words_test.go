package agreements

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/i18n"
)

// Every code that the source can answer with has a sentence, and every changed field a name.
func TestWordsAreThere(t *testing.T) {
	say, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`errs\.New\([^,]+, "([a-z_]+)"\)|Code: "([a-z_0-9]+)"|, "([a-z_]+)"\)\n|f\.unless\([^\n]+, "([a-z_]+)"\)`)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || !strings.Contains("back.go checks.go countersign_bulk.go document.go ending.go ready.go register.go sign.go signing_code.go update.go update_apply.go verify.go service.go", f) {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range codes.FindAllStringSubmatch(string(src), -1) {
			code := strings.Join(m[1:], "")
			if code == "" || code == "internal" || strings.HasPrefix(code, "agreement_cancel") || strings.Contains("agreement_terminated agreement workplace age signature_missing_", code) {
				continue
			}
			if !say.Has("error."+code) && !say.Has("field."+code) {
				t.Errorf("%s: no sentence for %s", f, code)
			}
		}
	}
	contacts := Contacts{"1", "2", "3", "4", "2026-01-01"}
	full := snapshot{
		Terms: Terms{
			StartsOn: "2027-01-01", EndsOn: "2027-01-02", Workplace: Workplace{Address: "x"}, MentorID: "m", SupervisorID: "s", Curriculum: &Curriculum{"t", "1", "2026-01-01"},
			Schedule: []Phase{{From: "2027-01-01", To: "2027-01-02", Weekdays: []int{1, 2, 3, 4, 5, 6, 7}, Minutes: 60, Where: AtEnterprise, DayFrom: "09:00", DayTo: "10:00", Note: "n"}},
			Plan:     []PlanItem{{"p", 1, 1, "other"}}, Compensation: &Compensation{"total", 1, "b", 1}, Insurance: &Insurance{true, "n"}, Duties: i18n.Text{RU: "d"}, ProfileReason: "r",
		},
		Enrolment: Enrolment{"1", "2026-01-01", "g", 1, "f", "paid", "07130200"}, Languages: []i18n.Lang{i18n.KK}, Student: contacts, Guardian: contacts,
	}
	s := &Service{Deps: Deps{Catalogue: say}}
	leaves := flatten(full, nil)
	if len(leaves) < 45 {
		t.Errorf("%d values only", len(leaves))
	}
	for _, l := range leaves {
		for _, lang := range i18n.Langs() {
			if label, value := s.fieldLabel(l.field, lang), s.readableValue(l.field, l.value, lang); strings.Contains(label+value, "agreement.") || value == "" {
				t.Errorf("%s: %q %q", l.field, label, value)
			}
		}
	}
	for _, e := range Events() {
		if kind, ok := strings.CutPrefix(e, "agreement."); ok && !say.Has("agreement.step."+kind) {
			t.Errorf("no sentence for the step %s", kind)
		}
	}
	for _, regimeKinds := range [][]string{PlanKinds("r50"), PlanKinds("r361"), {"other"}} {
		for _, k := range regimeKinds {
			if !say.Has("agreement.plan_kind." + k) {
				t.Errorf("no word for %s", k)
			}
		}
	}
	for _, c := range registerColumns() {
		if !say.Has("agreement.register." + c) {
			t.Errorf("no heading for %s", c)
		}
	}
}
