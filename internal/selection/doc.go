// Package selection is the way from an application to a match: applications with their clock, the ranking, offers with their expiry and
// reserve chain, acceptance, and matches that fall through.
//
// # Contract
//
// The rules are methods on [Application], [Offer], [Match] and [StudentSheet], pure, with the instant passed in. [Service] combines them: each
// operation is one transaction that first takes the owner documents it depends on, always in this order: the person's sheet, the place's sheet, then the documents
// themselves. So the limits hold among parallel callers: one live application per person and place, eight live ones per person, ten per free
// seat, seats never given twice, no two overlapping matches (I2, I3), one match per offer with its agreement in the same transaction (I5).
//
// # Limits
//
// Interviews and agreements stand above this package: it reaches them through function fields that the composition root sets.
// Contact data are not kept here; [Service.View] tells who may see what of an applicant.
package selection
