package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
)

// Verify proves all chains, and against the seals when seals isn't nil: lines of seal files and of logs, of several copies, in any order and
// with repetitions. It may run beside a working program. The report names the first flaw of each stream and every flaw of the seals;
// the error is for what couldn't be read.
func (t *Trail) Verify(ctx context.Context, ring *secrets.Ring, seals io.Reader) (*Report, error) {
	v := verifier{t: t, report: &Report{Sealed: seals != nil}}
	if seals != nil {
		// The record before the lines: a seal made meanwhile is then one line too many at most, which is allowed.
		last, err := t.seals.Get(ctx, lastSealID)
		if storage.IsNotFound(err) {
			last, err = &lastSeal{}, nil
		}
		if err != nil {
			return nil, err
		}
		set, err := readSeals(seals, ring, v.report)
		if err != nil {
			return nil, err
		}
		set.checkChain(last, v.report)
		set.checkRoot(last, v.report)
		v.points = set.points()
	}
	if err := v.streams(ctx); err != nil {
		return nil, err
	}
	v.report.sort()
	return v.report, nil
}

// VerifyFiles is Verify with the lines of files, for the command line; without a path only the chains are proven.
func (t *Trail) VerifyFiles(ctx context.Context, ring *secrets.Ring, paths ...string) (report *Report, err error) {
	if len(paths) == 0 {
		return t.Verify(ctx, ring, nil)
	}
	var parts []io.Reader
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("audit: seals: %w", err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		parts = append(parts, f, strings.NewReader("\n")) // a torn end must not swallow the next file's first line
	}
	return t.Verify(ctx, ring, io.MultiReader(parts...))
}

// verifier goes through all entries once, stream by stream.
type verifier struct {
	t      *Trail
	report *Report
	heads  map[string]*head
	points map[string][]point
}

// streams proves every stream that has entries, a head or a seal. The heads are read first: of a stream that grows meanwhile the head seems
// old, so whatever seems wrong is looked at again by itself.
func (v *verifier) streams(ctx context.Context) error {
	if err := v.loadHeads(ctx); err != nil {
		return err
	}
	suspects, err := v.pass(ctx)
	if err != nil {
		return err
	}
	for _, stream := range suspects {
		if err := v.again(ctx, stream); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) loadHeads(ctx context.Context) error {
	v.heads = map[string]*head{}
	return v.t.heads.Each(ctx, storage.Query{}, func(h *head) error {
		v.heads[h.ID] = h
		return nil
	})
}

// pass reads all entries in the order of their ids, which is stream by stream, and gives the streams that seem wrong.
func (v *verifier) pass(ctx context.Context) (suspects []string, err error) {
	seen := map[string]bool{}
	var c *chain
	end := func() {
		if c == nil {
			return
		}
		v.report.Entries += c.count
		v.report.Unsealed += c.unsealed()
		if c.finish(v.heads[c.stream]) != nil {
			suspects = append(suspects, c.stream)
		}
	}
	err = v.t.entries.Each(ctx, storage.Query{}, func(e *storedEntry) error {
		stream, _, _ := strings.Cut(e.ID, "#")
		if c == nil || c.stream != stream {
			end()
			seen[stream] = true
			c = &chain{stream: stream, points: v.points[stream]}
		}
		c.add(e)
		return nil
	})
	end()
	for stream := range v.heads {
		if !seen[stream] {
			seen[stream] = true
			suspects = append(suspects, stream)
		}
	}
	for stream := range v.points {
		if !seen[stream] {
			seen[stream] = true
			suspects = append(suspects, stream)
		}
	}
	v.report.Streams = int64(len(seen))
	return suspects, err
}

// again proves one stream from a head and entries that belong together.
func (v *verifier) again(ctx context.Context, stream string) error {
	const tries = 10
	for range tries {
		before, err := v.head(ctx, stream)
		if err != nil {
			return err
		}
		c := &chain{stream: stream, points: v.points[stream]}
		entries, err := v.t.load(ctx, stream)
		if err != nil {
			return err
		}
		for _, e := range entries {
			c.add(e)
		}
		after, err := v.head(ctx, stream)
		if err != nil {
			return err
		}
		if (before == nil) != (after == nil) || (before != nil && before.Version != after.Version) {
			continue // it grew
		}
		if d := c.finish(after); d != nil {
			v.report.Defects = append(v.report.Defects, *d)
		}
		return nil
	}
	return errs.New(errs.Unavailable, "busy").WithCause(fmt.Errorf("audit: stream %s grows too fast to be read", stream))
}

// head gives nil when there is none.
func (v *verifier) head(ctx context.Context, stream string) (*head, error) {
	h, err := v.t.heads.Get(ctx, stream)
	if storage.IsNotFound(err) {
		return nil, nil
	}
	return h, err
}
