// Package notifications turns the events of all domains into notices on the site and mails to the people they concern, each in the reader's language.
//
// # Contract
//
//   - Every event type of every domain is in one table ([Decisions]): it is told, it is a reminder, or it is silent for a stated reason.
//   - What is told to somebody with an account makes a [Notice], which is there whatever was chosen about mails. Codes, invitations and the farewell make a mail
//     only. A notice holds ids, codes, dates and counts ([Fact]); names are looked up when it is said ([Service.Say]), by the templates of the mail.
//   - A person chooses for each [Group]: now, daily or never. Steps of an agreement, codes and what protects the account can't be switched off.
//   - The daily mail ([DigestHour]) goes out at most once a day and person, marked in the log before it is sent. It asks every event again as
//     things are then, and leaves out what is over or was read on the site.
//   - One mail per event and recipient: a delivery is written to the log before its mail is sent, and a repeat of the event finds it
//     there.
//   - Mails are sent at least once. Their Message-ID is computed from event and recipient, so that a repeat after a crash is the same
//     mail for the reader's mailbox.
//   - Reminders are sent at most once: marked before sending, and given up when nobody can say whether the mail server took them. They are
//     computed from the present state when they are sent: a cancelled interview reminds nobody.
//   - A mail says what happened, what to do and by when, and links to the page where to do it. It holds nothing that its reader may not
//     see in the program, and never an IIN, birth date, phone number or home address. A guardian gets a copy of what a minor gets.
//   - A mail is text and a page that says the same (package letter). Its links begin with the public address and the reader's language.
//   - A link at the foot of every mail that can be switched off ends mails of its kind without signing in: opening it shows a page that asks, a post as in RFC 8058 does
//     it at once.
//   - Only proved addresses get mail, except for the codes and links that prove them.
//
// The delivery log holds ids and codes; no address, no text. Log and notices are kept for [KeepLog].
//
// # Limits
//
// Somebody who stands in two relations to an event hears of it once, in the first. An event for many readers (a place's terms changed) is one run over all
// of them, which a retry goes on with where it broke off. A notice's names are those of today: who is gone has none.
package notifications
