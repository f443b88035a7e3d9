package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/orynda/orynda/internal/secrets"
)

// sealed is a valid seal among the lines.
type sealed struct {
	seal  Seal
	hash  string
	line  int
	heads []SealedHead
	full  bool // heads are there and are those that were signed

	altered bool // heads were there and weren't those, which is a defect of its own
}

// sealSet is what the lines of several copies come to.
type sealSet struct {
	byHash map[string]*sealed
	order  []*sealed // by number
}

// readSeals reads lines of seal files and logs in any order, with repetitions.
func readSeals(in io.Reader, ring *secrets.Ring, r *Report) (*sealSet, error) {
	set := &sealSet{byHash: map[string]*sealed{}}
	lines := bufio.NewReader(in)
	for n := 1; ; n++ {
		text, err := lines.ReadBytes('\n')
		if text = bytes.TrimSpace(text); len(text) > 0 {
			set.take(text, n, ring, r)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	for _, s := range set.byHash {
		set.order = append(set.order, s)
		if !s.full && !s.altered {
			r.Defects = append(r.Defects, Defect{Flaw: SealUnlisted, Seal: s.seal.N, Line: s.line})
		}
	}
	slices.SortFunc(set.order, func(a, b *sealed) int {
		if a.seal.N != b.seal.N {
			return int(a.seal.N - b.seal.N)
		}
		return a.line - b.line
	})
	r.Seals = len(set.order)
	return set, nil
}

// take adds the seal of a line, or notes why it can't.
func (s *sealSet) take(text []byte, number int, ring *secrets.Ring, r *Report) {
	line, ok := parseLine(text)
	if !ok {
		r.Skipped++
		return
	}
	if !ring.SealVerify(line.Key, line.Seal.signed(), line.Sig) {
		r.Defects = append(r.Defects, Defect{Flaw: SealForged, Seal: line.Seal.N, Line: number})
		return
	}
	hash := hashOf(line.Seal)
	known := s.byHash[hash]
	if known == nil {
		known = &sealed{seal: line.Seal, hash: hash, line: number}
		s.byHash[hash] = known
	}
	switch {
	case line.Seal.Listed == 0:
		known.full = true
	case len(line.Heads) == 0: // from a log
	case !line.headsSigned():
		known.altered = true
		r.Defects = append(r.Defects, Defect{Flaw: SealAltered, Seal: line.Seal.N, Line: number})
	case !known.full:
		known.heads, known.full, known.line = line.Heads, true, number
	}
}

// headsSigned reports whether the listed heads are those under the signature.
func (l SealLine) headsSigned() bool {
	var m merkle
	for _, h := range l.Heads {
		m.add(canonical(h))
	}
	return m.n == l.Seal.Listed && m.root() == l.Seal.Changed
}

// parseLine finds the seal in a line of a seal file, of a JSON log (member "seal" as a text) or of a text log (seal="…").
func parseLine(text []byte) (SealLine, bool) {
	var line SealLine
	if json.Unmarshal(text, &line) == nil && line.Seal.N > 0 {
		return line, true
	}
	var logged struct {
		Seal string `json:"seal"`
	}
	if json.Unmarshal(text, &logged) == nil {
		return parseInner([]byte(logged.Seal))
	}
	const mark = ` seal="`
	at := bytes.Index(text, []byte(mark))
	if at < 0 {
		return SealLine{}, false
	}
	quoted, err := strconv.QuotedPrefix(string(text[at+len(mark)-1:]))
	if err != nil {
		return SealLine{}, false
	}
	inner, err := strconv.Unquote(quoted)
	if err != nil {
		return SealLine{}, false
	}
	return parseInner([]byte(inner))
}

func parseInner(text []byte) (SealLine, bool) {
	var line SealLine
	err := json.Unmarshal(text, &line)
	return line, err == nil && line.Seal.N > 0
}

// checkChain checks that every seal continues one that is there, and that the lines reach the store's last seal.
func (s *sealSet) checkChain(last *lastSeal, r *Report) {
	continued := map[string]bool{"": true}
	missing := map[int64]bool{}
	for _, x := range s.order {
		continued[x.seal.Prev] = true
		if x.seal.N > 1 {
			if before := s.byHash[x.seal.Prev]; before == nil || before.seal.N != x.seal.N-1 {
				missing[x.seal.N-1] = true
			}
		} else if x.seal.Prev != "" {
			missing[0] = true
		}
	}
	s.checkLast(last, missing, r)
	for n := range missing {
		r.Defects = append(r.Defects, Defect{Flaw: SealMissing, Seal: n})
	}
	for _, x := range s.order {
		if !continued[x.hash] && x != s.last(last) {
			r.Side++
		}
	}
	if x := s.last(last); x != nil {
		r.LastSeal = x.seal.At
	}
}

// checkLast compares the lines with the store's record. One seal more than it records is what a crash between the two leaves behind.
func (s *sealSet) checkLast(last *lastSeal, missing map[int64]bool, r *Report) {
	if last.N > 0 && s.byHash[last.Hash] == nil {
		missing[last.N] = true
	}
	if len(s.order) == 0 {
		return
	}
	if newest := s.order[len(s.order)-1]; newest.seal.N > last.N+1 {
		r.Defects = append(r.Defects, Defect{Flaw: SealForgotten, Seal: newest.seal.N, Line: newest.line})
	}
}

// last gives the end of the chain: the one the store records, or else the newest line.
func (s *sealSet) last(last *lastSeal) *sealed {
	if x := s.byHash[last.Hash]; x != nil {
		return x
	}
	if len(s.order) == 0 {
		return nil
	}
	return s.order[len(s.order)-1]
}

// checkRoot puts the listed heads of the whole chain over one another and compares with the last seal's root. With a seal or a list
// missing that can't be done, and says nothing.
func (s *sealSet) checkRoot(last *lastSeal, r *Report) {
	end := s.last(last)
	var chain []*sealed
	for x := end; x != nil; x = s.byHash[x.seal.Prev] {
		if !x.full {
			return
		}
		chain = append(chain, x)
	}
	if end == nil || int64(len(chain)) != end.seal.N {
		return
	}
	heads := map[string]SealedHead{}
	for _, x := range slices.Backward(chain) {
		for _, h := range x.heads {
			heads[h.Stream] = h
		}
	}
	var m merkle
	for _, stream := range slices.Sorted(maps.Keys(heads)) {
		m.add(canonical(heads[stream]))
	}
	if m.root() != end.seal.Root || m.n != end.seal.Streams {
		r.Defects = append(r.Defects, Defect{Flaw: SealIncorrect, Seal: end.seal.N, Line: end.line})
	}
}

// point is one entry that a seal vouches for.
type point struct {
	seq  int64
	hash string
	seal int64
}

// points gathers what the seals vouch for, by stream and in order, also of those beside the chain: they were signed too.
func (s *sealSet) points() map[string][]point {
	out := map[string][]point{}
	for _, x := range s.order {
		for _, h := range x.heads {
			list := out[h.Stream]
			if n := len(list); n > 0 && list[n-1].seq == h.Seq && list[n-1].hash == h.Hash {
				continue // listed again
			}
			out[h.Stream] = append(list, point{seq: h.Seq, hash: h.Hash, seal: x.seal.N})
		}
	}
	for _, list := range out {
		slices.SortStableFunc(list, func(a, b point) int { return int(a.seq - b.seq) })
	}
	return out
}
