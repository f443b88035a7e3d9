// Package notifications turns the events of all domains into mails to the people they concern, each in the reader's language.
//
// # Contract
//
//   - Every event type of every domain is in one table ([Decisions]): it makes mails, it is a reminder, or it is silent for a stated reason.
//   - One mail per event and recipient: a delivery is written to the log before its mail is sent, and a repeat of the event finds it
//     there.
//   - Notices are sent at least once. Their Message-ID is computed from event and recipient, so that a repeat after a crash is the same
//     mail for the reader's mailbox.
//   - Reminders are sent at most once: marked before sending, and given up when nobody can say whether the mail server took them. They are
//     computed from the present state when they are sent: a cancelled interview reminds nobody.
//   - A mail says what happened, what to do and by when, and links to the page where to do it. It holds nothing that its reader may not
//     see in the program, and never an IIN, birth date, phone number or home address. A guardian gets a copy of what a minor gets.
//   - Only proved addresses get mail, except for the codes and links that prove them.
//
// The delivery log holds ids and codes; no address, no text. It is kept for [KeepLog].
//
// # Limits
//
// Mails are plain text. There is one mail per event: digests and the choice of notices by the user need a place for the choice first. An
// event for many readers (a place's terms changed) is one run over all of them, which a retry goes on with where it broke off.
package notifications
