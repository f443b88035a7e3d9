// Package interviews holds bookable times, holds, bookings, attendance, scorecards and calendar files.
//
// # Contract
//
// A slot never has more live bookings and holds than its capacity; no person has two live bookings or holds that overlap, nor two bookings for one
// application; no interviewer and no room has two slots that overlap, buffers included (I1). These rules live in owner documents, the [Slot] and one
// [Calendar] a day of each person, interviewer and room, which every operation takes before it decides: calendars in the order of their ids, then slots, then the
// application. So they hold among parallel callers on every engine.
//
// # Limits
//
// A slot lasts at most four hours. Holds end by themselves after five minutes without a job: an expired hold is free the moment it
// expires. Times are instants; a day's pattern is read in UTC+5.
package interviews
