package webui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/web"
)

// assetFolder is where the files of the site lie below web.Static.
const assetFolder = "static/site"

// assets are the files of the site, squeezed once. Their addresses hold a mark of all contents together, so that a file may name its sister
// by a plain name, and browsers keep each version for ever.
type assets struct {
	mark  string
	files map[string]asset
}

type asset struct {
	kind                string
	plain, gzip, brotli []byte
}

func loadAssets() (*assets, error) {
	entries, err := web.Static().ReadDir(assetFolder)
	if err != nil {
		return nil, err
	}
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	for _, e := range entries {
		data, err := web.Static().ReadFile(assetFolder + "/" + e.Name())
		if err != nil {
			return nil, err
		}
		sum.Write([]byte(e.Name()))
		sum.Write(data)
		one := asset{kind: contentType(e.Name()), plain: data}
		if strings.HasPrefix(one.kind, "text/") || strings.HasPrefix(one.kind, "image/svg") {
			if one.gzip, one.brotli, err = squeeze(data); err != nil {
				return nil, err
			}
		}
		a.files[e.Name()] = one
	}
	a.mark = hex.EncodeToString(sum.Sum(nil))[:12]
	return a, nil
}

func squeeze(data []byte) (zipped, brotlied []byte, err error) {
	var z, b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err != nil {
		return nil, nil, err
	}
	bw := brotli.NewWriterLevel(&b, brotli.BestCompression)
	for _, w := range []interface {
		Write(p []byte) (int, error)
		Close() error
	}{zw, bw} {
		if _, err := w.Write(data); err != nil {
			return nil, nil, err
		}
		if err := w.Close(); err != nil {
			return nil, nil, err
		}
	}
	return z.Bytes(), b.Bytes(), nil
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	}
	return "text/plain; charset=utf-8"
}

// url is the address of a file.
func (a *assets) url(name string) string { return "/static/" + a.mark + "/" + name }

// mount serves the files. A mark of an older version gives the present file, not to be kept.
func (a *assets) mount(app *fiber.App) {
	app.Get("/static/:mark/:name", func(c *fiber.Ctx) error {
		f, ok := a.files[c.Params("name")]
		if !ok {
			return fiber.ErrNotFound
		}
		if c.Params("mark") == a.mark {
			c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		} else {
			c.Set(fiber.HeaderCacheControl, "no-cache")
		}
		c.Vary(fiber.HeaderAcceptEncoding)
		c.Set(fiber.HeaderContentType, f.kind)
		return c.Send(f.encoded(c))
	})
}

// encoded is the smallest form that the browser takes.
func (f asset) encoded(c *fiber.Ctx) []byte {
	takes := strings.Split(strings.ReplaceAll(c.Get(fiber.HeaderAcceptEncoding), " ", ""), ",")
	switch {
	case f.brotli != nil && slices.Contains(takes, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return f.brotli
	case f.gzip != nil && slices.Contains(takes, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return f.gzip
	}
	return f.plain
}
