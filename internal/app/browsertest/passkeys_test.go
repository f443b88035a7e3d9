package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/webauthn"
)

// olderBrowser takes away what browsers learnt in 2025: the JSON form of passkeys.
const olderBrowser = `delete PublicKeyCredential.parseCreationOptionsFromJSON; delete PublicKeyCredential.parseRequestOptionsFromJSON;
delete PublicKeyCredential.prototype.toJSON;`

// A passkey is added, renamed, signs in and is removed, in a browser of today and in one that knows no JSON form of passkeys.
func TestPasskeys(t *testing.T) {
	w := boot(t)
	local := strings.Replace(w.base, "127.0.0.1", "localhost", 1) // a bare IP number can't have passkeys
	for _, c := range []struct{ name, email, script string }{
		{"today", "student@demo.orynda.kz", ""}, {"older", "student2@demo.orynda.kz", olderBrowser},
	} {
		t.Run(c.name, func(t *testing.T) {
			win := Open(t, c.email, local, Look{Lang: "en"})
			if c.script != "" {
				_, err := call(win, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: c.script})
				win.must("older browser", err)
			}
			_, err := call(win, webauthn.Enable, webauthn.EnableParams{})
			win.must("authenticator", err)
			_, err = call(win, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
				Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, AutomaticPresenceSimulation: true, IsUserVerified: true,
			}})
			win.must("authenticator", err)
			var json bool
			win.SignIn(c.email)
			if win.Eval(&json, `"toJSON" in PublicKeyCredential.prototype`); json != (c.script == "") {
				t.Fatalf("the browser knows the JSON form: %v", json)
			}
			win.Go("/{lang}/account/security")
			win.Fill("Name of the passkey", "Galaxy")
			win.Click("Add a passkey")
			win.Wait("The passkey is added.")
			win.Click("Rename")
			win.Fill("New name", "Old phone")
			win.Click("Save the name")
			win.Wait("The name is saved.")
			if win.Lacks("Galaxy"); !win.Has("Old phone") {
				t.Error("the passkey isn't renamed")
			}
			win.Go("/{lang}/account/security")
			win.Click("Sign out everywhere")
			win.Go("/{lang}/signin")
			win.Click("Sign in with a passkey")
			for range 100 {
				if win.settle(); !strings.Contains(win.Path(), "/signin") {
					break
				}
			}
			win.Go("/{lang}/account/security")
			win.Wait("Old phone")
			win.Click("Remove")
			win.Wait("The passkey is removed.")
			win.Lacks("Old phone")
		})
	}
}
