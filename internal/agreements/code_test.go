package agreements_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/agreements"
	"github.com/orynda/orynda/internal/errs"
)

func wrong(p agreements.CodeProof) agreements.CodeProof {
	last := p.Code[5]
	p.Code = p.Code[:5] + string('0'+(last-'0'+1)%10)
	return p
}

// A code bears five wrong tries, also in parallel; then the right one is refused too.
func TestCodeTries(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a := w.ready()
		proof, err := w.code(theStudent(), item(a))
		if err != nil {
			t.Fatal(err)
		}
		for range agreements.CodeTries - 1 {
			_, err := w.Sign(t.Context(), theStudent(), item(a), wrong(proof))
			wantCode(t, err, "code_invalid")
		}
		got := together(callers, func(int) error {
			_, err := w.Sign(context.Background(), theStudent(), item(a), wrong(proof))
			return err
		})
		if got["code_invalid"] != callers {
			t.Fatalf("%v", got)
		}
		_, err = w.Sign(t.Context(), theStudent(), item(a), proof)
		wantCode(t, err, "code_invalid")
		if a, err = w.sign(theStudent(), a); err != nil {
			t.Fatalf("a new code works again: %v", err)
		}
		// Inside a transaction of the caller a wrong try could not count.
		proof, err = w.code(theBoss(), item(a))
		if err != nil {
			t.Fatal(err)
		}
		err = w.db.Tx(t.Context(), func(ctx context.Context) error {
			_, err := w.Sign(ctx, theBoss(), item(a), proof)
			return err
		})
		if errs.KindOf(err) != errs.Internal || err == nil {
			t.Errorf("signing inside a transaction: %v", err)
		}
	})
}

// A code lives ten minutes, works for its signer only, and a newer one ends it.
func TestCodeLife(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a := w.ready()
		old, err := w.code(theStudent(), item(a))
		if err != nil {
			t.Fatal(err)
		}
		w.advance(agreements.CodeLife)
		_, err = w.Sign(t.Context(), theStudent(), item(a), old)
		wantCode(t, err, "code_invalid")
		first, err := w.code(theStudent(), item(a))
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Sign(t.Context(), theBoss(), item(a), first)
		wantCode(t, err, "code_invalid")
		second, err := w.code(theStudent(), item(a))
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Sign(t.Context(), theStudent(), item(a), first)
		wantCode(t, err, "code_invalid")
		w.advance(agreements.CodeLife - time.Millisecond)
		if _, err = w.Sign(t.Context(), theStudent(), item(a), second); err != nil {
			t.Fatal(err)
		}
		req, err := w.RequestCode(t.Context(), theBoss(), []agreements.SigningItem{item(a)})
		if err != nil || req.SentTo != "p••••@demo.orynda.kz" || req.Tries != 5 || req.Items != 1 {
			t.Errorf("%+v %v", req, err)
		}
		_, err = w.Sign(t.Context(), theBoss(), item(a), agreements.CodeProof{Channel: agreements.ByCMS})
		wantCode(t, err, "not_implemented_yet")
		for range 100 {
			if _, err = w.RequestCode(t.Context(), theBoss(), []agreements.SigningItem{item(a)}); err != nil {
				break
			}
		}
		wantCode(t, err, "rate_limited")
		for _, ev := range w.seen(agreements.EventCodeIssued) {
			for k, v := range ev.Data {
				if strings.Contains(v, second.Code) && k != "sealed_code" {
					t.Errorf("the code stands in %s", k)
				}
			}
		}
	})
}

// The code is bound to revision and hash; a document that changed is refused before a try is spent.
func TestCodeIsForThisDocument(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a := w.ready()
		proof, err := w.code(theStudent(), item(a))
		if err != nil {
			t.Fatal(err)
		}
		before := item(a)
		if _, err := w.Update(ctx, theHR(), a.ID, agreements.Patch{Compensation: &agreements.Compensation{Kind: "none"}}, 0); err != nil {
			t.Fatal(err)
		}
		_, err = w.Sign(ctx, theStudent(), before, proof)
		wantCode(t, err, "out_of_turn")
		if a, err = w.Ready(ctx, theCoordinator(), a.ID, 0); err != nil {
			t.Fatal(err)
		}
		_, err = w.Sign(ctx, theStudent(), before, proof)
		wantCode(t, err, "document_changed")
		_, err = w.Sign(ctx, theStudent(), item(a), proof)
		wantCode(t, err, "code_other_items")
		_, err = w.RequestCode(ctx, theStudent(), []agreements.SigningItem{before})
		wantCode(t, err, "document_changed")
		_, err = w.RequestCode(ctx, theStudent(), []agreements.SigningItem{item(a), item(a)})
		wantCode(t, err, "too_many_items")
		_, err = w.RequestCode(ctx, theRector(), []agreements.SigningItem{item(a)})
		wantCode(t, err, "signatures_missing")
		_, err = w.RequestCode(ctx, theHR(), []agreements.SigningItem{item(a)})
		wantCode(t, err, "forbidden")
		_, err = w.Countersign(ctx, theRector(), item(a), proof)
		wantCode(t, err, "signatures_missing")
	})
}

// A minor's agreement needs the guardian, by the age on the day of the student's own signature (I7).
func TestMinor(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.low.minor()
		a := w.ready()
		if a.GuardianID != guardian {
			t.Fatalf("guardian %q", a.GuardianID)
		}
		for _, by := range []accounts.Actor{theBoss(), theStudent()} {
			var err error
			if a, err = w.sign(by, a); err != nil {
				t.Fatal(err)
			}
		}
		wantState(t, a, agreements.Signing)
		_, err := w.RequestCode(t.Context(), theRector(), []agreements.SigningItem{item(a)})
		wantCode(t, err, "signatures_missing")
		if a, err = w.sign(theGuardian(), a); err != nil {
			t.Fatal(err)
		}
		wantState(t, a, agreements.Awaiting)
		if sig := a.Signatures[2]; !sig.Consent || sig.Authority != directoryParent {
			t.Errorf("%+v", sig)
		}
	})
}

const directoryParent = "parent"

// A student who comes of age before signing needs nobody; then the guardian's turn is over.
func TestComesOfAge(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		w.low.minor()
		id := w.low.identities[student]
		id.IIN, id.BirthDate = "080515500017", "2008-05-15"
		w.low.identities[student] = id
		w.setDay("2026-05-14")
		a := w.ready()
		if !a.MinorAtReady {
			t.Fatal("17 years old and not a minor")
		}
		a, err := w.sign(theBoss(), a)
		if err != nil {
			t.Fatal(err)
		}
		w.setDay("2026-05-15")
		_, err = w.sign(theGuardian(), a)
		wantCode(t, err, "out_of_turn")
		if a, err = w.sign(theStudent(), a); err != nil {
			t.Fatal(err)
		}
		wantState(t, a, agreements.Awaiting)
	})
}

// No two signatories share account, mail address or phone (I13); a signatory needs authority today.
func TestSignatories(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		a := w.ready()
		item := []agreements.SigningItem{item(a)}
		w.low.identities[boss] = accounts.Identity{Phone: "8 701 000 00 17"}
		_, err := w.RequestCode(t.Context(), theBoss(), item)
		wantCode(t, err, "contact_shared")
		w.low.identities[boss] = accounts.Identity{}
		w.low.people[boss].Email = w.low.people[student].Email
		_, err = w.RequestCode(t.Context(), theBoss(), item)
		wantCode(t, err, "contact_shared")
		w.low.people[boss].Email = "boss@demo.orynda.kz"
		delete(w.low.authorities, enterprise+"|"+boss)
		_, err = w.RequestCode(t.Context(), theBoss(), item)
		wantCode(t, err, "authority_missing")
		v, err := w.Get(t.Context(), theHR(), a.ID)
		if err != nil || len(v.Gaps) != 1 || v.Gaps[0].Field.Code != "authority_missing" || v.Gaps[0].Party != agreements.ByEnterprise {
			t.Errorf("%v %+v", err, v.Gaps)
		}
		same := actor(student, member(college, "college", "signatory"))
		_, err = w.RequestCode(t.Context(), same, item)
		if err != nil {
			t.Errorf("the student signs as student: %v", err)
		}
	})
}
