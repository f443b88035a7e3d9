package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/storage"
)

const org = "ent_1"

// manager signs in an admin of org.
func (w *world) manager() accounts.Actor {
	w.t.Helper()
	a, pair := w.proved("hr@example.kz")
	w.ok(w.AddMembership(w.t.Context(), a.PersonID, org, accounts.KindEnterprise, accounts.RoleAdmin))
	return w.actor(pair)
}

func (w *world) invited(by accounts.Actor, email string, role accounts.OrgRole) (*accounts.SentInvitation, string) {
	w.t.Helper()
	sent, err := w.CreateInvitation(w.t.Context(), by, org, accounts.InvitationRequest{Email: email, Role: role})
	w.ok(err)
	return sent, w.secret(accounts.EventInvited)
}

func newcomer() accounts.Acceptance {
	return accounts.Acceptance{Password: "Kostanay-keshki-shai-5", FullName: "Ахметов Данияр", Locale: i18n.RU}
}

func TestInvitationMakesTheAccount(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		by := w.manager()
		proved, accepted := 0, 0
		w.OnProved = func(context.Context, *accounts.Person) error { proved++; return nil }
		w.OnAccepted = func(_ context.Context, inv *accounts.Invitation, p *accounts.Person) error {
			if inv.AcceptedBy != p.ID {
				t.Errorf("%+v", inv)
			}
			accepted++
			return nil
		}
		sent, token := w.invited(by, "D.Akhmetov@example.kz", accounts.RoleInterviewer)
		seen, err := w.ReceivedInvitation(ctx, token)
		w.ok(err)
		if seen.State != accounts.InvitationOpen || seen.AccountExists || seen.Invitation.Email != "d.akhmetov@example.kz" {
			t.Fatalf("%+v", seen)
		}
		_, err = w.AcceptInvitation(ctx, accounts.Actor{}, token, accounts.Acceptance{FullName: "Ахметов"})
		w.refused(err, "account_needed")
		in := newcomer()
		in.Password = "password"
		w.refused(second(w.AcceptInvitation(ctx, accounts.Actor{}, token, in)), "password_weak")
		out, err := w.AcceptInvitation(ctx, accounts.Actor{}, token, newcomer())
		w.ok(err)
		if !out.AccountCreated || out.Invitation.ID != sent.Invitation.ID || proved != 1 || accepted != 1 {
			t.Errorf("%+v %d %d", out, proved, accepted)
		}
		w.refused(second(w.AcceptInvitation(ctx, accounts.Actor{}, token, newcomer())), "invitation_used")
		pair, err := w.Login(ctx, accounts.SignIn{Email: "d.akhmetov@example.kz", Password: newcomer().Password})
		w.ok(err)
		a := w.actor(pair)
		if !a.EmailProved || !a.MemberOf(org, accounts.RoleInterviewer) || a.MemberOf(org, accounts.RoleAdmin) {
			t.Errorf("%+v", a)
		}
		again, err := w.AcceptInvitation(ctx, a, token, accounts.Acceptance{}) // a repeat, signed in
		w.ok(err)
		if !again.AccountCreated || again.Invitation.AcceptedBy != a.PersonID {
			t.Errorf("%+v", again)
		}
		_, err = w.CreateInvitation(ctx, by, org, accounts.InvitationRequest{Email: "d.akhmetov@example.kz", Role: accounts.RoleInterviewer})
		w.refused(err, "already_member")
	})
}

func TestInvitationOfAKnownAddress(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		by := w.manager()
		w.register("b@example.kz")
		b, pair := w.signIn("b@example.kz")
		c, _ := w.proved("c@example.kz")
		_, token := w.invited(by, "b@example.kz", accounts.RoleHR)
		w.refused(second(w.AcceptInvitation(ctx, accounts.Actor{}, token, newcomer())), "account_exists")
		w.refused(second(w.AcceptInvitation(ctx, c, token, accounts.Acceptance{})), "invitation_other_address")
		out, err := w.AcceptInvitation(ctx, b, token, accounts.Acceptance{})
		w.ok(err)
		if out.AccountCreated {
			t.Error("an account was made")
		}
		if after := w.actor(pair); !after.EmailProved || !after.MemberOf(org, accounts.RoleHR) { // at the next request
			t.Errorf("%+v", after)
		}
	})
}

func TestInvitationLinksRunOut(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		by := w.manager()
		first, old := w.invited(by, "b@example.kz", accounts.RoleHR)
		again, fresh := w.invited(by, "b@example.kz", accounts.RoleHR)
		if first.Invitation.ID != again.Invitation.ID || old == fresh {
			t.Fatal("a second invitation instead of a fresh link")
		}
		w.refused(second(w.AcceptInvitation(ctx, accounts.Actor{}, old, newcomer())), "invitation_expired")
		if seen, err := w.ReceivedInvitation(ctx, old); err != nil || seen.State != accounts.InvitationExpired {
			t.Errorf("%+v %v", seen, err)
		}
		w.rules.advance(14 * 24 * time.Hour)
		w.refused(second(w.AcceptInvitation(ctx, accounts.Actor{}, fresh, newcomer())), "invitation_expired")
		for state, n := range map[accounts.InvitationState]int{"": 0, accounts.InvitationOpen: 0, accounts.InvitationExpired: 1} {
			page, err := w.Invitations(ctx, by, org, state, storage.Cursor{}, 20)
			w.ok(err)
			if len(page.Items) != n {
				t.Errorf("%q: %d", state, len(page.Items))
			}
		}
		_, newest := w.invited(by, "b@example.kz", accounts.RoleHR)
		withdrawn := 0
		w.OnInvitationWithdrawn = func(context.Context, *accounts.Invitation) error { withdrawn++; return nil }
		w.ok(w.WithdrawInvitation(ctx, by, org, first.Invitation.ID))
		w.ok(w.WithdrawInvitation(ctx, by, org, first.Invitation.ID))
		if withdrawn != 1 {
			t.Errorf("told %d times", withdrawn)
		}
		w.refused(second(w.AcceptInvitation(ctx, accounts.Actor{}, newest, newcomer())), "invitation_expired")
		_, other := w.invited(by, "b@example.kz", accounts.RoleHR) // a new one, with an id of its own
		out, err := w.AcceptInvitation(ctx, accounts.Actor{}, other, newcomer())
		w.ok(err)
		if out.Invitation.ID == first.Invitation.ID {
			t.Error("a withdrawn invitation came back")
		}
		w.refused(w.WithdrawInvitation(ctx, by, org, out.Invitation.ID), "invitation_used")
	})
}

func TestFortyAcceptOneInvitation(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		by := w.manager()
		_, token := w.invited(by, "b@example.kz", accounts.RoleHR)
		got := w.together(func(ctx context.Context, i int) error {
			_, err := w.AcceptInvitation(ctx, accounts.Actor{}, token, newcomer())
			return err
		})
		if got[""] != 1 || got["invitation_used"]+got["account_exists"] != callers-1 {
			t.Fatalf("%v", got)
		}
		members, err := w.MembersOf(t.Context(), org)
		w.ok(err)
		if len(members) != 2 || strings.Count(w.stored(), "people psn_") != 2 {
			t.Errorf("%d members", len(members))
		}
	})
}

func TestFortyInvitationsOfOneAddress(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		by := w.manager()
		got := w.together(func(ctx context.Context, i int) error {
			_, err := w.CreateInvitation(ctx, by, org, accounts.InvitationRequest{Email: "b@example.kz", Role: accounts.RoleHR})
			return err
		})
		w.want(got, map[string]int{"": 20, "rate_limited": callers - 20})
		if n := strings.Count(w.stored(), "invitations inv_"); n != 1 {
			t.Errorf("%d invitations", n)
		}
	})
}

func TestWhoMayInvite(t *testing.T) {
	w := newWorld(t, nilless(t))
	ctx := t.Context()
	by := w.manager()
	w.FindOrganisation = func(_ context.Context, id string) (accounts.OrganisationRef, error) {
		if id != org {
			return accounts.OrganisationRef{}, errs.Missing("enterprise")
		}
		return accounts.OrganisationRef{ID: org, Name: "ТОО «Алтын нан»", Kind: accounts.KindEnterprise}, nil
	}
	hr, pair := w.proved("b@example.kz")
	stranger, _ := w.proved("c@example.kz")
	w.ok(w.AddMembership(ctx, hr.PersonID, org, accounts.KindEnterprise, accounts.RoleHR))
	hr = w.actor(pair)
	ask := accounts.InvitationRequest{Email: "new@example.kz", Role: accounts.RoleHR}
	w.refused(second(w.CreateInvitation(ctx, accounts.Actor{}, org, ask)), "unauthorized")
	w.refused(second(w.CreateInvitation(ctx, stranger, org, ask)), "forbidden")
	w.refused(second(w.CreateInvitation(ctx, hr, org, ask)), "forbidden")
	w.refused(second(w.CreateInvitation(ctx, by, "ent_other", ask)), "not_found")
	w.refused(second(w.CreateInvitation(ctx, by, accounts.PlatformID, ask)), "not_found")
	w.refused(second(w.Invitations(ctx, stranger, org, "", storage.Cursor{}, 20)), "not_found")
	w.refused(second(w.Invitations(ctx, hr, org, "", storage.Cursor{}, 20)), "forbidden")
	w.refused(second(w.Members(ctx, stranger, org, "", storage.Cursor{}, 20)), "not_found")
	w.refused(w.WithdrawInvitation(ctx, stranger, org, "inv_x"), "forbidden")
	w.refused(w.WithdrawInvitation(ctx, by, org, "inv_x"), "not_found")
	for _, role := range []accounts.OrgRole{accounts.RoleRegistrar, accounts.RoleCoordinator, accounts.RoleGuardian} {
		ask.Role = role
		w.refused(second(w.CreateInvitation(ctx, by, org, ask)), "role_not_offered")
	}
	_, err := w.CreateInvitation(ctx, by, org, accounts.InvitationRequest{Email: "x", Role: accounts.RoleHR, Ground: "parent"})
	w.wantFields(err, "email bad_format", "ground not_allowed")
	sent, err := w.CreateInvitation(ctx, by, org, accounts.InvitationRequest{Email: "new@example.kz", Role: accounts.RoleHR})
	w.ok(err)
	if sent.Organisation.Name != "ТОО «Алтын нан»" || sent.InvitedBy.ID != by.PersonID {
		t.Errorf("%+v", sent)
	}
}

func TestGuardianInvitation(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		by, pair := w.proved("college@example.kz")
		w.ok(w.AddMembership(ctx, by.PersonID, "col_1", accounts.KindCollege, accounts.RoleCoordinator))
		by = w.actor(pair)
		w.NameGuardian = func(ctx context.Context, by accounts.Actor, in accounts.GuardianInvitation) (*accounts.Invitation, error) {
			if in.Phone != "+77020000019" {
				t.Errorf("%+v", in)
			}
			return w.Invite(ctx, by, accounts.NewInvitation{
				Email: in.Email, FullName: in.FullName, OrganisationID: in.CollegeID, Kind: accounts.KindCollege,
				Role: accounts.RoleGuardian, GuardianID: "grd_1", StudentID: in.StudentID,
			})
		}
		told := ""
		w.OnAccepted = func(_ context.Context, inv *accounts.Invitation, p *accounts.Person) error {
			told = inv.GuardianID + p.ID
			return nil
		}
		ask := accounts.InvitationRequest{Email: "g@example.kz", Role: accounts.RoleGuardian}
		_, err := w.CreateInvitation(ctx, by, "col_1", ask)
		w.wantFields(err, "student_id required", "full_name required", "phone required", "ground required")
		ask.StudentID, ask.FullName, ask.Phone, ask.Ground = "psn_1", "Оспанова Гүлнар", "8 702 000 00 19", "parent"
		_, err = w.CreateInvitation(ctx, by, "col_1", ask)
		w.ok(err)
		out, err := w.AcceptInvitation(ctx, accounts.Actor{}, w.secret(accounts.EventInvited), newcomer())
		w.ok(err)
		p, err := w.PersonByEmail(ctx, "g@example.kz")
		w.ok(err)
		if p.Role != accounts.AsGuardian || told != "grd_1"+p.ID || out.Invitation.StudentID != "psn_1" {
			t.Errorf("%+v %s", p, told)
		}
		if member, err := w.HasRole(ctx, p.ID, "col_1"); member || err != nil {
			t.Error("a guardian is no member", err)
		}
	})
}

func TestMembers(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		by := w.manager()
		hash, err := w.HashPassword(ctx, password)
		w.ok(err)
		for email, name := range map[string]string{"1@example.kz": "Қасымов", "2@example.kz": "Камалов", "3@example.kz": "Әлиев", "4@example.kz": "Бекова"} {
			p, err := w.ImportPerson(ctx, accounts.NewPerson{
				Email: email, FullName: name, Role: accounts.AsMember, Locale: i18n.KK, PasswordHash: hash, EmailProved: true,
			})
			w.ok(err)
			for range 2 { // a repeat is fine
				w.ok(w.AddMembership(ctx, p.ID, org, accounts.KindEnterprise, accounts.RoleInterviewer))
			}
		}
		var names []string
		var cursor storage.Cursor
		for {
			page, err := w.Members(ctx, by, org, "", cursor, 2)
			w.ok(err)
			for _, m := range page.Items {
				names = append(names, m.FullName)
				if m.Email == "" {
					t.Error("the admin sees addresses")
				}
			}
			if cursor = page.Next; cursor.IsZero() {
				break
			}
		}
		if got := strings.Join(names, " "); got != "Әлиев Бекова Камалов Қасымов Ли Виктория Олеговна" {
			t.Error(got)
		}
		fellow, _ := w.signIn("1@example.kz")
		page, err := w.Members(ctx, fellow, org, accounts.RoleAdmin, storage.Cursor{}, 20)
		w.ok(err)
		if len(page.Items) != 1 || page.Items[0].Email != "" {
			t.Errorf("%+v", page.Items)
		}
		_, err = w.UpdateMe(ctx, fellow, accounts.PersonChange{FullName: ptr("Аманов")}, 0)
		w.ok(err)
		page, err = w.Members(ctx, by, org, "", storage.Cursor{}, 1)
		w.ok(err)
		if page.Items[0].FullName != "Аманов" {
			t.Errorf("the order forgot the new name: %+v", page.Items[0])
		}
		w.refused(w.AddMembership(ctx, by.PersonID, org, accounts.KindEnterprise, accounts.RoleRegistrar), "role_not_offered")
		w.refused(w.AddMembership(ctx, "psn_x", org, accounts.KindEnterprise, accounts.RoleHR), "not_found")
	})
}

func TestRemovalWorksAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		by := w.manager()
		b, pair := w.proved("b@example.kz")
		var ended []accounts.OrgRole
		w.OnMembershipRemoved = func(_ context.Context, m *accounts.Membership) error { ended = append(ended, m.Role); return nil }
		for _, role := range []accounts.OrgRole{accounts.RoleHR, accounts.RoleSignatory} {
			w.ok(w.AddMembership(ctx, b.PersonID, org, accounts.KindEnterprise, role))
		}
		b = w.actor(pair)
		w.refused(w.RemoveMember(ctx, b, org, by.PersonID, ""), "forbidden")
		w.ok(w.RemoveMember(ctx, by, org, b.PersonID, accounts.RoleSignatory))
		if after := w.actor(pair); !after.MemberOf(org, accounts.RoleHR) || after.MemberOf(org, accounts.RoleSignatory) {
			t.Errorf("%+v", after)
		}
		w.ok(w.RemoveMember(ctx, b, org, b.PersonID, "")) // oneself
		w.ok(w.RemoveMember(ctx, b, org, b.PersonID, "")) // is no member
		w.ok(w.RemoveMember(ctx, by, org, "psn_x", ""))
		if after := w.actor(pair); len(after.Memberships) != 0 {
			t.Errorf("%+v", after)
		}
		if len(ended) != 2 || ended[0] != accounts.RoleSignatory || ended[1] != accounts.RoleHR {
			t.Errorf("%v", ended)
		}
		if n := w.count(accounts.EventMembershipRemoved); n != 1 { // not for who left
			t.Errorf("%d mails", n)
		}
		w.refused(w.RemoveMember(ctx, by, org, by.PersonID, ""), "last_admin")
	})
}

func TestOneAdminOfFortyStays(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		var admins []accounts.Actor
		for i := range callers {
			p, err := w.ImportPerson(ctx, accounts.NewPerson{
				Email: "u" + strings.Repeat("x", i) + "@example.kz", FullName: "Асан", Role: accounts.AsMember, Locale: i18n.KK, EmailProved: true,
			})
			w.ok(err)
			w.ok(w.AddMembership(ctx, p.ID, org, accounts.KindEnterprise, accounts.RoleAdmin))
			admins = append(admins, accounts.Actor{PersonID: p.ID, EmailProved: true, Memberships: []accounts.Membership{
				{PersonID: p.ID, OrganisationID: org, Kind: accounts.KindEnterprise, Role: accounts.RoleAdmin},
			}})
		}
		got := w.together(func(ctx context.Context, i int) error {
			return w.RemoveMember(ctx, admins[i], org, admins[i].PersonID, "")
		})
		w.want(got, map[string]int{"": callers - 1, "last_admin": 1})
	})
}

func TestPlatformAdmin(t *testing.T) {
	onEngines(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.refused(second(w.CreatePlatformAdmin(ctx, "no address")), "validation_failed")
		made, err := w.CreatePlatformAdmin(ctx, "admin@example.kz")
		w.ok(err)
		_, err = w.AcceptInvitation(ctx, accounts.Actor{}, made.Token, newcomer())
		w.ok(err)
		again, err := w.CreatePlatformAdmin(ctx, "admin@example.kz")
		w.ok(err)
		if again.Token != "" || again.PersonID == "" {
			t.Errorf("%+v", again)
		}
		pair, err := w.Login(ctx, accounts.SignIn{Email: "admin@example.kz", Password: newcomer().Password})
		w.ok(err)
		me, err := w.Me(ctx, w.actor(pair))
		w.ok(err)
		if len(me.Memberships) != 1 || me.Memberships[0].Organisation.Name != "Orynda" {
			t.Errorf("%+v", me.Memberships)
		}
		w.refused(second(w.CreateInvitation(ctx, w.actor(pair), org, accounts.InvitationRequest{Email: "x@example.kz", Role: accounts.RoleHR})), "forbidden")
	})
}
