package audit

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Flaw is what a verification found.
type Flaw string

// The flaws of streams and of seals.
const (
	EntryChanged  Flaw = "entry_changed"  // its content doesn't give its hash
	EntryMissing  Flaw = "entry_missing"  // a number is left out
	LinkBroken    Flaw = "link_broken"    // it doesn't continue the entry before: one of the two was replaced
	SealDiffers   Flaw = "seal_differs"   // it isn't the entry that was sealed: the chain was rewritten from here or before
	TailMissing   Flaw = "tail_missing"   // the stream ends before its sealed or stored head
	HeadReplaced  Flaw = "head_replaced"  // the stored head isn't the last entry
	HeadMissing   Flaw = "head_missing"   // there are entries and no head
	SealForged    Flaw = "seal_forged"    // its signature isn't one of our keys'
	SealAltered   Flaw = "seal_altered"   // the heads it lists aren't those that were signed
	SealUnlisted  Flaw = "seal_unlisted"  // no line holds the heads it lists (logs don't): it vouches for no entry
	SealMissing   Flaw = "seal_missing"   // another seal continues it, or the store knows it, and no line holds it
	SealIncorrect Flaw = "seal_incorrect" // its root isn't that of the sealed heads
	SealForgotten Flaw = "seal_forgotten" // the store's record of the last seal is older than the lines, or gone
)

// Defect is one flaw and its place.
type Defect struct {
	Flaw   Flaw
	Stream string // "" for a flaw of a seal
	Seq    int64  // entry, in a stream
	Seal   int64  // number of the seal that shows it, 0 when none does
	Line   int    // line of the seals that shows it, 0 when none does
}

// String writes the defect as one line.
func (d Defect) String() string {
	var b strings.Builder
	b.WriteString(string(d.Flaw))
	if d.Stream != "" {
		fmt.Fprintf(&b, " stream %s entry %d", d.Stream, d.Seq)
	}
	if d.Seal != 0 {
		fmt.Fprintf(&b, " seal %d", d.Seal)
	}
	if d.Line != 0 {
		fmt.Fprintf(&b, " line %d", d.Line)
	}
	return b.String()
}

// Report is the result of a verification.
type Report struct {
	Streams  int64
	Entries  int64
	Unsealed int64  // entries younger than their stream's last seal: proven by the chain alone
	Sealed   bool   // whether seals were given
	Seals    int    // different valid seals among the lines
	Side     int    // those of them that no seal continues, beside the last: from a crash or a race, and true all the same
	LastSeal string // when the last one was made
	Skipped  int    // lines that hold no seal
	Defects  []Defect
}

// OK reports whether nothing is wrong.
func (r *Report) OK() bool { return len(r.Defects) == 0 }

// Write writes the report for an operator: figures first, then a line for each defect.
func (r *Report) Write(w io.Writer) error {
	_, err := fmt.Fprintf(w, "streams %d, entries %d, of them %d proven by the chain alone\n", r.Streams, r.Entries, r.Unsealed)
	if err != nil {
		return err
	}
	seals := "no seals given: a chain that was rewritten whole can't be told\n"
	if r.Sealed {
		seals = fmt.Sprintf("seals %d (beside the chain %d, other lines %d), last %s\n", r.Seals, r.Side, r.Skipped, orNone(r.LastSeal))
	}
	if _, err := io.WriteString(w, seals); err != nil {
		return err
	}
	for _, d := range r.Defects {
		if _, err := fmt.Fprintln(w, d); err != nil {
			return err
		}
	}
	result := "the trail is intact\n"
	if !r.OK() {
		result = fmt.Sprintf("%d defects\n", len(r.Defects))
	}
	_, err = io.WriteString(w, result)
	return err
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// sort puts seals before streams, each in order.
func (r *Report) sort() {
	slices.SortStableFunc(r.Defects, func(a, b Defect) int {
		if c := strings.Compare(a.Stream, b.Stream); c != 0 {
			return c
		}
		return int(a.Seal - b.Seal)
	})
}
