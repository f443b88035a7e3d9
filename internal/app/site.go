package app

import (
	"context"
	"strings"

	"github.com/orynda/orynda/internal/app/demo"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/httpapi"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/webui"
	"github.com/orynda/orynda/web/ui"
)

// mountSite mounts the pages and gives what shows their refusals.
func (a *App) mountSite(limits *httpd.Limiter, own *httpapi.AccountsAPI) (webui.Refusals, error) {
	d := webui.Deps{
		Accounts: a.accounts, Directory: a.directory, Reference: a.reference, Placements: a.placements, Finding: a.finding, Selection: a.selection,
		Interviews: a.interviews, Agreements: a.agreements, Notifications: a.notifications, Saving: a.saving, Asking: a.asking, Quietly: a.quietly, Catalogue: a.say, Ring: a.ring, Clock: a.clock, Limits: limits,
		PublicURL: a.publicURL(), HTTPS: strings.HasPrefix(a.cfg.PublicURL, "https://"), Log: a.log,
		Export: func(ctx context.Context) (any, error) { return own.Export(ctx) },
	}
	d.Operations = &webui.Operations{
		Box: a.box, Indexing: a.indexing, Trail: a.trail, Search: a.engine, Policy: a.policy, Storage: a.db.Name(), Version: a.opt.Version,
		RulesVersion: rules.InForce(cal.DayOf(a.clock.Now())).Version,
	}
	if a.opt.Demo && a.demoClock != nil {
		d.Demo = a.demoBar()
	}
	return webui.Mount(a.fiber, d)
}

// demoBar is what the bar of the demo's pages can do.
func (a *App) demoBar() *webui.Demo {
	return &webui.Demo{Password: demo.Password, Advance: a.advanceDemo, Mails: a.demoMailsSent, Accounts: []ui.DemoAccount{
		{Key: "student", Email: "student@demo.orynda.kz"}, {Key: "student2", Email: "student2@demo.orynda.kz"}, {Key: "minor", Email: "minor@demo.orynda.kz"},
		{Key: "guardian", Email: "guardian@demo.orynda.kz"}, {Key: "citizen", Email: "citizen@demo.orynda.kz"},
		{Key: "undergraduate", Email: "undergraduate@demo.orynda.kz"}, {Key: "enterprise", Email: "hr@saryarqa-energo.demo.orynda.kz"},
		{Key: "motors", Email: "hr@temir-motors.demo.orynda.kz"}, {Key: "newcomer", Email: "new@enterprise.demo.orynda.kz"},
		{Key: "college", Email: "college@karaganda.demo.orynda.kz"}, {Key: "university", Email: "university@almaty.demo.orynda.kz"},
		{Key: "chamber", Email: "chamber@karaganda.demo.orynda.kz"}, {Key: "admin", Email: "admin@demo.orynda.kz"},
	}}
}

// advanceDemo moves the demo's clock by an ISO 8601 duration and carries out what that makes due: errs.Invalid for what is no duration.
func (a *App) advanceDemo(ctx context.Context, by string) error {
	d, ok := parseDuration(by)
	if !ok {
		return errs.InvalidFields([]errs.Field{{Field: "advance", Code: "bad_format"}})
	}
	if err := a.demoClock.advance(ctx, d); err != nil {
		return err
	}
	return a.settleDemo(ctx)
}

func (a *App) demoMailsSent(ctx context.Context) ([]webui.DemoMail, error) {
	list, err := a.demoBox.List(ctx, "", mostDemoMails)
	if err != nil {
		return nil, err
	}
	out := make([]webui.DemoMail, 0, len(list))
	for _, m := range list {
		out = append(out, webui.DemoMail{ID: m.ID, HTML: m.HTML, To: m.To, Subject: m.Subject, Text: m.Text, Code: m.Code, SentAt: m.SentAt})
	}
	return out, nil
}
