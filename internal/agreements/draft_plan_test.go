package agreements_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// What the place promised stands in the draft's plan, for the college to complete or to replace.
func TestADraftProposesTheModulesOfItsPlace(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		long := strings.Repeat("ұ", placements.MaxModuleName)
		w.low.places[place].Modules = []placements.Module{
			{Name: i18n.Text{KK: "Электр жабдықтары", RU: "Электрооборудование"}, Hours: 300, EnterpriseHours: 200}, {Name: i18n.Text{RU: "Охрана труда"}, Hours: 36},
			{Name: i18n.Text{EN: "Safety"}, Hours: 10}, {Name: i18n.Text{KK: long, RU: strings.Repeat("ы", placements.MaxModuleName)}, Hours: 20},
		}
		id := w.draft()
		want := []agreements.PlanItem{
			{Name: "Электр жабдықтары / Электрооборудование", Hours: 300, EnterpriseHours: 200}, {Name: "Охрана труда", Hours: 36}, {Name: "Safety", Hours: 10}, {Name: long, Hours: 20},
		}
		if got := w.get(id).Terms.Plan; !slices.Equal(got, want) {
			t.Errorf("proposed %+v, want %+v", got, want)
		}
		own := []agreements.PlanItem{{Name: "ПМ 03", Hours: 300, EnterpriseHours: 200}}
		if _, err := w.Update(t.Context(), theCoordinator(), id, agreements.Patch{Plan: &own}, 0); err != nil {
			t.Fatal(err)
		}
		if got := w.get(id).Terms.Plan; !slices.Equal(got, own) {
			t.Errorf("the college's plan is %+v", got)
		}
	})
}
