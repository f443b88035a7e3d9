// Package rules holds the dated numbers of the legal checks and the checks that several domains share (domain.md, "Legal checks").
//
// [InForce] gives the rules of a day; whoever checks something stores the version that judged it, so that a later reader
// can ask [ByVersion] what was asked at the time. A check is pure: it gives the fields to mend, each with the name of its rule and
// its paragraph, and nothing when the rule holds. Sentences stand in the catalogues placements.<lang>.json: field.<code> for
// what to mend, rule.<name> for the rule.
//
// Limits: numbers that rest on our own reading and not on the text of an act are marked so below; a new edition is a new entry of the table,
// never a changed one.
package rules
