package selection

// The event types of this domain. Their subject is the id of the application, offer or match.
const (
	EventSubmitted      = "application.submitted"
	EventOpened         = "application.opened"
	EventShortlisted    = "application.shortlisted"
	EventConsidered     = "application.considered"
	EventRejected       = "application.rejected"
	EventWithdrawn      = "application.withdrawn"
	EventSuperseded     = "application.superseded"
	EventUnanswered     = "application.unanswered"
	EventClosed         = "application.closed"
	EventReopened       = "application.reopened"
	EventAnswerDue      = "application.answer_due" // the enterprise's clock: a reminder
	EventRanked         = "ranking.updated"
	EventOfferMade      = "offer.made"
	EventOfferAccepted  = "offer.accepted"
	EventOfferDeclined  = "offer.declined"
	EventOfferExpired   = "offer.expired"
	EventOfferWithdrawn = "offer.withdrawn"
	EventOfferEnding    = "offer.ending" // one day left: a reminder
	EventMatchMade      = "match.made"
	EventMatchDissolved = "match.dissolved"
)

// Events lists the event types of this domain.
func Events() []string {
	return []string{
		EventSubmitted, EventOpened, EventShortlisted, EventConsidered, EventRejected, EventWithdrawn, EventSuperseded, EventUnanswered, EventClosed,
		EventReopened, EventAnswerDue, EventRanked, EventOfferMade, EventOfferAccepted, EventOfferDeclined, EventOfferExpired, EventOfferWithdrawn,
		EventOfferEnding, EventMatchMade, EventMatchDissolved,
	}
}
