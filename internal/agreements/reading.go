package agreements

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

// Text gives the wording of one language version for a screen, to those who may have the document: of a document that is fixed exactly what it says, of a draft what it
// would say now. A draft that lacks something has no wording yet, and neither error nor pieces are given. Its refusal: Unprocessable
// language_not_in_agreement.
func (s *Service) Text(ctx context.Context, by accounts.Actor, agreementID string, lang i18n.Lang) ([]paper.Piece, error) {
	a, _, err := s.permitted(ctx, by, "getAgreementDocument", agreementID)
	if err != nil {
		return nil, err
	}
	if lang == i18n.EN && len(a.Languages) < 3 {
		return nil, errs.New(errs.Unprocessable, "language_not_in_agreement")
	}
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return nil, err
	}
	at := s.Clock.Now()
	if a.Document != nil {
		at = a.Document.ReadyAt // who must sign, and the rules, were judged then
	}
	data := s.paperData(a, p, at)
	if data.Number == "" {
		data.Number = "—"
	}
	pieces, err := s.Papers.Text(data, lang)
	if errs.Has(err, "document_unprintable") && a.Document == nil {
		return nil, nil
	}
	return pieces, err
}
