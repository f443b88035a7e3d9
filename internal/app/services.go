package app

import (
	"context"
	"maps"
	"net/mail"
	"path/filepath"
	"slices"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/asking"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/finding"
	"github.com/orynda/orynda/internal/httpapi"
	"github.com/orynda/orynda/internal/indexing"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/notifications/demobox"
	"github.com/orynda/orynda/internal/obs"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/placements/rules"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// services are the domains, wired to each other.
type services struct {
	policy        accounts.Policy
	reference     *directory.Reference
	accounts      *accounts.Service
	directory     *directory.Service
	placements    *placements.Service
	selection     *selection.Service
	interviews    *interviews.Service
	agreements    *agreements.Service
	notifications *notifications.Service
	indexing      *indexing.Service
	finding       *finding.Service
	quietly       *finding.Service // for machines: what it answers isn't noted as somebody's asking
	asking        *asking.Service
	saving        *saving.Service
}

// specs are the collections of every package.
func specs() []storage.Spec {
	return slices.Concat(
		outbox.Specs(), audit.Specs(), accounts.Specs(), directory.Specs(), placements.Specs(), selection.Specs(), interviews.Specs(),
		agreements.Specs(), notifications.Specs(), demobox.Specs(), indexing.Specs(), asking.Specs(), saving.Specs(), httpapi.Specs(),
	)
}

// migrations change stored data of earlier versions, in order.
func migrations(db storage.Engine) []storage.Migration {
	return slices.Concat(
		interviews.Migrations(db), agreements.Migrations(db), selection.Migrations(db), placements.Migrations(db), directory.Migrations(db),
	)
}

// makePolicy joins the domains' tables of who may do what.
func makePolicy() (accounts.Policy, error) {
	return accounts.NewPolicy(
		accounts.Grants(), directory.Grants(), placements.Grants(), selection.Grants(), interviews.Grants(), agreements.Grants(), notifications.Grants(),
		indexing.Grants(), asking.Grants(), saving.Grants(), httpapi.OperationsGrants(), httpapi.SearchGrants(),
	)
}

// makeServices ensures the collections, makes the domains from the bottom up and connects what leads upwards.
func (a *App) makeServices(ctx context.Context) error {
	if err := storage.Ensure(ctx, a.db, specs()...); err != nil {
		return err
	}
	if err := storage.Migrate(ctx, a.db, a.real.Now(), migrations(a.db)); err != nil {
		return err
	}
	var err error
	if a.policy, err = makePolicy(); err != nil {
		return err
	}
	papers, err := paper.New()
	if err != nil {
		return err
	}
	a.box = outbox.New(a.db, a.clock, a.log)
	a.trail = audit.New(a.db, a.clock)
	a.makeDomains(papers)
	if err := a.makeNotifications(); err != nil {
		return err
	}
	a.connect()
	a.subscribe()
	return nil
}

func (a *App) makeDomains(papers *paper.Renderer) {
	a.accounts = accounts.New(accounts.Deps{
		DB: a.db, Clock: a.clock, RealClock: a.real, Ring: a.ring, Box: a.box, Trail: a.trail, Policy: a.policy, Log: a.log, PublicURL: a.publicURL(),
	})
	a.directory = directory.New(directory.Deps{
		DB: a.db, Clock: a.clock, Ring: a.ring, Box: a.box, Trail: a.trail, Policy: a.policy, Log: a.log, Accounts: a.accounts, Reference: a.reference,
	})
	a.placements = placements.New(placements.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Box: a.box, Trail: a.trail, Log: a.log, Directory: a.directory, Reference: a.reference,
	})
	a.selection = selection.New(selection.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Box: a.box, Trail: a.trail, Log: a.log, Accounts: a.accounts, Directory: a.directory,
		Placements: a.placements, Reference: a.reference,
	})
	a.interviews = interviews.New(interviews.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Box: a.box, Trail: a.trail, Log: a.log, Accounts: a.accounts, Directory: a.directory,
		Placements: a.placements, Selection: a.selection, Organiser: a.organiser(),
	})
	a.agreements = agreements.New(agreements.Deps{
		DB: a.db, Clock: a.clock, Ring: a.ring, Box: a.box, Trail: a.trail, Policy: a.policy, Log: a.log, Accounts: a.accounts, Directory: a.directory,
		Placements: a.placements, Selection: a.selection, Papers: papers, Reference: a.reference, Catalogue: a.say, VerifyURL: a.publicURL() + "/verify/",
	})
	a.indexing = indexing.New(indexing.Deps{
		DB: a.db, Clock: a.clock, Box: a.box, Log: a.log, Placements: a.placements, Reference: a.reference, Engine: a.engine,
		EachCopy: a.embedded != nil, SnapshotFile: a.snapshotFile(), Program: programMark,
	})
	a.makeSearch()
}

// makeSearch makes the domains of those who look for a place.
func (a *App) makeSearch() {
	a.asking = asking.New(asking.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Log: a.log, Reference: a.reference, Catalogue: a.say, Dropped: a.metrics.QuestionsDropped,
	})
	d := finding.Deps{
		Engine: a.engine, Lexicon: a.lexicon, Placements: a.placements, Directory: a.directory, Reference: a.reference, Catalogue: a.say, Log: a.log,
	}
	a.quietly = finding.New(d)
	d.Asked = a.asking.Note
	a.finding = finding.New(d)
	a.saving = saving.New(saving.Deps{
		DB: a.db, Clock: a.clock, Policy: a.policy, Box: a.box, Log: a.log, People: a.accounts, Placements: a.placements, Finder: a.quietly,
	})
}

// organiser is the mail address that calendar files name: that of the mails' sender.
func (a *App) organiser() string {
	from, err := mail.ParseAddress(a.cfg.MailFrom)
	if err != nil {
		return "" // none is set; the mailer refuses a malformed one
	}
	return from.Address
}

// publicURL is how people reach the program.
func (a *App) publicURL() string {
	if a.cfg.PublicURL != "" {
		return a.cfg.PublicURL
	}
	return "http://" + a.cfg.Addr
}

// connect sets the function fields through which a lower domain reaches a higher one, inside its own transaction.
func (a *App) connect() {
	a.accounts.OnAccepted = a.directory.InvitationAccepted
	a.accounts.OnProved = a.directory.MailProved
	a.accounts.OnMembershipRemoved = a.directory.MembershipRemoved
	a.accounts.OnInvitationWithdrawn = a.directory.InvitationWithdrawn
	a.accounts.NameGuardian = a.directory.InviteGuardian
	a.accounts.IdentityLocked = a.directory.IdentityLocked
	a.accounts.FindOrganisation = a.directory.FindOrganisation
	a.accounts.FindPlace = a.reference.FindPlace
	a.accounts.OnErase = func(ctx context.Context, p *accounts.Person) error {
		for _, erase := range []func(context.Context, *accounts.Person) error{a.saving.Erase, a.notifications.Erase, a.agreements.Erase, a.interviews.Erase, a.selection.Erase, a.directory.Erase} {
			if err := erase(ctx, p); err != nil {
				return err
			}
		}
		return nil
	}
	a.accounts.Records = append(a.accounts.Records, a.directory.Records, a.selection.Records, a.interviews.Records, a.agreements.Records, a.notifications.Records, a.saving.Records)

	a.directory.StudentStates = a.selection.StudentStates
	a.directory.StudentsChanged = a.studentsChanged
	a.directory.MentorLimit = func(day cal.Day) int { return rules.InForce(day).MentorTrainees }
	a.directory.MentorInUse = a.mentorInUse
	a.directory.SupervisorInUse = a.agreements.SupervisorInUse
	a.directory.RoomInUse = a.interviews.RoomInUse
	a.directory.DraftColleges = a.agreements.DraftColleges
	a.directory.EndRole = a.accounts.EndRole
	a.directory.ResponseRates = a.responseRates
	a.directory.OnEnrolmentEnded = func(ctx context.Context, e *directory.Enrolment) error {
		if err := a.selection.EndFor(ctx, e.PersonID, "enrolment_ended"); err != nil {
			return err
		}
		return a.agreements.EndFor(ctx, e.PersonID, "enrolment_ended")
	}

	a.placements.Parties = a.selection.Parties
	a.placements.AwaitingAnswer = a.selection.AwaitingAnswer
	a.placements.SeatUse = a.selection.SeatUse
	a.placements.Similar = a.finding.Similar

	a.selection.CancelBookings = a.interviews.CancelBookings
	a.selection.HasBookableSlot = a.interviews.HasBookableSlot
	a.selection.Draft = a.agreements.DraftFromMatch
}

// studentsChanged are the students of a college whose applications or agreements changed.
func (a *App) studentsChanged(ctx context.Context, collegeID string, since time.Time) (map[string]bool, error) {
	out, err := a.selection.StudentsChanged(ctx, collegeID, since)
	if err != nil {
		return nil, err
	}
	more, err := a.agreements.StudentsChanged(ctx, collegeID, since)
	maps.Copy(out, more)
	return out, err
}

// responseRates are the rates of enterprises that may be shown.
func (a *App) responseRates(ctx context.Context, enterpriseIDs ...string) (map[string]directory.ResponseRate, error) {
	rates, err := a.placements.ResponseRates(ctx, enterpriseIDs...)
	out := make(map[string]directory.ResponseRate, len(rates))
	for enterpriseID, r := range rates {
		if r.Shown() {
			out[enterpriseID] = directory.ResponseRate{Share: r.Share(), Days: r.Days()}
		}
	}
	return out, err
}

func (a *App) mentorInUse(ctx context.Context, mentorID string) (bool, error) {
	used, err := a.placements.MentorInUse(ctx, mentorID)
	if err != nil || used {
		return used, err
	}
	return a.agreements.MentorInUse(ctx, mentorID)
}

// subscribe joins every handler of events and every clock. All processes that write events must know the same handlers.
func (a *App) subscribe() {
	for _, h := range slices.Concat(
		directory.Handlers(a.directory), placements.Handlers(a.placements), selection.Handlers(a.selection), interviews.Handlers(a.interviews), agreements.Handlers(a.agreements),
		notifications.Handlers(a.notifications),
	) {
		a.box.Handle(h)
	}
	a.indexing.Follow()
	for _, j := range slices.Concat(
		accounts.Jobs(a.accounts), directory.Jobs(a.directory), placements.Jobs(a.placements), selection.Jobs(a.selection), interviews.Jobs(a.interviews),
		agreements.Jobs(a.agreements), notifications.Jobs(a.notifications), asking.Jobs(a.asking), saving.Jobs(a.saving), indexing.Jobs(a.indexing),
		httpapi.Jobs(a.db, a.real), []outbox.Job{a.sealJob()},
	) {
		j.Run = a.metrics.Job(j.Name, j.Run)
		a.box.Schedule(j)
	}
	if a.demoBox != nil {
		a.box.Schedule(outbox.Job{Name: "demo.prune_mails", Every: time.Hour, Run: a.demoBox.Prune})
	}
	a.metrics.WatchOutbox(a.clock.Now, func(ctx context.Context) (obs.Backlog, error) {
		b, err := a.box.Backlog(ctx)
		return obs.Backlog(b), err
	})
	if a.embedded != nil {
		a.metrics.WatchSearch(func() obs.SearchIndex { return obs.SearchIndex(a.embedded.Size()) })
	}
}

// sealsPath is the append-only file of the audit trail's seals.
func (a *App) sealsPath() string { return filepath.Join(a.cfg.DataDir, audit.SealFileName) }

// sealJob seals the heads of the audit trail every hour.
func (a *App) sealJob() outbox.Job {
	file := audit.NewSealFile(a.sealsPath(), a.log)
	return outbox.Job{Name: "audit.seal", Every: time.Hour, Run: func(ctx context.Context, now time.Time) error {
		return a.trail.SealHeads(ctx, now, a.ring, file)
	}}
}
