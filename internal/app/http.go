package app

import (
	"context"
	"net"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/api"
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi"
	"github.com/orynda/orynda/internal/httpapi/contract"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/webui"
)

// makeHTTP mounts the edges on one fiber application.
func (a *App) makeHTTP(context.Context) error {
	checker, err := a.contract()
	if err != nil {
		return err
	}
	var pages webui.Refusals // made below, with the pages
	a.fiber = httpd.New(httpd.Config{
		Catalogue: a.say, Log: a.log, TrustedProxies: a.cfg.TrustedProxies, HTTPS: strings.HasPrefix(a.cfg.PublicURL, "https://"),
		Authenticate: func(ctx context.Context, token string) (accounts.Actor, error) {
			return a.accounts.Authenticate(ctx, token)
		},
		Begin: a.metrics.Begin,
		Page:  func(c *fiber.Ctx, e *errs.Error) (bool, error) { return pages(c, e) },
	})
	if a.opt.Demo {
		a.mountDemo(a.fiber)
	}
	limits := httpd.NewLimiter(a.opt.Limits)
	httpapi.MountDocs(a.fiber, api.OpenAPI())
	contractAPI := a.api(checker)
	httpapi.Mount(a.fiber, contractAPI, httpapi.Deps{Contract: checker, Policy: a.policy, DB: a.db, Clock: a.real, Limits: limits})
	if pages, err = a.mountSite(limits, contractAPI.AccountsAPI); err != nil {
		return err
	}
	a.fiber.Use(func(*fiber.Ctx) error { return fiber.ErrNotFound })
	return nil
}

// api joins the domains' parts of the contract.
func (a *App) api(checker *contract.Checker) *httpapi.API {
	views := &httpapi.PlacementsAPI{Service: a.placements, Reference: a.reference, Catalogue: a.say, Clock: a.clock}
	selectionAPI := &httpapi.SelectionAPI{Service: a.selection, Interviews: a.interviews, Reference: a.reference, Catalogue: a.say}
	views.Viewer, views.Saved = selectionAPI.PlacementViewer, a.saving.Saved
	directoryAPI := &httpapi.DirectoryAPI{Directory: a.directory, Catalogue: a.say}
	return &httpapi.API{
		AccountsAPI: &httpapi.AccountsAPI{
			Accounts: a.accounts, Catalogue: a.say, Enrolment: directoryAPI.OwnEnrolment, Guardians: directoryAPI.OwnGuardians, Wards: directoryAPI.OwnWards,
			CityName: a.reference.CityName,
		},
		DirectoryAPI:     directoryAPI,
		PlacementsAPI:    views,
		SearchAPI:        &httpapi.SearchAPI{Finding: a.finding, Views: views, Saving: a.saving, Selection: a.selection},
		SavingAPI:        &httpapi.SavingAPI{Saving: a.saving, Views: views},
		AskingAPI:        &httpapi.AskingAPI{Asking: a.asking},
		SelectionAPI:     selectionAPI,
		InterviewsAPI:    &httpapi.InterviewsAPI{Service: a.interviews, Reference: a.reference, Catalogue: a.say, PublicURL: a.publicURL()},
		AgreementsAPI:    &httpapi.AgreementsAPI{Agreements: a.agreements, Catalogue: a.say},
		NotificationsAPI: &httpapi.NotificationsAPI{Notifications: a.notifications},
		OperationsAPI: &httpapi.OperationsAPI{
			DB: a.db, Search: a.engine, Box: a.box, Indexing: a.indexing, Policy: a.policy, Clock: a.clock, Started: a.started.Load,
			Version: a.opt.Version, ContractVersion: checker.Doc().Info.Version, RulesVersion: rules.InForce(cal.DayOf(a.clock.Now())).Version, Demo: a.opt.Demo,
		},
	}
}

// metricsServer answers /metrics on a listener of its own.
type metricsServer struct {
	stopServing context.CancelFunc
	done        chan error
}

// startMetrics listens where ORYNDA_METRICS_ADDR says, if it says anything.
func (a *App) startMetrics() error {
	if a.cfg.MetricsAddr == "" {
		return nil
	}
	listener, err := net.Listen("tcp", a.cfg.MetricsAddr)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.metricsServer = &metricsServer{stopServing: cancel, done: make(chan error, 1)}
	go func() { a.metricsServer.done <- a.metrics.Serve(ctx, listener) }()
	return nil
}

// stop ends the listener and waits for it.
func (m *metricsServer) stop(ctx context.Context) error {
	if m == nil {
		return nil
	}
	m.stopServing()
	select {
	case err := <-m.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
