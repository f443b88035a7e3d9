package placements

import (
	"time"

	"github.com/orynda/orynda/internal/outbox"
)

// The events. The subject is the place's id unless it says otherwise.
const (
	EventPublished    = "placement.published"
	EventChanged      = "placement.changed"       // what the search index shows of the place may have changed: every change of state comes with it
	EventTermsChanged = "placement.terms_changed" // data: version (id of the kept version); pay, dates, hours, workplace, age or mentor
	EventPaused       = "placement.paused"        // data: why ("unanswered" or none)
	EventResumed      = "placement.resumed"
	EventSelecting    = "placement.selecting"
	EventClosed       = "placement.closed"        // data: reason
	EventDeadlineNear = "placement.deadline_near" // data: days
	EventFiled        = "filing.filed"            // subject: the filing; data: placement, chamber
	EventDecided      = "filing.decided"          // subject: the filing; data: placement, decision
	EventImported     = "placement.imported"      // subject: the import; data: enterprise
	EventUnresponsive = "enterprise.unresponsive" // subject: the enterprise: ten applications in a row went unanswered
)

// The actions of the trail that have no event.
const (
	actionDrafted = "placement.drafted"
	actionChanged = "placement.changed"
)

// Events lists the event types of the domain.
func Events() []string {
	return []string{
		EventPublished, EventChanged, EventTermsChanged, EventPaused, EventResumed, EventSelecting, EventClosed, EventDeadlineNear,
		EventFiled, EventDecided, EventImported, EventUnresponsive,
	}
}

// Handlers lists what the domain does on events: it pauses the places of an enterprise that doesn't answer, and settles imports.
func Handlers(s *Service) []outbox.Handler {
	return []outbox.Handler{
		{Name: "placements.pause_unresponsive", Types: []string{EventUnresponsive}, Timeout: time.Minute, Run: s.onUnresponsive},
		{Name: "placements.settle_import", Types: []string{EventImported}, Timeout: 5 * time.Minute, Run: s.onImported},
	}
}

// Jobs lists what the domain does by the clock: deadlines, reminders, and imports that were broken off.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{
		{Name: "placements.deadlines", Every: time.Minute, Run: s.runDeadlines},
		{Name: "placements.imports", Every: 10 * time.Minute, Run: s.runImports},
	}
}
