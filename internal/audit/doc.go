// Package audit is the trail of who did what: entries that only grow, proven by hashes and by seals outside the database (domain.md I9).
//
// # Chain
//
// Each stream ("agreement:agr_…") is a chain of entries numbered 1, 2, 3 … without gap. [Trail.Append] takes the stream's head in the
// transaction of the effect, so the entry is there exactly when its effect is. An entry's hash is the SHA-256, in lower-case hex, of
// its canonical JSON: one object with the members action, actor, at, data, prev, seq, session, stream and v in this order, no white
// space, at as RFC 3339 with milliseconds in UTC, data with its names sorted, prev the hash of the entry before or "" (RFC 8785 gives
// the same bytes for the values that are allowed here).
//
// # Seals
//
// Whoever can write the database can write a whole chain anew. Therefore an hourly job ([Trail.SealHeads]) seals all heads outside of it: the
// root of a Merkle tree (RFC 9162 2.1: leaves hashed with a 0x00 before them, nodes with a 0x01) over the canonical {"hash","seq","stream"} of every head,
// sorted by stream; the root, the number and the hash of the seal before are signed with Ed25519. A line of the append-only file also lists
// the heads that changed since the seal before, bound to the signature by a Merkle root of their own, so that a verification can
// say which stream was touched; the log gets the line without that list: it can prove that a file was replaced, and needs the file to
// prove entries.
//
// # What is proven
//
// [Trail.Verify] finds a changed entry, a removed one, a removed tail, a replaced head, a forged or altered seal and a missing one, and names the first
// flaw of each stream. Entries younger than the last seal are proven by the chain alone: whoever may write the database can cut or rewrite
// them and fit the head. Whoever also has the seal key and every copy of the lines (file and logs) can rewrite everything; so the logs
// belong on another machine.
//
// # Limits
//
// Entries hold ids, codes and keyed hashes, never personal data; text that looks personal is refused. Verify keeps the heads and the sealed
// points of all streams in memory, about 300 bytes each.
package audit
