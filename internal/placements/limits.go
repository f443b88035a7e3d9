package placements

import "time"

// Limits of a posting (behaviour.md, "Posting"). Lengths are counted in characters, never in bytes.
const (
	MaxTitle         = 100
	MinSummary       = 50
	MaxSummary       = 350
	MaxTasks         = 4000
	MaxConditions    = 4000
	MaxModules       = 40
	MaxModuleName    = 200
	MaxModuleHours   = 5000
	MaxSkills        = 15
	MaxSkill         = 30
	MaxQuestions     = 2
	MaxQuestion      = 250
	MaxSeats         = 500
	MaxWeeklyHours   = 40
	MaxWorkplaces    = 20
	MinAddress       = 3
	MaxAddress       = 300
	MaxCity          = 100
	MaxAmount        = 100_000_000
	MaxNote          = 500
	MinAgeLimit      = 14
	MaxAgeLimit      = 65
	MaxColleges      = 200
	MaxReference     = 64
	MaxCloseComment  = 500
	MaxRemarkFields  = 50
	MaxRemarkComment = 2000
)

// Limits of an import.
const (
	MaxImportRows  = 5000
	MaxImportBytes = 10 << 20
	importBatch    = 100
	importReplans  = 3 // how often rows are compared anew when drafts change meanwhile
	// importBusy is how long after its last batch an import counts as being at work: the same file, sent again, waits so long.
	importBusy = 15 * time.Second
	// importIdle is how long an import may stand still before another file may take its place.
	importIdle = 2 * time.Minute
	// importForgotten is how long a broken-off import waits for its file to be sent again.
	importForgotten = time.Hour
)

// LivePerSeat is how many live applications a place takes for each free seat.
const LivePerSeat = 10

// UnansweredInRow pauses an enterprise's places.
const UnansweredInRow = 10

// ShownFrom is the number of cases from which a response rate is shown.
const ShownFrom = 5

// Badges and reminders, in days.
const (
	NewDays         = 3
	ClosingSoonDays = 7
	firstReminder   = 7
	lastReminder    = 1
)

// filingHours is the time a chamber has for a filing, in hours of working days.
const filingHours = 24 * time.Hour
