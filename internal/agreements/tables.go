package agreements

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// The event types of this domain. Their subject is the agreement's id; Data names party, revision, state, student, enterprise, college, match,
// and note where somebody gave a reason.
const (
	EventDrafted             = "agreement.drafted"
	EventChanged             = "agreement.changed" // Data new_revision "yes" when a frozen document was voided by it
	EventReady               = "agreement.ready"
	EventSigned              = "agreement.signed" // Data signature, person
	EventRefused             = "agreement.refused"
	EventReturned            = "agreement.returned"
	EventCountersigned       = "agreement.countersigned" // Data signature, person
	EventConcluded           = "agreement.concluded"
	EventRegistered          = "agreement.registered"           // Data chamber
	EventRegistrationRefused = "agreement.registration_refused" // Data chamber
	EventConfirmed           = "agreement.completion_confirmed"
	EventCompleted           = "agreement.completed"
	EventTerminated          = "agreement.terminated"
	EventCancelled           = "agreement.cancelled"
	EventReminded            = "agreement.reminded" // Data waiting: the parties whose turn it is, joined by commas
	EventPeriodPassed        = "agreement.period_passed"
	EventSigningExpired      = "agreement.signing_expired"
	// EventCodeIssued has the signing request as its subject. Data: person, sealed_code (base64url of a sealed code, purpose "mail.code"), count.
	EventCodeIssued = "signing.code_issued"
)

// Events lists the types of the events this package emits.
func Events() []string {
	return []string{
		EventDrafted, EventChanged, EventReady, EventSigned, EventRefused, EventReturned, EventCountersigned, EventConcluded, EventRegistered,
		EventRegistrationRefused, EventConfirmed, EventCompleted, EventTerminated, EventCancelled, EventReminded, EventPeriodPassed,
		EventSigningExpired, EventCodeIssued,
	}
}

// Handlers lists the handlers of this package: none. Every effect of an agreement happens in the step's own transaction.
func Handlers(*Service) []outbox.Handler { return nil }

// Jobs lists this domain's clocks. All may run again.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{
		{Name: "agreements.clocks", Every: 10 * time.Minute, Run: s.runClocks},
		{Name: "agreements.reminders", Every: time.Hour, Run: s.runReminders},
		{Name: "agreements.forget_codes", Every: time.Hour, Run: s.forgetCodes},
	}
}

// Migrations change what earlier versions stored.
func Migrations(db storage.Engine) []storage.Migration {
	return []storage.Migration{{ID: "0002_agreements_by_change", Up: storage.Open[Agreement](db, agreementSpec()).Rekey}}
}

// Grants is this domain's part of the policy table.
func Grants() []accounts.Grant {
	var out []accounts.Grant
	add := func(relations []accounts.Relation, operations ...string) {
		for _, op := range operations {
			out = append(out, accounts.Grant{Operation: op, Relations: relations})
		}
	}
	parties := []accounts.Relation{
		accounts.Self, accounts.Guardian, accounts.EnterpriseHR, accounts.EnterpriseSignatory, accounts.CollegeCoordinator, accounts.CollegeSignatory,
	}
	readers := append([]accounts.Relation{accounts.ChamberRegistrar}, parties...)
	signers := []accounts.Relation{accounts.Self, accounts.Guardian, accounts.EnterpriseSignatory}
	add([]accounts.Relation{accounts.Self}, "listAgreements")
	add(readers, "getAgreement", "getAgreementDocument", "listRevisions", "getTermsInForce", "getTimeline", "getEvidence")
	add([]accounts.Relation{accounts.Self, accounts.Guardian, accounts.EnterpriseHR, accounts.CollegeCoordinator}, "updateAgreement")
	add([]accounts.Relation{accounts.CollegeCoordinator}, "readyAgreement")
	add(parties, "returnAgreement", "cancelAgreement", "terminateAgreement")
	add(append([]accounts.Relation{accounts.CollegeSignatory}, signers...), "requestSigningCode")
	add(signers, "signAgreement", "refuseSignature")
	add([]accounts.Relation{accounts.CollegeSignatory}, "countersignAgreement", "countersignAgreements")
	add([]accounts.Relation{accounts.ChamberRegistrar}, "registerAgreement", "refuseRegistration", "listRegister")
	add([]accounts.Relation{accounts.EnterpriseHR, accounts.EnterpriseSignatory, accounts.CollegeCoordinator, accounts.CollegeSignatory}, "completeAgreement")
	add([]accounts.Relation{accounts.EnterpriseHR, accounts.CollegeCoordinator}, "amendAgreement")
	add([]accounts.Relation{accounts.Anyone}, "verifyAgreement")
	return out
}

// MentorInUse reports whether an agreement that is being signed counts this mentor's trainee, for the directory: each signature asks for a mentor who is still
// there. A draft names another, and a concluded agreement keeps the name until it is amended.
func (s *Service) MentorInUse(ctx context.Context, mentorID string) (bool, error) {
	return s.anyWith(ctx, "mentor", mentorID, storage.In("state", Ready, Signing, Awaiting))
}

// SupervisorInUse reports whether a live agreement names the supervisor, for the directory.
func (s *Service) SupervisorInUse(ctx context.Context, supervisorID string) (bool, error) {
	return s.anyWith(ctx, "supervisor", supervisorID)
}
