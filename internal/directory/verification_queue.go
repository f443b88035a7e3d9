package directory

import (
	"context"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

func indexed(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

// VerificationView is an entry of the queue as its chamber sees it.
type VerificationView struct {
	Verification
	State      VerificationState // of this moment
	Enterprise *EnterpriseView
	Claimant   Person // whose claim is alive, or who decided; empty otherwise
	Changed    []Change
}

// SubmitVerification puts an enterprise into its chamber's queue (submitVerification); once more while it waits changes nothing. It answers
// errs.Conflict already_verified or bin_taken, errs.Unprocessable validation_failed.
func (s *Service) SubmitVerification(ctx context.Context, by accounts.Actor, enterpriseID, comment string) (*EnterpriseView, error) {
	if err := s.mayEnterprise(ctx, by, "submitVerification", enterpriseID); err != nil {
		return nil, err
	}
	var f form
	f.text("comment", &comment, &comment, 0, MaxComment)
	if err := f.finish(); err != nil {
		return nil, err
	}
	var e *Enterprise
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if e, err = s.enterprises.Lock(ctx, enterpriseID); err != nil {
			return missing(err, "enterprise")
		}
		switch e.State {
		case EnterpriseSubmitted:
			return nil
		case EnterpriseVerified:
			return errs.New(errs.Conflict, "already_verified")
		}
		if err := e.complete(s.ref); err != nil {
			return err
		}
		if err := s.numberFree(ctx, e); err != nil {
			return err
		}
		return s.enqueue(ctx, by, e, comment)
	})
	if err != nil {
		return nil, err
	}
	return s.enterpriseView(ctx, e, true)
}

// enqueue makes the queue's entry of an enterprise that is locked.
func (s *Service) enqueue(ctx context.Context, by accounts.Actor, e *Enterprise, comment string) error {
	now := s.clock.Now()
	v := &Verification{
		ID: id.New(prefixVerification), CreatedAt: now, EnterpriseID: e.ID, Region: e.Region, Round: e.Verification.Round + 1,
		DueAt: s.ref.WorkingHours(now, reviewWithin), Comment: comment,
	}
	last, err := s.verifications.First(ctx, storage.Where(storage.Eq("enterprise", e.ID)).ByDesc("round"))
	switch {
	case err == nil:
		v.Seen, v.Defects = last.Seen, last.Found
	case !storage.IsNotFound(err):
		return err
	}
	e.State = EnterpriseSubmitted
	e.Verification.Round, e.Verification.SubmittedAt, e.Verification.DueAt = v.Round, now, v.DueAt
	if err := s.verifications.Insert(ctx, v); err != nil {
		return err
	}
	if err := s.enterprises.Save(ctx, e); err != nil {
		return err
	}
	data := map[string]string{"region": e.Region, "round": strconv.Itoa(v.Round), "verification_id": v.ID}
	if data["chamber_id"], err = s.chamberID(ctx, e.Region); err != nil {
		return err
	}
	if err := s.box.Emit(ctx, EventEnterpriseSubmitted, e.ID, data); err != nil {
		return err
	}
	return s.record(ctx, by, organisationStream(e.ID), EventEnterpriseSubmitted, data)
}

// QueueFilter narrows a chamber's queue.
type QueueFilter struct {
	State VerificationState // "" for those without a decision
	Mine  bool              // only those that the reader has claimed or decided
	Since time.Time         // only those submitted, claimed or decided after it, also decided ones
}

// ListVerifications lists a chamber's queue, oldest first (listVerificationQueue).
func (s *Service) ListVerifications(
	ctx context.Context, by accounts.Actor, chamberID string, f QueueFilter, after storage.Cursor, limit int,
) (Page[*VerificationView], error) {
	none := Page[*VerificationView]{}
	c, err := s.chamberFor(ctx, by, "listVerificationQueue", chamberID)
	if err != nil {
		return none, err
	}
	q := storage.Where().By("created").From(after).Take(limit)
	now := s.clock.Now()
	switch f.State {
	case "":
		if !f.Since.IsZero() {
			q.Where = append(q.Where, storage.In("queue", c.Region+"|", c.Region+"|"+string(VerificationVerified), c.Region+"|"+string(VerificationRefused)))
			break
		}
		q.Where = append(q.Where, storage.Eq("queue", c.Region+"|"))
	case VerificationWaiting:
		q.Where = append(q.Where, storage.Eq("queue", c.Region+"|"), storage.Lte("claimed_until", now))
	case VerificationClaimed:
		q.Where = append(q.Where, storage.Eq("queue", c.Region+"|"), storage.Gt("claimed_until", now))
	default:
		q.Where = append(q.Where, storage.Eq("queue", c.Region+"|"+string(f.State)))
	}
	if !f.Since.IsZero() {
		q.Where = append(q.Where, storage.Gt("changed", f.Since))
	}
	if f.Mine {
		q.Where = append(q.Where, storage.Eq("claimed_by", by.PersonID))
		if f.State == "" {
			q.Where = append(q.Where, storage.Gt("claimed_until", now))
		}
	}
	page, err := s.verifications.Page(ctx, q)
	if err != nil {
		return none, err
	}
	views, err := s.verificationViews(ctx, page.Items...)
	return Page[*VerificationView]{Items: views, Next: page.Next}, err
}

func (s *Service) verificationView(ctx context.Context, v *Verification) (*VerificationView, error) {
	views, err := s.verificationViews(ctx, v)
	if err != nil {
		return nil, err
	}
	return views[0], nil
}

// verificationViews shows several entries, in their order. What they name is read for all at once.
func (s *Service) verificationViews(ctx context.Context, list ...*Verification) ([]*VerificationView, error) {
	now := s.clock.Now()
	var ids, claimants []string
	for _, v := range list {
		ids = append(ids, v.EnterpriseID)
		if v.StateAt(now) != VerificationWaiting && v.ClaimedBy != "" {
			claimants = append(claimants, v.ClaimedBy)
		}
	}
	read, err := s.enterprises.GetMany(ctx, ids...)
	if err != nil {
		return nil, err
	}
	enterprises := make([]*Enterprise, 0, len(list))
	for _, v := range list {
		e := read[v.EnterpriseID]
		if e == nil {
			return nil, errs.Missing("enterprise")
		}
		enterprises = append(enterprises, e)
	}
	shown, err := s.enterpriseViews(ctx, true, enterprises...)
	if err != nil {
		return nil, err
	}
	people, err := s.accounts.People(ctx, claimants...)
	if err != nil {
		return nil, err
	}
	out := make([]*VerificationView, 0, len(list))
	for i, v := range list {
		view := &VerificationView{Verification: *v, State: v.StateAt(now), Enterprise: shown[i]}
		if p := people[v.ClaimedBy]; p != nil && view.State != VerificationWaiting {
			view.Claimant = Person{ID: p.ID, FullName: p.FullName}
		}
		if v.Decision == "" {
			view.Changed = v.Changes(enterprises[i])
		}
		out = append(out, view)
	}
	return out, nil
}

// ClaimVerification takes an enterprise's entry for review (claimVerification), or prolongs one's own claim. It answers errs.Conflict
// claimed_by_other or not_submitted.
func (s *Service) ClaimVerification(ctx context.Context, by accounts.Actor, enterpriseID string) (*VerificationView, error) {
	if err := s.mayEnterprise(ctx, by, "claimVerification", enterpriseID); err != nil {
		return nil, err
	}
	var v *Verification
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		e, err := s.Enterprise(ctx, enterpriseID)
		if err != nil {
			return err
		}
		if v, err = s.openVerification(ctx, enterpriseID); err != nil {
			return err
		}
		if err := v.Claim(by.PersonID, s.clock.Now()); err != nil {
			return err
		}
		if v.Seen == nil {
			v.Seen = e.facts() // the first look: what changes from here on is shown
		}
		if err := s.verifications.Save(ctx, v); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(enterpriseID), "verification.claimed", map[string]string{"verification_id": v.ID})
	})
	if err != nil {
		return nil, err
	}
	return s.verificationView(ctx, v)
}

// openVerification takes an enterprise's undecided entry for the running transaction: errs.Conflict not_submitted without one.
func (s *Service) openVerification(ctx context.Context, enterpriseID string) (*Verification, error) {
	found, err := s.verifications.First(ctx, storage.Where(storage.Eq("open", enterpriseID)))
	if storage.IsNotFound(err) {
		return nil, notSubmitted()
	}
	if err != nil {
		return nil, err
	}
	return s.verifications.Lock(ctx, found.ID)
}

// DecideVerification verifies or refuses a submitted enterprise (verifyEnterprise). expect is the enterprise's version the reviewer read, 0
// for any. It answers errs.Conflict claimed_by_other, not_submitted or bin_taken, errs.Stale stale_version, errs.Unprocessable defects_required,
// defects_not_allowed or validation_failed.
func (s *Service) DecideVerification(ctx context.Context, by accounts.Actor, enterpriseID string, expect int64, r Review) (*EnterpriseView, error) {
	if err := s.mayEnterprise(ctx, by, "verifyEnterprise", enterpriseID); err != nil {
		return nil, err
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	var e *Enterprise
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if e, err = s.enterprises.Lock(ctx, enterpriseID); err != nil {
			return missing(err, "enterprise")
		}
		if err := fresh(e.Version, expect); err != nil {
			return err
		}
		return s.decide(ctx, by, e, r)
	})
	if err != nil {
		return nil, onNumber(err)
	}
	return s.enterpriseView(ctx, e, true)
}

// decide carries a decision out on an enterprise that is locked.
func (s *Service) decide(ctx context.Context, by accounts.Actor, e *Enterprise, r Review) error {
	if e.State != EnterpriseSubmitted {
		return notSubmitted()
	}
	v, err := s.openVerification(ctx, e.ID)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	if err := v.Claim(by.PersonID, now); err != nil {
		return err
	}
	v.Decision, v.DecidedAt, v.DecidedBy, v.Found, v.Seen = r.Decision, now, by.ID(), r.Defects, e.facts()
	if err := s.verifications.Save(ctx, v); err != nil {
		return err
	}
	e.Verification.DecidedAt, e.Verification.Defects, e.Verification.Comment = now, r.Defects, r.Comment
	event := EventEnterpriseRefused
	e.State = EnterpriseRefused
	if r.Decision == VerificationVerified {
		if err := s.numberFree(ctx, e); err != nil {
			return err
		}
		event, e.State, e.VerifiedAt = EventEnterpriseVerified, EnterpriseVerified, now
	}
	if err := s.enterprises.Save(ctx, e); err != nil {
		return err
	}
	if e.State == EnterpriseVerified {
		if err := s.makeSignatory(ctx, e); err != nil {
			return err
		}
	}
	data := map[string]string{"region": e.Region, "created_by": e.CreatedBy, "verification_id": v.ID}
	if err := s.box.Emit(ctx, event, e.ID, data); err != nil {
		return err
	}
	return s.record(ctx, by, organisationStream(e.ID), event, data)
}

// makeSignatory gives the creator, if still a member, the role that comes with verification.
func (s *Service) makeSignatory(ctx context.Context, e *Enterprise) error {
	member, err := s.accounts.HasRole(ctx, e.CreatedBy, e.ID)
	if err != nil || !member {
		return err
	}
	return s.accounts.AddMembership(ctx, e.CreatedBy, e.ID, accounts.KindEnterprise, accounts.RoleSignatory)
}
