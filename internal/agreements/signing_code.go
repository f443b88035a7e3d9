package agreements

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// The life of a signing code (behaviour.md, "Agreement").
const (
	CodeLife  = 10 * time.Minute
	CodeTries = 5
	codesMost = 30 // per person and hour
)

// SigningItem names one document to sign so exactly that nothing else can be signed by mistake.
type SigningItem struct {
	AgreementID string
	Revision    int
	SHA256      string
}

// signingCode is the one code that a person waits for: the newest only. It is bound to the exact list of documents.
type signingCode struct {
	ID        string      `json:"id"` // the person's
	Version   int64       `json:"version"`
	RequestID string      `json:"request_id"`
	Hash      string      `json:"hash"`  // keyed
	Items     string      `json:"items"` // digest of the list
	Wrong     int         `json:"wrong"`
	CreatedAt time.Time   `json:"created_at"`
	ExpiresAt time.Time   `json:"expires_at"`
	Issued    []time.Time `json:"issued"` // within the last hour, for the limit
}

// Identity implements storage.Document.
func (c *signingCode) Identity() (string, *int64) { return c.ID, &c.Version }

// Keys implements storage.Document.
func (c *signingCode) Keys() storage.Keys { return storage.Keys{"expires": c.ExpiresAt} }

func codeSpec() storage.Spec {
	return storage.Spec{
		Name: "signing_codes", Keys: []storage.Key{{Name: "expires", Kind: storage.Int}}, Indexes: []storage.Index{{Name: "expires", Keys: []string{"expires"}}},
	}
}

// SigningRequest is a code that was sent.
type SigningRequest struct {
	ID        string
	CreatedAt time.Time
	ExpiresAt time.Time
	SentTo    string // the mail address, masked
	Tries     int
	Items     int
}

// itemsDigest is the same for the same documents in any order.
func itemsDigest(items []SigningItem) string {
	lines := make([]string, len(items))
	for i, it := range items {
		lines[i] = fmt.Sprintf("%s|%d|%s", it.AgreementID, it.Revision, it.SHA256)
	}
	sort.Strings(lines)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(lines), "\n")))
	return hex.EncodeToString(sum[:])
}

// RequestCode sends six digits to the signer's mail address, for exactly these documents (requestSigningCode). A former code ends. Its refusals: Unprocessable
// too_many_items, authority_missing, contact_shared; Conflict document_changed (with the items), out_of_turn, signatures_missing,
// already_signed; RateLimited rate_limited.
func (s *Service) RequestCode(ctx context.Context, by accounts.Actor, items []SigningItem) (*SigningRequest, error) {
	if by.Anonymous() {
		return nil, s.Policy.Permit(by, "requestSigningCode")
	}
	if len(items) == 0 || len(items) > MaxBulk {
		return nil, errs.InvalidFields([]errs.Field{{Field: "items", Code: "too_many", Params: map[string]any{"max": MaxBulk}}})
	}
	if err := s.maySignAll(ctx, by, items); err != nil {
		return nil, err
	}
	person, err := s.Accounts.Person(ctx, by.PersonID)
	if err != nil {
		return nil, err
	}
	var out *SigningRequest
	err = s.DB.Tx(ctx, func(ctx context.Context) error {
		c, digits, err := s.issueCode(ctx, by, items)
		if err != nil {
			return err
		}
		out = &SigningRequest{
			ID: c.RequestID, CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt, SentTo: maskMail(person.Email), Tries: CodeTries, Items: len(items),
		}
		sealed := base64.RawURLEncoding.EncodeToString(s.Ring.SealText(digits, accounts.MailCode))
		return s.Box.Emit(ctx, EventCodeIssued, c.RequestID, map[string]string{
			"person": by.PersonID, "sealed_code": sealed, "count": fmt.Sprint(len(items)), "agreement": items[0].AgreementID,
		})
	})
	return out, err
}

// issueCode makes a new code and voids the one before, in the caller's transaction.
func (s *Service) issueCode(ctx context.Context, by accounts.Actor, items []SigningItem) (*signingCode, string, error) {
	c, err := s.codes.LockOrNew(ctx, by.PersonID, &signingCode{ID: by.PersonID})
	if err != nil {
		return nil, "", err
	}
	now := s.Clock.Now()
	c.Issued = slices.DeleteFunc(c.Issued, func(t time.Time) bool { return !t.Add(time.Hour).After(now) })
	if len(c.Issued) >= codesMost {
		return nil, "", errs.New(errs.RateLimited, "rate_limited").After(c.Issued[0].Add(time.Hour).Sub(now))
	}
	digits := id.Digits(6)
	c.RequestID, c.Items, c.Wrong = id.New("sgr"), itemsDigest(items), 0
	c.Hash = s.codeHash(c.RequestID, digits)
	c.CreatedAt, c.ExpiresAt = now, now.Add(CodeLife)
	c.Issued = append(c.Issued, now)
	return c, digits, s.codes.Save(ctx, c)
}

func (s *Service) codeHash(requestID, digits string) string {
	return s.Ring.Lookup("signing.code", requestID+":"+digits)
}

// maySignAll checks everything about the listed documents that is known before the code: who signs, whose turn it is, which document.
func (s *Service) maySignAll(ctx context.Context, by accounts.Actor, items []SigningItem) error {
	var changed []errs.Field
	for i, it := range items {
		a, have, err := s.signable(ctx, by, "requestSigningCode", it.AgreementID)
		if err != nil {
			return err
		}
		college := slices.Contains(have, accounts.CollegeSignatory)
		if len(items) > 1 && !college {
			return errs.New(errs.Unprocessable, "too_many_items").With("max", 1)
		}
		party := sideOf(have, granted("signAgreement"))
		if college && party == BySystem {
			party = ByCollege
		}
		if !a.signs(it) {
			changed = append(changed, errs.Field{Field: fmt.Sprintf("items[%d]", i), Code: "document_changed"})
			continue
		}
		if _, err := s.signer(ctx, &acting{a: a, by: by, party: party, now: s.Clock.Now()}); err != nil {
			return err
		}
	}
	if len(changed) > 0 {
		return errs.New(errs.Conflict, "document_changed").WithFields(changed...)
	}
	return nil
}

// signable reads an agreement with the actor's relations and asks the policy.
func (s *Service) signable(ctx context.Context, by accounts.Actor, op, agreementID string) (*Agreement, []accounts.Relation, error) {
	a, err := s.Agreement(ctx, agreementID)
	if err != nil {
		return nil, nil, err
	}
	have, err := s.RelationsTo(ctx, by, a)
	if err != nil {
		return nil, nil, err
	}
	return a, have, s.Policy.Permit(by, op, have...)
}

// signs reports whether an item names the present document. An agreement without a document is out of turn, which is said elsewhere.
func (a *Agreement) signs(it SigningItem) bool {
	return a.Document == nil || (it.Revision == a.Revision && it.SHA256 == a.Document.SHA256)
}

// CodeProof is what a signer sends with channel code.
type CodeProof struct {
	Channel   Channel
	RequestID string
	Code      string
}

// prove tries the digits for exactly these documents. A wrong try counts even though the call fails, so it has a transaction of its own: inside one of the
// caller's it would be undone, and any number of tries were free. The errors: Unprocessable code_invalid, code_other_items; NotImplemented
// not_implemented_yet for another channel.
func (s *Service) prove(ctx context.Context, by accounts.Actor, proof CodeProof, items []SigningItem) error {
	if s.DB.InTx(ctx) {
		return errors.New("agreements: a signature must not be given inside a transaction of the caller: a wrong code would not count")
	}
	if proof.Channel != ByCode {
		return errs.New(errs.NotImplemented, "not_implemented_yet")
	}
	var refusal error
	err := s.DB.Tx(ctx, func(ctx context.Context) error {
		refusal = nil
		c, err := found(s.codes.Lock(ctx, by.PersonID))
		if err != nil {
			return err
		}
		if c == nil || c.RequestID != proof.RequestID || !s.Clock.Now().Before(c.ExpiresAt) || c.Wrong >= CodeTries {
			refusal = codeInvalid()
			return nil
		}
		if subtle.ConstantTimeCompare([]byte(c.Hash), []byte(s.codeHash(c.RequestID, proof.Code))) != 1 {
			c.Wrong++
			refusal = codeInvalid()
			return s.codes.Save(ctx, c)
		}
		if c.Items != itemsDigest(items) {
			refusal = errs.New(errs.Unprocessable, "code_other_items")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return refusal
}

func codeInvalid() error {
	return errs.New(errs.Unprocessable, "code_invalid").WithFields(errs.Field{Field: "code", Code: "code_invalid"})
}

// forgetCodes drops codes that ended a day ago.
func (s *Service) forgetCodes(ctx context.Context, now time.Time) error {
	old, err := s.codes.Find(ctx, storage.Where(storage.Lt("expires", now.Add(-24*time.Hour))).Take(500))
	if err != nil {
		return err
	}
	for _, c := range old {
		if err := s.codes.Delete(ctx, c.ID); err != nil && !storage.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// maskMail shows the first character and the domain.
func maskMail(mail string) string {
	local, domain, ok := strings.Cut(mail, "@")
	if !ok || local == "" {
		return "••••"
	}
	return string([]rune(local)[:1]) + "••••@" + domain
}
