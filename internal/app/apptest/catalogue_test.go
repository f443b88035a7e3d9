package apptest

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/orynda/orynda/api"
	"github.com/orynda/orynda/internal/i18n"
)

const internalDir = "../../"

// inside are codes that no reader sees, with the reason.
func inside() map[string]string {
	number := "the form of a number; services answer the contract's codes instead"
	return map[string]string{
		"bin_format": number, "bin_date": number, "bin_kind": number, "bin_check_digit": number, "iin_format": number, "iin_date": number, "iin_check_digit": number,
		"seal_raced": "a job's affair; the next hour seals",
	}
}

// codesOf scans the program and the contract: codes of refusals, and codes of fields, with the place where each was found.
func codesOf(t *testing.T) (refusals, fields map[string]string) {
	t.Helper()
	refusals, fields = map[string]string{}, map[string]string{}
	refusal := regexp.MustCompile(`errs\.New\(\s*errs\.\w+,\s*"([a-z_0-9]+)"`)
	field := []*regexp.Regexp{
		regexp.MustCompile(`errs\.Field\{[^{}]*Code:\s*"([a-z_0-9]+)"`), regexp.MustCompile(`\.(?:add|fail)\((?:[^,()]*"[^,()]*|field|column), "([a-z_0-9]+)"`),
	}
	err := filepath.WalkDir(internalDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "test/") || strings.Contains(path, "apigen") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range refusal.FindAllSubmatch(source, -1) {
			refusals[string(m[1])] = path
		}
		for _, pattern := range field {
			for _, m := range pattern.FindAllSubmatch(source, -1) {
				fields[string(m[1])] = path
			}
		}
		return nil
	})
	must(t, err)
	contract := string(api.OpenAPI())
	for _, m := range regexp.MustCompile(`\{status: \d+, code: ([a-z_0-9]+), when: ([^\n]*)`).FindAllStringSubmatch(contract, -1) {
		refusals[m[1]] = "the contract"
		if _, list, found := strings.Cut(m[2], "Entries of `errors`:"); found {
			for _, code := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(list, -1) {
				fields[code[1]] = "the contract"
			}
		}
	}
	return refusals, fields
}

// Every code that a client may get has a sentence.
func TestEveryCodeHasASentence(t *testing.T) {
	say, err := i18n.Load()
	must(t, err)
	refusals, fields := codesOf(t)
	if len(refusals) < 100 || len(fields) < 40 {
		t.Fatalf("the scan finds only %d and %d codes", len(refusals), len(fields))
	}
	var missing []string
	for code, path := range refusals {
		if inside()[code] == "" && !say.Has("error."+code) {
			missing = append(missing, "error."+code+" of "+path)
		}
	}
	for code, path := range fields {
		if strings.HasSuffix(code, "_") { // the name of a party follows
			code += "student"
		}
		if !say.Has("field."+code) && !say.Has("error."+code) {
			missing = append(missing, "field."+code+" of "+path)
		}
	}
	sort.Strings(missing)
	if len(missing) > 0 {
		t.Errorf("no sentence for:\n%s", strings.Join(missing, "\n"))
	}
}

// Kazakh and Russian sentences are written in Cyrillic, but for names.
func TestSentencesAreInTheirLanguage(t *testing.T) {
	names := []string{"Orynda", "API", "JSON", "CSV", "XLSX", "PDF", "UTF", "Idempotency-Key", "KZ", "QR", "id"}
	placeholder, word := regexp.MustCompile(`\{\{[^}]*\}\}`), regexp.MustCompile(`[A-Za-z]+(?:-[A-Za-z]+)*`)
	cyrillic := regexp.MustCompile(`[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]`)
	russianOnly, kazakhOnly := regexp.MustCompile(`[ӘәҒғҚқҢңӨөҰұҮүҺһІі]`), 0
	for _, lang := range []string{"kk", "ru"} {
		files, err := filepath.Glob(internalDir + "i18n/locales/*." + lang + ".json")
		must(t, err)
		if len(files) < 8 {
			t.Fatalf("%d catalogues in %s", len(files), lang)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			must(t, err)
			catalogue := map[string]any{}
			must(t, json.Unmarshal(raw, &catalogue))
			for key, value := range catalogue {
				for _, text := range textsOf(value) {
					plain := placeholder.ReplaceAllString(text, "")
					for _, w := range word.FindAllString(plain, -1) {
						if !slices.Contains(names, w) {
							t.Errorf("%s %s: %q in %q", filepath.Base(file), key, w, text)
						}
					}
					if strings.Contains(plain, "!") {
						t.Errorf("%s %s: an exclamation mark in %q", filepath.Base(file), key, text)
					}
					if strings.HasPrefix(key, "error.") && !cyrillic.MatchString(plain) {
						t.Errorf("%s %s: %q says nothing", filepath.Base(file), key, text)
					}
					if lang == "ru" && strings.HasPrefix(key, "error.") && russianOnly.MatchString(plain) {
						t.Errorf("%s %s: Kazakh letters in %q", filepath.Base(file), key, text)
					}
					if lang == "kk" && russianOnly.MatchString(plain) {
						kazakhOnly++
					}
				}
			}
		}
	}
	if kazakhOnly < 300 {
		t.Errorf("only %d Kazakh sentences have a letter that Russian hasn't", kazakhOnly)
	}
}

// textsOf gives a sentence, or its plural forms.
func textsOf(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case map[string]any:
		var out []string
		for _, form := range v {
			out = append(out, textsOf(form)...)
		}
		return out
	}
	return nil
}
