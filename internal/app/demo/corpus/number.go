package corpus

import (
	"fmt"

	"github.com/orynda/orynda/internal/cal"
)

// checkDigit is the twelfth digit of a BIN or IIN for the first eleven; ok is false where no number has these eleven (Government
// Resolution No. 406 of 22.05.2007, as libraries compute it).
func checkDigit(d string) (digit int, ok bool) {
	first, second := 0, 0
	for i := range 11 {
		n := int(d[i] - '0')
		first += n * (i + 1)
		second += n * ((i+2)%11 + 1)
	}
	if first%11 < 10 {
		return first % 11, true
	}
	return second % 11, second%11 < 10
}

// complete appends the check digit to a prefix and a serial number, and takes the next serial where there is none. Serials of one
// stride never meet.
func complete(prefix string, width, serial, stride int) string {
	limit := 1
	for range width {
		limit *= 10
	}
	for {
		head := fmt.Sprintf("%s%0*d", prefix, width, serial%limit)
		if d, ok := checkDigit(head); ok {
			return head + string(rune('0'+d))
		}
		serial += stride
	}
}

// bin makes the synthetic BIN of the i-th organisation: registered between 2001 and 2020, a resident legal entity. Unique below
// 240 × 24,000.
func (c *Corpus) bin(i int) string {
	r := newRNG(c.seed, streamNumber, 0)
	month := (i + r.n(240)) % 240
	prefix := fmt.Sprintf("%02d%02d40", 1+month/12, 1+month%12)
	return complete(prefix, 5, 4*(i/240)+r.n(100000)/4*4, 1)
}

// BIN makes a synthetic BIN for an organisation that the demo world names itself, such as a chamber: different for each i below 100,000,
// and never that of an Enterprise or a College.
func (c *Corpus) BIN(i int) string { return c.bin(500_000 + i) }

// IIN makes a synthetic individual identification number for the birth day and sex, different for each i below 2,500 with the same
// birth day and sex. It is made up; a number of a real person would be chance.
func (c *Corpus) IIN(i int, birth cal.Day, female bool) string {
	y, m, d := birth.Date()
	century := 3
	if y >= 2000 {
		century = 5
	}
	if female {
		century++
	}
	prefix := fmt.Sprintf("%02d%02d%02d%d", y%100, int(m), d, century)
	return complete(prefix, 4, 4*i, 1)
}
