// Package golden is the examiner of search: a corpus of places as the country's enterprises would post them, questions as its students, parents and
// employers type them, each with the answers that whoever typed it would accept, and the figures that a search must reach on them. Only tests
// import it.
//
// What it promises:
//
//   - [Corpus] makes the same places from the same reference data, through indexing.Document: they carry what real places carry.
//   - The questions (testdata/queries.csv) are judged by the trade, the place and the enterprise of what was found, never by its words, so no
//     wording of a document can be tuned to them.
//   - [Later] are the questions of three later examinations (testdata/later.csv), whose writers didn't know the everyday words either; their figures are floors.
//   - [Examine] asks each question once for the first five and [Run] fails a test where a class is below its aim.
//
// The columns of queries.csv: class, lang (of the words typed), query, want (right codes separated by |: a qualification, a specialty with all its
// qualifications, a university field; "ent:" and a name for an enterprise; empty where nothing may be found), city (right places separated by |: a
// city's name or a region's code; empty where the question names none), note.
//
// Limits: the corpus is invented, and one hand wrote its words and the questions but those of later.csv. A class has some twenty-five questions, so one question is four
// hundredths of a figure: read the list of misses beside it.
package golden
