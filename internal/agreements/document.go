package agreements

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements/paper"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

// document is the exact bytes of one revision's document, sealed. It is never changed.
type document struct {
	ID          string    `json:"id"`
	Version     int64     `json:"version"`
	AgreementID string    `json:"agreement_id"`
	Revision    int       `json:"revision"`
	CreatedAt   time.Time `json:"created_at"`
	SHA256      string    `json:"sha256"`
	Size        int64     `json:"size"`
	Sealed      []byte    `json:"sealed"`
}

// Identity implements storage.Document.
func (d *document) Identity() (string, *int64) { return d.ID, &d.Version }

// Keys implements storage.Document.
func (d *document) Keys() storage.Keys { return nil }

func documentSpec() storage.Spec { return storage.Spec{Name: "agreement_documents"} }

// WantedDocument says which file is asked for. The zero value is the stored document of the present revision.
type WantedDocument struct {
	Format   string    // "", "pdf" or "docx"
	Language i18n.Lang // "" for all
	Sheet    bool      // the sheet of signatures
	Revision int       // 0 for the present one
	Reader   i18n.Lang // of a copy for which no language is asked
}

// File is a file made for a download.
type File struct {
	Name   string // without personal data
	SHA256 string // lower-case hexadecimal, of Body
	Body   []byte
}

// Document gives an agreement's file: the stored bytes (getAgreementDocument), an unsigned copy in one language, or the sheet of signatures. Its refusals:
// Conflict document_not_ready; Unprocessable language_not_in_agreement, format_not_available; NotImplemented not_implemented_yet for
// docx; NotFound not_found for a revision without a document.
func (s *Service) Document(ctx context.Context, by accounts.Actor, agreementID string, want WantedDocument) (*File, error) {
	a, _, err := s.permitted(ctx, by, "getAgreementDocument", agreementID)
	if err != nil {
		return nil, err
	}
	isCopy := want.Format != "" || want.Language != ""
	switch {
	case want.Revision != 0 && isCopy, want.Sheet && (want.Format == "docx" || want.Language != ""):
		return nil, errs.New(errs.Unprocessable, "format_not_available")
	case want.Format == "docx":
		return nil, errs.New(errs.NotImplemented, "not_implemented_yet")
	case want.Sheet:
		return s.sheet(ctx, a, want.Revision)
	case isCopy:
		return s.unsigned(ctx, a, want.Language, want.Reader)
	}
	return s.stored(ctx, a, want.Revision)
}

// stored gives the exact bytes that were signed, checked against their hash.
func (s *Service) stored(ctx context.Context, a *Agreement, revision int) (*File, error) {
	documentID, number := "", a.Revision
	if a.Document != nil {
		documentID = a.Document.ID
	}
	if revision != 0 && revision != a.Revision {
		rev, err := s.revisions.Get(ctx, revisionID(a.ID, revision))
		if err != nil && !storage.IsNotFound(err) {
			return nil, err
		}
		if rev == nil || rev.DocumentID == "" {
			return nil, errs.New(errs.NotFound, "not_found")
		}
		documentID, number = rev.DocumentID, revision
	}
	if documentID == "" {
		return nil, errs.New(errs.Conflict, "document_not_ready")
	}
	body, hash, err := s.bytesOf(ctx, documentID)
	if err != nil {
		return nil, err
	}
	return &File{Name: fmt.Sprintf("agreement-%s-r%d.pdf", slug(a.Number), number), SHA256: hash, Body: body}, nil
}

// bytesOf opens a stored document. Bytes that no longer have their hash are an internal error and never given out.
func (s *Service) bytesOf(ctx context.Context, documentID string) ([]byte, string, error) {
	doc, err := s.documents.Get(ctx, documentID)
	if err != nil {
		return nil, "", err
	}
	body, err := s.Ring.Open(doc.Sealed, sealDocument)
	if err != nil {
		return nil, "", err
	}
	if hashOf(body) != doc.SHA256 {
		return nil, "", fmt.Errorf("agreements: document %s doesn't have its hash", documentID)
	}
	return body, doc.SHA256, nil
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// slug makes a number fit for a file name.
func slug(number string) string {
	if number == "" {
		return "draft"
	}
	return strings.ReplaceAll(number, "/", "-")
}

// unsigned renders a copy from the present data, marked as such.
func (s *Service) unsigned(ctx context.Context, a *Agreement, lang, reader i18n.Lang) (*File, error) {
	if lang == i18n.EN && len(a.Languages) < 3 {
		return nil, errs.New(errs.Unprocessable, "language_not_in_agreement")
	}
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return nil, err
	}
	data := s.paperData(a, p, s.Clock.Now())
	if data.Number == "" {
		data.Number = "—"
	}
	if lang == "" {
		lang = reader
	}
	if lang == "" || (lang == i18n.EN && len(a.Languages) < 3) {
		lang = i18n.KK
	}
	body, err := s.Papers.Copy(data, lang)
	if err != nil {
		return nil, err
	}
	return &File{Name: fmt.Sprintf("agreement-%s-copy-%s.pdf", slug(a.Number), lang), SHA256: hashOf(body), Body: body}, nil
}

// sheet renders the sheet of signatures of the present or an earlier revision.
func (s *Service) sheet(ctx context.Context, a *Agreement, revision int) (*File, error) {
	if a.Document == nil || (revision != 0 && revision != a.Revision) {
		return nil, errs.New(errs.Conflict, "document_not_ready")
	}
	p, err := s.partiesOf(ctx, a)
	if err != nil {
		return nil, err
	}
	d := paper.SheetData{
		Number: a.Number, Revision: a.Revision, RenderedAt: s.Clock.Now(), English: len(a.Languages) > 2, DocumentSHA256: a.Document.SHA256,
		College: nameText(p.College.LegalNames, p.College.Name), Enterprise: nameText(p.Enterprise.LegalNames, p.Enterprise.Name),
		ConcludedOn: today(a.ConcludedAt), Verification: s.verification(a),
	}
	for _, sig := range a.Signatures {
		d.Signatures = append(d.Signatures, s.sheetLine(sig))
	}
	if len(d.Signatures) == 0 {
		return nil, errs.New(errs.Conflict, "document_not_ready")
	}
	if r := a.Registration; r != nil && p.Chamber != nil {
		d.Registration = &paper.Registration{Chamber: nameText(p.Chamber.LegalNames, p.Chamber.Name), Number: r.Number, Date: today(r.At)}
	}
	body, err := s.Papers.SignatureSheet(d)
	if err != nil {
		return nil, err
	}
	return &File{Name: fmt.Sprintf("signatures-%s-r%d.pdf", slug(a.Number), a.Revision), SHA256: hashOf(body), Body: body}, nil
}

func (s *Service) sheetLine(sig Signature) paper.Signature {
	line := paper.Signature{
		Role: paper.Role(sig.Party), FullName: sig.Person, Position: one(sig.Position), Authority: one(sig.Authority), At: sig.At,
		Channel: paper.Channel(sig.Channel), Assurance: paper.Assurance(sig.Assurance),
	}
	if sig.Party == ByGuardian {
		line.Authority = s.words("agreement.ground." + sig.Authority)
	}
	return line
}
