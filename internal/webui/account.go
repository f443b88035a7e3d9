package webui

import (
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/web/pages/account"
	"github.com/orynda/orynda/web/ui"
)

// emailCookie carries the address that is being proved or whose password is being reset from one page to the next: it doesn't belong into an
// address.
const (
	emailCookie = "orynda_email"
	emailLife   = time.Hour
)

// accountRoutes are the pages of oneself: coming in here, the rest in account_*.go.
func (s *site) accountRoutes() {
	s.get("/signin", s.signInPage)
	s.post("/signin", httpd.SignIns, s.signIn)
	s.post("/signin/passkey/begin", httpd.SignIns, s.beginPasskeySignIn)
	s.post("/signin/passkey", httpd.SignIns, s.passkeySignIn)
	s.post("/signout", httpd.Writes, s.signOut)
	s.get("/register", s.registerPage)
	s.post("/register", httpd.Codes, s.register)
	s.get("/account/verify", s.provePage)
	s.post("/account/verify", httpd.SignIns, s.prove)
	s.post("/account/verify/resend", httpd.Codes, s.resendProof)
	s.get("/account/reset", s.resetPage)
	s.post("/account/reset", httpd.Codes, s.requestReset)
	s.get("/account/reset/confirm", s.newPasswordPage)
	s.post("/account/reset/confirm", httpd.SignIns, s.newPassword)
	s.get("/invitations/:token", s.invitationPage)
	s.post("/invitations/:token", httpd.SignIns, s.acceptInvitation)
	s.own("/account/security", s.securityPage)
	s.change("/account/password", s.changePassword)
	s.change("/account/sessions/:id/end", s.endSession)
	s.change("/account/signout-everywhere", s.signOutEverywhere)
	s.change("/account/passkeys/begin", s.beginPasskey)
	s.change("/account/passkeys", s.addPasskey)
	s.change("/account/passkeys/:id/rename", s.renamePasskey)
	s.change("/account/passkeys/:id/remove", s.removePasskey)
	s.change("/account/confirm", s.confirmPassword)
	s.own("/account/data", s.dataPage)
	s.own("/account/data/export.json", s.exportData)
	s.change("/account/data/delete", s.deleteAccount)
}

func (s *site) signInPage(v *visit) error {
	if !v.actor.Anonymous() {
		return v.back(v.query("next"), "/")
	}
	f := &ui.Form{}
	f.Set("next", v.query("next"))
	f.Set("email", v.cookie(emailCookie))
	return v.show(account.SignIn(f))
}

func (s *site) signIn(v *visit) error {
	f := v.form()
	token, err := s.Accounts.SignInBrowser(v.ctx(), accounts.SignIn{
		Email: f.Value("email"), Password: f.Value("password"), Device: v.device(), Client: httpd.Address(v.ctx()),
	})
	if err != nil {
		if f.Problem = v.refusal(err); f.Problem == "" {
			return err
		}
		return v.again(account.SignIn(f))
	}
	if err := s.enter(v, token); err != nil {
		return err
	}
	return v.back(f.Value("next"), "/start")
}

// enter gives the browser a new session and ends the one it had.
func (s *site) enter(v *visit, token accounts.BrowserToken) error {
	if old := v.cookie(sessionCookie); old != "" {
		if err := s.Accounts.SignOutBrowser(v.ctx(), old, false); err != nil {
			return err
		}
	}
	v.keepSession(token)
	v.forget(emailCookie)
	return nil
}

// device is how the list of sessions names this browser.
func (v *visit) device() string { return accounts.DeviceName(v.c.Get("User-Agent")) }

func (s *site) signOut(v *visit) error {
	if err := s.Accounts.SignOutBrowser(v.ctx(), v.cookie(sessionCookie), false); err != nil {
		return err
	}
	v.forget(sessionCookie)
	v.forget(visitorCookie)
	return v.goTo("/", "signed_out")
}

func (s *site) registerPage(v *visit) error {
	f := &ui.Form{}
	if as := v.query("as"); as != "" {
		f.Set("role", as)
	}
	return v.show(account.Register(f))
}

// register answers a known address like a new one: what differs is the mail.
func (s *site) register(v *visit) error {
	f := v.form()
	_, err := s.Accounts.Register(v.ctx(), accounts.Registration{
		Email: f.Value("email"), Password: f.Value("password"), FullName: f.Value("full_name"), Role: f.Value("role"), Locale: v.lang,
	})
	if err != nil {
		if v.refused(err, f, nil) {
			return v.again(account.Register(f))
		}
		return err
	}
	v.keep(emailCookie, f.Value("email"), emailLife)
	return v.goTo("/account/verify", "")
}

func (s *site) provePage(v *visit) error {
	f := &ui.Form{}
	f.Set("email", v.provedAddress())
	return v.show(account.Prove(f))
}

// provedAddress is the address that is being proved: of the signed-in, else the one just registered with.
func (v *visit) provedAddress() string {
	if v.page.Reader != nil {
		return v.page.Reader.Email
	}
	return v.cookie(emailCookie)
}

func (s *site) prove(v *visit) error {
	f := v.form()
	token, err := s.Accounts.VerifyEmailBrowser(v.ctx(), f.Value("email"), f.Value("code"), v.device())
	if err != nil {
		if v.refused(err, f, nil) {
			return v.again(account.Prove(f))
		}
		return err
	}
	if v.actor.Anonymous() {
		if token.Value == "" { // the code was used before: it proves the address, but signs nobody in twice
			return v.goTo("/signin?next=/start", "proved")
		}
		if err := s.enter(v, token); err != nil {
			return err
		}
	}
	return v.goTo("/start", "proved")
}

func (s *site) resendProof(v *visit) error {
	f := v.form()
	if _, err := s.Accounts.ResendCode(v.ctx(), f.Value("email")); err != nil {
		if v.refused(err, f, nil) {
			return v.again(account.Prove(f))
		}
		return err
	}
	v.keep(emailCookie, f.Value("email"), emailLife)
	return v.goTo("/account/verify", "code_sent")
}

func (s *site) resetPage(v *visit) error {
	f := &ui.Form{}
	f.Set("email", v.provedAddress())
	return v.show(account.Reset(f))
}

func (s *site) requestReset(v *visit) error {
	f := v.form()
	if _, err := s.Accounts.RequestPasswordReset(v.ctx(), f.Value("email")); err != nil {
		if v.refused(err, f, nil) {
			return v.again(account.Reset(f))
		}
		return err
	}
	v.keep(emailCookie, f.Value("email"), emailLife)
	return v.goTo("/account/reset/confirm", "")
}

func (s *site) newPasswordPage(v *visit) error {
	f := &ui.Form{}
	f.Set("email", v.cookie(emailCookie))
	return v.show(account.NewPassword(f))
}

func (s *site) newPassword(v *visit) error {
	f := v.form()
	if err := s.Accounts.ResetPassword(v.ctx(), f.Value("email"), f.Value("code"), f.Value("password")); err != nil {
		if v.refused(err, f, nil) {
			return v.again(account.NewPassword(f))
		}
		return err
	}
	return v.goTo("/signin", "password_set")
}

func (s *site) invitationPage(v *visit) error {
	got, err := s.Accounts.ReceivedInvitation(v.ctx(), v.param("token"))
	if err != nil {
		return err
	}
	f := &ui.Form{}
	f.Set("full_name", got.Invitation.FullName)
	return v.show(account.Invitation(f, invitationData(v, got)))
}

func invitationData(v *visit, got *accounts.ReceivedInvitation) account.InvitationData {
	d := account.InvitationData{
		Token: v.param("token"), Organisation: got.Organisation.Name, Role: string(got.Invitation.Role), Email: got.Invitation.Email, State: string(got.State),
		Open: got.State == accounts.InvitationOpen, AccountExists: got.AccountExists, Until: got.Invitation.ExpiresAt,
	}
	if r := v.page.Reader; r != nil {
		d.SignedInAs = r.Email
	}
	return d
}

func (s *site) acceptInvitation(v *visit) error {
	f, token := v.form(), v.param("token")
	_, session, err := s.Accounts.AcceptInvitationBrowser(v.ctx(), v.actor, token, accounts.Acceptance{
		Password: f.Value("password"), FullName: f.Value("full_name"), Locale: v.lang,
	}, v.device())
	if err != nil {
		got, missing := s.Accounts.ReceivedInvitation(v.ctx(), token)
		if missing != nil || !v.refused(err, f, nil) {
			return err
		}
		return v.again(account.Invitation(f, invitationData(v, got)))
	}
	if err := s.enter(v, session); err != nil {
		return err
	}
	return v.goTo("/start", "invitation_accepted")
}
