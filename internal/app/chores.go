package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/audit"
	"github.com/orynda/orynda/internal/secrets"
)

// CreateAdmin makes the platform administrator: an existing account becomes one, else an invitation is made, whose link is told.
func (a *App) CreateAdmin(ctx context.Context, email string) (string, error) {
	made, err := a.accounts.CreatePlatformAdmin(ctx, email)
	if err != nil {
		return "", err
	}
	if made.PersonID != "" {
		return "the account " + email + " is platform administrator now", nil
	}
	return fmt.Sprintf("there is no account of %s yet; whoever accepts this invitation becomes platform administrator:\n  POST %s/api/v1/invitations/%s/accept  {\"password\": …, \"full_name\": …, \"locale\": …}",
		email, a.publicURL(), made.Token), nil
}

// Grants lists the whole table of who may do what, by operation, for the test that walks it.
func (a *App) Grants() []accounts.Grant { return a.policy.Grants() }

// AskReindex leaves a request for a rebuild of the search index.
func (a *App) AskReindex(ctx context.Context) (string, error) {
	r, made, err := a.indexing.Ask(ctx)
	if err != nil {
		return "", err
	}
	if !made {
		return "a rebuild is already asked for or running: " + r.ID, nil
	}
	return "the request is left; the running program carries it out: " + r.ID, nil
}

// VerifyAudit proves the trail against a file of seals ("" for the own one) and writes the report; whole says whether it holds. An own file that isn't there is
// one without seals: right before the first one was made, and a flaw after it, because the store knows of it.
func (a *App) VerifyAudit(ctx context.Context, seals string, out io.Writer) (whole bool, err error) {
	verify := func() (*audit.Report, error) { return a.trail.VerifyFiles(ctx, a.ring, seals) }
	if seals == "" {
		seals = a.sealsPath()
		if _, err := os.Stat(seals); errors.Is(err, fs.ErrNotExist) {
			verify = func() (*audit.Report, error) { return a.trail.Verify(ctx, a.ring, strings.NewReader("")) }
		}
	}
	report, err := verify()
	if err != nil {
		return false, err
	}
	return report.OK(), report.Write(out)
}

// RotateKeys adds a key for access tokens to the file of keys.
func RotateKeys(cfg Config) error { return secrets.RotateTokens(cfg.secretsPath(), time.Now()) }

// LocalURL is how this machine reaches the program: the address it listens on, where "all addresses" is this machine's own.
func LocalURL(cfg Config) string {
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return "http://" + cfg.Addr
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
