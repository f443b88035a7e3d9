package webui

import (
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/web/pages/account"
	"github.com/orynda/orynda/web/ui"
)

// accountRoutes are the pages of oneself: signing in and out here.
func (s *site) accountRoutes() {
	s.get("/signin", s.signInPage)
	s.post("/signin", httpd.SignIns, s.signIn)
	s.post("/signout", httpd.Writes, s.signOut)
}

func (s *site) signInPage(v *visit) error {
	if !v.actor.Anonymous() {
		return v.back(v.query("next"), "/")
	}
	f := &ui.Form{}
	f.Set("next", v.query("next"))
	return v.show(account.SignIn(f))
}

func (s *site) signIn(v *visit) error {
	f := v.form()
	token, err := s.Accounts.SignInBrowser(v.ctx(), accounts.SignIn{
		Email: f.Value("email"), Password: f.Value("password"), Device: v.c.Get("User-Agent"), Client: httpd.Address(v.ctx()),
	})
	if err != nil {
		if f.Problem = v.refusal(err); f.Problem == "" {
			return err
		}
		return v.again(account.SignIn(f))
	}
	if old := v.cookie(sessionCookie); old != "" {
		if err := s.Accounts.SignOutBrowser(v.ctx(), old, false); err != nil {
			return err
		}
	}
	v.keepSession(token)
	return v.back(f.Value("next"), "/")
}

func (s *site) signOut(v *visit) error {
	if err := s.Accounts.SignOutBrowser(v.ctx(), v.cookie(sessionCookie), false); err != nil {
		return err
	}
	v.forget(sessionCookie)
	v.forget(visitorCookie)
	return v.goTo("/", "signed_out")
}
