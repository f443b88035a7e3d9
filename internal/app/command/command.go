// Package command is the program's command line: serve, demo and the operator's chores.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/obs"
)

// Env is what a command gets of the world.
type Env struct {
	Args    []string // without the program's name
	Environ []string
	Out     io.Writer
	Err     io.Writer
}

const usage = `orynda, the marketplace for dual-training placements

  orynda demo             start with the demo world: invented organisations, readable mails, a clock that can be moved
  orynda serve            start for real, set by environment variables
  orynda admin create EMAIL   make the platform administrator
  orynda reindex          ask the running program to build the search index anew
  orynda audit verify     prove the audit trail
  orynda keys rotate      add a new key for access tokens
  orynda health           ask the program on this machine whether it is ready
  orynda version

orynda COMMAND --help tells more.`

// Run carries out one command. It returns when the command is done, or when ctx ends and everything has stopped.
func Run(ctx context.Context, env Env) error {
	if len(env.Args) == 0 {
		_, err := fmt.Fprintln(env.Out, usage)
		return err
	}
	name, rest := env.Args[0], env.Args[1:]
	switch name {
	case "demo":
		return demo(ctx, env, rest)
	case "serve":
		return serve(ctx, env, rest)
	case "admin":
		return admin(ctx, env, rest)
	case "reindex":
		return reindex(ctx, env, rest)
	case "audit":
		return audit(ctx, env, rest)
	case "keys":
		return keys(env, rest)
	case "health":
		return health(ctx, env, rest)
	case "version":
		_, err := fmt.Fprintln(env.Out, version())
		return err
	case "help", "-h", "--help":
		_, err := fmt.Fprintln(env.Out, usage)
		return err
	}
	return fmt.Errorf("there is no command %q\n\n%s", name, usage)
}

// parse reads a command's flags; help goes to the output and is no error.
func parse(env Env, f *flag.FlagSet, args []string, about string) (help bool, err error) {
	f.SetOutput(env.Out)
	f.Usage = func() {
		_, _ = fmt.Fprintln(env.Out, about)
		f.PrintDefaults()
		_, _ = fmt.Fprintln(env.Out, "\nEnvironment variables:")
		app.PrintSettings(env.Out)
	}
	err = f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return true, nil
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("orynda %s takes no argument %q", f.Name(), f.Arg(0))
	}
	return false, err
}

// open wires the program without starting it, for a chore.
func open(ctx context.Context, env Env) (*app.App, error) {
	cfg, err := app.ConfigFrom(env.Environ)
	if err != nil {
		return nil, err
	}
	return app.New(ctx, cfg, app.Options{Chore: true, Log: obs.NewLogger(env.Err, cfg.LogLevel), Version: version()})
}

// version is the version the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "development"
	}
	return info.Main.Version
}
