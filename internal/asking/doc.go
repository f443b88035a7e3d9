// Package asking remembers what is searched for, without remembering who searches: so that those who run the platform learn which places are
// missing.
//
// # Contract
//
//   - What is kept of a question: its words (at most [MaxText] characters), how many places it found, the names of its filters, the regions and trades among
//     them, the language, a point to a tenth of a degree (11 km), and the hour. Never an account, an address of a machine or a program's name; words that
//     look like somebody's number or mail address are dropped (plain.Personal), the rest of the question stays.
//   - It is kept for [KeepLog] and then deleted.
//   - Nobody waits for it: [Service.Note] takes a question in memory in well under a microsecond's work, and a goroutine ([Service.Run]) writes what has gathered every few
//     seconds. A crash loses what wasn't written. Buffer and rows a day are bounded; what goes beyond is dropped and counted.
//   - What somebody types is asked for again with each pause. Of texts that grow within [settle] seconds under the same filters only the longest is kept. It
//     looks at texts, because there is nobody to look at: two people who type the same at the same moment count as one.
//   - [Service.NothingFound] shows nothing that was asked for fewer than [Least] times. Times aren't people: somebody who asks five times is seen.
//
// # Limits
//
// A question's later pages, feeds and alerts aren't noted. The report reads the newest [MostRead] rows of its period.
package asking
