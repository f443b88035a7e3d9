package webui

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/singleflight"
)

const (
	// pageLife is how old a page that strangers see may be. With the index, which follows within a second, a change is seen within two.
	pageLife = time.Second
	// mostPages bounds the memory: a results page is about 10 KB squeezed.
	mostPages = 1000
	// leastSqueezed is the size from which squeezing a page is worth its time: less fits into one packet.
	leastSqueezed = 1200
	squeezeLevel  = 5
)

// pageCache keeps pages as strangers see them for a moment, so that a rush on one page is one page's work. It keeps nothing that depends on a
// cookie. It is safe for parallel use.
type pageCache struct {
	writers sync.Pool
	flight  singleflight.Group
	mu      sync.Mutex
	pages   map[string]keptPage
}

type keptPage struct {
	made    time.Time
	status  int
	body    []byte
	headers [][2]string
}

func newPageCache() *pageCache { return &pageCache{pages: map[string]keptPage{}} }

// keptHeaders are those that a page sets for itself.
func keptHeaders() []string {
	return []string{fiber.HeaderContentType, fiber.HeaderContentEncoding, fiber.HeaderVary, fiber.HeaderCacheControl, fiber.HeaderETag}
}

// kept answers strangers from a page made within the last moment. Readers who are signed in, have a cookie, ask otherwise than by GET or ask for a
// part of the page (what a part says of its address stands in its head) get theirs made.
func (p *pageCache) kept(h handler) handler {
	return func(v *visit) error {
		asked := &v.c.Request().Header
		if v.c.Method() != fiber.MethodGet || len(asked.Peek(fiber.HeaderCookie)) > 0 || v.page.Reader != nil || len(asked.Peek("HX-Request")) > 0 {
			return h(v)
		}
		key := encoding(v.c) + "|" + address(v.c)
		if page, ok := p.fresh(key); ok {
			return page.send(v.c)
		}
		led := false
		made, err, _ := p.flight.Do(key, func() (any, error) {
			led = true
			return p.make(v, key, h)
		})
		if led {
			return err
		}
		page, ok := made.(keptPage)
		if err != nil || !ok { // the one it waited for failed, or its page was personal
			return h(v)
		}
		return page.send(v.c)
	}
}

// make makes the page and keeps it, if it may be.
func (p *pageCache) make(v *visit, key string, h handler) (any, error) {
	if err := h(v); err != nil {
		return nil, err
	}
	if v.personal || v.c.Response().StatusCode() != fiber.StatusOK {
		return nil, nil
	}
	page := keptPage{made: time.Now(), status: fiber.StatusOK, body: bytes.Clone(v.c.Response().Body())}
	for _, name := range keptHeaders() {
		if value := v.c.GetRespHeader(name); value != "" {
			page.headers = append(page.headers, [2]string{name, value})
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.pages) >= mostPages {
		for k, old := range p.pages {
			if time.Since(old.made) > pageLife {
				delete(p.pages, k)
			}
		}
		if len(p.pages) >= mostPages {
			clear(p.pages)
		}
	}
	p.pages[key] = page
	return page, nil
}

func (p *pageCache) fresh(key string) (keptPage, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	page, ok := p.pages[key]
	return page, ok && time.Since(page.made) <= pageLife
}

func (k keptPage) send(c *fiber.Ctx) error {
	for _, h := range k.headers {
		c.Set(h[0], h[1])
	}
	c.Status(k.status).Response().SetBodyRaw(k.body)
	return nil
}

// encoding is how a browser wants pages squeezed.
func encoding(c *fiber.Ctx) string {
	takes := strings.Split(strings.ReplaceAll(c.Get(fiber.HeaderAcceptEncoding), " ", ""), ",")
	if slices.Contains(takes, "gzip") {
		return "gzip"
	}
	return ""
}

// squeeze sends a body, squeezed where the browser takes that.
func (p *pageCache) squeeze(c *fiber.Ctx, body []byte) error {
	if len(body) < leastSqueezed || encoding(c) == "" {
		c.Response().SetBodyRaw(body)
		return nil
	}
	var b bytes.Buffer
	w, ok := p.writers.Get().(*gzip.Writer)
	if !ok {
		var err error
		if w, err = gzip.NewWriterLevel(&b, squeezeLevel); err != nil {
			return err
		}
	}
	defer p.writers.Put(w)
	w.Reset(&b)
	if _, err := w.Write(body); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	c.Response().SetBodyRaw(b.Bytes())
	return nil
}
