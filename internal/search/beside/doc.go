// Package beside measures the embedded engine beside bleve 2.5.7, the library that would stand in its place if we owned no engine, in one run and over the
// same places. It holds a benchmark and nothing else; `make bench` runs it, ORYNDA_TEST_BENCH_PLACES says how many places.
//
// What it promises:
//
//   - Both hold the places of golden.Corpus. Both are asked the same words in turns, count all 14 groups of facets whole, and answer with 20 ids and a
//     total. One kind of question counts nothing, because most of bleve's time goes into counting.
//   - Every answer is checked: a question that finds nothing ends the run, so nothing empty is measured.
//   - bleve is used as its users use it: an index on disk, written in batches, asked after its files were merged. Where there is a choice, the one that is cheaper
//     for bleve is taken: nothing but ids is stored, no positions are kept, and words are looked up in its one field of everything instead of in
//     some thirty fields with weights. A question doesn't say its language, so its words are read with each of three analysers.
//
// Limits, to be read beside the figures:
//
//   - bleve does less here. It has no Kazakh, so Kazakh words stay unstemmed; it reads no other keyboard and no Latin spelling; a typing error is any word one letter
//     off instead of a correction by the lexicon; a town is a word like others instead of a filter; a group that filters isn't counted
//     without its own selection; weights of fields and distances of words don't count.
//   - So the totals of both differ, and nothing is said here about what is found: package golden judges that.
//   - Heap is what the garbage collector knows of. bleve's files are mapped into memory beside it, and their pages are counted by size on disk only.
//   - Both live in one process on the same cores: each pays for the garbage of the other while they are asked in turns, not while 8 clients ask one of them.
//
// It is a module of its own because bleve brings nineteen more modules that the program must not rest on (docs/decisions/0035-beside-bleve.md).
package beside
