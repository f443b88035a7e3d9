package corpus

// rng is a small generator (SplitMix64). math/rand would do, but its sequences are no promise between versions of Go; ours must be one.
type rng struct{ s uint64 }

// stream keeps independent draws apart: what is drawn for names doesn't move what is drawn for places.
type stream uint64

const (
	streamPlace stream = iota + 1
	streamOrder
	streamPerson
	streamEnterprise
	streamCollege
	streamNumber
	streamPlaceOf
)

func newRNG(seed uint64, s stream, i int) *rng {
	r := &rng{s: seed ^ uint64(s)*0x9e3779b97f4a7c15}
	r.s = r.next() ^ uint64(i)*0xd1342543de82ef95
	r.next()
	return r
}

func (r *rng) next() uint64 {
	r.s += 0x9e3779b97f4a7c15
	z := r.s
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// n draws from 0 to k-1; 0 when k is not positive.
func (r *rng) n(k int) int {
	if k <= 0 {
		return 0
	}
	return int(r.next() % uint64(k)) // k is positive and small
}

// between draws from lo to hi, both included.
func (r *rng) between(lo, hi int) int { return lo + r.n(hi-lo+1) }

// chance is true in pct of 100 draws.
func (r *rng) chance(pct int) bool { return r.n(100) < pct }

// some draws k different numbers below n, in rising order, or all when there are fewer.
func (r *rng) some(k, n int) []int {
	out := make([]int, 0, k)
	for i := range n {
		if r.n(n-i) < k-len(out) {
			out = append(out, i)
		}
	}
	return out
}

func pick[T any](r *rng, list []T) T { return list[r.n(len(list))] }
