package notifications

import (
	"slices"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
)

// Group is a kind of messages that a person chooses about.
type Group string

// The groups. The last two can't be switched off: the law or the safety of the account asks for them.
const (
	GroupApplications       Group = "applications"        // answers to one's own applications
	GroupOffers             Group = "offers"              // offers to oneself, and what became of the seat
	GroupInterviews         Group = "interviews"          // bookings, moves, cancels, scorecards that are due
	GroupInterviewReminders Group = "interview_reminders" // a day and two hours before
	GroupEnrolment          Group = "enrolment"           // one's own enrolment and guardian
	GroupApplicants         Group = "applicants"          // applications to the enterprise's places and answers to its offers
	GroupPlaces             Group = "places"              // the enterprise's places, filings and verification
	GroupSavedSearches      Group = "saved_searches"      // what one's saved searches find; each says how often itself
	GroupStudents           Group = "students"            // enrolments and guardians that the college confirms
	GroupVerifications      Group = "verifications"       // enterprises that the chamber verifies
	GroupAgreementReminders Group = "agreement_reminders" // an agreement waits for one's step
	GroupAgreements         Group = "agreements"          // each step of an agreement; always at once
	GroupSecurity           Group = "security"            // codes, invitations, roles, one's own account; always at once
)

// GroupDigest stands for all that a person gets daily, in the unsubscribe link of the daily mail. Nothing is chosen about it.
const GroupDigest Group = "digest"

// When is how soon a person wants to hear by mail. In the list on the site everything is there at once.
type When string

// The choices.
const (
	AtOnce When = "now"
	Daily  When = "daily" // in one mail a day, see [DigestHour]
	Never  When = "never"
)

// GroupRule says what may be chosen about a group, and who hears of it at all.
type GroupRule struct {
	Group   Group
	Options []When // the first is the default; one alone is no choice
	concern func(w who) bool
}

// Fixed reports whether there is nothing to choose.
func (g GroupRule) Fixed() bool { return len(g.Options) == 1 }

// Default is what holds until a person chooses.
func (g GroupRule) Default() When { return g.Options[0] }

// GroupRules lists all groups in the order in which they are shown.
func GroupRules() []GroupRule {
	all, fixed := []When{AtOnce, Daily, Never}, []When{AtOnce}
	return []GroupRule{
		{GroupApplications, all, applies},
		{GroupOffers, all, applies},
		{GroupApplicants, all, belongs(accounts.KindEnterprise)},
		{GroupInterviews, all, either(applies, belongs(accounts.KindEnterprise))},
		{GroupInterviewReminders, []When{AtOnce, Never}, either(applies, belongs(accounts.KindEnterprise))}, // a daily mail would come too late for them
		{GroupPlaces, all, belongs(accounts.KindEnterprise)},
		{GroupEnrolment, all, applies},
		{GroupStudents, all, belongs(accounts.KindCollege)},
		{GroupVerifications, all, belongs(accounts.KindChamber)},
		{GroupSavedSearches, []When{AtOnce, Never}, everybody}, // how often, each search says itself
		{GroupAgreementReminders, all, everybody},
		{GroupAgreements, fixed, everybody},
		{GroupSecurity, fixed, everybody},
	}
}

// who asks for the groups.
type who struct {
	role  string // where the account started
	actor accounts.Actor
	wards bool
}

func everybody(who) bool { return true }

// applies reports whether somebody hears of applications, as applicant or as guardian of one.
func applies(w who) bool {
	return w.wards || w.role == accounts.AsStudent || w.role == accounts.AsCitizen || w.role == accounts.AsGuardian
}

// belongs reports membership in an organisation of a kind, or an account that was made for one.
func belongs(kind accounts.OrgKind) func(who) bool {
	return func(w who) bool {
		return w.role == string(kind) || slices.ContainsFunc(w.actor.Memberships, func(m accounts.Membership) bool { return m.Kind == kind })
	}
}

func either(one, other func(who) bool) func(who) bool {
	return func(w who) bool { return one(w) || other(w) }
}

// ruleOf finds a group's rule.
func ruleOf(g Group) (GroupRule, bool) {
	rules := GroupRules()
	at := slices.IndexFunc(rules, func(r GroupRule) bool { return r.Group == g })
	if at < 0 {
		return GroupRule{}, false
	}
	return rules[at], true
}

// GroupOf tells the group of a template, which is an event type with an optional variant.
func GroupOf(template string) Group {
	switch template {
	case "application.submitted", "application.withdrawn", "application.superseded", "application.answer_due", "application.unanswered.enterprise",
		"application.reopened.enterprise", "offer.accepted", "offer.declined", "offer.expired.enterprise":
		return GroupApplicants
	case "placement.terms_changed":
		return GroupApplications
	case "enterprise.submitted":
		return GroupVerifications
	case "enrolment.claimed", "guardian.accepted":
		return GroupStudents
	case "booking.reminder":
		return GroupInterviewReminders
	}
	noun, rest, _ := strings.Cut(template, ".")
	switch noun {
	case "application":
		return GroupApplications
	case "offer", "match":
		return GroupOffers
	case "booking", "slots", "scorecard":
		return GroupInterviews
	case "placement", "filing", "enterprise":
		return GroupPlaces
	case "saved_search":
		return GroupSavedSearches
	case "enrolment", "guardian":
		return GroupEnrolment
	case "agreement":
		if strings.HasPrefix(rest, "reminded") {
			return GroupAgreementReminders
		}
		return GroupAgreements
	}
	return GroupSecurity // what nobody has sorted can't be switched off
}
