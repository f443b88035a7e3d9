package audit

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/secrets"
)

func TestAppendChains(t *testing.T) {
	onEngines(t, func(w *world) {
		w.add("agreement:agr_1", 3)
		w.add("agreement:agr_10", 1)
		got, err := w.trail.Entries(w.ctx, "agreement:agr_1")
		w.must(err)
		if len(got) != 3 {
			w.t.Fatalf("%d entries", len(got))
		}
		prev := ""
		for i, e := range got {
			if e.Seq != int64(i+1) || e.Prev != prev || len(e.Hash) != 64 || !e.At.Equal(w.now) || e.Actor != "acc_1" || e.Data["a"] != "x" {
				w.t.Errorf("entry %d: %+v", i, e)
			}
			prev = e.Hash
		}
		if none, err := w.trail.Entries(w.ctx, "agreement:agr_2"); err != nil || len(none) != 0 {
			w.t.Errorf("a stream that isn't there: %v, %v", none, err)
		}
	})
}

// The documented form, so that somebody else can compute it.
func TestDigestIsTheDocumentedForm(t *testing.T) {
	e := &storedEntry{Stream: "agreement:agr_1", Seq: 2, At: time.Date(2027, 3, 1, 9, 0, 0, 5e6, time.UTC), Action: "agreement.signed", Actor: "acc_1", Data: map[string]string{"b": "<2>", "a": "1"}, Prev: "00"}
	want := `{"action":"agreement.signed","actor":"acc_1","at":"2027-03-01T09:00:00.005Z","data":{"a":"1","b":"<2>"},"prev":"00","seq":2,"session":"","stream":"agreement:agr_1","v":1}`
	if e.digest() != sha256Hex(want) {
		t.Errorf("digest %s, want %s", e.digest(), sha256Hex(want))
	}
}

func TestAppendRefusals(t *testing.T) {
	onEngines(t, func(w *world) {
		good := Entry{Stream: "account:acc_1", Action: "account.created"}
		if err := w.trail.Append(w.ctx, good); err == nil {
			w.t.Error("Append outside a transaction was taken")
		}
		for name, e := range map[string]Entry{
			"no stream":     {Action: "a.b"},
			"no id":         {Stream: "account:", Action: "a.b"},
			"separator":     {Stream: "account:a#1", Action: "a.b"},
			"no action":     {Stream: "account:acc_1"},
			"mail address":  {Stream: "account:acc_1", Action: "a.b", Data: map[string]string{"to": "a@b.kz"}},
			"IIN":           {Stream: "account:acc_1", Action: "a.b", Data: map[string]string{"x": "990101300123"}},
			"name as actor": {Stream: "account:acc_1", Action: "a.b", Actor: "Айгерім Сәрсенова"},
		} {
			if err := w.db.Tx(w.ctx, func(ctx context.Context) error { return w.trail.Append(ctx, e) }); err == nil {
				w.t.Errorf("%s: taken", name)
			}
		}
		failed := w.db.Tx(w.ctx, func(ctx context.Context) error {
			if err := w.trail.Append(ctx, good); err != nil {
				return err
			}
			return errs.New(errs.Conflict, "effect_failed")
		})
		if !errs.Has(failed, "effect_failed") {
			w.t.Error(failed)
		}
		if left, err := w.trail.Entries(w.ctx, "account:acc_1"); err != nil || len(left) != 0 {
			w.t.Errorf("entries without their effect: %v %v", left, err)
		}
	})
}

func TestParallelAppendsAreGapless(t *testing.T) {
	const parallel = 40
	onEngines(t, func(w *world) {
		ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
		defer cancel()
		var all sync.WaitGroup
		failed := make([]error, parallel)
		for i := range parallel {
			all.Go(func() {
				failed[i] = w.db.Tx(ctx, func(ctx context.Context) error {
					return w.trail.Append(ctx, Entry{Stream: "placement:plc_1", Action: "placement.changed", Data: map[string]string{"i": fmt.Sprint(i)}})
				})
			})
		}
		all.Wait()
		for _, err := range failed {
			w.must(err)
		}
		got, err := w.trail.Entries(w.ctx, "placement:plc_1")
		w.must(err)
		seen := map[string]bool{}
		for i, e := range got {
			if e.Seq != int64(i+1) {
				w.t.Errorf("number %d at place %d", e.Seq, i+1)
			}
			seen[e.Data["i"]] = true
		}
		if len(seen) != parallel {
			w.t.Errorf("%d different entries of %d", len(seen), parallel)
		}
		w.seal()
		if r := w.verify(nil); !r.OK() || r.Entries != parallel || r.Unsealed != 0 {
			w.t.Errorf("report %+v", r)
		}
	})
}

func TestVerifyIntact(t *testing.T) {
	onEngines(t, func(w *world) {
		if r := w.verifyNothing(); !r.OK() || r.Seals != 0 {
			w.t.Errorf("empty: %+v", r)
		}
		build(w)
		w.sealApart() // 4: agr 7; 5: lists nothing
		w.add("account:acc_1", 1)
		lines := w.lines()
		slices.Reverse(lines)
		if strings.Contains(w.lines()[4], `"heads"`) {
			w.t.Errorf("the last seal lists heads: %s", w.lines()[4])
		}
		gathered := append(slices.Concat(lines, lines, strings.Split(w.log.String(), "\n")), "", "a line of something else")
		for name, r := range map[string]*Report{"file": w.verify(nil), "gathered": w.verify(gathered)} {
			if !r.OK() || r.Seals != 5 || r.Streams != 3 || r.Entries != 10 || r.Unsealed != 1 || r.Side != 0 || r.LastSeal != "2027-03-01T14:00:00.000Z" {
				w.t.Errorf("%s: %+v", name, r)
			}
		}
		onlyLogs := w.verify(strings.Split(w.log.String(), "\n"))
		if onlyLogs.Seals != 5 || len(onlyLogs.Defects) != 4 || onlyLogs.Defects[0].Flaw != SealUnlisted || onlyLogs.Unsealed != 10 {
			w.t.Errorf("only logs: %+v", onlyLogs)
		}
		r, err := w.trail.VerifyFiles(w.ctx, w.ring, w.path, w.path)
		if err != nil || !r.OK() || r.Seals != 5 {
			w.t.Errorf("files: %+v %v", r, err)
		}
		var text bytes.Buffer
		w.must(r.Write(&text))
		if !strings.Contains(text.String(), "the trail is intact") {
			w.t.Error(text.String())
		}
	})
}

func TestVerifyFindsTheFirstFlaw(t *testing.T) {
	const agr, plc = "agreement:agr_1", "placement:plc_1"
	cases := map[string]struct {
		do   func(w *world)
		want Defect
	}{
		"changed entry":                    {func(w *world) { w.change(agr, 3, false, func(e *storedEntry) { e.Actor = "acc_2" }) }, Defect{Flaw: EntryChanged, Stream: agr, Seq: 3}},
		"changed time":                     {func(w *world) { w.change(agr, 1, false, func(e *storedEntry) { e.At = e.At.Add(time.Millisecond) }) }, Defect{Flaw: EntryChanged, Stream: agr, Seq: 1}},
		"changed data":                     {func(w *world) { w.change(agr, 7, false, func(e *storedEntry) { e.Data["n"] = "9" }) }, Defect{Flaw: EntryChanged, Stream: agr, Seq: 7}},
		"changed and hashed again":         {func(w *world) { w.change(agr, 6, true, func(e *storedEntry) { e.Action = "thing.other" }) }, Defect{Flaw: LinkBroken, Stream: agr, Seq: 7}},
		"changed at a seal":                {func(w *world) { w.change(agr, 4, true, func(e *storedEntry) { e.Action = "thing.other" }) }, Defect{Flaw: SealDiffers, Stream: agr, Seq: 4, Seal: 2}},
		"removed in the middle":            {func(w *world) { w.remove(agr, 3) }, Defect{Flaw: EntryMissing, Stream: agr, Seq: 3}},
		"removed first":                    {func(w *world) { w.remove(agr, 1) }, Defect{Flaw: EntryMissing, Stream: agr, Seq: 1}},
		"removed young tail":               {func(w *world) { w.remove(agr, 7) }, Defect{Flaw: TailMissing, Stream: agr, Seq: 7}},
		"whole chain rewritten":            {func(w *world) { w.rewrite(agr, 3) }, Defect{Flaw: SealDiffers, Stream: agr, Seq: 4, Seal: 2}},
		"chain rewritten after all seals":  {func(w *world) { w.rewrite(plc, 1) }, Defect{Flaw: SealDiffers, Stream: plc, Seq: 2, Seal: 1}},
		"head replaced":                    {func(w *world) { w.setHead(plc, 2, strings.Repeat("0", 64)) }, Defect{Flaw: HeadReplaced, Stream: plc, Seq: 2}},
		"head set back":                    {func(w *world) { w.setHead(agr, 6, w.hash(agr, 6)) }, Defect{Flaw: HeadReplaced, Stream: agr, Seq: 7}},
		"head removed":                     {func(w *world) { w.must(w.trail.heads.Delete(w.ctx, plc)) }, Defect{Flaw: HeadMissing, Stream: plc, Seq: 2}},
		"tail removed and head fitted":     {func(w *world) { cutTo(w, agr, 7, 4) }, Defect{Flaw: TailMissing, Stream: agr, Seq: 5, Seal: 3}},
		"whole stream removed":             {func(w *world) { cutTo(w, plc, 2, 0) }, Defect{Flaw: TailMissing, Stream: plc, Seq: 1, Seal: 1}},
		"entries removed and the head not": {func(w *world) { w.remove(plc, 1); w.remove(plc, 2) }, Defect{Flaw: TailMissing, Stream: plc, Seq: 1, Seal: 1}},
		"store forgets its seals":          {func(w *world) { w.must(w.trail.seals.Delete(w.ctx, lastSealID)) }, Defect{Flaw: SealForgotten, Seal: 3, Line: 3}},
	}
	onEngines(t, func(w *world) {
		for name, c := range cases {
			w.t.Run(name, func(t *testing.T) {
				w := w.again(t)
				build(w)
				c.do(w)
				if r := w.verify(nil); len(r.Defects) != 1 || r.Defects[0] != c.want {
					t.Errorf("got %v, want %v", r.Defects, c.want)
				}
			})
		}
	})
}

// What no seal vouches for yet can be cut unseen: the documented limit.
func TestYoungEntriesAreProvenByTheChainAlone(t *testing.T) {
	onEngines(t, func(w *world) {
		build(w)
		if r := w.verify(nil); r.Unsealed != 2 {
			w.t.Errorf("unsealed %d", r.Unsealed)
		}
		cutTo(w, "agreement:agr_1", 7, 5)
		if r := w.verify(nil); !r.OK() || r.Unsealed != 0 {
			w.t.Errorf("report %+v", r)
		}
	})
}

func TestVerifyFindsFlawsOfSeals(t *testing.T) {
	onEngines(t, func(w *world) {
		build(w)
		lines := w.lines()
		other, err := secrets.Generate(w.now)
		w.must(err)
		cases := map[string]struct {
			lines []string
			want  []Defect
		}{
			"missing in the middle": {[]string{lines[0], lines[2]}, []Defect{{Flaw: SealMissing, Seal: 2}}},
			"missing first":         {lines[1:], []Defect{{Flaw: SealMissing, Seal: 1}}},
			"missing last":          {lines[:2], []Defect{{Flaw: SealMissing, Seal: 3}}},
			"all missing":           {[]string{""}, []Defect{{Flaw: SealMissing, Seal: 3}}},
			"torn":                  {[]string{lines[0], lines[1][:100], lines[2]}, []Defect{{Flaw: SealMissing, Seal: 2}}},
			"root changed":          {[]string{lines[0], strings.Replace(lines[1], `"streams":2`, `"streams":3`, 1), lines[2]}, []Defect{{Flaw: SealForged, Seal: 2, Line: 2}, {Flaw: SealMissing, Seal: 2}}},
			"heads changed":         {[]string{lines[0], strings.Replace(lines[1], `"seq":4`, `"seq":3`, 1), lines[2]}, []Defect{{Flaw: SealAltered, Seal: 2, Line: 2}}},
			"heads taken out":       {[]string{lines[0], withoutHeads(lines[1]), lines[2]}, []Defect{{Flaw: SealUnlisted, Seal: 2, Line: 2}}},
			"other key":             {append(slices.Clone(lines), forge(t, other, lines[2])), []Defect{{Flaw: SealForged, Seal: 3, Line: 4}}},
			"wrong root, our key":   {append(slices.Clone(lines[:2]), forge(t, w.ring, lines[2])), []Defect{{Flaw: SealIncorrect, Seal: 3, Line: 3}, {Flaw: SealMissing, Seal: 3}}},
		}
		for name, c := range cases {
			w.t.Run(name, func(t *testing.T) {
				r := w.verify(c.lines)
				got := slices.Clone(r.Defects)
				byName := func(a, b Defect) int { return strings.Compare(a.String(), b.String()) }
				slices.SortFunc(got, byName)
				slices.SortFunc(c.want, byName)
				if !slices.Equal(got, c.want) {
					t.Errorf("got %v, want %v", got, c.want)
				}
			})
		}
	})
}

func withoutHeads(text string) string {
	line, _ := parseLine([]byte(text))
	line.Heads = nil
	return string(canonical(line))
}

// forge gives the line with another root, signed anew.
func forge(t *testing.T, ring *secrets.Ring, text string) string {
	t.Helper()
	line, ok := parseLine([]byte(text))
	if !ok {
		t.Fatal("no seal")
	}
	line.Seal.Root = strings.Repeat("0", 64)
	line.Key, line.Sig = ring.SealSign(line.Seal.signed())
	return string(canonical(line))
}

// A crash after the line and before the record leaves a line beside the chain. It is no defect, and still evidence.
func TestSealsBesideTheChain(t *testing.T) {
	onEngines(t, func(w *world) {
		w.add("agreement:agr_1", 2)
		w.seal()
		before, err := w.trail.seals.Get(w.ctx, lastSealID)
		w.must(err)
		w.add("agreement:agr_1", 1)
		w.seal() // its record is lost below
		after, err := w.trail.seals.Get(w.ctx, lastSealID)
		w.must(err)
		after.N, after.Hash, after.Recorded = before.N, before.Hash, before.Recorded
		w.must(w.trail.seals.Save(w.ctx, after))
		if r := w.verify(nil); !r.OK() {
			w.t.Errorf("right after the crash: %v", r.Defects)
		}
		w.add("agreement:agr_1", 1)
		w.seal()
		w.seal()
		if r := w.verify(nil); !r.OK() || r.Side != 1 || r.Seals != 4 {
			w.t.Errorf("report %+v", r)
		}
		w.rewrite("agreement:agr_1", 3)
		if r := w.verify(nil); len(r.Defects) != 1 || r.Defects[0].Seq != 3 || r.Defects[0].Seal != 2 {
			w.t.Errorf("the seal beside the chain vouches for entry 3: %v", r.Defects)
		}
	})
}

// slowWriter lets another sealer be faster.
type slowWriter struct{ meanwhile func() error }

func (s slowWriter) WriteSeal(context.Context, SealLine) error { return s.meanwhile() }

func TestSealRace(t *testing.T) {
	onEngines(t, func(w *world) {
		w.add("agreement:agr_1", 1)
		err := w.trail.SealHeads(w.ctx, w.now, w.ring, slowWriter{func() error { return w.trail.SealHeads(w.ctx, w.now, w.ring, w.file) }})
		if !errs.Has(err, "seal_raced") {
			w.t.Errorf("error %v", err)
		}
		if r := w.verify(nil); !r.OK() || r.Seals != 1 {
			w.t.Errorf("report %+v", r)
		}
	})
}

// A seal that couldn't be written isn't recorded, so the next one has its number.
func TestSealIsRecordedAfterItIsWritten(t *testing.T) {
	onEngines(t, func(w *world) {
		w.add("agreement:agr_1", 1)
		err := w.trail.SealHeads(w.ctx, w.now, w.ring, slowWriter{func() error { return io.ErrShortWrite }})
		if err == nil {
			w.t.Error("no error")
		}
		if n, at, err := w.trail.LastSeal(w.ctx); n != 0 || !at.IsZero() || err != nil {
			w.t.Errorf("before the first seal: %d %s %v", n, at, err)
		}
		w.seal()
		if n, at, err := w.trail.LastSeal(w.ctx); n != 1 || at.IsZero() || err != nil {
			w.t.Errorf("after the first seal: %d %s %v", n, at, err)
		}
		if r := w.verify(nil); !r.OK() || r.Seals != 1 {
			w.t.Errorf("report %+v", r)
		}
	})
}

// Verify runs beside writers without seeing flaws that aren't there.
func TestVerifyBesideWriters(t *testing.T) {
	onEngines(t, func(w *world) {
		w.seal()
		stop := make(chan struct{})
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-stop:
						return
					default:
					}
					err := w.db.Tx(w.ctx, func(ctx context.Context) error {
						return w.trail.Append(ctx, Entry{Stream: fmt.Sprintf("account:acc_%d", (i+n)%3), Action: "account.used"})
					})
					if err != nil {
						w.t.Error(err)
						return
					}
				}
			})
		}
		for range 5 {
			r, err := w.trail.Verify(w.ctx, w.ring, strings.NewReader(strings.Join(w.lines(), "\n")))
			if err != nil && !errs.Has(err, "busy") {
				w.t.Error(err)
			}
			if r != nil && !r.OK() {
				w.t.Errorf("%v", r.Defects)
			}
		}
		close(stop)
		all.Wait()
	})
}

func TestSealFileMendsATornEnd(t *testing.T) {
	onEngines(t, func(w *world) {
		w.add("agreement:agr_1", 1)
		w.seal()
		file, err := os.OpenFile(w.path, os.O_APPEND|os.O_WRONLY, 0)
		w.must(err)
		_, err = file.WriteString(`{"seal":{"at`)
		w.must(err)
		w.must(file.Close())
		w.seal()
		if r := w.verify(nil); !r.OK() || r.Seals != 2 || r.Skipped != 1 {
			w.t.Errorf("report %+v", r)
		}
		info, err := os.Stat(w.path)
		w.must(err)
		if info.Mode().Perm() != 0o600 {
			w.t.Errorf("mode %o", info.Mode().Perm())
		}
	})
}
