package audit

// chain proves the entries of one stream, one after the other. It keeps the first flaw only: what comes after it follows from it.
type chain struct {
	stream string
	points []point // what seals vouch for, by number
	next   int     // the first point not compared yet
	seq    int64   // of the last good entry
	hash   string
	count  int64 // all entries, good or not
	defect *Defect
}

// add takes the next entry.
func (c *chain) add(e *storedEntry) {
	c.count++
	if c.defect != nil {
		return
	}
	want := c.seq + 1
	switch {
	case e.Seq > want:
		c.flaw(EntryMissing, want, 0)
	case e.Seq != want || e.Stream != c.stream || e.ID != entryID(c.stream, want) || e.Hash != e.digest():
		c.flaw(EntryChanged, want, 0)
	case e.Prev != c.hash:
		c.flaw(LinkBroken, want, 0)
	default:
		c.seq, c.hash = want, e.Hash
		c.compare()
	}
}

// compare holds the last good entry against the seals.
func (c *chain) compare() {
	for ; c.next < len(c.points) && c.points[c.next].seq <= c.seq; c.next++ {
		if p := c.points[c.next]; p.hash != c.hash {
			c.flaw(SealDiffers, c.seq, p.seal)
			return
		}
	}
}

// finish compares the end of the chain with the seals and the stored head, and gives the first flaw or nil.
func (c *chain) finish(h *head) *Defect {
	if c.defect != nil {
		return c.defect
	}
	switch {
	case c.next < len(c.points):
		c.flaw(TailMissing, c.seq+1, c.points[c.next].seal)
	case h == nil && c.count > 0:
		c.flaw(HeadMissing, c.seq, 0)
	case h == nil:
	case h.Seq > c.seq:
		c.flaw(TailMissing, c.seq+1, 0)
	case h.Seq != c.seq || h.Hash != c.hash:
		c.flaw(HeadReplaced, c.seq, 0)
	}
	return c.defect
}

func (c *chain) flaw(f Flaw, seq, seal int64) {
	c.defect = &Defect{Flaw: f, Stream: c.stream, Seq: seq, Seal: seal}
}

// unsealed counts the entries after the last one that a seal vouches for.
func (c *chain) unsealed() int64 {
	var last int64
	if n := len(c.points); n > 0 {
		last = c.points[n-1].seq
	}
	return max(0, c.count-last)
}
