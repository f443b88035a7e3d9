package language

// Allowed is how many typing errors a word of so many letters may have.
func Allowed(letters int) int {
	switch {
	case letters >= 9:
		return 2
	case letters >= 5:
		return 1
	}
	return 0
}

// Letters writes a folded word with one byte for each letter, to count typing errors as they were typed: in a key я and щ are several letters. Other
// scripts than Latin and Cyrillic keep their bytes.
func Letters(word string) string {
	out := make([]byte, 0, len(word))
	for _, r := range word {
		switch {
		case r >= 'а' && r <= 'я':
			out = append(out, byte(0x80+r-'а'))
		default:
			out = append(out, string(r)...)
		}
	}
	return string(out)
}

// Finder counts typing errors between one key (or word in [Letters]) and many: a letter wrong, missing or added, or two neighbours swapped (optimal string alignment). Make
// it with [NewFinder]; it is for one goroutine.
type Finder struct {
	key  string
	peq  [256]uint64 // by letter: where it stands in key
	last uint64
}

// NewFinder prepares a key; only its first 64 bytes count.
func NewFinder(key string) *Finder {
	f := &Finder{key: key[:min(len(key), 64)]}
	for i := 0; i < len(f.key); i++ {
		f.peq[f.key[i]] |= 1 << i
	}
	if len(f.key) > 0 {
		f.last = 1 << (len(f.key) - 1)
	}
	return f
}

// Distance counts the typing errors of a word; most+1 stands for any number above most.
func (f *Finder) Distance(word string, most int) int {
	m, n := len(f.key), len(word)
	if n > 64 {
		word, n = word[:64], 64
	}
	if m-n > most || n-m > most {
		return most + 1
	}
	if most < 2 {
		return atMostOne(f.key, word, most)
	}
	if m == 0 {
		return n
	}
	// Hyyrö's bit-parallel algorithm: one column of the table of distances in two words.
	vp, vn, d0, before := ^uint64(0), uint64(0), uint64(0), uint64(0)
	score := m
	for i := 0; i < n; i++ {
		eq := f.peq[word[i]]
		swapped := ((^d0 & eq) << 1) & before
		d0 = (((eq & vp) + vp) ^ vp) | eq | vn | swapped
		hp, hn := vn|^(d0|vp), d0&vp
		if hp&f.last != 0 {
			score++
		} else if hn&f.last != 0 {
			score--
		}
		if score-(n-1-i) > most {
			return most + 1
		}
		hp = hp<<1 | 1
		vp, vn = hn<<1|^(d0|hp), hp&d0
		before = eq
	}
	return min(score, most+1)
}

// atMostOne is Distance for at most one error, which most words are out of reach of after a letter or two.
func atMostOne(a, b string, most int) int {
	p := 0
	for p < len(a) && p < len(b) && a[p] == b[p] {
		p++
	}
	ra, rb := a[p:], b[p:]
	switch {
	case ra == rb:
		return 0
	case most == 0:
		return 1
	case len(ra) == len(rb)+1 && ra[1:] == rb, len(rb) == len(ra)+1 && rb[1:] == ra:
		return 1
	case len(ra) == len(rb) && (ra[1:] == rb[1:] || len(ra) > 1 && ra[0] == rb[1] && ra[1] == rb[0] && ra[2:] == rb[2:]):
		return 1
	}
	return 2
}

// MayBeNear reports whether two words can be at most one error apart, for callers with many words to look at: an error touches two neighbouring letters at
// most, so that in longer words the first two or the last two letters are the same.
func MayBeNear(a []byte, b string) bool {
	m, n := len(a), len(b)
	return m < 5 || n < 5 || a[0] == b[0] && a[1] == b[1] || a[m-1] == b[n-1] && a[m-2] == b[n-2]
}

// Distance counts the typing errors between two keys.
func Distance(a, b string) int { return NewFinder(a).Distance(b, max(len(a), len(b))) }
