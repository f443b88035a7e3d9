package directory_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

func collegeInput(n int, name string) directory.InstitutionInput {
	return directory.InstitutionInput{
		BIN: ptr(bin(n)), Name: ptr(name), Kind: directory.TVET, Region: ptr(karaganda), City: ptr("Қарағанды"),
		FirstMember: directory.FirstMember{Email: "first@example.kz", FullName: "Бекова Сауле"},
	}
}

func TestCreateCollegeAndChamber(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		admin := w.member(accounts.PlatformID, accounts.KindPlatform, accounts.RoleAdmin)
		_, err := w.CreateCollege(ctx, w.someone(), collegeInput(1, "Колледж"))
		w.refused(err, "forbidden")
		_, err = w.CreateCollege(ctx, accounts.Actor{}, collegeInput(1, "Колледж"))
		w.refused(err, "unauthorized")
		_, err = w.CreateCollege(ctx, admin, directory.InstitutionInput{FirstMember: directory.FirstMember{FullName: "Б", Email: "нет"}})
		w.fields(err, "validation_failed", "bin bin_malformed", "name required", "kind unknown_value", "region required", "city required",
			"first_member.full_name too_short", "first_member.email bad_format")
		c, err := w.CreateCollege(ctx, admin, collegeInput(1, "Колледж"))
		w.ok(err)
		if c.Regime() != directory.RegimeR50 || w.count(accounts.EventInvited) != 1 {
			t.Errorf("%+v", c.College)
		}
		_, err = w.CreateCollege(ctx, admin, collegeInput(1, "Другой"))
		w.refused(err, "bin_taken")
		got := w.together(func(ctx context.Context, i int) error {
			in := collegeInput(100+i, "Палата")
			in.FirstMember.Email = fmt.Sprintf("r%d@example.kz", i)
			_, err := w.CreateChamber(ctx, admin, in)
			return err
		})
		w.want(got, map[string]int{"": 1, "region_taken": callers - 1})
		ch, err := w.ChamberOf(ctx, karaganda)
		w.ok(err)
		o, err := w.Organisation(ctx, ch.ID)
		if err != nil || o.Kind != accounts.KindChamber || o.Region != karaganda {
			t.Errorf("%+v %v", o, err)
		}
		_, err = w.ChamberOf(ctx, almaty)
		w.refused(err, "chamber_not_found")
		for _, id := range []string{"", "x", "ent_x", "col_x", "chm_x"} {
			_, err = w.Organisation(ctx, id)
			w.refused(err, "organisation_not_found")
		}
	})
}

func TestUpdateCollege(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.college(directory.University, 1)
		by := w.coordinator(c)
		_, err := w.UpdateCollege(ctx, by, c.ID, 9, directory.InstitutionInput{})
		w.refused(err, "stale_version")
		_, err = w.UpdateCollege(ctx, by, c.ID, 1, directory.InstitutionInput{City: ptr("Алматы"), Bank: &directory.Bank{Account: "KZ12"}})
		w.fields(err, "validation_failed", "city city_not_in_region", "bank.account bank_account_malformed")
		v, err := w.UpdateCollege(ctx, by, c.ID, 1, directory.InstitutionInput{
			Name: ptr("Иное"), HeadName: ptr("Бекова Сауле"), Bank: &directory.Bank{Account: "kz86 125K ZT50 0410 0100"},
		})
		w.ok(err)
		if v.Name == "Иное" || v.HeadName != "Бекова Сауле" || v.Bank.Account != "KZ86125KZT5004100100" || v.Version != 2 {
			t.Fatalf("%+v", v.College)
		}
		seen, err := w.ReadCollege(ctx, accounts.Actor{}, c.ID)
		w.ok(err)
		if seen.Private {
			t.Error("a stranger sees the bank")
		}
		_, err = w.UpdateCollege(ctx, w.someone(), c.ID, 0, directory.InstitutionInput{})
		w.refused(err, "forbidden")
	})
}

func TestListColleges(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var all []directory.InstitutionInput
		for i, n := range []string{"Қарағанды жоғары политехникалық колледжі", "Абай колледжі", "Әділет колледжі", "Теміртау политехникалық колледжі", "Құрылыс колледжі"} {
			all = append(all, collegeInput(i, n))
		}
		_, err := w.ImportColleges(ctx, system(), all)
		w.ok(err)
		_, err = w.ImportColleges(ctx, w.someone(), all)
		w.refused(err, "forbidden")
		var got []string
		var after storage.Cursor
		for {
			page, err := w.ListColleges(ctx, directory.CollegeFilter{}, after, 2)
			w.ok(err)
			for _, c := range page.Items {
				got = append(got, strings.Fields(c.Name)[0])
			}
			if after = page.Next; after.IsZero() {
				break
			}
		}
		if strings.Join(got, " ") != "Абай Әділет Қарағанды Құрылыс Теміртау" {
			t.Errorf("Kazakh order: %v", got)
		}
		page, err := w.ListColleges(ctx, directory.CollegeFilter{Q: "politehnik"}, storage.Cursor{}, 1)
		w.ok(err)
		if len(page.Items) != 1 || page.Next.IsZero() {
			t.Fatalf("%+v", page)
		}
		page, err = w.ListColleges(ctx, directory.CollegeFilter{Q: "politehnik"}, page.Next, 1)
		w.ok(err)
		if len(page.Items) != 1 || !page.Next.IsZero() {
			t.Fatalf("%+v", page)
		}
		page, err = w.ListColleges(ctx, directory.CollegeFilter{Q: "курылыс", Region: karaganda, Kind: directory.TVET}, storage.Cursor{}, 0)
		w.ok(err)
		if len(page.Items) != 1 {
			t.Fatalf("%+v", page)
		}
		page, err = w.ListColleges(ctx, directory.CollegeFilter{Q: "курылыс", Kind: directory.University}, storage.Cursor{}, 0)
		w.ok(err)
		if len(page.Items) != 0 {
			t.Fatalf("%+v", page)
		}
	})
}

// The demo world brings thousands of enterprises: one engine at a time, so that the figure means something.
func TestImportManyEnterprises(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		all := make([]directory.NewEnterprise, 2_000)
		for i := range all {
			all[i] = directory.NewEnterprise{EnterpriseInput: enterpriseInput(bin(i)), Verified: true}
		}
		start := time.Now()
		list, err := w.ImportEnterprises(t.Context(), system(), all)
		w.ok(err)
		t.Logf("%d enterprises in %v", len(list), time.Since(start))
		if list[0].State != directory.EnterpriseVerified {
			t.Errorf("%+v", list[0])
		}
		_, err = w.ImportEnterprises(t.Context(), system(), all[:1])
		w.refused(err, "bin_taken")
	})
}

func TestCatalogueKnowsEveryCode(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range codesInSource(t) {
		if !catalogue.Has("error."+code) && !catalogue.Has("field."+code) {
			t.Errorf("no sentence for %s", code)
		}
	}
}

// codesInSource finds the codes that this package answers with.
func codesInSource(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, pattern := range []string{
		`errs\.New\(errs\.\w+, "(\w+)"\)`, `Code: "(\w+)"`, `\.add\([^()]*(?:\([^()]*\))?[^()]*"(\w+)"(?:, nil)?\)`, `missing\(err, "(\w+)"\)`,
	} {
		re := regexp.MustCompile(pattern)
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range re.FindAllStringSubmatch(string(text), -1) {
				code := m[1]
				if strings.HasPrefix(pattern, "missing") {
					code += "_not_found"
				}
				if !slices.Contains(out, code) {
					out = append(out, code)
				}
			}
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d codes found: %v", len(out), out)
	}
	return out
}
