package webui

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// The picture that shows a place where its address is shared.
const (
	cardWidth, cardHeight = 1200, 630
	cardMargin            = 72
	keptCards             = 200
)

// cards draws the pictures, one at a time, and keeps the last ones: drawing costs more than everything else on a page.
type cards struct {
	mu    sync.Mutex
	plain *opentype.Font
	bold  *opentype.Font
	kept  map[string][]byte
	order []string
}

// load reads the letters before the first picture.
func (c *cards) load() error {
	if c.kept != nil {
		return nil
	}
	plain, bold, err := paper.Faces()
	if err != nil {
		return err
	}
	if c.plain, err = opentype.Parse(plain); err != nil {
		return err
	}
	if c.bold, err = opentype.Parse(bold); err != nil {
		return err
	}
	c.kept = map[string][]byte{}
	return nil
}

// cardText is what stands on a picture.
type cardText struct {
	title, enterprise, town, seats string
	free, taken                    int
}

// card is the picture of a published place.
func (s *site) card(c *fiber.Ctx) error {
	lang := langOf(c.Query("lang"))
	views, err := s.Placements.PublicViews(c.UserContext(), []string{strings.Clone(c.Params("id"))})
	if err != nil {
		return err
	}
	if len(views) == 0 {
		return errs.New(errs.NotFound, "not_found")
	}
	v := views[0]
	data, err := s.kept.cards.picture(cardKey(v, lang), s.cardText(v, lang))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "image/png")
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return c.Send(data)
}

// cardKey changes with everything that the picture shows.
func cardKey(v *placements.View, lang i18n.Lang) string {
	return strings.Join([]string{v.Place.ID, string(lang), itoa(int(v.Place.Version)), itoa(int(v.Sheet.Version)), v.Enterprise.Name}, "|")
}

func (s *site) cardText(v *placements.View, lang i18n.Lang) cardText {
	seats := seatsOf(v.Sheet)
	out := cardText{title: v.Place.Title.In(lang), enterprise: v.Enterprise.Name, free: seats.Free, taken: seats.Taken}
	out.seats = s.Catalogue.Say(lang, "site.seats.free", map[string]any{"Count": seats.Free})
	if len(v.Place.Workplaces) > 0 {
		w := v.Place.Workplaces[0]
		out.town = s.Reference.CityName(w.Region, w.City, lang)
	}
	return out
}

// picture gives a picture, drawn now or kept.
func (c *cards) picture(key string, text cardText) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.load(); err != nil {
		return nil, err
	}
	if data, ok := c.kept[key]; ok {
		return data, nil
	}
	data, err := c.draw(text)
	if err != nil {
		return nil, err
	}
	if len(c.order) >= keptCards {
		delete(c.kept, c.order[0])
		c.order = c.order[1:]
	}
	c.kept[key], c.order = data, append(c.order, key)
	return data, nil
}

// The look's ink, muted and apricot.
func cardInk() color.Color     { return color.RGBA{0x15, 0x20, 0x2B, 0xFF} }
func cardMuted() color.Color   { return color.RGBA{0x4E, 0x5D, 0x68, 0xFF} }
func cardApricot() color.Color { return color.RGBA{0xF5, 0xB0, 0x41, 0xFF} }

func (c *cards) draw(t cardText) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, cardWidth, cardHeight))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, cardHeight-16, cardWidth, cardHeight), image.NewUniform(cardApricot()), image.Point{}, draw.Src)
	drawMark(img, cardMargin, 60)
	if err := c.write(img, c.bold, 40, cardInk(), cardMargin+100, 114, "Orynda"); err != nil {
		return nil, err
	}
	y, err := c.writeTitle(img, t.title)
	if err != nil {
		return nil, err
	}
	y += 16
	for _, line := range []string{t.enterprise, t.town} {
		if line == "" {
			continue
		}
		y += 52
		if err := c.write(img, c.plain, 34, cardMuted(), cardMargin, y, c.fitted(c.plain, 34, line)); err != nil {
			return nil, err
		}
	}
	x := drawSeats(img, cardMargin, cardHeight-130, t.free, t.taken)
	if err := c.write(img, c.bold, 36, cardInk(), x, cardHeight-96, t.seats); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = png.Encode(&out, img)
	return out.Bytes(), err
}

// writeTitle writes the title in at most three lines, smaller where it is long, and gives the last line's height.
func (c *cards) writeTitle(img draw.Image, title string) (y int, err error) {
	size, lines := 64.0, c.lines(c.bold, 64, title)
	if len(lines) > 2 {
		size, lines = 50, c.lines(c.bold, 50, title)
	}
	if len(lines) > 3 {
		lines = lines[:3]
		lines[2] += " …"
	}
	y = 150
	for _, line := range lines {
		y += int(size * 1.22)
		if err := c.write(img, c.bold, size, cardInk(), cardMargin, y, c.fitted(c.bold, size, line)); err != nil {
			return y, err
		}
	}
	return y, nil
}

func (c *cards) write(img draw.Image, f *opentype.Font, size float64, ink color.Color, x, y int, text string) error {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return err
	}
	d := font.Drawer{Dst: img, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(text)
	return face.Close()
}

// width is how long a text is, in pixels; a face that can't be made says so when it writes.
func (c *cards) width(f *opentype.Font, size float64, text string) int {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return 0
	}
	return font.MeasureString(face, text).Ceil()
}

// lines breaks a text between words.
func (c *cards) lines(f *opentype.Font, size float64, text string) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && c.width(f, size, longer) > cardWidth-2*cardMargin {
			out, line = append(out, line), word
			continue
		}
		line = longer
	}
	if line == "" {
		return out
	}
	return append(out, line)
}

// fitted cuts a line that is too long even alone.
func (c *cards) fitted(f *opentype.Font, size float64, text string) string {
	runes := []rune(text)
	for len(runes) > 1 && c.width(f, size, string(runes)) > cardWidth-2*cardMargin {
		runes = append(runes[:len(runes)-2], '…')
	}
	return string(runes)
}

// square draws one place: its border, and what fills it.
func square(img draw.Image, x, y, side, border int, fill color.Color) {
	draw.Draw(img, image.Rect(x, y, x+side, y+side), image.NewUniform(cardInk()), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(x+border, y+border, x+side-border, y+side-border), image.NewUniform(fill), image.Point{}, draw.Src)
}

func drawMark(img draw.Image, x, y int) {
	for i := range 9 {
		fill := color.Color(color.White)
		if i == 4 {
			fill = cardApricot()
		}
		square(img, x+(i%3)*26, y+(i/3)*26, 20, 4, fill)
	}
}

// drawSeats draws at most twelve seats, taken ones first as on the pages, and gives where a text may begin.
func drawSeats(img draw.Image, x, y, free, taken int) int {
	if free+taken > 12 {
		free, taken = 1, 0
	}
	for range taken {
		square(img, x, y, 40, 4, color.White)
		x += 52
	}
	for range free {
		square(img, x, y, 40, 4, cardApricot())
		x += 52
	}
	return x + 16
}
