package placements

import (
	"context"
	"log/slog"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// Directory is what placements asks of the directory; *directory.Service gives it. What doesn't exist is errs.NotFound.
type Directory interface {
	Enterprise(ctx context.Context, id string) (*directory.Enterprise, error)
	College(ctx context.Context, id string) (*directory.College, error)
	Chamber(ctx context.Context, id string) (*directory.Chamber, error)
	Mentor(ctx context.Context, id string) (*directory.Mentor, error)
	ChamberOf(ctx context.Context, region string) (*directory.Chamber, error)
	Enterprises(ctx context.Context, ids ...string) (map[string]*directory.Enterprise, error)
	Mentors(ctx context.Context, ids ...string) (map[string]*directory.Mentor, error)
}

// Deps is what the service needs.
type Deps struct {
	DB        storage.Engine
	Clock     cal.Clock
	Policy    accounts.Policy
	Box       *outbox.Box
	Trail     *audit.Trail
	Log       *slog.Logger
	Directory Directory
	Reference *directory.Reference
}

// Service is the placements domain's operations. The function fields lead upwards; the composition root sets them before the first
// call. A field that is nil knows nothing: no similar places, no parties, nobody waiting.
type Service struct {
	d        Deps
	places   *storage.Collection[Placement, *Placement]
	sheets   *storage.Collection[Sheet, *Sheet]
	versions *storage.Collection[Version, *Version]
	filings  *storage.Collection[Filing, *Filing]
	counters *storage.Collection[counter, *counter]
	imports  *storage.Collection[Import, *Import]
	stats    *storage.Collection[Stats, *Stats]

	shownPlaces *storage.Memory[Placement, *Placement] // for PublicViews
	shownSheets *storage.Memory[Sheet, *Sheet]
	shownStats  *storage.Memory[Stats, *Stats]

	// Similar gives the ids of open places like a closed one, nearest first (search).
	Similar func(ctx context.Context, p *Placement) ([]string, error)
	// Parties gives the actor's relations through the applications for a place: Self, Guardian, CollegeCoordinator, CollegeSignatory
	// (selection).
	Parties func(ctx context.Context, a accounts.Actor, placementID string) ([]accounts.Relation, error)
	// AwaitingAnswer counts the live applications of an enterprise that wait for its answer beyond their time, or any at all after ten went
	// unanswered (selection). It runs in the caller's transaction.
	AwaitingAnswer func(ctx context.Context, enterpriseID string) (int, error)
	// SeatUse splits the seats taken of places into open offers and active matches, by place (selection).
	SeatUse func(ctx context.Context, placementIDs ...string) (map[string]SeatUse, error)
}

// SeatUse is what a place's seats are taken by.
type SeatUse struct {
	Offers  int // open ones
	Matches int // active ones
}

// Specs lists the collections, for storage.Ensure.
func Specs() []storage.Spec {
	return []storage.Spec{placementSpec(), sheetSpec(), versionSpec(), filingSpec(), counterSpec(), importSpec(), statsSpec()}
}

// Migrations change what earlier versions stored.
func Migrations(db storage.Engine) []storage.Migration {
	return []storage.Migration{
		{ID: "0002_filings_by_change", Up: storage.Open[Filing](db, filingSpec()).Rekey},
		{ID: "0003_places_about", Up: storage.Open[Placement](db, placementSpec()).Rekey},
	}
}

// New makes the service. The collections ([Specs]) must exist before anything else is called.
func New(d Deps) *Service {
	s := &Service{
		d:        d,
		places:   storage.Open[Placement](d.DB, placementSpec()),
		sheets:   storage.Open[Sheet](d.DB, sheetSpec()),
		versions: storage.Open[Version](d.DB, versionSpec()),
		filings:  storage.Open[Filing](d.DB, filingSpec()),
		counters: storage.Open[counter](d.DB, counterSpec()),
		imports:  storage.Open[Import](d.DB, importSpec()),
		stats:    storage.Open[Stats](d.DB, statsSpec()),
	}
	s.shownPlaces, s.shownSheets = storage.NewMemory(s.places, keptPlaces), storage.NewMemory(s.sheets, keptPlaces)
	s.shownStats = storage.NewMemory(s.stats, keptPlaces)
	return s
}

// Grants is the domain's part of the table of permissions.
func Grants() []accounts.Grant {
	hr := []accounts.Relation{accounts.EnterpriseHR}
	members := []accounts.Relation{accounts.EnterpriseHR, accounts.EnterpriseInterviewer, accounts.EnterpriseSignatory}
	registrar := []accounts.Relation{accounts.ChamberRegistrar}
	parties := append([]accounts.Relation{
		accounts.Self, accounts.Guardian, accounts.CollegeCoordinator, accounts.CollegeSignatory, accounts.ChamberRegistrar,
	}, members...)
	return []accounts.Grant{
		{Operation: "createPlacement", Relations: hr},
		{Operation: "getPlacement", Relations: []accounts.Relation{accounts.Anyone}},
		{Operation: "updatePlacement", Relations: hr},
		{Operation: "publishPlacement", Relations: hr},
		{Operation: "pausePlacement", Relations: hr},
		{Operation: "resumePlacement", Relations: hr},
		{Operation: "closePlacement", Relations: hr},
		{Operation: "clonePlacement", Relations: hr},
		{Operation: "listPlacementVersions", Relations: parties},
		{Operation: "importPlacements", Relations: hr},
		{Operation: "listEnterprisePlacements", Relations: members},
		{Operation: "listFilings", Relations: registrar},
		{Operation: "listPlacementFilings", Relations: append(registrar, members...)},
		{Operation: "decideFiling", Relations: registrar},
	}
}

// RelationsTo gives how the actor stands to a place: as a member of its enterprise, as registrar of a chamber it was filed with, and, once it was
// published, as anybody who knows of it.
func (s *Service) RelationsTo(a accounts.Actor, p *Placement) []accounts.Relation {
	out := a.RelationsTo(accounts.KindEnterprise, p.EnterpriseID)
	if a.IsSystem() {
		return out
	}
	for _, chamberID := range p.Chambers {
		if a.MemberOf(chamberID, accounts.RoleRegistrar) {
			out = append(out, accounts.ChamberRegistrar)
		}
	}
	if !p.PublishedAt.IsZero() {
		out = append(out, accounts.Visible)
	}
	return out
}

// missing names the thing that isn't there.
func missing(err error, thing string) error {
	if storage.IsNotFound(err) {
		return errs.Missing(thing)
	}
	return err
}

// Placement reads a place, whatever its state, without asking who wants it: for services. NotFound placement_not_found.
func (s *Service) Placement(ctx context.Context, placementID string) (*Placement, error) {
	p, err := s.places.Get(ctx, placementID)
	if err != nil {
		return nil, missing(err, "placement")
	}
	return s.settled(ctx, p)
}

// Many reads several places at once, by id and as [Service.Placement] gives them, for lists of other services; those that don't exist are left out.
func (s *Service) Many(ctx context.Context, placementIDs ...string) (map[string]*Placement, error) {
	stored, err := s.places.GetMany(ctx, placementIDs...)
	if err != nil {
		return nil, err
	}
	list := make([]*Placement, 0, len(stored))
	for _, p := range stored {
		list = append(list, p)
	}
	return s.settledMany(ctx, list)
}

// LockSheet takes a place's owner document for the transaction of ctx: NotFound placement_not_found. It is the first thing to take of a
// place.
func (s *Service) LockSheet(ctx context.Context, placementID string) (*Sheet, error) {
	sh, err := s.sheets.Lock(ctx, placementID)
	if err != nil {
		return nil, missing(err, "placement")
	}
	sh.seen = sh.mark()
	return sh, nil
}

// Sheet reads a place's owner document without taking it: NotFound placement_not_found.
func (s *Service) Sheet(ctx context.Context, placementID string) (*Sheet, error) {
	sh, err := s.sheets.Get(ctx, placementID)
	return sh, missing(err, "placement")
}

// SaveSheet writes the owner document back, and tells the index when what it shows has changed: state, free seats, live applications.
func (s *Service) SaveSheet(ctx context.Context, sh *Sheet) error { return s.saveSheet(ctx, sh, false) }

// saveSheet tells the index also when the place's own words changed.
func (s *Service) saveSheet(ctx context.Context, sh *Sheet, changed bool) error {
	if err := s.sheets.Save(ctx, sh); err != nil {
		return err
	}
	if sh.mark() == sh.seen && !changed {
		return nil
	}
	sh.seen = sh.mark()
	return s.d.Box.Emit(ctx, EventChanged, sh.ID, nil)
}

// note writes a step into the trail of a place, in the caller's transaction.
func (s *Service) note(ctx context.Context, by accounts.Actor, action, placementID string, data map[string]string) error {
	return s.d.Trail.Append(ctx, audit.Entry{
		Stream: "placement:" + placementID, Action: action, Actor: by.ID(), Session: by.SessionID, Data: data,
	})
}

// tell is note and the event of the same name.
func (s *Service) tell(ctx context.Context, by accounts.Actor, event, placementID string, data map[string]string) error {
	if err := s.note(ctx, by, event, placementID, data); err != nil {
		return err
	}
	return s.d.Box.Emit(ctx, event, placementID, data)
}
