// Package language is what the search knows of Kazakh, Russian and English words: their one rough spelling, their stems, the keyboards they
// are typed on, and how far two words are apart. It knows no trades and no places.
//
//   - [Key] gives a word its key: one rough spelling for Kazakh with and without its own letters and for the Latin spellings of Kazakh and
//     Russian (2018 and 2021 alphabets, BGN/PCGN, everyday ones). Words are compared by their keys only.
//   - [Russian], [Kazakh] and [English] give stems, as keys too. They may be wrong (Kazakh's by its lost letters more often); whoever knows
//     which words there are should ask [KazakhForms] for every step and stop at the first that is a word.
//   - [Layouts] re-reads a text as typed with another keyboard switched on.
//   - [Distance] counts typing errors.
//
// Everything is pure and takes any bytes. Limits: a key forgets the difference of и, й, ы and і, of ш and щ, of ц and тс, and doubled letters, so
// some words fall together; that is wanted where people don't agree how to write them.
package language
