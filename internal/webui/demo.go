package webui

import (
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/httpd"
	demopages "github.com/orynda/orynda/web/pages/demo"
)

// demoRoutes are the bar's steps and the page of sent mails, which only the demo has.
func (s *site) demoRoutes() {
	if s.Demo == nil {
		return
	}
	s.post("/demo/switch", httpd.Free, s.demoSwitch)
	s.post("/demo/clock", httpd.Free, s.demoClock)
	s.get("/demo/mails", s.demoMails)
}

// demoSwitch signs in as another account of the demo. Its page may be one that the other can't see, so the way leads home where it isn't public.
func (s *site) demoSwitch(v *visit) error {
	f := v.form()
	token, err := s.Accounts.SignInBrowser(v.ctx(), accounts.SignIn{
		Email: f.Value("email"), Password: s.Demo.Password, Device: v.c.Get("User-Agent"), Client: httpd.Address(v.ctx()),
	})
	if err != nil {
		return v.refusedAct(err, "/")
	}
	if old := v.cookie(sessionCookie); old != "" {
		if err := s.Accounts.SignOutBrowser(v.ctx(), old, false); err != nil {
			return err
		}
	}
	v.keepSession(token)
	return v.back(f.Value("back"), "/")
}

func (s *site) demoClock(v *visit) error {
	f := v.form()
	if err := s.Demo.Advance(v.ctx(), f.Value("advance")); err != nil {
		return v.refusedAct(err, "/")
	}
	return v.back(f.Value("back"), "/")
}

func (s *site) demoMails(v *visit) error {
	list, err := s.Demo.Mails(v.ctx())
	if err != nil {
		return err
	}
	mails := make([]demopages.Mail, 0, len(list))
	for _, m := range list {
		mails = append(mails, demopages.Mail(m))
	}
	return v.show(demopages.Mails(mails))
}
