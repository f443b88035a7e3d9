// Package paper turns a plain data set into the paper of a dual training agreement: one PDF with the Kazakh and Russian (on request also
// the English) version and one common page of requisites, single-language copies of it, and the sheet of signatures.
//
// The contract: equal [Data] gives equal bytes, on every machine with the same build, so that a hash can stand for the document. What can't
// be printed in full is refused: a missing value is code document_incomplete, a character that the built-in font lacks is code
// document_character, each naming the field. The wording is not code: it stands in versioned files under texts, each with its source,
// edition and reviewer, and the paper itself says that it was not yet compared with the official form while that is so.
//
// Limits: A4 only; left-to-right scripts only; no PDF/A and no tagging; the package knows no storage and checks no law beyond "the value
// is there", which the caller does before it asks for a paper.
package paper
