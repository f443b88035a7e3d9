// Package app is the composition root: it reads the settings, opens the engines, makes the services, joins what the domains declare (collections, grants, event
// handlers, jobs), and runs the program. It is the only package that knows which engine stands behind a port.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/api"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/httpapi/contract"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/notifications/demobox"
	"github.com/orynda/orynda/internal/obs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/search/embedded"
	"github.com/orynda/orynda/internal/search/meili"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/internal/storage/mongodb"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

// Options is what differs between serving, the demo and the tests, beyond the settings.
type Options struct {
	Demo   bool                 // demo clock, readable mails, demo routes
	Chore  bool                 // never started: takes the data for what it is, the demo's or people's
	Log    *slog.Logger         //
	Mailer notifications.Mailer // nil: by the settings; in the demo the readable box
	Clock  cal.Clock            // nil: the machine's, in the demo a movable one
	Limits httpd.Limits         // zero: the defaults
	// Store, where it is set, stands before the database: tests count with it what a page asks.
	Store   func(storage.Engine) storage.Engine
	Version string
}

// App is the whole program. Make it with [New], run it with [App.Start], end it with [App.Stop].
type App struct {
	cfg     Config
	opt     Options
	log     *slog.Logger
	db      storage.Engine
	ring    *secrets.Ring
	clock   cal.Clock
	real    cal.Clock
	box     *outbox.Box
	trail   *audit.Trail
	say     *i18n.Catalogue
	engine  search.Engine
	lexicon *search.Lexicon // the engine's
	fiber   *fiber.App
	started atomic.Bool

	contract func() (*contract.Checker, error) // read once

	demoClock *demoClock
	demoBox   *demobox.Box
	embedded  *embedded.Engine // nil with a search server
	kept      *keptIndex       // nil with a search server, and before the start

	services
	listener      net.Listener
	served        chan error
	metrics       *obs.Metrics
	metricsServer *metricsServer
	noting        *noting
}

// New opens the engines and wires everything; nothing runs yet. The command line uses a program that was never started.
func New(ctx context.Context, cfg Config, opt Options) (_ *App, err error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Limits == (httpd.Limits{}) {
		opt.Limits = httpd.DefaultLimits()
	}
	a := &App{cfg: cfg, opt: opt, log: opt.Log, real: cal.System(), served: make(chan error, 1), metrics: obs.NewMetrics(opt.Version)}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close(context.WithoutCancel(ctx)))
		}
	}()
	// The contract is read beside the rest: it takes a sixth of a second, and only the edges need it.
	a.contract = sync.OnceValues(func() (*contract.Checker, error) { return contract.Load(ctx, api.OpenAPI()) })
	go func() { _, _ = a.contract() }() // whoever needs it asks for the error again
	steps := []func(context.Context) error{a.openStores, a.openClock, a.makeServices, a.makeHTTP}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// openStores opens the database, the keys, the catalogues and the search engine.
func (a *App) openStores(ctx context.Context) error {
	err := a.cfg.ensureDataDir()
	if err != nil {
		return err
	}
	if a.cfg.MongoDBURI != "" {
		a.db, err = mongodb.Open(ctx, a.cfg.MongoDBURI)
	} else {
		a.db, err = sqlitedb.Open(ctx, filepath.Join(a.cfg.DataDir, "orynda.db"))
	}
	if err != nil {
		a.db = nil
		return fmt.Errorf("the database can't be opened: %w", err)
	}
	a.db = a.metrics.Engine(a.db)
	if a.opt.Store != nil {
		a.db = a.opt.Store(a.db)
	}
	if a.ring, err = secrets.LoadOrCreate(a.cfg.secretsPath(), a.real.Now()); err != nil {
		return fmt.Errorf("the keys can't be read: %w", err)
	}
	if a.say, err = i18n.Load(); err != nil {
		return err
	}
	if a.reference, err = directory.LoadReference(); err != nil {
		return err
	}
	a.lexicon = indexing.Lexicon(a.reference)
	if a.cfg.MeilisearchURL != "" {
		a.engine, err = meili.New(a.lexicon, meili.Options{URL: a.cfg.MeilisearchURL, Key: a.cfg.MeilisearchKey})
	} else {
		a.embedded = embedded.New(a.lexicon)
		a.engine = a.embedded
	}
	return err
}

// openClock chooses the clock of the rules, and keeps demo and real data apart.
func (a *App) openClock(ctx context.Context) error {
	if a.opt.Chore {
		demo, err := isDemo(ctx, a.db)
		if err != nil {
			return err
		}
		a.opt.Demo = demo
	}
	if err := claimInstallation(ctx, a.db, a.opt.Demo, a.real.Now()); err != nil {
		return err
	}
	a.clock = a.opt.Clock
	if a.clock == nil && a.opt.Demo {
		var err error
		if a.demoClock, err = newDemoClock(ctx, a.db); err != nil {
			return err
		}
		a.clock = a.demoClock
	}
	if a.clock == nil {
		a.clock = a.real
	}
	return nil
}

// Start loads the search index, starts the outbox and listens. It returns when the program answers; Addr tells where.
func (a *App) Start(ctx context.Context, progress func(done int)) error {
	if err := a.loadIndex(ctx, progress); err != nil {
		return err
	}
	a.box.Start(context.WithoutCancel(ctx))
	a.keepIndex(ctx)
	var err error
	if a.listener, err = net.Listen("tcp", a.cfg.Addr); err != nil {
		return fmt.Errorf("ORYNDA_ADDR: %w", err)
	}
	if err := a.startMetrics(); err != nil {
		return err
	}
	a.startNoting()
	a.started.Store(true)
	go func() { a.served <- a.fiber.Listener(httpd.Listener(a.listener)) }()
	return nil
}

// Addr is where the program listens.
func (a *App) Addr() string {
	if a.listener == nil {
		return ""
	}
	return a.listener.Addr().String()
}

// Served gives the error that ended the listener, nil after Stop.
func (a *App) Served() <-chan error { return a.served }

// How long running requests may go on when the program stops, and then what runs beside them: a request that hangs takes none of the others' time.
const (
	requestsTimeout = 20 * time.Second
	workTimeout     = 20 * time.Second
)

// Stop ends the listener, waits for what runs, and closes everything. A second call does nothing.
func (a *App) Stop(ctx context.Context) error {
	var errsOf []error
	served := a.started.Swap(false)
	if served {
		requests, cancel := context.WithTimeout(ctx, requestsTimeout)
		errsOf = append(errsOf, a.fiber.ShutdownWithContext(requests))
		cancel()
	}
	ctx, cancel := context.WithTimeout(ctx, workTimeout)
	defer cancel()
	if served {
		errsOf = append(errsOf, a.metricsServer.stop(ctx), a.noting.stop(ctx))
	}
	errsOf = append(errsOf, a.box.Stop(ctx), a.kept.stop(ctx)) // Start may have failed after it began them
	return errors.Join(append(errsOf, a.close(ctx))...)
}

func (a *App) close(ctx context.Context) error {
	var errsOf []error
	if a.engine != nil {
		errsOf = append(errsOf, a.engine.Close())
		a.engine = nil
	}
	if a.db != nil {
		errsOf = append(errsOf, a.db.Close(ctx))
		a.db = nil
	}
	return errors.Join(errsOf...)
}
