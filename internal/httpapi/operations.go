package httpapi

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/search"
	"github.com/orynda/orynda/internal/storage"
)

// OperationsAPI serves health, readiness and the operator's views of undelivered work.
type OperationsAPI struct {
	DB              storage.Engine
	Search          search.Engine
	Box             *outbox.Box
	Indexing        *indexing.Service
	Policy          accounts.Policy
	Clock           cal.Clock
	Started         func() bool // the start is finished and no shutdown has begun
	Version         string
	ContractVersion string
	RulesVersion    string
	Demo            bool
}

// OperationsGrants is the operator's part of the policy table.
func OperationsGrants() []accounts.Grant {
	anyone, admin := []accounts.Relation{accounts.Anyone}, []accounts.Relation{accounts.PlatformAdmin}
	return []accounts.Grant{
		{Operation: "health", Relations: anyone},
		{Operation: "ready", Relations: anyone},
		{Operation: "getMeta", Relations: anyone},
		{Operation: "listOutboxEvents", Relations: admin},
		{Operation: "listDeadLetters", Relations: admin},
		{Operation: "retryDeadLetter", Relations: admin},
	}
}

// readyTimeout is how long a readiness check may wait for one part.
const readyTimeout = 2 * time.Second

// Health answers as long as the process can.
func (a *OperationsAPI) Health(context.Context, apigen.HealthRequestObject) (apigen.HealthResponseObject, error) {
	return apigen.Health200JSONResponse{Status: apigen.Ok}, nil
}

// Ready checks the storage and the start; the search engine is only reported.
func (a *OperationsAPI) Ready(ctx context.Context, _ apigen.ReadyRequestObject) (apigen.ReadyResponseObject, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	stored, started := a.DB.Ping(ctx) == nil, a.Started()
	checks := []apigen.ReadinessCheck{
		{Name: apigen.Storage, Ok: stored},
		{Name: apigen.Search, Ok: a.Search.Ready(ctx) == nil},
	}
	if stored && started {
		return apigen.Ready200JSONResponse{Status: apigen.ReadinessStatusReady, Checks: checks}, nil
	}
	return apigen.Ready503JSONResponse{Status: apigen.ReadinessStatusUnready, Checks: checks}, nil
}

// GetMeta tells what this installation is.
func (a *OperationsAPI) GetMeta(context.Context, apigen.GetMetaRequestObject) (apigen.GetMetaResponseObject, error) {
	return apigen.GetMeta200JSONResponse{
		Version: a.Version, ContractVersion: a.ContractVersion, LegalRulesVersion: a.RulesVersion,
		Storage: apigen.MetaStorage(a.DB.Name()), SearchEngine: apigen.MetaSearchEngine(a.Search.Name()),
		Languages: []apigen.AgreementLanguage{"kk", "ru", "en"}, Demo: a.Demo, Now: a.Clock.Now(),
	}, nil
}

// permit asks the policy for an operation on the platform itself.
func (a *OperationsAPI) permit(ctx context.Context, operation string) error {
	actor := httpd.Actor(ctx)
	return a.Policy.Permit(actor, operation, append(actor.RelationsTo(accounts.KindPlatform, accounts.PlatformID), accounts.Visible)...)
}

// ListOutboxEvents shows deliveries, newest first.
func (a *OperationsAPI) ListOutboxEvents(ctx context.Context, r apigen.ListOutboxEventsRequestObject) (apigen.ListOutboxEventsResponseObject, error) {
	if err := a.permit(ctx, "listOutboxEvents"); err != nil {
		return nil, err
	}
	cursor, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	filter := outbox.Filter{State: outbox.State(deref(r.Params.State)), Type: deref(r.Params.Kind), Subject: deref(r.Params.SubjectID)}
	page, err := a.Box.List(ctx, filter, cursor, limit)
	if err != nil {
		return nil, err
	}
	backlog, err := a.Box.Backlog(ctx)
	if err != nil {
		return nil, err
	}
	out := apigen.ListOutboxEvents200JSONResponse{
		Items: []apigen.OutboxEvent{}, NextCursor: some(page.Next.String()), Waiting: backlog.Waiting, Dead: backlog.Dead, OldestWaitingAt: timeOf(backlog.OldestAt),
	}
	for _, d := range page.Items {
		out.Items = append(out.Items, outboxEvent(d))
	}
	return out, nil
}

func outboxEvent(d *outbox.Delivery) apigen.OutboxEvent {
	e := apigen.OutboxEvent{
		ID: d.ID, State: apigen.OutboxEventState(d.State), Version: d.Version, CreatedAt: d.CreatedAt, Kind: d.Event.Type, Handler: d.Handler,
		SubjectID: d.Event.Subject, Attempts: d.Attempts, DeliveredAt: timeOf(d.DeliveredAt), ErrorCode: some(d.ErrorCode),
	}
	if d.State == outbox.Waiting {
		e.NextAttemptAt = timeOf(d.Due)
	}
	return e
}

// ListDeadLetters shows what was set aside, last first.
func (a *OperationsAPI) ListDeadLetters(ctx context.Context, r apigen.ListDeadLettersRequestObject) (apigen.ListDeadLettersResponseObject, error) {
	if err := a.permit(ctx, "listDeadLetters"); err != nil {
		return nil, err
	}
	cursor, limit, err := cursorOf(r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	filter := outbox.Filter{Type: deref(r.Params.Kind)}
	switch deref(r.Params.State) {
	case apigen.DeadLetterStateDead:
		filter.State = outbox.Dead
	case apigen.DeadLetterStateRetried:
		filter.State = outbox.Waiting
	}
	page, err := a.Box.DeadLetters(ctx, filter, cursor, limit)
	if err != nil {
		return nil, err
	}
	out := apigen.ListDeadLetters200JSONResponse{Items: []apigen.DeadLetter{}, NextCursor: some(page.Next.String())}
	for _, d := range page.Items {
		out.Items = append(out.Items, deadLetter(d))
	}
	return out, nil
}

func deadLetter(d *outbox.Delivery) apigen.DeadLetter {
	state := apigen.DeadLetterStateDead
	if d.State != outbox.Dead {
		state = apigen.DeadLetterStateRetried
	}
	return apigen.DeadLetter{
		ID: d.ID, State: state, Version: d.Version, CreatedAt: d.CreatedAt, EventID: d.Event.ID, Kind: d.Event.Type, Handler: d.Handler,
		SubjectID: d.Event.Subject, Attempts: d.Attempts, FirstFailedAt: d.FirstFailedAt, LastFailedAt: d.LastFailedAt,
		RetriedAt: timeOf(d.RetriedAt), ErrorCode: some(d.ErrorCode),
	}
}

// RetryDeadLetter puts a dead letter back in line.
func (a *OperationsAPI) RetryDeadLetter(ctx context.Context, r apigen.RetryDeadLetterRequestObject) (apigen.RetryDeadLetterResponseObject, error) {
	if err := a.permit(ctx, "retryDeadLetter"); err != nil {
		return nil, err
	}
	d, err := a.Box.RetryDead(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.RetryDeadLetter200JSONResponse(deadLetter(d)), nil
}

// RequestReindex leaves a request for a rebuild of the search index.
func (a *OperationsAPI) RequestReindex(ctx context.Context, _ apigen.RequestReindexRequestObject) (apigen.RequestReindexResponseObject, error) {
	if err := a.permit(ctx, "requestReindex"); err != nil {
		return nil, err
	}
	r, made, err := a.Indexing.Ask(ctx)
	if err != nil {
		return nil, err
	}
	if made {
		return apigen.RequestReindex201JSONResponse(reindex(r)), nil
	}
	return apigen.RequestReindex200JSONResponse(reindex(r)), nil
}

// GetReindex shows how far a rebuild is.
func (a *OperationsAPI) GetReindex(ctx context.Context, r apigen.GetReindexRequestObject) (apigen.GetReindexResponseObject, error) {
	if err := a.permit(ctx, "getReindex"); err != nil {
		return nil, err
	}
	out, err := a.Indexing.Request(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return apigen.GetReindex200JSONResponse(reindex(out)), nil
}

func reindex(r *indexing.Request) apigen.Reindex {
	return apigen.Reindex{
		ID: r.ID, State: apigen.ReindexState(r.State), Version: r.Version, CreatedAt: r.CreatedAt, StartedAt: timeOf(r.StartedAt),
		FinishedAt: timeOf(r.FinishedAt), Processed: r.Processed, Total: r.Total, ErrorCode: some(r.ErrorCode),
	}
}

// timeOf gives an optional time, nothing for the zero time.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
