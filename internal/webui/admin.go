package webui

import (
	"context"
	"net/url"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/admin"
	"github.com/orynda/orynda/web/ui"
)

// Operations is what the platform's administrator looks after.
type Operations struct {
	Box          *outbox.Box
	Indexing     *indexing.Service
	Trail        *audit.Trail
	Search       search.Engine
	Policy       accounts.Policy
	Storage      string // name of the storage engine
	Version      string
	RulesVersion string // of the legal checks in force
}

// How much an administrator's pages show.
const (
	adminPerPage = 50
	retryBatch   = 200 // dead letters put back in line at once
)

// adminRoutes are the pages of the platform's administrator, who sees ids and codes and nobody's data.
func (s *site) adminRoutes() {
	s.own("/admin", s.administered("listOutboxEvents", s.adminHome))
	s.change("/admin/index", s.administered("requestReindex", s.adminReindex))
	for _, at := range []string{"colleges", "chambers"} {
		operation := map[string]string{"colleges": "createCollege", "chambers": "createChamber"}[at]
		s.own("/admin/"+at, s.administered(operation, func(v *visit) error { return s.adminOrganisations(v, at) }))
		s.own("/admin/"+at+"/new", s.administered(operation, func(v *visit) error {
			return v.show(admin.NewPage(admin.New{At: at, Form: &ui.Form{}, Cities: s.cityOptions(v)}))
		}))
		s.change("/admin/"+at+"/new", s.administered(operation, func(v *visit) error { return s.adminCreate(v, at) }))
	}
	s.own("/admin/outbox", s.administered("listOutboxEvents", s.adminOutbox))
	s.own("/admin/dead", s.administered("listDeadLetters", s.adminDead))
	s.change("/admin/dead/retry", s.administered("retryDeadLetter", s.adminRetryAll))
	s.own("/admin/searches", s.administered("getNothingFound", s.adminSearches))
	s.own("/admin/searches.csv", s.administered("getNothingFound", s.adminSearchesFile))
	s.change("/admin/dead/:one/retry", s.administered("retryDeadLetter", s.adminRetry))
}

// administered lets only those through whom the policy allows an operation on the platform; for others the page isn't there.
func (s *site) administered(operation string, h handler) handler {
	return func(v *visit) error {
		if s.Operations == nil {
			return errs.New(errs.NotFound, "not_found")
		}
		have := v.actor.RelationsTo(accounts.KindPlatform, accounts.PlatformID)
		if err := s.Operations.Policy.Permit(v.actor, operation, have...); err != nil {
			return err
		}
		return h(v)
	}
}

func (s *site) adminHome(v *visit) error {
	o, ctx := s.Operations, v.ctx()
	h := admin.Home{IndexReady: o.Search.Ready(ctx) == nil, IndexName: o.Search.Name(), Version: o.Version, RulesVersion: o.RulesVersion, Storage: o.Storage}
	var err error
	if h.Backlog, err = o.Box.Backlog(ctx); err != nil {
		return err
	}
	if h.SealNumber, h.SealedAt, err = o.Trail.LastSeal(ctx); err != nil {
		return err
	}
	if h.IndexCount, err = o.Search.Count(ctx); err != nil {
		h.IndexReady = false // the index doesn't answer; the rest of the page does
	}
	if id := v.query("rebuild"); id != "" {
		if h.Rebuild, err = o.Indexing.Request(ctx, id); err != nil {
			return err
		}
	}
	return v.show(admin.HomePage(h))
}

func (s *site) adminReindex(v *visit) error {
	r, made, err := s.Operations.Indexing.Ask(v.ctx())
	if err != nil {
		return v.refusedAct(err, "/admin")
	}
	done := "admin.rebuild_runs"
	if made {
		done = "admin.rebuild"
	}
	return v.goTo("/admin?rebuild="+url.QueryEscape(r.ID), done)
}

func (s *site) adminOrganisations(v *visit, at string) error {
	after, err := v.cursor()
	if err != nil {
		return err
	}
	d := admin.Organisations{At: at, Q: v.query("q")}
	var next storage.Cursor
	if at == "colleges" {
		next, err = s.adminColleges(v, &d, after)
	} else {
		next, err = s.adminChambers(v, &d, after)
	}
	if err != nil {
		return err
	}
	if !next.IsZero() {
		d.Next = "/admin/" + at + "?q=" + url.QueryEscape(d.Q) + "&cursor=" + next.String()
	}
	return v.show(admin.OrganisationsPage(d))
}

func (s *site) adminCreate(v *visit, at string) error {
	f := v.form()
	in := institutionInput(f)
	in.BIN, in.Name = saidIn(f, "bin"), saidIn(f, "name")
	if f.Value("legal_names.kk") != "" || f.Value("legal_names.ru") != "" {
		in.LegalNames = &i18n.Text{KK: f.Value("legal_names.kk"), RU: f.Value("legal_names.ru")}
	}
	in.FirstMember.Email, in.FirstMember.FullName = f.Value("first_member.email"), f.Value("first_member.full_name")
	create := s.adminCreateChamber
	if at == "colleges" {
		create = s.adminCreateCollege
	}
	err := create(v, f, in)
	if err == nil {
		return v.goTo("/admin/"+at, "admin.created_"+at)
	}
	if !v.refused(err, f, collegeField) {
		return err
	}
	nameFields(v, f, keyed("site.admin.f."))
	return v.again(admin.NewPage(admin.New{At: at, Form: f, Cities: s.cityOptions(v)}))
}

// outboxState reads a state of deliveries; what is none shows all.
func outboxState(text string) outbox.State {
	switch state := outbox.State(text); state {
	case outbox.Waiting, outbox.InProgress, outbox.Delivered, outbox.Dead:
		return state
	}
	return ""
}

func (s *site) adminOutbox(v *visit) error {
	d := admin.Outbox{State: string(outboxState(v.query("state")))}
	return s.adminDeliveries(v, &d, func(ctx context.Context, after storage.Cursor) (storage.Page[*outbox.Delivery], error) {
		return s.Operations.Box.List(ctx, outbox.Filter{State: outbox.State(d.State)}, after, adminPerPage)
	})
}

func (s *site) adminDead(v *visit) error {
	d := admin.Outbox{Dead: true, State: "dead"}
	filter := outbox.Filter{State: outbox.Dead}
	if v.query("state") == "retried" {
		d.State, filter.State = "retried", outbox.Waiting
	}
	return s.adminDeliveries(v, &d, func(ctx context.Context, after storage.Cursor) (storage.Page[*outbox.Delivery], error) {
		return s.Operations.Box.DeadLetters(ctx, filter, after, adminPerPage)
	})
}

func (s *site) adminDeliveries(
	v *visit, d *admin.Outbox, list func(ctx context.Context, after storage.Cursor) (storage.Page[*outbox.Delivery], error),
) error {
	after, err := v.cursor()
	if err != nil {
		return err
	}
	page, err := list(v.ctx(), after)
	if err != nil {
		return err
	}
	if d.Backlog, err = s.Operations.Box.Backlog(v.ctx()); err != nil {
		return err
	}
	d.Items = page.Items
	if !page.Next.IsZero() {
		at := "outbox"
		if d.Dead {
			at = "dead"
		}
		d.Next = "/admin/" + at + "?state=" + d.State + "&cursor=" + page.Next.String()
	}
	return v.show(admin.OutboxPage(*d))
}

func (s *site) adminRetry(v *visit) error {
	if _, err := s.Operations.Box.RetryDead(v.ctx(), v.param("one")); err != nil {
		return v.refusedAct(err, "/admin/dead")
	}
	return v.goTo("/admin/dead", "admin.retried")
}

// adminRetryAll puts a batch of dead letters back in line, those that were set aside last.
func (s *site) adminRetryAll(v *visit) error {
	page, err := s.Operations.Box.DeadLetters(v.ctx(), outbox.Filter{State: outbox.Dead}, storage.Cursor{}, retryBatch)
	if err != nil {
		return err
	}
	for _, d := range page.Items {
		if _, err := s.Operations.Box.RetryDead(v.ctx(), d.ID); err != nil {
			return v.refusedAct(err, "/admin/dead")
		}
	}
	return v.goTo("/admin/dead", "admin.retried_all")
}
