package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/app"
	"github.com/orynda/orynda/internal/obs"
)

const serveHelp = `orynda serve: start the program, set by environment variables only.
It needs ORYNDA_SMTP_URL to send mails; without it codes can't reach anybody, and it says so at the start.`

// serve runs the program until ctx ends.
func serve(ctx context.Context, env Env, args []string) error {
	if help, err := parse(env, flag.NewFlagSet("serve", flag.ContinueOnError), args, serveHelp); help || err != nil {
		return err
	}
	cfg, err := app.ConfigFrom(env.Environ)
	if err != nil {
		return err
	}
	log := obs.NewLogger(env.Err, cfg.LogLevel)
	a, err := app.New(ctx, cfg, app.Options{Log: log, Version: version()})
	if err != nil {
		return err
	}
	if cfg.SMTPURL == "" {
		log.WarnContext(ctx, "ORYNDA_SMTP_URL is not set: no mail leaves this program")
	}
	if err := a.Start(ctx, nil); err != nil {
		return errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
	}
	_, _ = fmt.Fprintf(env.Out, "Orynda answers at http://%s  (API: /api/docs)\n", a.Addr())
	return wait(ctx, env, a)
}

const demoHelp = `orynda demo: start with the demo world in the data folder (default data-demo), on the embedded engines unless the environment names others.
The second start goes on where the first one stopped.`

// defaultPlaces is how many places the demo world has.
const defaultPlaces = 300

// demo makes the demo world and runs the program on it until ctx ends.
func demo(ctx context.Context, env Env, args []string) error {
	f := flag.NewFlagSet("demo", flag.ContinueOnError)
	places := f.Int("places", defaultPlaces, "how many places to invent")
	seed := f.Uint64("seed", 1, "the same seed makes the same places")
	public := f.Bool("public", false, "allow an address that other machines can reach")
	if help, err := parse(env, f, args, demoHelp); help || err != nil {
		return err
	}
	if *places < 1 || *places > 200_000 {
		return errors.New("--places takes a number from 1 to 200000")
	}
	cfg, err := app.DemoConfig(env.Environ, *public)
	if err != nil {
		return err
	}
	begin := time.Now()
	p := &progress{env: env}
	a, err := app.StartDemo(ctx, cfg, app.DemoOptions{
		Options: app.Options{Log: obs.NewLogger(env.Err, cfg.LogLevel), Version: version()},
		Places:  *places, Seed: *seed, Progress: p.report,
	})
	if err != nil {
		return err
	}
	p.end()
	welcome(env, a.Addr(), time.Since(begin))
	return wait(ctx, env, a)
}

// wait lets the program run until ctx ends or the listener fails, and stops it cleanly.
func wait(ctx context.Context, env Env, a *app.App) error {
	var failed error
	select {
	case failed = <-a.Served():
	case <-ctx.Done():
		_, _ = fmt.Fprintln(env.Out, "\nstopping: what runs is finished first")
	}
	if err := errors.Join(failed, a.Stop(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(env.Out, "stopped; the data is kept")
	return nil
}

// progress shows one line a step, written over while it goes on.
type progress struct {
	env  Env
	mu   sync.Mutex
	step string
}

func (p *progress) report(step string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.step != "" && p.step != step {
		_, _ = fmt.Fprintln(p.env.Out)
	}
	p.step = step
	count := fmt.Sprint(done)
	if total > 0 {
		count = fmt.Sprintf("%d of %d", done, total)
	}
	_, _ = fmt.Fprintf(p.env.Out, "\r  %-28s %s    ", step, count)
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.step != "" {
		_, _ = fmt.Fprintln(p.env.Out)
	}
}

// welcome tells what there is and what to try.
func welcome(env Env, addr string, took time.Duration) {
	base := "http://" + addr
	text := `
Orynda's demo world is ready (BASE, after TOOK). Everything in it is invented.

  the site              BASE/            (the dark tab in the bottom corner switches accounts and moves the clock)
  API, to read          BASE/api/docs
  mails it sent         BASE/demo/mail?to=student@demo.orynda.kz
  its clock             BASE/demo/clock

Accounts, all with the password  orynda-demo
  student@ student2@ student3@demo.orynda.kz      adult students of the Karaganda college
  minor@  guardian@demo.orynda.kz                 a student of 17 and the legal representative
  citizen@demo.orynda.kz                          not enrolled anywhere
  undergraduate@demo.orynda.kz                    student of the Almaty university
  hr@saryarqa-energo.demo.orynda.kz               enterprise, verified
  hr@temir-motors.demo.orynda.kz                  enterprise, verified
  new@enterprise.demo.orynda.kz                   enterprise, to be verified
  college@karaganda.demo.orynda.kz                college, coordinator and signatory
  college@semey.demo.orynda.kz                    another college
  university@almaty.demo.orynda.kz                university
  chamber@karaganda.demo.orynda.kz                registrar
  admin@demo.orynda.kz                            platform administrator

Three things to try
  1. find a place, in any spelling of the alphabet:   BASE/kk/placements?q=электрик
  2. become the student with one click in the bar, and apply
  3. or as a program:
     curl -s BASE/api/v1/auth/login -H 'Content-Type: application/json' -d '{"email":"student@demo.orynda.kz","password":"orynda-demo"}'

The whole way from a place to the register by curl: see README.md. Ctrl-C stops; the data stays.
`
	text = strings.ReplaceAll(text, "BASE", base)
	_, _ = fmt.Fprint(env.Out, strings.ReplaceAll(text, "TOOK", took.Round(100*time.Millisecond).String()))
}
