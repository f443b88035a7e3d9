// Package placements holds training places: their drafts, legal checks, life cycle, seats, filings with the chambers, imports, and how
// fast enterprises answer.
//
// Two documents make a place. [Placement] is what is posted; its version rises with edits and changes of state only. [Sheet] is the
// owner document of everything that many people change at once: seats taken, open applications, concluded agreements. Every
// operation that depends on a place takes its sheet first ([Service.LockSheet]), which is why a seat can't be taken on a place that closed
// before, and why open offers and active matches never exceed the seats (I2).
//
// A place is public while it is published: [Service.Public] and [Service.EachPublic] are what the search index is made of, and the
// event placement.changed says that they give something new for a place.
//
// The legal checks of publication are [CheckPublish]; their numbers and the checks shared with agreements are in package rules.
//
// Limits: named constants in limits.go. Texts of a posting are the enterprise's own words and are not translated. Nothing personal
// is kept here but the mentor's id.
package placements
