package httpapi

import (
	"strings"

	"github.com/orynda/orynda/internal/httpd"
)

// classOf is what a request of an operation counts as. Public reads and search are free.
func classOf(operation, method string) httpd.Class {
	switch operation {
	case "register", "resendCode", "requestPasswordReset", "requestSigningCode", "createInvitation", "nameGuardian":
		return httpd.Codes
	case "login", "refresh", "verifyEmail", "resetPassword", "changePassword", "confirmPassword", "acceptInvitation", "getInvitation",
		"beginPasskeySignIn", "finishPasskeySignIn", "addPasskey":
		return httpd.SignIns
	}
	if method == "GET" || strings.HasPrefix(operation, "listKeys") {
		return httpd.Free
	}
	return httpd.Writes
}
