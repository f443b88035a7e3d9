// Package agreements holds dual training agreements (R50 2.7, 5, 13; R361): the draft that every match begins with, who fills in which part of
// it, the legal checks before it is frozen and before each signature, the frozen document, the signatures of student, guardian and enterprise and
// the college's countersignature, the chamber's register, and the ends: completed, terminated, cancelled.
//
// # Contract
//
//   - Every active match has exactly one live agreement, made in the match's transaction (domain.md I5); a cancelled or terminated one dissolves
//     its match in the same transaction.
//   - What was signed is what is kept (I6): at ready one document is made and its exact bytes are stored sealed; signatures cover its SHA-256. Every
//     way back to draft begins a new revision and voids the signatures of the one before.
//   - Student, guardian and enterprise sign in any order, the college last (I7). The guardian is needed when the student was under 18 on the day of the
//     own signature.
//   - A number is claimed after all checks and before the document is made, in a transaction of its own, and kept over revisions (I8). Numbers run
//     1…n without gap per college and year; register numbers per chamber and year.
//   - No two signatories share an account, mail address or phone (I13).
//   - Personal data is sealed where it is stored and leaves to the parties and, from conclusion on, the competent registrar only (I11). Events
//     and the trail hold ids and codes; reasons that people write are kept on the agreement.
//
// # Limits
//
// Signing is by a code sent by mail; other channels answer not_implemented_yet, and so do amendments and the evidence file. Signing is refused inside
// a transaction of the caller, because a wrong code must count even though the call fails. The order of locks is: agreement, counter, mentor, then
// whatever selection and placements take.
package agreements
