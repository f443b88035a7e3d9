// Package i18n holds the languages of the project and its catalogues: every sentence that a person may read, by key, in Kazakh,
// Russian and English, with the plural forms of each language (CLDR, by go-i18n).
//
// Catalogues are files locales/<domain>.<lang>.json, loaded once at start into a [Catalogue], which never changes afterwards and is
// safe for parallel use. A key that lacks a language is a start-up error, so a reader never meets a bare key.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Lang is one of the three languages.
type Lang string

// The languages. Kazakh is the state language and the default.
const (
	KK Lang = "kk"
	RU Lang = "ru"
	EN Lang = "en"
)

// Langs lists the languages in the order papers and pages show them.
func Langs() []Lang { return []Lang{KK, RU, EN} }

// ParseLang reads a language code; ok is false for any other.
func ParseLang(s string) (lang Lang, ok bool) {
	switch l := Lang(strings.ToLower(s)); l {
	case KK, RU, EN:
		return l, true
	}
	return KK, false
}

// Negotiate chooses the language for an Accept-Language header (RFC 9110 12.5.4); Kazakh when none fits.
func Negotiate(header string) Lang {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return KK
	}
	for _, t := range tags {
		base, _ := t.Base()
		if l, ok := ParseLang(base.String()); ok {
			return l
		}
	}
	return KK
}

//go:embed locales/*.json
var locales embed.FS

// Catalogue answers with sentences. Make it once with [Load].
type Catalogue struct {
	printers map[Lang]*goi18n.Localizer
	keys     map[string]bool
	plain    map[Lang]map[string]string // sentences without values or plural forms, which most of a page's are
}

// Load reads the catalogues built into the program. It fails when a key lacks a language or a file doesn't parse.
func Load() (*Catalogue, error) { return load(locales) }

func load(fsys fs.FS) (*Catalogue, error) {
	bundle := goi18n.NewBundle(language.MustParse(string(KK)))
	formats := map[string]goi18n.UnmarshalFunc{"json": json.Unmarshal}
	bind := newBinder()
	files, err := fs.Glob(fsys, "locales/*.json")
	if err != nil {
		return nil, err
	}
	seen := map[string]map[Lang]bool{}
	plain := map[Lang]map[string]string{KK: {}, RU: {}, EN: {}}
	for _, f := range files {
		data, err := fs.ReadFile(fsys, f)
		if err != nil {
			return nil, err
		}
		parsed, err := goi18n.ParseMessageFileBytes(data, path.Base(f), formats)
		if err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", f, err)
		}
		base, _ := parsed.Tag.Base()
		for _, m := range parsed.Messages {
			bind.message(m)
			if seen[m.ID] == nil {
				seen[m.ID] = map[Lang]bool{}
			}
			if seen[m.ID][Lang(base.String())] {
				return nil, fmt.Errorf("i18n: %s: key %q stands twice in %s", f, m.ID, base)
			}
			seen[m.ID][Lang(base.String())] = true
			if isPlain(m) {
				plain[Lang(base.String())][m.ID] = m.Other
			}
		}
		if err := bundle.AddMessages(parsed.Tag, parsed.Messages...); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", f, err)
		}
	}
	if err := complete(seen); err != nil {
		return nil, err
	}
	c := &Catalogue{printers: map[Lang]*goi18n.Localizer{}, keys: map[string]bool{}, plain: plain}
	for _, l := range Langs() {
		c.printers[l] = goi18n.NewLocalizer(bundle, string(l))
	}
	for k := range seen {
		c.keys[k] = true
	}
	return c, nil
}

// isPlain reports whether a sentence is the same whatever the values.
func isPlain(m *goi18n.Message) bool {
	return m.Zero == "" && m.One == "" && m.Two == "" && m.Few == "" && m.Many == "" && !strings.Contains(m.Other, "{{")
}

func complete(seen map[string]map[Lang]bool) error {
	var missing []string
	for key, langs := range seen {
		for _, l := range Langs() {
			if !langs[l] {
				missing = append(missing, string(l)+": "+key)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	sort.Strings(missing)
	return fmt.Errorf("i18n: missing texts: %s", strings.Join(missing, ", "))
}

// Has reports whether the catalogues know a key.
func (c *Catalogue) Has(key string) bool { return c.keys[key] }

// Say gives the sentence of a key with its values filled in. The value "Count", a whole number, chooses the plural form. An unknown key comes
// back as itself; tests make sure that no code asks for one.
func (c *Catalogue) Say(lang Lang, key string, values map[string]any) string {
	if s, ok := c.plain[lang][key]; ok {
		return s
	}
	cfg := &goi18n.LocalizeConfig{MessageID: key, TemplateData: values}
	if n, ok := values["Count"]; ok {
		cfg.PluralCount = n
	}
	s, err := c.printers[lang].Localize(cfg)
	if err != nil {
		return key
	}
	return s
}
