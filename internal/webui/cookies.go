package webui

import (
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/id"
)

// The cookies of the site. All are read by the server only, and not sent along from other sites' forms.
const (
	sessionCookie = "orynda_session"
	visitorCookie = "orynda_visitor" // names the browser in the proofs of forms
	noticeCookie  = "orynda_notice"  // what the last step said, for the next page
)

const (
	visitorLife = 24 * time.Hour
	noticeLife  = time.Minute
	mostNotice  = 600 // bytes of a sentence that a cookie carries
)

// The kinds of a kept notice.
const (
	noticeGood = "good"
	noticeBad  = "bad"
)

// cookieName binds a cookie to this very host, where the address is https.
func (v *visit) cookieName(name string) string {
	if v.site.HTTPS {
		return "__Host-" + name
	}
	return name
}

func (v *visit) cookie(name string) string { return v.c.Cookies(v.cookieName(name)) }

// keep gives the browser a cookie; what comes with it is nobody else's.
func (v *visit) keep(name, value string, life time.Duration) {
	v.personal = true
	v.c.Cookie(&fiber.Cookie{
		Name: v.cookieName(name), Value: value, Path: "/", MaxAge: int(life.Seconds()), HTTPOnly: true, Secure: v.site.HTTPS, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func (v *visit) forget(name string) {
	v.personal = true
	v.c.Cookie(&fiber.Cookie{
		Name: v.cookieName(name), Path: "/", MaxAge: -1, Expires: time.Unix(1, 0), HTTPOnly: true, Secure: v.site.HTTPS, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// keepSession gives the browser its session, or the next token of it.
func (v *visit) keepSession(t accounts.BrowserToken) {
	v.keep(sessionCookie, t.Value, time.Until(t.ExpiresAt))
}

// keepNotice leaves a sentence for the next page. It holds no personal data.
func (v *visit) keepNotice(kind, text string) {
	if len(text) > mostNotice {
		text = strings.ToValidUTF8(text[:mostNotice], "")
	}
	v.keep(noticeCookie, kind+"."+base64.RawURLEncoding.EncodeToString([]byte(text)), noticeLife)
}

// keptNotice is the sentence that the step before left. It goes with the first whole page that is shown: one that only leads on passes it along.
func (v *visit) keptNotice() (text string, bad bool) {
	value := v.cookie(noticeCookie)
	if value == "" || v.partial() {
		return "", false
	}
	kind, coded, _ := strings.Cut(value, ".")
	raw, err := base64.RawURLEncoding.DecodeString(coded)
	if err != nil || len(raw) > mostNotice {
		return "", false
	}
	return string(raw), kind == noticeBad
}

// visitor names the browser; it gets its name with the first form it is shown.
func (v *visit) visitor() string {
	if name := v.cookie(visitorCookie); name != "" {
		return name
	}
	if name, ok := v.c.Locals(visitorCookie).(string); ok {
		return name
	}
	name := id.Token(24)
	v.c.Locals(visitorCookie, name)
	v.keep(visitorCookie, name, visitorLife)
	return name
}

// proof is the token of this browser's and this session's forms. Each page has another one: its salt keeps what squeezing a page tells about its
// length (BREACH) from telling the token.
func (v *visit) proof() string {
	v.personal = true
	salt := id.Token(9)
	return salt + "." + v.proofWith(salt)
}

func (v *visit) proofWith(salt string) string {
	return v.site.Ring.Lookup("site.form", salt+"|"+v.visitor()+"|"+v.actor.SessionID)
}

// proved reports whether a form brings a proof that a page of this browser and session gave.
func (v *visit) proved(token string) bool {
	salt, proof, ok := strings.Cut(token, ".")
	return ok && subtle.ConstantTimeCompare([]byte(proof), []byte(v.proofWith(salt))) == 1
}
