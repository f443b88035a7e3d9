package college

import (
	"context"

	"github.com/orynda/orynda/web/ui"
)

// Example is a cell of a column as it may be written.
func Example(column string) string {
	return map[string]string{
		"full_name": "Сейітов Айбек Болатұлы", "iin": "080515500017", "birth_date": "15.05.2008", "group": "ТМ-24-2", "course": "3", "specialty_code": "07150100",
		"qualification_code": "4S07150106", "programme_code": "6B07", "email": "aibek@example.kz", "phone": "+77011234567", "enrolled_on": "01.09.2024",
		"order_number": "112-қ", "study_form": "күндізгі",
	}[column]
}

// result is one number of what a file did.
type result struct {
	Key   string
	Count int
}

func (i Import) results() []result {
	d := i.Done
	return []result{{"created", d.Created}, {"updated", d.Updated}, {"unchanged", d.Unchanged}, {"linked", d.Linked}, {"ended", d.Ended}}
}

func rosterFile(ctx context.Context, f *ui.Form) ui.Control {
	return ui.Control{
		Form: f, Name: "file", Type: "file", Label: ui.T(ctx, "site.college.import.file"), Hint: ui.T(ctx, "site.college.import.file_hint"), Required: true,
		Accept: ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}
}
