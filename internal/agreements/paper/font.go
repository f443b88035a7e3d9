package paper

import (
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode"
)

// style chooses one of the two built-in faces.
type style int

const (
	regular style = iota
	bold
)

//go:embed fonts/GolosText-Regular.ttf fonts/GolosText-Bold.ttf
var fontFiles embed.FS

// face is a TrueType font with what layout needs of it: which characters it draws and how wide they are.
type face struct {
	file       []byte
	unitsPerEm int
	advance    map[rune]int // in font units; a rune that is absent here has no glyph
}

func loadFaces() (faces [2]*face, err error) {
	for s, name := range map[style]string{regular: "fonts/GolosText-Regular.ttf", bold: "fonts/GolosText-Bold.ttf"} {
		file, err := fontFiles.ReadFile(name)
		if err != nil {
			return faces, err
		}
		if faces[s], err = parseFace(file); err != nil {
			return faces, fmt.Errorf("paper: %s: %w", name, err)
		}
	}
	return faces, nil
}

// parseFace reads the character map (format 4, the one the PDF library uses too) and the widths of a TrueType file.
func parseFace(file []byte) (f *face, err error) {
	// A font file is full of offsets; one recover for a bad one is clearer than forty bounds checks.
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("broken font file: %v", r)
		}
	}()
	tables := map[string][]byte{}
	for i := range int(u16(file, 4)) {
		entry := file[12+16*i:]
		offset := binary.BigEndian.Uint32(entry[8:])
		tables[string(entry[:4])] = file[offset : offset+binary.BigEndian.Uint32(entry[12:])]
	}
	for _, name := range []string{"head", "hhea", "hmtx", "cmap"} {
		if tables[name] == nil {
			return nil, fmt.Errorf("no table %s", name)
		}
	}
	sub, err := unicodeSubtable(tables["cmap"])
	if err != nil {
		return nil, err
	}
	f = &face{file: file, unitsPerEm: int(u16(tables["head"], 18)), advance: map[rune]int{}}
	metrics := int(u16(tables["hhea"], 34))
	for r, glyph := range glyphs(sub) {
		f.advance[r] = int(u16(tables["hmtx"], 4*min(glyph, metrics-1)))
	}
	return f, nil
}

func unicodeSubtable(cmap []byte) ([]byte, error) {
	for i := range int(u16(cmap, 2)) {
		platform, encoding := u16(cmap, 4+8*i), u16(cmap, 6+8*i)
		sub := cmap[binary.BigEndian.Uint32(cmap[8+8*i:]):]
		if u16(sub, 0) == 4 && (platform == 0 || platform == 3 && encoding == 1) {
			return sub, nil
		}
	}
	return nil, errors.New("no Unicode character map of format 4")
}

// glyphs reads a format 4 subtable: segments of characters with a shared offset to their glyph numbers.
func glyphs(sub []byte) map[rune]int {
	twice := int(u16(sub, 6))
	ends, starts := 14, 16+twice
	deltas, offsets := starts+twice, starts+2*twice
	out := map[rune]int{}
	for s := 0; s < twice; s += 2 {
		start, end := int(u16(sub, starts+s)), int(u16(sub, ends+s))
		delta, offset := int(u16(sub, deltas+s)), int(u16(sub, offsets+s))
		for c := start; c <= end && c != 0xFFFF; c++ {
			glyph := c + delta
			if offset != 0 {
				if glyph = int(u16(sub, offsets+s+offset+2*(c-start))); glyph != 0 {
					glyph += delta
				}
			}
			if glyph &= 0xFFFF; glyph != 0 {
				out[rune(c)] = glyph
			}
		}
	}
	return out
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }

// draws reports whether the face has a visible, meaningful glyph (or space) for r. Private-use and format characters are refused even where
// the font maps them: they print as something nobody typed, or as nothing.
func (f *face) draws(r rune) bool {
	if unicode.Is(unicode.Co, r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || r == unicode.ReplacementChar {
		return false
	}
	_, ok := f.advance[r]
	return ok
}

// width measures a text in millimetres at a size in points.
func (f *face) width(s string, size float64) float64 {
	units := 0
	for _, r := range s {
		units += f.advance[r]
	}
	return float64(units) / float64(f.unitsPerEm) * size * mmPerPoint
}

const mmPerPoint = 25.4 / 72

// Faces gives the built-in faces as TrueType files, for whoever draws with the paper's letters elsewhere.
func Faces() (plain, strong []byte, err error) {
	if plain, err = fontFiles.ReadFile("fonts/GolosText-Regular.ttf"); err != nil {
		return nil, nil, err
	}
	strong, err = fontFiles.ReadFile("fonts/GolosText-Bold.ttf")
	return plain, strong, err
}
