package notifications_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/placements"
	"github.com/orynda/orynda/internal/saving"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// declaredEvents reads the constants Event… of the domains from their source, so that a new event can't be forgotten in a list.
func declaredEvents(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, domain := range []string{"accounts", "directory", "placements", "selection", "interviews", "agreements", "search", "saving"} {
		files, err := filepath.Glob(filepath.Join("..", domain, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", domain, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range file.Decls {
				if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.CONST {
					collectEvents(group, domain, out)
				}
			}
		}
	}
	return out
}

func collectEvents(group *ast.GenDecl, domain string, out map[string]string) {
	for _, spec := range group.Specs {
		value := spec.(*ast.ValueSpec)
		for i, name := range value.Names {
			if !strings.HasPrefix(name.Name, "Event") || i >= len(value.Values) {
				continue
			}
			if literal, ok := value.Values[i].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if typ, err := strconv.Unquote(literal.Value); err == nil && strings.Contains(typ, ".") {
					out[typ] = domain + "." + name.Name
				}
			}
		}
	}
}

func TestEveryEventHasADecision(t *testing.T) {
	decided := map[string]notifications.Decision{}
	for _, d := range notifications.Decisions() {
		if _, twice := decided[d.Type]; twice {
			t.Errorf("%s is decided twice", d.Type)
		}
		if (d.Way == notifications.Silent) != (d.Why != "") {
			t.Errorf("%s: a silent event needs a reason, and only a silent one", d.Type)
		}
		decided[d.Type] = d
	}
	declared := declaredEvents(t)
	for typ, where := range declared {
		if _, ok := decided[typ]; !ok {
			t.Errorf("%s (%s) has no decision: should somebody get a mail?", typ, where)
		}
	}
	for typ := range decided {
		if declared[typ] == "" {
			t.Errorf("%s is decided, and no domain has it", typ)
		}
	}
	for _, list := range [][]string{accounts.Events(), directory.Events(), placements.Events(), agreements.Events(), saving.Events()} {
		for _, typ := range list {
			if _, ok := decided[typ]; !ok {
				t.Errorf("%s has no decision", typ)
			}
		}
	}
	if len(declared) < 70 {
		t.Errorf("only %d events found in the source", len(declared))
	}
}

func TestHandlersTakeWhatIsNotSilent(t *testing.T) {
	taken := map[string]int{}
	names := map[string]bool{}
	for _, h := range notifications.Handlers(notifications.New(notifications.Deps{})) {
		if names[h.Name] {
			t.Errorf("two handlers %s", h.Name)
		}
		names[h.Name] = true
		for _, typ := range h.Types {
			taken[typ]++
		}
	}
	for _, d := range notifications.Decisions() {
		want := 1
		if d.Way == notifications.Silent {
			want = 0
		}
		if taken[d.Type] != want {
			t.Errorf("%s: %d handlers, want %d", d.Type, taken[d.Type], want)
		}
	}
}

// scenario is an event in a world, and the mails that must come of it: "template recipient".
type scenario struct {
	typ, subject string
	data         map[string]string
	given        func(w *world)
	want         []string
}

func (s scenario) play(w *world) {
	if s.given != nil {
		s.given(w)
	}
	data := map[string]string{}
	for k, v := range s.data {
		switch v {
		case "CODE":
			v = w.sealed(accounts.MailCode, code)
		case "TOKEN":
			v = w.sealed(accounts.MailToken, linkToken)
		case "EMAIL":
			v = w.sealed(accounts.MailAddress, "gone@example.kz")
		}
		data[k] = v
	}
	w.emit(s.typ, s.subject, data)
	w.run()
}

// to writes a template for several recipients.
func to(template string, recipients ...string) []string {
	out := make([]string, len(recipients))
	for i, r := range recipients {
		out[i] = template + " " + r
	}
	return out
}

func m(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

func join(lists ...[]string) []string {
	out := append([]string{}, slices.Concat(lists...)...)
	sort.Strings(out)
	return out
}

func scenarios() []scenario {
	return slices.Concat(accountScenarios(), directoryScenarios(), placementScenarios(), selectionScenarios(), offerScenarios(), interviewScenarios(), agreementScenarios(), savingScenarios())
}

func savingScenarios() []scenario {
	data := m("since", "2026-11-21T03:00:00Z", "until", "2026-11-22T02:00:00Z")
	return []scenario{
		{saving.EventMatched, "srh_1", data, nil, to("saved_search.matched", "student")},
		{saving.EventMatched, "srh_1", data, func(w *world) { w.news = 1 }, to("saved_search.matched", "student")},
		{saving.EventMatched, "srh_1", data, func(w *world) { w.news = 0 }, nil},
		{saving.EventMatched, "srh_1", data, func(w *world) { w.search.Alerts = saving.Off }, nil},
		{saving.EventMatched, "srh_1", data, func(w *world) { w.search = nil }, nil},
		{saving.EventMatched, "srh_1", data, unproved, nil},
	}
}

func accountScenarios() []scenario {
	return []scenario{
		{accounts.EventCodeIssued, "psn_student", m("sealed_code", "CODE"), nil, to("account.code_issued", "student")},
		{accounts.EventCodeIssued, "psn_student", m("sealed_code", "CODE"), unproved, to("account.code_issued", "student")},
		{accounts.EventResetRequested, "psn_hr", m("sealed_code", "CODE"), nil, to("account.reset_requested", "hr")},
		{accounts.EventKnownAddress, "psn_hr", nil, nil, to("account.known_address_registered", "hr")},
		{accounts.EventPasswordChanged, "psn_hr", nil, nil, to("account.password_changed", "hr")},
		{accounts.EventSessionStolen, "psn_hr", m("session_id", "ses_1"), nil, to("account.session_stolen", "hr")},
		{accounts.EventPasskeyAdded, "psn_hr", m("passkey_id", "psk_1"), nil, to("account.passkey_added", "hr")},
		{accounts.EventInvited, "inv_1", m("sealed_token", "TOKEN"), nil, to("account.invited", "inv_1")},
		{accounts.EventInvited, "inv_1", m("sealed_token", "TOKEN"), func(w *world) { w.invitation.Role = accounts.RoleGuardian }, to("account.invited.guardian", "inv_1")},
		{accounts.EventInvited, "inv_1", m("sealed_token", "TOKEN"), func(w *world) { w.invitation.State = accounts.InvitationAccepted }, nil},
		{accounts.EventMembershipRemoved, "psn_hr", m("organisation_id", "ent_1", "role", "hr"), nil, to("account.membership_removed", "hr")},
		{accounts.EventDeleted, "psn_gone", m("sealed_email", "EMAIL", "locale", "ru"), nil, to("account.deleted", "gone")},
		{accounts.EventDeleted, "psn_gone", m("locale", "kk"), nil, nil},
	}
}

func unproved(w *world) {
	for _, p := range w.people {
		p.EmailProvedAt = time.Time{}
	}
}

func directoryScenarios() []scenario {
	state := func(s directory.GuardianState) func(w *world) { return func(w *world) { w.guardian.State = s } }
	return []scenario{
		{directory.EventEnterpriseSubmitted, "ent_1", m("chamber_id", "chm_1"), nil, to("enterprise.submitted", "registrar")},
		{directory.EventEnterpriseSubmitted, "ent_1", m("chamber_id", "chm_1"), func(w *world) { w.enterprise.State = directory.EnterpriseVerified }, nil},
		{directory.EventEnterpriseVerified, "ent_1", nil, nil, to("enterprise.verified", "admin")},
		{directory.EventEnterpriseRefused, "ent_1", nil, nil, to("enterprise.refused", "admin")},
		{directory.EventEnrolmentClaimed, "enr_1", m("person_id", "psn_student", "college_id", "col_1"), nil, to("enrolment.claimed", "coordinator")},
		{directory.EventEnrolmentConfirmed, "enr_1", m("person_id", "psn_student", "college_id", "col_1"), nil, to("enrolment.confirmed", "student")},
		{directory.EventEnrolmentEnded, "enr_1", m("person_id", "psn_student", "college_id", "col_1", "reason", "expelled"), nil, to("enrolment.ended", "student")},
		{directory.EventEnrolmentEnded, "enr_1", m("person_id", "psn_student", "college_id", "col_1", "reason", "claim_refused"), nil, to("enrolment.ended.refused", "student")},
		{directory.EventGuardianNamed, "grd_1", m("ward_id", "psn_student"), nil, nil},
		{directory.EventGuardianAccepted, "grd_1", m("ward_id", "psn_student", "person_id", "psn_guardian"), state(directory.GuardianAccepted), to("guardian.accepted", "coordinator")},
		{directory.EventGuardianAccepted, "grd_1", m("ward_id", "psn_student", "person_id", "psn_guardian"), nil, nil},
		{directory.EventGuardianAccepted, "grd_1", m("ward_id", "psn_student", "person_id", "psn_guardian"), func(w *world) {
			w.guardian.State, w.enrolled = directory.GuardianAccepted, false
		}, nil},
		{directory.EventGuardianConfirmed, "grd_1", m("ward_id", "psn_student", "person_id", "psn_guardian"), nil,
			join(to("guardian.confirmed", "student"), to("guardian.confirmed.guardian", "guardian"))},
		{directory.EventGuardianRefused, "grd_1", m("ward_id", "psn_student", "person_id", "psn_guardian"), nil,
			join(to("guardian.refused", "student"), to("guardian.refused.guardian", "guardian"))},
		{directory.EventGuardianRefused, "grd_1", m("ward_id", "psn_student"), nil, to("guardian.refused", "student")},
	}
}

func placementScenarios() []scenario {
	closed := func(why placements.ClosedReason) func(w *world) {
		return func(w *world) { w.place.State, w.place.ClosedReason = placements.Closed, why }
	}
	return []scenario{
		{placements.EventTermsChanged, "plc_1", nil, nil, to("placement.terms_changed", "guardian", "student")},
		{placements.EventTermsChanged, "plc_1", nil, func(w *world) { w.app.State = selection.Rejected }, nil},
		{placements.EventPublished, "plc_1", nil, nil, nil},
		{placements.EventPaused, "plc_1", m("why", "unanswered"), nil, nil},
		{placements.EventClosed, "plc_1", nil, closed(placements.Filled), to("placement.closed.filled", "admin", "hr")},
		{placements.EventClosed, "plc_1", nil, closed(placements.Expired), to("placement.closed.expired", "admin", "hr")},
		{placements.EventClosed, "plc_1", nil, closed("withdrawn"), nil},
		{placements.EventDeadlineNear, "plc_1", m("days", "7"), nil, to("placement.deadline_near", "admin", "hr")},
		{placements.EventDeadlineNear, "plc_1", m("days", "7"), func(w *world) { w.place.ApplyBy, w.place.State = "2026-11-22", placements.Paused }, to("placement.deadline_near", "admin", "hr")},
		{placements.EventDeadlineNear, "plc_1", m("days", "7"), func(w *world) { w.place.ApplyBy = "2026-12-20" }, nil},
		{placements.EventDeadlineNear, "plc_1", m("days", "1"), func(w *world) { w.place.State = placements.Closed }, nil},
		{placements.EventDecided, "fil_1", m("decision", "remarks"), nil, to("filing.decided.remarks", "admin", "hr")},
		{placements.EventDecided, "fil_1", m("decision", "accepted"), func(w *world) { w.filing.State = placements.Accepted }, to("filing.decided.accepted", "admin", "hr")},
		{placements.EventDecided, "fil_1", m("decision", "accepted"), nil, nil},
		{placements.EventUnresponsive, "ent_1", nil, nil, to("enterprise.unresponsive", "admin", "hr")},
	}
}

func selectionScenarios() []scenario {
	state := func(s selection.State) func(w *world) { return func(w *world) { w.app.State = s } }
	return []scenario{
		{selection.EventSubmitted, "app_1", nil, state(selection.Submitted), to("application.submitted", "admin", "hr")},
		{selection.EventSubmitted, "app_1", nil, state(selection.Withdrawn), nil},
		{selection.EventOpened, "app_1", nil, nil, nil},
		{selection.EventShortlisted, "app_1", nil, nil, to("application.shortlisted", "guardian", "student")},
		{selection.EventShortlisted, "app_1", nil, func(w *world) { w.bookable = false }, to("application.shortlisted", "guardian", "student")},
		{selection.EventConsidered, "app_1", nil, nil, to("application.considered", "guardian", "student")},
		{selection.EventRejected, "app_1", nil, state(selection.Rejected), to("application.rejected", "guardian", "student")},
		{selection.EventWithdrawn, "app_1", nil, state(selection.Withdrawn), to("application.withdrawn", "admin", "hr")},
		{selection.EventSuperseded, "app_1", nil, state(selection.Withdrawn), to("application.superseded", "admin", "hr")},
		{selection.EventUnanswered, "app_1", nil, state(selection.Unanswered),
			join(to("application.unanswered.applicant", "guardian", "student"), to("application.unanswered.enterprise", "admin", "hr"))},
		{selection.EventClosed, "app_1", nil, state(selection.Closed), to("application.closed", "guardian", "student")},
		{selection.EventReopened, "app_1", nil, nil,
			join(to("application.reopened.applicant", "guardian", "student"), to("application.reopened.enterprise", "admin", "hr"))},
		{selection.EventAnswerDue, "app_1", m("answer_by", "2026-12-07"), nil, to("application.answer_due", "admin", "hr")},
		{selection.EventAnswerDue, "app_1", m("answer_by", "2026-12-07"), func(w *world) { w.app.AnswerBy = "" }, nil},
		{selection.EventMatchMade, "mat_1", nil, state(selection.Accepted), to("match.made", "guardian", "student")},
		{selection.EventMatchDissolved, "mat_1", nil, state(selection.Closed), to("match.dissolved", "guardian", "student")},
		{selection.EventMatchDissolved, "mat_1", nil, func(w *world) { w.match.DissolvedReason = "agreement_terminated" }, nil},
	}
}

func offerScenarios() []scenario {
	state := func(s selection.OfferState) func(w *world) { return func(w *world) { w.offer.State = s } }
	return []scenario{
		{selection.EventOfferMade, "ofr_1", nil, nil, to("offer.made", "guardian", "student")},
		{selection.EventOfferMade, "ofr_1", nil, state(selection.OfferWithdrawn), nil},
		{selection.EventOfferAccepted, "ofr_1", nil, func(w *world) { w.offer.AgreementID = "agr_1" }, to("offer.accepted", "admin", "hr")},
		{selection.EventOfferDeclined, "ofr_1", nil, nil, to("offer.declined", "admin", "hr")},
		{selection.EventOfferExpired, "ofr_1", nil, state(selection.OfferExpired),
			join(to("offer.expired.applicant", "guardian", "student"), to("offer.expired.enterprise", "admin", "hr"))},
		{selection.EventOfferWithdrawn, "ofr_1", nil, state(selection.OfferWithdrawn), to("offer.withdrawn", "guardian", "student")},
		{selection.EventOfferWithdrawn, "ofr_1", nil, func(w *world) { w.app.State = selection.Closed }, nil},
		{selection.EventOfferEnding, "ofr_1", nil, nil, to("offer.ending", "guardian", "student")},
		{selection.EventOfferEnding, "ofr_1", nil, state(selection.OfferAccepted), nil},
		{selection.EventOfferEnding, "ofr_1", nil, func(w *world) { w.offer.CreatedAt, w.offer.ExpiresAt = w.clock.Now(), w.clock.Now().Add(14*time.Hour) }, nil},
	}
}

func interviewScenarios() []scenario {
	all := []string{"guardian", "interviewer", "student"}
	cancelled := func(by interviews.Party, reason string) func(w *world) {
		return func(w *world) {
			w.booking.State, w.booking.CancelledBy, w.booking.Reason = interviews.Cancelled, by, reason
		}
	}
	return []scenario{
		{interviews.EventSlotsOffered, "plc_1", m("placement", "plc_1"), nil, to("slots.offered", "guardian", "student")},
		{interviews.EventSlotsOffered, "plc_1", m("placement", "plc_1"), func(w *world) { w.app.State = selection.Interviewing }, nil},
		{interviews.EventBooked, "bkg_1", nil, nil, to("booking.booked", all...)},
		{interviews.EventBooked, "bkg_1", nil, func(w *world) { w.slot.Form, w.slot.Link = interviews.ByVideo, "https://meet.example.kz/abc" }, to("booking.booked", all...)},
		{interviews.EventBooked, "bkg_1", nil, cancelled(interviews.PartyStudent, ""), nil},
		{interviews.EventMoved, "bkg_1", m("from", "slt_0", "to", "slt_1"), nil, to("booking.moved", all...)},
		{interviews.EventMoved, "bkg_1", m("from", "slt_1", "to", "slt_0"), nil, nil},
		{interviews.EventCancelled, "bkg_1", nil, cancelled(interviews.PartyStudent, "Заболел"), to("booking.cancelled", all...)},
		{interviews.EventCancelled, "bkg_1", nil, cancelled(interviews.PartyEnterprise, "Авария"), to("booking.cancelled", all...)},
		{interviews.EventCancelled, "bkg_1", nil, cancelled(interviews.PartySystem, "superseded"), to("booking.cancelled", all...)},
		{interviews.EventAttended, "bkg_1", nil, nil, nil},
		{interviews.EventAbsent, "bkg_1", nil, func(w *world) { w.booking.State = interviews.StudentAbsent }, to("booking.absent.applicant", "guardian", "student")},
		{interviews.EventAbsent, "bkg_1", nil, func(w *world) { w.booking.State = interviews.EnterpriseAbsent }, to("booking.absent.enterprise", "admin", "hr")},
		{interviews.EventReminder, "bkg_1", nil, nil, to("booking.reminder", all...)},
		{interviews.EventReminder, "bkg_1", nil, cancelled(interviews.PartyStudent, "Заболел"), nil},
		{interviews.EventReminder, "bkg_1", nil, func(w *world) { // moved to a later day: the job forgot what it had sent
			w.booking.StartsAt, w.booking.MovedAt, w.booking.Reminded = w.clock.Now().Add(72*time.Hour), w.clock.Now(), 0
		}, nil},
		{interviews.EventReminder, "bkg_1", nil, func(w *world) { w.booking.StartsAt = w.clock.Now().Add(-time.Minute) }, nil},
		{interviews.EventScoreDue, "bkg_1", nil, func(w *world) { w.booking.State = interviews.Attended }, to("scorecard.due", "admin", "hr", "interviewer")},
		{interviews.EventScoreDue, "bkg_1", nil, func(w *world) { w.booking.State, w.booking.ScorecardID = interviews.Attended, "scd_1" }, nil},
	}
}

func agreementScenarios() []scenario {
	all := []string{"admin", "coordinator", "guardian", "hr", "student"}
	state := func(s agreements.State) func(w *world) { return func(w *world) { w.agreement.State = s } }
	signed := func(s agreements.State, by ...agreements.Party) func(w *world) {
		return func(w *world) {
			w.agreement.State = s
			for _, p := range by {
				w.agreement.Signatures = append(w.agreement.Signatures, agreements.Signature{Party: p})
			}
		}
	}
	return []scenario{
		{agreements.EventDrafted, "agr_1", nil, state(agreements.Draft),
			join(to("agreement.drafted.college", "coordinator"), to("agreement.drafted.enterprise", "admin", "hr"))},
		{agreements.EventChanged, "agr_1", m("new_revision", "yes"), state(agreements.Draft), to("agreement.changed", all...)},
		{agreements.EventChanged, "agr_1", nil, state(agreements.Draft), nil},
		{agreements.EventReady, "agr_1", nil, nil, to("agreement.ready", "admin", "guardian", "student")},
		{agreements.EventReady, "agr_1", nil, func(w *world) { w.agreement.MinorAtReady = false }, to("agreement.ready", "admin", "student")},
		{agreements.EventReady, "agr_1", nil, state(agreements.Draft), nil},
		{agreements.EventSigned, "agr_1", m("person", "psn_student", "state", "signing"), signed(agreements.Signing, agreements.ByStudent), to("agreement.signed", "student")},
		{agreements.EventSigned, "agr_1", m("person", "psn_admin", "state", "awaiting_countersignature"),
			signed(agreements.Awaiting, agreements.ByStudent, agreements.ByGuardian, agreements.ByEnterprise),
			join(to("agreement.signed", "admin"), to("agreement.signed.college", "rector"))},
		{agreements.EventRefused, "agr_1", m("party", "student", "note", "nte_1"), state(agreements.Draft), to("agreement.refused", all...)},
		{agreements.EventReturned, "agr_1", m("party", "college", "note", "nte_1"), state(agreements.Draft), to("agreement.returned", all...)},
		{agreements.EventPeriodPassed, "agr_1", m("party", "system"), state(agreements.Draft), to("agreement.period_passed", all...)},
		{agreements.EventSigningExpired, "agr_1", m("party", "system"), state(agreements.Draft), to("agreement.signing_expired", all...)},
		{agreements.EventCountersigned, "agr_1", nil, state(agreements.Concluded), nil},
		{agreements.EventConcluded, "agr_1", nil, state(agreements.Concluded),
			join(to("agreement.concluded", all...), to("agreement.concluded.chamber", "registrar"))},
		{agreements.EventConcluded, "agr_1", nil, func(w *world) { w.agreement.State, w.agreement.Regime = agreements.Concluded, "r361" }, to("agreement.concluded", all...)},
		{agreements.EventRegistered, "agr_1", nil, state(agreements.Registered), to("agreement.registered", all...)},
		{agreements.EventRegistrationRefused, "agr_1", nil, state(agreements.Concluded), to("agreement.registration_refused", "admin", "coordinator", "hr")},
		{agreements.EventConfirmed, "agr_1", m("party", "college"), state(agreements.Registered), to("agreement.completion_confirmed", "admin", "hr")},
		{agreements.EventConfirmed, "agr_1", m("party", "enterprise"), state(agreements.Registered), to("agreement.completion_confirmed", "coordinator")},
		{agreements.EventCompleted, "agr_1", nil, state(agreements.Completed), to("agreement.completed", all...)},
		{agreements.EventTerminated, "agr_1", m("party", "enterprise", "note", "nte_1"), state(agreements.Terminated), to("agreement.terminated", all...)},
		{agreements.EventCancelled, "agr_1", m("party", "system"), state(agreements.Cancelled), to("agreement.cancelled", "admin", "coordinator", "hr")},
		{agreements.EventReminded, "agr_1", m("waiting", "student,enterprise"), signed(agreements.Signing, agreements.ByStudent), to("agreement.reminded.sign", "admin", "guardian")},
		{agreements.EventReminded, "agr_1", m("waiting", "college"), signed(agreements.Awaiting), to("agreement.reminded.sign", "rector")},
		{agreements.EventReminded, "agr_1", m("waiting", "chamber"), func(w *world) { w.agreement.State, w.agreement.Returned = agreements.Concluded, nil }, to("agreement.reminded.register", "registrar")},
		{agreements.EventReminded, "agr_1", m("waiting", "college,enterprise"), state(agreements.Draft), to("agreement.reminded.draft", "admin", "coordinator", "hr")},
		{agreements.EventReminded, "agr_1", m("waiting", "chamber"), state(agreements.Registered), nil},
		{agreements.EventCodeIssued, "sgr_1", m("person", "psn_rector", "sealed_code", "CODE"), nil, to("signing.code_issued", "rector")},
	}
}

func TestWhoGetsWhat(t *testing.T) {
	onEngines(t, func(t *testing.T, first *world) {
		for i, s := range scenarios() {
			if first.db.Name() != "sqlite" && i%8 != 0 {
				continue // who gets what doesn't depend on the engine; how it is sent does, and is tested on both
			}
			w := first.next()
			before := w.sent()
			s.play(w)
			got := slices.DeleteFunc(w.sent(), func(line string) bool {
				at := slices.Index(before, line)
				if at >= 0 {
					before = slices.Delete(before, at, at+1)
				}
				return at >= 0
			})
			if !slices.Equal(got, join(s.want)) {
				t.Errorf("%d %s: got %q, want %q", i, s.typ, got, join(s.want))
			}
			if len(w.mail.all()) != len(s.want) {
				t.Errorf("%d %s: %d mails, want %d", i, s.typ, len(w.mail.all()), len(s.want))
			}
		}
	})
}

// catalogue reads a language's texts as they stand in the file.
func catalogue(t *testing.T, lang i18n.Lang) map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "i18n", "locales", "notifications."+string(lang)+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTextsAreCompleteInAllLanguages(t *testing.T) {
	first := newWorld(t, storagetest.Engines(t)[0].Open(t)) // texts don't depend on the engine
	used := map[string]bool{}
	for _, lang := range i18n.Langs() {
		for _, s := range scenarios() {
			w := first.next()
			for _, p := range w.people {
				p.Locale = lang
			}
			w.invitation.Locale = lang
			if s.typ == accounts.EventDeleted {
				s.data = map[string]string{"sealed_email": s.data["sealed_email"], "locale": string(lang)}
			}
			s.play(w)
			for _, mail := range w.mail.all() {
				checkMail(t, s.typ, lang, mail)
			}
			for _, line := range s.want {
				used[strings.Fields(line)[0]] = true
			}
		}
	}
	for key := range catalogue(t, i18n.KK) {
		template, isSubject := strings.CutSuffix(strings.TrimPrefix(key, "mail."), ".subject")
		if isSubject && !used[template] && template != "digest" {
			t.Errorf("no event leads to %s", key)
		}
	}
}

func checkMail(t *testing.T, typ string, lang i18n.Lang, mail notifications.Mail) {
	t.Helper()
	if mail.Lang != lang {
		t.Errorf("%s: language %s, want %s", typ, mail.Lang, lang)
	}
	for _, text := range []string{mail.Subject, mail.Text} {
		for _, broken := range []string{"mail.", "<no value>", "{{", "}}", "%!", "  \n", "\n\n\n", "()", "«»", "“”", ": \n", "!"} {
			if strings.Contains(text, broken) {
				t.Errorf("%s in %s: %q in\n%s", typ, lang, broken, text)
			}
		}
		for _, private := range []string{iin, string(born), phone, "Ерубаева", "01.01.2010"} {
			if strings.Contains(text, private) {
				t.Errorf("%s in %s: personal data in\n%s", typ, lang, text)
			}
		}
	}
	if mail.Subject == "" || strings.Contains(mail.Subject, "\n") || len([]rune(mail.Subject)) > 120 {
		t.Errorf("%s in %s: subject %q", typ, lang, mail.Subject)
	}
	if lang != i18n.EN && strings.Contains(strings.ReplaceAll(mail.Text, "Orynda", ""), "The ") {
		t.Errorf("%s in %s is in English:\n%s", typ, lang, mail.Text)
	}
	checkPage(t, typ, lang, mail)
	for _, at := range strings.SplitAfter(mail.Text, "https://orynda.example.kz")[1:] {
		if !strings.HasPrefix(at, "/"+string(lang)+"/") && !strings.HasPrefix(at, "/"+string(lang)+"\n") {
			t.Errorf("%s in %s leads to a page of another language, or of none:\n%s", typ, lang, mail.Text)
		}
	}
	if strings.Contains(mail.Text, "https://orynda.example.kz//") || !strings.Contains(mail.Text, "https://orynda.example.kz") {
		t.Errorf("%s in %s: links in\n%s", typ, lang, mail.Text)
	}
}
