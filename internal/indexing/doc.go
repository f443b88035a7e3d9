// Package indexing keeps the search index equal to the set of published places (I10).
//
// Every change of a place writes the event placement.changed in its transaction, with the place's id only; here the present state is read and put into the
// index, or taken out of it. With the embedded engine every copy of the program follows all events, because each holds an index of its own; with a server
// one copy handles each event. What happens while an index is rebuilt is noted and put again afterwards; with a server also what is
// heard of within two minutes of it.
//
// At a start the index of an engine that lives in this process is taken from a snapshot of the last run and compared with the store: what each document was made of is
// named by search.Revision, and places of another revision are read again.
//
// A rebuild is asked for by a request in the store, which the running program carries out: so the command line and the API need no way into it.
package indexing
