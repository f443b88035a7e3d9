// Package archtest keeps the shape of the tree: which package may import which, who may use which library, and the habits that a reader relies on (every
// exported name documented, no file too long, nothing put off in a comment).
//
// It reads the source with go/parser and needs no tool. A failure says what was found, where, and why the rule is there; whoever means to
// change a rule changes it here, with its reason.
//
// Limits: the order of imports is kept for the program, not for its tests, which may look from above. Generated files are held to the order of
// imports only.
package archtest
