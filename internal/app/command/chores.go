package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"time"

	"github.com/orynda/orynda/internal/app"
)

// admin makes the platform administrator.
func admin(ctx context.Context, env Env, args []string) error {
	if len(args) != 2 || args[0] != "create" {
		return errors.New("usage: orynda admin create EMAIL")
	}
	a, err := open(ctx, env)
	if err != nil {
		return err
	}
	text, err := a.CreateAdmin(ctx, args[1])
	if err = errors.Join(err, a.Stop(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Out, text)
	return err
}

// reindex leaves a request that the running program carries out.
func reindex(ctx context.Context, env Env, args []string) error {
	if help, err := parse(env, flag.NewFlagSet("reindex", flag.ContinueOnError), args, "orynda reindex: ask the running program to build the search index anew."); help || err != nil {
		return err
	}
	a, err := open(ctx, env)
	if err != nil {
		return err
	}
	text, err := a.AskReindex(ctx)
	if err = errors.Join(err, a.Stop(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Out, text)
	return err
}

// audit proves the trail; a flaw is an error.
func audit(ctx context.Context, env Env, args []string) error {
	if len(args) == 0 || args[0] != "verify" {
		return errors.New("usage: orynda audit verify [--seals FILE]")
	}
	f := flag.NewFlagSet("audit verify", flag.ContinueOnError)
	seals := f.String("seals", "", "file of seals; several copies' lines may be gathered in it (default: the one in the data folder)")
	if help, err := parse(env, f, args[1:], "orynda audit verify: prove that no entry of the audit trail was changed, removed or put in."); help || err != nil {
		return err
	}
	a, err := open(ctx, env)
	if err != nil {
		return err
	}
	whole, err := a.VerifyAudit(ctx, *seals, env.Out)
	if err = errors.Join(err, a.Stop(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	if !whole {
		return errors.New("the audit trail is not whole")
	}
	return nil
}

// keys adds a key for access tokens.
func keys(env Env, args []string) error {
	if len(args) != 1 || args[0] != "rotate" {
		return errors.New("usage: orynda keys rotate")
	}
	cfg, err := app.ConfigFrom(env.Environ)
	if err != nil {
		return err
	}
	if err := app.RotateKeys(cfg); err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Out, "a new key for access tokens is in the file; running copies sign with it after their next start, and all accept both")
	return err
}

// healthTimeout is how long a health check of the container may take.
const healthTimeout = 2 * time.Second

// health asks the program on this machine whether it is ready: for containers, which have no curl.
func health(ctx context.Context, env Env, args []string) error {
	if help, err := parse(env, flag.NewFlagSet("health", flag.ContinueOnError), args, "orynda health: ask the program on this machine whether it is ready."); help || err != nil {
		return err
	}
	cfg, err := app.ConfigFrom(env.Environ)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, app.LocalURL(cfg)+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return errors.New("the program doesn't answer")
	}
	defer res.Body.Close() //nolint:errcheck // nothing is read of it
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the program isn't ready (%d)", res.StatusCode)
	}
	return nil
}
