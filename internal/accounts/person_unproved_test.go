package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
)

func TestAccountsNeverProvedGo(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		held := ""
		w.Records = append(w.Records, func(_ context.Context, personID string) ([]accounts.Record, error) {
			if personID == held {
				return []accounts.Record{{Kind: "application", ID: "app_1"}}, nil
			}
			return nil, nil
		})
		typo := w.register("typo@example.kz")
		browser := w.openBrowser("typo@example.kz")
		kept := w.register("kept@example.kz")
		held = kept.ID
		member := w.register("member@example.kz")
		w.ok(w.AddMembership(ctx, member.ID, "ent_1", accounts.KindEnterprise, accounts.RoleHR))
		proved, _ := w.proved("proved@example.kz")
		w.rules.advance(29 * 24 * time.Hour)
		late := w.register("late@example.kz")
		w.job("accounts.unproved")
		w.ok(second(w.Person(ctx, typo.ID)))
		w.rules.advance(24*time.Hour + time.Second)
		w.job("accounts.unproved")
		w.job("accounts.unproved")
		w.refused(second(w.Person(ctx, typo.ID)), "not_found")
		for _, id := range []string{kept.ID, member.ID, proved.PersonID, late.ID} {
			w.ok(second(w.Person(ctx, id)))
		}
		w.turnedAway(browser, "token_invalid")
		w.refused(w.VerifyEmail(ctx, "typo@example.kz", "000000"), "code_invalid")
		if all := w.stored(); strings.Contains(all, "typo@") || !strings.Contains(all, "account.dropped") {
			t.Error("the address stays, or the trail is silent")
		}
		w.register("typo@example.kz") // free again
	})
}

// The job and the owner with the code come at the same moment: one of them wins whole.
func TestProvingAtTheLastMoment(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		for range 5 {
			p := w.register("a@example.kz")
			w.rules.advance(30*24*time.Hour + time.Second)
			w.ok(second(w.ResendCode(t.Context(), "a@example.kz")))
			digits := w.secret(accounts.EventCodeIssued)
			var proved error
			got := w.together(func(ctx context.Context, i int) error {
				if i == 0 {
					proved = w.VerifyEmail(ctx, "a@example.kz", digits)
				}
				if i == 1 {
					return accounts.Jobs(w.Service)[1].Run(ctx, w.rules.Now())
				}
				return nil
			})
			w.want(got, map[string]int{"": callers})
			now, err := w.Person(t.Context(), p.ID)
			if (proved == nil) != (err == nil && now.EmailProved()) {
				t.Fatalf("proved: %v; account: %v", proved, err)
			}
			if err == nil {
				actor, _ := w.signIn("a@example.kz")
				w.ok(w.DeleteMe(t.Context(), actor))
			}
			w.rules.advance(24 * time.Hour)
		}
	})
}

func TestPreviewDeletion(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, _ := w.proved("a@example.kz")
		w.ok(w.AddMembership(ctx, a.PersonID, "ent_1", accounts.KindEnterprise, accounts.RoleAdmin))
		w.OnErase = func(ctx context.Context, p *accounts.Person) error {
			if p.FullName == "" {
				t.Error("an empty shell")
			}
			return errs.New(errs.Conflict, "agreement_alive")
		}
		got, err := w.PreviewDeletion(ctx, a)
		w.ok(err)
		if strings.Join(got.Blocked, " ") != "last_admin agreement_alive" || len(got.Kept) != 3 || got.Kept[0].Code != "agreements" {
			t.Errorf("%+v", got)
		}
		w.OnErase = nil
		w.ok(w.AddMembership(ctx, w.register("b@example.kz").ID, "ent_1", accounts.KindEnterprise, accounts.RoleAdmin))
		before := w.stored()
		got, err = w.PreviewDeletion(ctx, a)
		w.ok(err)
		if len(got.Blocked) != 0 || w.stored() != before {
			t.Errorf("%+v, or something changed", got)
		}
		w.refused(second(w.PreviewDeletion(ctx, accounts.Actor{})), "unauthorized")
		w.OnErase = func(context.Context, *accounts.Person) error { return errs.New(errs.Unavailable, "busy") }
		w.refused(second(w.PreviewDeletion(ctx, a)), "busy")
		w.OnErase = nil
		w.ok(w.DeleteMe(ctx, a))
		catalogue, err := i18n.Load()
		w.ok(err)
		for _, lang := range i18n.Langs() {
			for _, k := range accounts.Retained() {
				if s := catalogue.Say(lang, "retained."+k.Code, nil); strings.HasPrefix(s, "retained.") {
					t.Errorf("%s: %s has no sentence", lang, k.Code)
				}
			}
		}
	})
}
