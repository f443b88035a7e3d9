package httpapi

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
	"github.com/orynda/orynda/internal/i18n"
)

// AccountsAPI answers the operations tagged accounts: sign-up, sign-in and tokens here, oneself in accounts_me.go, passkeys in
// accounts_passkeys.go, invitations and members in accounts_members.go.
type AccountsAPI struct {
	Accounts  *accounts.Service
	Catalogue *i18n.Catalogue // sentences of what deleting an account means
	// What the directory keeps about a person, for getMe and what answers like it. A nil field leaves its part out.
	Enrolment func(ctx context.Context, personID string) (*apigen.Enrolment, error) // nil without one
	Guardians func(ctx context.Context, personID string) ([]apigen.Guardian, error) // named for this person
	Wards     func(ctx context.Context, personID string) ([]apigen.Ward, error)     // whose guardian this person is
	// CityName gives a stored city's name in a language; nil shows it as stored.
	CityName func(region, city string, lang i18n.Lang) string
}

func codeSent(c accounts.CodeSent) apigen.CodeSent {
	return apigen.CodeSent{Email: c.Email, ExpiresIn: int(c.ExpiresIn.Seconds()), ResendAfter: int(c.ResendAfter.Seconds())}
}

func tokenPair(p accounts.TokenPair) apigen.TokenPair {
	return apigen.TokenPair{
		AccessToken: p.AccessToken, RefreshToken: p.RefreshToken, TokenType: apigen.Bearer, ExpiresIn: int(p.ExpiresIn.Seconds()),
	}
}

// Register answers register.
func (a *AccountsAPI) Register(ctx context.Context, r apigen.RegisterRequestObject) (apigen.RegisterResponseObject, error) {
	sent, err := a.Accounts.Register(ctx, accounts.Registration{
		Email: r.Body.Email, Password: r.Body.Password, FullName: r.Body.FullName, Role: string(r.Body.Role), Locale: i18n.Lang(r.Body.Locale),
	})
	if err != nil {
		return nil, err
	}
	return apigen.Register202JSONResponse(codeSent(sent)), nil
}

// VerifyEmail answers verifyEmail.
func (a *AccountsAPI) VerifyEmail(ctx context.Context, r apigen.VerifyEmailRequestObject) (apigen.VerifyEmailResponseObject, error) {
	if err := a.Accounts.VerifyEmail(ctx, r.Body.Email, r.Body.Code); err != nil {
		return nil, err
	}
	return apigen.VerifyEmail200JSONResponse{Email: r.Body.Email, EmailVerified: true}, nil
}

// ResendCode answers resendCode.
func (a *AccountsAPI) ResendCode(ctx context.Context, r apigen.ResendCodeRequestObject) (apigen.ResendCodeResponseObject, error) {
	sent, err := a.Accounts.ResendCode(ctx, r.Body.Email)
	if err != nil {
		return nil, err
	}
	return apigen.ResendCode202JSONResponse(codeSent(sent)), nil
}

// Login answers login.
func (a *AccountsAPI) Login(ctx context.Context, r apigen.LoginRequestObject) (apigen.LoginResponseObject, error) {
	pair, err := a.Accounts.Login(ctx, accounts.SignIn{
		Email: r.Body.Email, Password: r.Body.Password, Device: deref(r.Body.Device), Client: httpd.Address(ctx),
	})
	if err != nil {
		return nil, err
	}
	return apigen.Login200JSONResponse(tokenPair(pair)), nil
}

// Refresh answers refresh.
func (a *AccountsAPI) Refresh(ctx context.Context, r apigen.RefreshRequestObject) (apigen.RefreshResponseObject, error) {
	pair, err := a.Accounts.Refresh(ctx, r.Body.RefreshToken)
	if err != nil {
		return nil, err
	}
	return apigen.Refresh200JSONResponse(tokenPair(pair)), nil
}

// Logout answers logout.
func (a *AccountsAPI) Logout(ctx context.Context, r apigen.LogoutRequestObject) (apigen.LogoutResponseObject, error) {
	body := deref(r.Body)
	if err := a.Accounts.Logout(ctx, httpd.Actor(ctx), deref(body.RefreshToken), deref(body.Everywhere)); err != nil {
		return nil, err
	}
	return apigen.Logout204Response{}, nil
}

// RequestPasswordReset answers requestPasswordReset.
func (a *AccountsAPI) RequestPasswordReset(ctx context.Context, r apigen.RequestPasswordResetRequestObject) (apigen.RequestPasswordResetResponseObject, error) {
	sent, err := a.Accounts.RequestPasswordReset(ctx, r.Body.Email)
	if err != nil {
		return nil, err
	}
	return apigen.RequestPasswordReset202JSONResponse(codeSent(sent)), nil
}

// ResetPassword answers resetPassword.
func (a *AccountsAPI) ResetPassword(ctx context.Context, r apigen.ResetPasswordRequestObject) (apigen.ResetPasswordResponseObject, error) {
	if err := a.Accounts.ResetPassword(ctx, r.Body.Email, r.Body.Code, r.Body.Password); err != nil {
		return nil, err
	}
	return apigen.ResetPassword204Response{}, nil
}

// ChangePassword answers changePassword.
func (a *AccountsAPI) ChangePassword(ctx context.Context, r apigen.ChangePasswordRequestObject) (apigen.ChangePasswordResponseObject, error) {
	err := a.Accounts.ChangePassword(ctx, httpd.Actor(ctx), r.Body.CurrentPassword, r.Body.Password, httpd.Address(ctx))
	if err != nil {
		return nil, err
	}
	return apigen.ChangePassword204Response{}, nil
}

// ListKeys answers listKeys as a JSON Web Key Set (RFC 7517, 8037).
func (a *AccountsAPI) ListKeys(context.Context, apigen.ListKeysRequestObject) (apigen.ListKeysResponseObject, error) {
	out := apigen.ListKeys200JSONResponse{Keys: []apigen.Key{}}
	for _, k := range a.Accounts.Keys() {
		out.Keys = append(out.Keys, apigen.Key{Kty: "OKP", Use: "sig", Alg: "EdDSA", Kid: k.ID, Crv: some("Ed25519"), X: some(k.X)})
	}
	return out, nil
}
