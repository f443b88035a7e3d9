package embedded

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"math"

	"github.com/orynda/orynda/internal/i18n"
)

// A snapshot is a header, blocks and a checksum. Numbers are varints (encoding/binary), texts their length and bytes:
//
//	"ORYNDAIX" | format | lexicon's version | stamp | documents | words
//	kind (1 byte) | length (4 bytes, little endian) | payload      again and again, kinds in their order
//	blockEnd | CRC-32C of all before (4 bytes, little endian)
//
// Blocks of a kind follow each other and are cut between entries, so that neither side holds more than some megabytes of the file.
const (
	snapshotMagic  = "ORYNDAIX"
	snapshotFormat = 2

	blockSize = 1 << 20   // a block ends with the entry that passes it
	maxBlock  = 256 << 20 // none is longer: a single word's list at tens of millions of documents
	maxHeader = 1 << 12   // bytes of a text in the header
)

// The kinds of blocks.
const (
	blockEnd    byte = iota
	blockWords       // by word, in their order: the word; its form and whether it is a strong one
	blockTexts       // by document: id, reference, title
	blockRows        // by document: its numbers and sites
	blockPost        // by word: 0 and the documents, or which word, counted from 1, has the same ones; the fields, 0 and once where they are the same for all, else 1 and each
	blockFlow        // by document: its words in their order
	blockValues      // by column: its values
	blockFacets      // by document: the values of each column
	blockLabels      // one by one
	blockKinds       // how many kinds there are
)

// SnapshotError says why a snapshot can't be used: it is damaged or cut off, or was made by another program, lexicon or format. The index must
// then be built of the store.
type SnapshotError struct{ Why string }

// Error implements error.
func (e *SnapshotError) Error() string { return "search snapshot: " + e.Why }

func damaged(what string) error { return &SnapshotError{Why: "damaged: " + what} }

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// snapshotWriter writes blocks and sums them up. The first error stays.
type snapshotWriter struct {
	out  *bufio.Writer
	sum  hash.Hash32
	kind byte
	b    []byte // the payload of the block that is being filled
	err  error
}

func newSnapshotWriter(w io.Writer) *snapshotWriter {
	sum := crc32.New(castagnoli())
	return &snapshotWriter{out: bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<16), sum: sum}
}

func (w *snapshotWriter) raw(b []byte) {
	if w.err == nil {
		_, w.err = w.out.Write(b)
	}
}

// begin says of which kind the next entries are.
func (w *snapshotWriter) begin(kind byte) {
	w.flush()
	w.kind = kind
}

// entry ends an entry, and the block with it when that is full.
func (w *snapshotWriter) entry() {
	if len(w.b) >= blockSize {
		w.flush()
	}
}

func (w *snapshotWriter) flush() {
	if len(w.b) == 0 {
		return
	}
	if len(w.b) > maxBlock && w.err == nil {
		w.err = errors.New("search snapshot: one entry is too long")
	}
	w.raw(binary.LittleEndian.AppendUint32([]byte{w.kind}, uint32(min(len(w.b), maxBlock))))
	w.raw(w.b)
	w.b = w.b[:0]
}

// finish writes the checksum.
func (w *snapshotWriter) finish() error {
	w.flush()
	w.raw([]byte{blockEnd})
	if w.err == nil {
		w.err = w.out.Flush()
	}
	if w.err == nil {
		w.raw(binary.LittleEndian.AppendUint32(nil, w.sum.Sum32()))
	}
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}

func (w *snapshotWriter) number(n uint64) { w.b = binary.AppendUvarint(w.b, n) }

func (w *snapshotWriter) signed(n int64) { w.b = binary.AppendVarint(w.b, n) }

func (w *snapshotWriter) float(f float64) {
	w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(f))
}

func (w *snapshotWriter) text(s string) {
	w.number(uint64(len(s)))
	w.b = append(w.b, s...)
}

func (w *snapshotWriter) names(t i18n.Text) {
	w.text(t.KK)
	w.text(t.RU)
	w.text(t.EN)
}

// block is the payload of one block, read entry by entry. The first thing that isn't right ends it: bad says what, and what is read
// afterwards is zero. Its texts share one piece of memory.
type block struct {
	kind byte
	b    []byte
	at   int
	text string // the same bytes, once a text was read
	bad  string
}

func (r *block) more() bool { return r.bad == "" && r.at < len(r.b) }

func (r *block) fail(what string) {
	if r.bad == "" {
		r.bad = what
	}
	r.at = len(r.b)
}

func (r *block) number() uint64 {
	if r.at < len(r.b) && r.b[r.at] < 0x80 { // most are
		r.at++
		return uint64(r.b[r.at-1])
	}
	n, size := binary.Uvarint(r.b[r.at:])
	if size <= 0 {
		r.fail("a number")
		return 0
	}
	r.at += size
	return n
}

// below reads a number that must be less than a limit.
func (r *block) below(limit int, what string) uint32 {
	n := r.number()
	if n >= uint64(limit) {
		r.fail(what)
		return 0
	}
	return uint32(n)
}

// count reads how many entries follow; each takes a byte at least.
func (r *block) count() int {
	n := r.number()
	if n > uint64(len(r.b)-r.at) {
		r.fail("a count")
		return 0
	}
	return int(n)
}

func (r *block) signed() int64 {
	n, size := binary.Varint(r.b[r.at:])
	if size <= 0 {
		r.fail("a number")
		return 0
	}
	r.at += size
	return n
}

func (r *block) int32() int32 {
	n := r.signed()
	if n < math.MinInt32 || n > math.MaxInt32 {
		r.fail("a number")
		return 0
	}
	return int32(n)
}

func (r *block) float() float64 {
	if len(r.b)-r.at < 8 {
		r.fail("a point")
		return 0
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64(r.b[r.at:]))
	r.at += 8
	return f
}

func (r *block) string() string {
	n := r.count()
	if r.text == "" {
		r.text = string(r.b)
	}
	s := r.text[r.at : r.at+n]
	r.at += n
	return s
}

func (r *block) names() i18n.Text { return i18n.Text{KK: r.string(), RU: r.string(), EN: r.string()} }

// summedReader reads and sums up what it read.
type summedReader struct {
	from io.Reader
	sum  hash.Hash32
	used chan []byte // memory of blocks that were read, for the next ones
}

func (r *summedReader) full(b []byte) error {
	if _, err := io.ReadFull(r.from, b); err != nil {
		return cutOff(err)
	}
	_, _ = r.sum.Write(b) // a hash takes everything
	return nil
}

// cutOff tells an end that comes too early from a disk that fails.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged("cut off")
	}
	return err
}

// bytes reads n bytes. The memory grows with what comes, whatever was promised.
func (r *summedReader) bytes(n int) ([]byte, error) {
	var out []byte
	select {
	case out = <-r.used:
		out = out[:0]
	default:
		out = make([]byte, 0, min(n, 2*blockSize))
	}
	for len(out) < n {
		step := min(n-len(out), max(2*blockSize, len(out)))
		at := len(out)
		out = append(out, make([]byte, step)...)
		if err := r.full(out[at:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ReadByte implements io.ByteReader, for the numbers of the header.
func (r *summedReader) ReadByte() (byte, error) {
	var b [1]byte
	err := r.full(b[:])
	return b[0], err
}

func (r *summedReader) number() (uint64, error) {
	n, err := binary.ReadUvarint(r)
	var refused *SnapshotError
	if err != nil && !errors.As(err, &refused) {
		return 0, damaged("a number")
	}
	return n, err
}

func (r *summedReader) string() (string, error) {
	n, err := r.number()
	if err == nil && n > maxHeader {
		err = damaged("a text")
	}
	if err != nil {
		return "", err
	}
	b, err := r.bytes(int(n))
	return string(b), err
}

// again takes a block's memory back; nothing may point to it any more.
func (r *summedReader) again(b *block) {
	select {
	case r.used <- b.b:
	default:
	}
}

// next reads a block; that of kind blockEnd is empty.
func (r *summedReader) next() (*block, error) {
	kind, err := r.ReadByte()
	if err != nil {
		return nil, err
	}
	if kind == blockEnd {
		return &block{}, nil
	}
	var length [4]byte
	if err := r.full(length[:]); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(length[:])
	if kind >= blockKinds || n == 0 || n > maxBlock {
		return nil, damaged("a block")
	}
	b, err := r.bytes(int(n))
	return &block{kind: kind, b: b}, err
}

// checksum reads the sum at the end and compares.
func (r *summedReader) checksum() error {
	want := r.sum.Sum32()
	var b [4]byte
	if _, err := io.ReadFull(r.from, b[:]); err != nil {
		return cutOff(err)
	}
	if binary.LittleEndian.Uint32(b[:]) != want {
		return damaged("the checksum differs")
	}
	return nil
}
