package notifications

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/selection"
)

// Way is what becomes of an event.
type Way string

// The ways.
const (
	Told     Way = "notice"   // told, at least once
	Reminder Way = "reminder" // told, at most once, from the present state
	Silent   Way = "silent"   // nobody is told
)

// Decision says what becomes of one event type.
type Decision struct {
	Type string
	Way  Way
	Why  string // why it is silent

	build func(s *Service, ctx context.Context, ev outbox.Event) ([]message, error)
}

func notices(typ string, build func(s *Service, ctx context.Context, ev outbox.Event) ([]message, error)) Decision {
	return Decision{Type: typ, Way: Told, build: build}
}

func reminder(typ string, build func(s *Service, ctx context.Context, ev outbox.Event) ([]message, error)) Decision {
	return Decision{Type: typ, Way: Reminder, build: build}
}

func silent(typ, why string) Decision { return Decision{Type: typ, Way: Silent, Why: why} }

// concern is one domain's events: one handler of notices and one of reminders.
type concern struct {
	name      string
	timeout   time.Duration
	decisions []Decision
}

// The deadlines of a run: one event concerns a few people, or all applicants of a place.
const (
	fewReaders  = 2 * time.Minute
	manyReaders = 10 * time.Minute
)

func concerns() []concern {
	return []concern{
		{"accounts", fewReaders, accountDecisions()},
		{"directory", fewReaders, directoryDecisions()},
		{"placements", manyReaders, placementDecisions()},
		{"selection", fewReaders, selectionDecisions()},
		{"interviews", manyReaders, interviewDecisions()},
		{"agreements", fewReaders, agreementDecisions()},
		{"saving", fewReaders, savingDecisions()},
	}
}

// Decisions lists every event type of every domain with what becomes of it.
func Decisions() []Decision {
	var out []Decision
	for _, c := range concerns() {
		out = append(out, c.decisions...)
	}
	return out
}

func accountDecisions() []Decision {
	return []Decision{
		notices(accounts.EventCodeIssued, (*Service).codeIssued),
		notices(accounts.EventKnownAddress, (*Service).knownAddress),
		notices(accounts.EventResetRequested, (*Service).resetRequested),
		notices(accounts.EventPasswordChanged, (*Service).passwordChanged),
		notices(accounts.EventSessionStolen, (*Service).sessionStolen),
		notices(accounts.EventPasskeyAdded, (*Service).passkeyAdded),
		notices(accounts.EventInvited, (*Service).invited),
		notices(accounts.EventMembershipRemoved, (*Service).membershipRemoved),
		notices(accounts.EventDeleted, (*Service).accountDeleted),
	}
}

func directoryDecisions() []Decision {
	return []Decision{
		notices(directory.EventEnterpriseSubmitted, (*Service).enterpriseSubmitted),
		notices(directory.EventEnterpriseVerified, (*Service).enterpriseDecided),
		notices(directory.EventEnterpriseRefused, (*Service).enterpriseDecided),
		notices(directory.EventEnrolmentClaimed, (*Service).enrolmentClaimed),
		notices(directory.EventEnrolmentConfirmed, (*Service).enrolmentConfirmed),
		notices(directory.EventEnrolmentEnded, (*Service).enrolmentEnded),
		silent(directory.EventGuardianNamed, "the guardian gets the invitation"),
		silent(directory.EventMentorChanged, "the enterprise did it; what names the mentor says the present words"),
		silent(directory.EventMentorEnded, "the enterprise did it; nothing that waits for somebody names the mentor"),
		notices(directory.EventGuardianAccepted, (*Service).guardianAccepted),
		notices(directory.EventGuardianConfirmed, (*Service).guardianDecided),
		notices(directory.EventGuardianRefused, (*Service).guardianDecided),
	}
}

func placementDecisions() []Decision {
	return []Decision{
		silent(placements.EventPublished, "the enterprise did it; seekers have search and its alerts"),
		silent(placements.EventChanged, "for the search index"),
		notices(placements.EventTermsChanged, (*Service).termsChanged),
		silent(placements.EventPaused, "the enterprise did it, or enterprise.unresponsive says it once for all its places"),
		silent(placements.EventResumed, "the enterprise did it"),
		silent(placements.EventSelecting, "two reminders announced the day"),
		notices(placements.EventClosed, (*Service).placeClosed),
		reminder(placements.EventDeadlineNear, (*Service).deadlineNear),
		silent(placements.EventFiled, "the chamber works through a list; a mail for each place would drown it"),
		notices(placements.EventDecided, (*Service).filingDecided),
		silent(placements.EventImported, "the importer watches the progress"),
		notices(placements.EventUnresponsive, (*Service).unresponsive),
	}
}

func selectionDecisions() []Decision {
	return []Decision{
		notices(selection.EventSubmitted, (*Service).applicationSubmitted),
		silent(selection.EventOpened, "shown at the application"),
		notices(selection.EventShortlisted, (*Service).applicationShortlisted),
		notices(selection.EventConsidered, (*Service).applicationConsidered),
		notices(selection.EventRejected, (*Service).applicationRejected),
		notices(selection.EventWithdrawn, (*Service).applicationWithdrawn),
		notices(selection.EventSuperseded, (*Service).applicationWithdrawn),
		notices(selection.EventUnanswered, (*Service).applicationUnanswered),
		notices(selection.EventClosed, (*Service).applicationClosed),
		notices(selection.EventReopened, (*Service).applicationReopened),
		reminder(selection.EventAnswerDue, (*Service).answerDue),
		silent(selection.EventRanked, "inside the enterprise"),
		notices(selection.EventOfferMade, (*Service).offerMade),
		notices(selection.EventOfferAccepted, (*Service).offerAnswered),
		notices(selection.EventOfferDeclined, (*Service).offerAnswered),
		notices(selection.EventOfferExpired, (*Service).offerExpired),
		notices(selection.EventOfferWithdrawn, (*Service).offerWithdrawn),
		reminder(selection.EventOfferEnding, (*Service).offerEnding),
		notices(selection.EventMatchMade, (*Service).matchMade),
		notices(selection.EventMatchDissolved, (*Service).matchDissolved),
	}
}

func interviewDecisions() []Decision {
	return []Decision{
		notices(interviews.EventSlotsOffered, (*Service).slotsOffered),
		silent(interviews.EventSlotCanceled, "each of its bookings says it"),
		notices(interviews.EventBooked, (*Service).booked),
		notices(interviews.EventMoved, (*Service).booked),
		notices(interviews.EventCancelled, (*Service).bookingCancelled),
		silent(interviews.EventAttended, "both sides were there"),
		notices(interviews.EventAbsent, (*Service).absent),
		reminder(interviews.EventReminder, (*Service).interviewNear),
		silent(interviews.EventScored, "inside the enterprise"),
		reminder(interviews.EventScoreDue, (*Service).scoreDue),
	}
}

func agreementDecisions() []Decision {
	return []Decision{
		notices(agreements.EventDrafted, (*Service).agreementDrafted),
		notices(agreements.EventChanged, (*Service).agreementChanged),
		notices(agreements.EventReady, (*Service).agreementReady),
		notices(agreements.EventSigned, (*Service).agreementSigned),
		notices(agreements.EventRefused, (*Service).agreementBack),
		notices(agreements.EventReturned, (*Service).agreementBack),
		silent(agreements.EventCountersigned, "agreement.concluded says it to all"),
		notices(agreements.EventConcluded, (*Service).agreementConcluded),
		notices(agreements.EventRegistered, (*Service).agreementRegistered),
		notices(agreements.EventRegistrationRefused, (*Service).registrationRefused),
		notices(agreements.EventConfirmed, (*Service).completionConfirmed),
		notices(agreements.EventCompleted, (*Service).agreementCompleted),
		notices(agreements.EventTerminated, (*Service).agreementEnded),
		notices(agreements.EventCancelled, (*Service).agreementEnded),
		reminder(agreements.EventReminded, (*Service).agreementWaiting),
		notices(agreements.EventPeriodPassed, (*Service).agreementBack),
		notices(agreements.EventSigningExpired, (*Service).agreementBack),
		notices(agreements.EventCodeIssued, (*Service).signingCode),
	}
}

func savingDecisions() []Decision {
	return []Decision{reminder(saving.EventMatched, (*Service).searchMatched)}
}

// Handlers lists what the outbox calls: for each domain one handler of notices and, where it has them, one of reminders. Events that are silent
// have no delivery at all.
func Handlers(s *Service) []outbox.Handler {
	var out []outbox.Handler
	for _, c := range concerns() {
		for _, way := range []Way{Told, Reminder} {
			if h, some := s.handler(c, way); some {
				out = append(out, h)
			}
		}
	}
	return out
}

func (s *Service) handler(c concern, way Way) (h outbox.Handler, some bool) {
	builders := map[string]Decision{}
	h = outbox.Handler{Name: "notifications." + c.name, Timeout: c.timeout}
	if way == Reminder {
		h.Name += ".reminders"
	}
	for _, d := range c.decisions {
		if d.Way == way {
			builders[d.Type] = d
			h.Types = append(h.Types, d.Type)
		}
	}
	h.Run = func(ctx context.Context, ev outbox.Event) error {
		list, err := builders[ev.Type].build(s, ctx, ev)
		if err != nil {
			return err
		}
		return s.send(ctx, ev, way == Reminder, list)
	}
	return h, len(h.Types) > 0
}

// Jobs lists what runs by the clock: the daily mails, and the pruning of log and notices.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{
		{Name: "notifications.prune", Every: 24 * time.Hour, Run: s.prune},
		{Name: "notifications.digest", Every: 5 * time.Minute, Run: s.runDigests},
	}
}
