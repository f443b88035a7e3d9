// Package saving keeps what a person who looks for a place wants to find again: places, and searches that tell by mail when something new
// appears.
//
// # Contract
//
//   - Everything belongs to one person and is seen by nobody else. Saving, changing and forgetting concern nobody but this person, so the audit trail holds nothing of
//     it, as it holds nothing of which mails somebody wants.
//   - Saving a place twice saves it once, forgetting it twice is fine. The limits ([MostPlaces], [MostSearches]) hold among parallel callers: whoever adds holds
//     the person's shelf.
//   - A saved search holds the question as an address carries it (package finding/questions), and nothing of the person: no text that looks personal, a point
//     of departure to a kilometre.
//   - Alerts go out from [AlertHour] on (UTC+5), at most one a search and day or week: the search is moved on and the event [EventMatched] is written in one
//     transaction, after the finder was asked. Nothing new, no event.
//   - New is a place that was published after the newest one the search has told of. So a place that the index learns of late is told of the next time, and none
//     twice.
//   - The mail that follows ends by a link without signing in: see [Service.StopAlerts].
//
// # Limits
//
// News counts up to [MostCounted] places. A place that was paused and goes on isn't new.
package saving
