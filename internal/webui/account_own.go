package webui

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/account"
	"github.com/orynda/orynda/web/ui"
)

// mostSessions is how many sessions the page lists; the oldest beyond are ended by "everywhere".
const mostSessions = 50

func (s *site) securityPage(v *visit) error {
	d, err := s.security(v)
	if err != nil {
		return err
	}
	return v.show(account.Security(&ui.Form{}, d))
}

func (s *site) security(v *visit) (d account.SecurityData, err error) {
	list, err := s.Accounts.Sessions(v.ctx(), v.actor, storage.Cursor{}, mostSessions)
	if err != nil {
		return d, err
	}
	for _, one := range list.Items {
		d.Sessions = append(d.Sessions, account.Session{
			ID: one.ID, Device: one.Device, Since: one.CreatedAt, Used: one.LastUsedAt, This: one.ID == v.actor.SessionID,
		})
	}
	keys, err := s.Accounts.Passkeys(v.ctx(), v.actor)
	if err != nil {
		return d, err
	}
	for _, k := range keys {
		d.Passkeys = append(d.Passkeys, account.Passkey{ID: k.ID, Name: k.Name, Since: k.CreatedAt, Used: k.LastUsedAt, Suspected: !k.SuspectedAt.IsZero()})
	}
	d.Passkeyless = s.Accounts.PasskeyOrigin() == ""
	d.Confirmed, err = s.Accounts.Confirmed(v.ctx(), v.actor)
	return d, err
}

// securityAgain shows the page anew with what is wrong with one of its forms.
func (s *site) securityAgain(v *visit, f *ui.Form, err error, change func(d *account.SecurityData), fieldOf func(string) string) error {
	d, failed := s.security(v)
	if failed != nil || !v.refused(err, f, fieldOf) {
		return err
	}
	if change != nil {
		change(&d)
	}
	return v.again(account.Security(f, d))
}

// confirmPassword lets the reader add and remove passkeys for a while.
func (s *site) confirmPassword(v *visit) error {
	f := v.form()
	if err := s.Accounts.ConfirmPassword(v.ctx(), v.actor, f.Value("confirm_password"), httpd.Address(v.ctx())); err != nil {
		return s.securityAgain(v, f, err, nil, func(string) string { return "confirm_password" })
	}
	return v.goTo("/account/security", "confirmed")
}

// changePassword ends all other sessions; this one goes on under a new token.
func (s *site) changePassword(v *visit) error {
	f := v.form()
	token, err := s.Accounts.ChangePasswordBrowser(v.ctx(), v.actor, f.Value("current_password"), f.Value("password"), httpd.Address(v.ctx()))
	if err != nil {
		return s.securityAgain(v, f, err, nil, nil)
	}
	v.keepSession(token)
	return v.goTo("/account/security", "password_changed")
}

func (s *site) endSession(v *visit) error {
	if err := s.Accounts.EndSession(v.ctx(), v.actor, v.param("id")); err != nil {
		return v.refusedAct(err, "/account/security")
	}
	return v.goTo("/account/security", "session_ended")
}

func (s *site) signOutEverywhere(v *visit) error {
	if err := s.Accounts.SignOutBrowser(v.ctx(), v.cookie(sessionCookie), true); err != nil {
		return err
	}
	v.forget(sessionCookie)
	return v.goTo("/", "signed_out_everywhere")
}

// beginPasskey answers the page's script with what the browser needs to make a passkey.
func (s *site) beginPasskey(v *visit) error {
	options, err := s.Accounts.BeginPasskey(v.ctx(), v.actor)
	if err != nil {
		return v.problemJSON(err)
	}
	return v.options(options)
}

func (s *site) beginPasskeySignIn(v *visit) error {
	options, err := s.Accounts.BeginPasskeySignIn(v.ctx())
	if err != nil {
		return v.problemJSON(err)
	}
	return v.options(options)
}

func (v *visit) options(o accounts.PasskeyOptions) error {
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	v.c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return v.c.Send(o.PublicKey)
}

// problemJSON answers script with the sentence of a refusal.
func (v *visit) problemJSON(err error) error {
	says := v.refusal(err)
	if says == "" {
		return err
	}
	return v.c.Status(fiber.StatusConflict).JSON(fiber.Map{"detail": says})
}

func (s *site) addPasskey(v *visit) error {
	f := v.form()
	if _, err := s.Accounts.AddPasskey(v.ctx(), v.actor, f.Value("name"), json.RawMessage(f.Value("answer"))); err != nil {
		f.Set("answer", "") // a question is answered once
		return s.securityAgain(v, f, err, nil, nil)
	}
	return v.goTo("/account/security", "passkey_added")
}

func (s *site) renamePasskey(v *visit) error {
	f, id := v.form(), v.param("id")
	field := "name-" + id
	if _, err := s.Accounts.RenamePasskey(v.ctx(), v.actor, id, f.Value(field)); err != nil {
		return s.securityAgain(v, f, err, func(d *account.SecurityData) { d.Renaming = id }, func(string) string { return field })
	}
	return v.goTo("/account/security", "passkey_renamed")
}

func (s *site) removePasskey(v *visit) error {
	if err := s.Accounts.RemovePasskey(v.ctx(), v.actor, v.param("id")); err != nil {
		return v.refusedAct(err, "/account/security")
	}
	return v.goTo("/account/security", "passkey_removed")
}

func (s *site) passkeySignIn(v *visit) error {
	f := v.form()
	token, err := s.Accounts.PasskeyLoginBrowser(v.ctx(), accounts.PasskeySignIn{
		Answer: json.RawMessage(f.Value("answer")), Device: v.device(), Client: httpd.Address(v.ctx()),
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

func (s *site) dataPage(v *visit) error {
	d, err := s.Accounts.PreviewDeletion(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	return v.show(account.Data(&ui.Form{}, deletionData(d)))
}

func deletionData(d accounts.Deletion) account.DeletionData {
	out := account.DeletionData{Blocked: d.Blocked}
	for _, k := range d.Kept {
		out.Kept = append(out.Kept, account.Retained(k))
	}
	return out
}

// exportData gives everything kept about the reader as one file, the same that exportMe answers.
func (s *site) exportData(v *visit) error {
	file, err := s.Export(v.ctx())
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderCacheControl, "private, no-store")
	v.c.Attachment("orynda.json")
	return v.c.JSON(file)
}

func (s *site) deleteAccount(v *visit) error {
	f := v.form()
	d, err := s.Accounts.PreviewDeletion(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	if f.Value("sure") != "true" {
		f.Errors = append(f.Errors, ui.FieldError{Field: "sure", Message: v.say("field.required")})
		return v.again(account.Data(f, deletionData(d)))
	}
	if err := s.Accounts.DeleteMe(v.ctx(), v.actor); err != nil {
		if v.refused(err, f, nil) {
			return v.again(account.Data(f, deletionData(d)))
		}
		return err
	}
	v.forget(sessionCookie)
	return v.goTo("/", "deleted")
}
