package beside_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/en" // the analyser "en"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/ru" // the analyser "ru"
	"github.com/blevesearch/bleve/v2/mapping"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

const (
	published  = "published" // the field of the day of publication, which the newest are known by
	batchSize  = 1000
	everyValue = 10_000 // of a group are answered, as ours are: more than any has
)

// bleveIndex is an index of bleve.
type bleveIndex struct{ bleve.Index }

// newBleve writes places into a new index in a folder. When it returns they are on disk; files may still be merged (see settled).
func newBleve(b *testing.B, dir string, docs []search.Document) bleveIndex {
	b.Helper()
	index, err := bleve.New(dir, fields())
	must(b, err)
	b.Cleanup(func() { must(b, index.Close()) })
	batch := index.NewBatch()
	for part := range slices.Chunk(docs, batchSize) {
		for i := range part {
			must(b, batch.Index(part[i].ID, values(&part[i])))
		}
		must(b, index.Batch(batch))
		batch.Reset()
	}
	return bleveIndex{index}
}

// fields says what bleve holds: a text field for each of ours and each language, a field of plain values for each group, the day of publication.
func fields() mapping.IndexMapping {
	place := bleve.NewDocumentStaticMapping()
	for f := range search.FieldCount {
		for _, lang := range []i18n.Lang{i18n.KK, i18n.RU, i18n.EN, ""} {
			place.AddFieldMappingsAt(textField(f, lang), textMapping(lang))
		}
	}
	for _, f := range search.Facets() {
		place.AddFieldMappingsAt(string(f), valueMapping())
	}
	place.AddFieldMappingsAt(published, dayMapping())
	all := bleve.NewIndexMapping()
	all.DefaultMapping = place
	return all
}

// textField names the field of texts in a language.
func textField(f search.Field, lang i18n.Lang) string { return f.String() + "_" + string(lang) }

// textMapping is a text that is found through bleve's field of everything and never shown.
func textMapping(lang i18n.Lang) *mapping.FieldMapping {
	m := bleve.NewTextFieldMapping()
	m.Store, m.IncludeTermVectors, m.DocValues = false, false, false
	m.Analyzer = "standard" // bleve has no Kazakh
	if lang == i18n.RU || lang == i18n.EN {
		m.Analyzer = string(lang)
	}
	return m
}

// valueMapping is a value that filters and is counted.
func valueMapping() *mapping.FieldMapping {
	m := bleve.NewKeywordFieldMapping()
	m.Store, m.IncludeTermVectors, m.IncludeInAll = false, false, false
	return m
}

// dayMapping is a time to sort by.
func dayMapping() *mapping.FieldMapping {
	m := bleve.NewDateTimeFieldMapping()
	m.Store, m.IncludeInAll = false, false
	return m
}

// values are what bleve gets of a place.
func values(d *search.Document) map[string]any {
	out := map[string]any{published: d.PublishedAt}
	for _, f := range search.Facets() {
		out[string(f)] = d.FacetValues(f)
	}
	for f := range search.FieldCount {
		for _, p := range d.FieldTexts(f) {
			name := textField(f, p.Lang)
			texts, _ := out[name].([]string)
			out[name] = append(texts, p.Text)
		}
	}
	return out
}

// ask gives how many places answer.
func (x bleveIndex) ask(ctx context.Context, k kind, n int) (int, error) {
	req := bleve.NewSearchRequest(k.bleve(k.nth(n)))
	req.Size = search.DefaultPerPage
	for _, f := range k.groups() {
		req.AddFacet(string(f), bleve.NewFacetRequest(string(f), everyValue))
	}
	if len(k.order) > 0 {
		req.SortBy(k.order)
	}
	res, err := x.SearchInContext(ctx, req)
	if err != nil {
		return 0, err
	}
	return int(res.Total), nil
}

// settled waits until bleve has merged its files, which it does in the background: until they have kept their size for two seconds, a minute at most. It gives
// that size in bytes.
func settled(b *testing.B, dir string) int64 {
	b.Helper()
	size, same := sizeOf(b, dir), 0
	for wait := 0; same < 4 && wait < 120; wait++ {
		time.Sleep(500 * time.Millisecond)
		now := sizeOf(b, dir)
		same++
		if now != size {
			size, same = now, 0
		}
	}
	return size
}

// sizeOf sums the files in a folder. One that was merged away meanwhile counts nothing.
func sizeOf(b *testing.B, dir string) int64 {
	b.Helper()
	var sum int64
	must(b, filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	}))
	return sum
}
