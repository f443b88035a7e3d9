package httpapi

import (
	"context"
	"encoding/json"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/httpapi/apigen"
	"github.com/orynda/orynda/internal/httpd"
)

func passkeyOptions(o accounts.PasskeyOptions) (apigen.PasskeyOptions, error) {
	out := apigen.PasskeyOptions{ExpiresIn: int(o.ExpiresIn.Seconds())}
	return out, json.Unmarshal(o.PublicKey, &out.PublicKey)
}

func passkeyView(k *accounts.Passkey) apigen.Passkey {
	out := apigen.Passkey{
		ID: k.ID, State: apigen.PasskeyStateActive, Version: k.Version, CreatedAt: k.CreatedAt, Name: k.Name, Synced: k.Synced,
	}
	if k.Suspect() {
		out.State = apigen.PasskeyStateSuspect
	}
	if !k.LastUsedAt.IsZero() {
		out.LastUsedAt = &k.LastUsedAt
	}
	return out
}

// BeginPasskeySignIn answers beginPasskeySignIn.
func (a *AccountsAPI) BeginPasskeySignIn(ctx context.Context, _ apigen.BeginPasskeySignInRequestObject) (apigen.BeginPasskeySignInResponseObject, error) {
	asked, err := a.Accounts.BeginPasskeySignIn(ctx)
	if err != nil {
		return nil, err
	}
	out, err := passkeyOptions(asked)
	return apigen.BeginPasskeySignIn200JSONResponse(out), err
}

// FinishPasskeySignIn answers finishPasskeySignIn.
func (a *AccountsAPI) FinishPasskeySignIn(ctx context.Context, r apigen.FinishPasskeySignInRequestObject) (apigen.FinishPasskeySignInResponseObject, error) {
	answer, err := json.Marshal(r.Body.Credential)
	if err != nil {
		return nil, err
	}
	pair, err := a.Accounts.PasskeyLogin(ctx, accounts.PasskeySignIn{Answer: answer, Device: deref(r.Body.Device), Client: httpd.Address(ctx)})
	if err != nil {
		return nil, err
	}
	return apigen.FinishPasskeySignIn200JSONResponse(tokenPair(pair)), nil
}

// ListPasskeys answers listPasskeys.
func (a *AccountsAPI) ListPasskeys(ctx context.Context, _ apigen.ListPasskeysRequestObject) (apigen.ListPasskeysResponseObject, error) {
	keys, err := a.Accounts.Passkeys(ctx, httpd.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := apigen.ListPasskeys200JSONResponse{Items: []apigen.Passkey{}}
	for _, k := range keys {
		out.Items = append(out.Items, passkeyView(k))
	}
	return out, nil
}

// BeginPasskey answers beginPasskey.
func (a *AccountsAPI) BeginPasskey(ctx context.Context, _ apigen.BeginPasskeyRequestObject) (apigen.BeginPasskeyResponseObject, error) {
	asked, err := a.Accounts.BeginPasskey(ctx, httpd.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out, err := passkeyOptions(asked)
	return apigen.BeginPasskey200JSONResponse(out), err
}

// AddPasskey answers addPasskey.
func (a *AccountsAPI) AddPasskey(ctx context.Context, r apigen.AddPasskeyRequestObject) (apigen.AddPasskeyResponseObject, error) {
	answer, err := json.Marshal(r.Body.Credential)
	if err != nil {
		return nil, err
	}
	k, err := a.Accounts.AddPasskey(ctx, httpd.Actor(ctx), r.Body.Name, answer)
	if err != nil {
		return nil, err
	}
	return apigen.AddPasskey201JSONResponse(passkeyView(k)), nil
}

// RenamePasskey answers renamePasskey.
func (a *AccountsAPI) RenamePasskey(ctx context.Context, r apigen.RenamePasskeyRequestObject) (apigen.RenamePasskeyResponseObject, error) {
	k, err := a.Accounts.RenamePasskey(ctx, httpd.Actor(ctx), r.ID, r.Body.Name)
	if err != nil {
		return nil, err
	}
	return apigen.RenamePasskey200JSONResponse(passkeyView(k)), nil
}

// ConfirmPassword answers confirmPassword.
func (a *AccountsAPI) ConfirmPassword(ctx context.Context, r apigen.ConfirmPasswordRequestObject) (apigen.ConfirmPasswordResponseObject, error) {
	if err := a.Accounts.ConfirmPassword(ctx, httpd.Actor(ctx), r.Body.CurrentPassword, httpd.Address(ctx)); err != nil {
		return nil, err
	}
	return apigen.ConfirmPassword204Response{}, nil
}

// RemovePasskey answers removePasskey.
func (a *AccountsAPI) RemovePasskey(ctx context.Context, r apigen.RemovePasskeyRequestObject) (apigen.RemovePasskeyResponseObject, error) {
	if err := a.Accounts.RemovePasskey(ctx, httpd.Actor(ctx), r.ID); err != nil {
		return nil, err
	}
	return apigen.RemovePasskey204Response{}, nil
}
