package webui

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/secrets"
)

// A page with a form belongs to one browser: strangers who ask for it at the same moment each get their own. One without is made once for all.
func TestOnlyPagesForEverybodyAreKept(t *testing.T) {
	say, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := secrets.Generate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	app := httpd.New(httpd.Config{Catalogue: say, Log: slog.New(slog.DiscardHandler)})
	s := &site{Deps: Deps{Catalogue: say, Ring: ring, Clock: cal.System()}, app: app, assets: &assets{}, pages: newPageCache()}
	var made atomic.Int64
	page := func(withForm bool) handler {
		return func(v *visit) error {
			made.Add(1)
			time.Sleep(20 * time.Millisecond) // long enough for all to wait for one
			return v.show(templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				text := "the same for all"
				if withForm {
					text = v.proof()
				}
				_, err := fmt.Fprint(w, text)
				return err
			}))
		}
	}
	s.public("/form", page(true))
	s.public("/plain", page(false))
	const strangers = 20
	ask := func(path string) (bodies map[string]int, cookies int) {
		var mu sync.Mutex
		var all sync.WaitGroup
		bodies = map[string]int{}
		for range strangers {
			all.Go(func() {
				a := send(t, app, http.MethodGet, path, "")
				mu.Lock()
				defer mu.Unlock()
				bodies[a.body]++
				if a.header.Get(fiber.HeaderSetCookie) != "" {
					cookies++
				}
			})
		}
		all.Wait()
		return bodies, cookies
	}
	if bodies, cookies := ask("/kk/form"); len(bodies) != strangers || cookies != strangers {
		t.Errorf("%d strangers share %d pages with a form, %d have a cookie of their own", strangers, len(bodies), cookies)
	}
	made.Store(0)
	if bodies, cookies := ask("/kk/plain"); len(bodies) != 1 || cookies != 0 || made.Load() > 2 {
		t.Errorf("a page for all is made %d times, with %d cookies", made.Load(), cookies)
	}
	made.Store(0)
	for i := range mostPages + 50 {
		s.pages.mu.Lock()
		s.pages.pages[fmt.Sprint(i)] = keptPage{made: time.Now()}
		s.pages.mu.Unlock()
	}
	send(t, app, http.MethodGet, "/ru/plain", "")
	if n := len(s.pages.pages); n > mostPages {
		t.Errorf("%d pages are kept, at most %d may be", n, mostPages)
	}
}
