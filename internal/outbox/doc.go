// Package outbox carries events from the transaction that caused them to their handlers, and runs jobs by a schedule.
//
// # Events
//
// [Box.Emit] writes, inside the transaction of the effect, one event and one stored delivery for every subscribed handler: either
// all of it is there after the commit or none. A dispatcher in each copy of the program takes deliveries with a lease and runs the
// handlers. The contract with a handler:
//
//   - At least once: a crash, a lost lease or a failed commit runs it again, so its effect must be repeatable.
//   - One at a time and in order of emission per (handler, subject). Order among subjects isn't promised. A dead letter
//     steps aside and holds nobody up; when it is retried it goes to the end of its subject's line.
//   - A run has a deadline ([Handler.Timeout], 20 s without one). Returning an error or panicking is a failed attempt; after
//     [MaxAttempts] attempts, spread over about ten hours by an exponential backoff with jitter, the delivery is a dead letter, which an
//     operator lists ([Box.Dead]) and retries ([Box.Retry]). An attempt counts when it begins, so that an event which kills the
//     program ends as a dead letter too.
//   - Each taking raises the delivery's fencing token. A worker that was paused beyond its lease can't complete the delivery (its outcome
//     is refused by the token), and a handler that writes to the store calls [Hold] in its transaction, so that it can't act late
//     either. Effects outside the store can take [Fence] along.
//
// A local event is noticed some milliseconds after its commit; another copy's within 250 ms.
//
// [Box.Tail] is for what every copy has to see, the embedded search index: no deliveries, each copy reads all events itself.
//
// # Jobs
//
// [Box.Schedule] runs a job once per period among all copies, under a lease that is renewed while it runs, with a fencing token.
//
// # Two clocks
//
// The clock given to [New], which the demo can move, decides what is due: retries, jobs, pruning. Leases, and the window in which a tail
// looks back, go by the machine's clock, so that moving the demo's clock never takes a lease from anybody. The machines' clocks
// should agree within seconds; where they don't, leases end early or late, which the fencing token makes harmless.
//
// # Limits
//
// Every process that emits must be built with the same handlers, because Emit writes the deliveries. Events and handled deliveries
// are kept for seven days. Subjects, types and data hold ids and codes only; text that looks personal is refused.
package outbox
