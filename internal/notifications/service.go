package notifications

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/letter"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/secrets"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage"
)

// People is what mails need of the accounts.
type People interface {
	Person(ctx context.Context, id string) (*accounts.Person, error)
	Identity(ctx context.Context, personID string) (accounts.Identity, error)
	MembersOf(ctx context.Context, organisationID string, roles ...accounts.OrgRole) ([]*accounts.Membership, error)
	Invitation(ctx context.Context, invitationID string) (*accounts.Invitation, error)
}

// Directory is what mails need of the directory.
type Directory interface {
	Enterprise(ctx context.Context, id string) (*directory.Enterprise, error)
	Organisation(ctx context.Context, id string) (directory.Organisation, error)
	Room(ctx context.Context, id string) (*directory.Room, error)
	Enrolment(ctx context.Context, personID string) (*directory.Enrolment, error)
	Guardians(ctx context.Context, wardID string) ([]*directory.Guardian, error)
	Wards(ctx context.Context, guardianPersonID string) ([]*directory.Guardian, error)
}

// Placements is what mails need of the places.
type Placements interface {
	Placement(ctx context.Context, id string) (*placements.Placement, error)
	FilingByID(ctx context.Context, id string) (*placements.Filing, error)
}

// Selection is what mails need of the selection.
type Selection interface {
	Application(ctx context.Context, id string) (*selection.Application, error)
	Offer(ctx context.Context, id string) (*selection.Offer, error)
	Match(ctx context.Context, id string) (*selection.Match, error)
}

// Interviews is what mails need of the interviews.
type Interviews interface {
	Booking(ctx context.Context, id string) (*interviews.Booking, error)
	Slot(ctx context.Context, id string) (*interviews.Slot, error)
	HasBookableSlot(ctx context.Context, placementID string, now time.Time) (bool, error)
	CalendarOf(ctx context.Context, b *interviews.Booking, slot *interviews.Slot, lang i18n.Lang, say interviews.Words) ([]byte, error)
}

// Agreements is what mails need of the agreements.
type Agreements interface {
	Agreement(ctx context.Context, id string) (*agreements.Agreement, error)
}

// Saved is what mails need of the saved searches.
type Saved interface {
	Search(ctx context.Context, searchID string) (*saving.Search, error)
	News(ctx context.Context, searchID string, since, until time.Time) (saving.News, error)
	StopAlerts(ctx context.Context, personID, searchID string) error
}

// Deps is what the service is made of.
type Deps struct {
	DB         storage.Engine
	Clock      cal.Clock
	Ring       *secrets.Ring // opens the codes and links in events
	Policy     accounts.Policy
	Log        *slog.Logger
	Mailer     Mailer
	Catalogue  *i18n.Catalogue
	PublicURL  string // without a slash at the end
	People     People
	Directory  Directory
	Placements Placements
	Selection  Selection
	Interviews Interviews
	Agreements Agreements
	Saved      Saved

	// Applicants lists the applications of a place that are in one of the states.
	Applicants func(ctx context.Context, placementID string, states ...selection.State) ([]*selection.Application, error)
	// Count is told of each attempt: "sent", "refused" or "failed". It may be nil.
	Count func(outcome string)
}

// Service tells people what happened, by mail and on the site. Make it with [New]; its methods are safe for parallel use.
type Service struct {
	d       Deps
	log     *storage.Collection[Delivery, *Delivery]
	notices *storage.Collection[Notice, *Notice]
	chosen  *storage.Collection[Choices, *Choices]
	looks   *storage.Collection[Look, *Look]
	press   *letter.Press
	host    string // right part of Message-IDs
}

// New makes the service. The collections ([Specs]) must exist before anything else is called.
func New(d Deps) *Service {
	d.PublicURL = strings.TrimSuffix(d.PublicURL, "/")
	return &Service{
		d: d, log: storage.Open[Delivery](d.DB, deliverySpec()), notices: storage.Open[Notice](d.DB, noticeSpec()),
		chosen: storage.Open[Choices](d.DB, choicesSpec()), looks: storage.Open[Look](d.DB, lookSpec()), press: letter.New(), host: messageHost(d.PublicURL),
	}
}

// messageHost is a domain name for Message-IDs: that of the public address, else one that can't exist (RFC 2606).
func messageHost(publicURL string) string {
	u, err := url.Parse(publicURL)
	if err != nil || !strings.Contains(u.Hostname(), ".") || net.ParseIP(u.Hostname()) != nil {
		return "orynda.invalid"
	}
	return u.Hostname()
}

func (s *Service) say(lang i18n.Lang, key string, values map[string]any) string {
	return s.d.Catalogue.Say(lang, key, values)
}

// count writes a number with its noun in the right form: "7 дней".
func (s *Service) count(lang i18n.Lang, noun string, n int) string {
	return s.say(lang, "mail.count."+noun, map[string]any{"Count": n})
}

// Deliveries lists the log of one recipient, newest first: what was sent to a person and what became of it.
func (s *Service) Deliveries(ctx context.Context, recipient string, after storage.Cursor, limit int) (storage.Page[*Delivery], error) {
	return s.log.Page(ctx, storage.Where(storage.Eq("recipient", recipient)).ByDesc("created").From(after).Take(limit))
}
