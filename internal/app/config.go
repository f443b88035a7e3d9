package app

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// Config is what an operator may set, by environment variables only. The zero value of a field is its default.
type Config struct {
	Addr           string     // where the API and the pages are served; port 0 picks a free one
	DataDir        string     // embedded database, keys, seals, snapshot of the search index
	PublicURL      string     // how people reach the program, for links in mails and on papers
	SecretsFile    string     // versioned keys; by default in the data folder
	MongoDBURI     string     // "" keeps everything in the embedded database
	MeilisearchURL string     // "" searches in memory
	MeilisearchKey string     //
	SMTPURL        string     // smtp:// or smtps://, with user and password if needed
	MailFrom       string     // sender of every mail
	TrustedProxies []string   // addresses or networks whose X-Forwarded-For is believed
	MetricsAddr    string     // listener of its own for /metrics; "" for none
	LogLevel       slog.Level //
}

// setting is one environment variable.
type setting struct {
	name, fallback, help string
	set                  func(c *Config, value string) error
}

// settings lists every variable, in the order the help shows them.
func settings() []setting {
	text := func(at func(c *Config) *string) func(*Config, string) error {
		return func(c *Config, v string) error { *at(c) = v; return nil }
	}
	return []setting{
		{"ORYNDA_ADDR", "127.0.0.1:8080", "address to listen on; port 0 picks a free one and prints it", func(c *Config, v string) error {
			if _, _, err := net.SplitHostPort(v); err != nil {
				return errors.New("must be host:port, for example 127.0.0.1:8080")
			}
			c.Addr = v
			return nil
		}},
		{"ORYNDA_DATA_DIR", "data", "folder of the embedded database, the keys, the seals of the audit trail and the snapshot of the search index", text(func(c *Config) *string { return &c.DataDir })},
		{"ORYNDA_PUBLIC_URL", "http:// and the address", "how people reach this installation; used in mails, papers and calendar files", func(c *Config, v string) error {
			u, err := url.Parse(v)
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
				return errors.New("must be an address such as https://orynda.example.kz")
			}
			c.PublicURL = strings.TrimSuffix(v, "/")
			return nil
		}},
		{"ORYNDA_SECRETS_FILE", "keys.json in the data folder", "file of versioned keys, mode 0600; made on one machine, required with MongoDB", text(func(c *Config) *string { return &c.SecretsFile })},
		{"ORYNDA_MONGODB_URI", "none: embedded SQLite", "replica set or sharded cluster to keep everything in", func(c *Config, v string) error {
			if !strings.HasPrefix(v, "mongodb://") && !strings.HasPrefix(v, "mongodb+srv://") {
				return errors.New("must begin with mongodb:// or mongodb+srv://")
			}
			c.MongoDBURI = v
			return nil
		}},
		{"ORYNDA_MEILISEARCH_URL", "none: embedded search", "Meilisearch server", func(c *Config, v string) error {
			u, err := url.Parse(v)
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
				return errors.New("must be an address such as http://127.0.0.1:7700")
			}
			c.MeilisearchURL = strings.TrimSuffix(v, "/")
			return nil
		}},
		{"ORYNDA_MEILISEARCH_KEY", "none", "its key", text(func(c *Config) *string { return &c.MeilisearchKey })},
		{"ORYNDA_SMTP_URL", "none", "mail server: smtp://user:password@host:587 (STARTTLS) or smtps://…:465; serve needs it", func(c *Config, v string) error {
			u, err := url.Parse(v)
			if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Host == "" {
				return errors.New("must be smtp://host:port or smtps://host:port")
			}
			c.SMTPURL = v
			return nil
		}},
		{"ORYNDA_MAIL_FROM", "none", "sender of every mail; needed with ORYNDA_SMTP_URL", text(func(c *Config) *string { return &c.MailFrom })},
		{"ORYNDA_TRUSTED_PROXIES", "none", "comma-separated addresses or networks of proxies whose X-Forwarded-For is believed", setProxies},
		{"ORYNDA_METRICS_ADDR", "none", "address of a listener of its own for /metrics", func(c *Config, v string) error {
			if _, _, err := net.SplitHostPort(v); err != nil {
				return errors.New("must be host:port, for example 127.0.0.1:9090")
			}
			c.MetricsAddr = v
			return nil
		}},
		{"ORYNDA_LOG_LEVEL", "info", "debug, info, warn or error", func(c *Config, v string) error {
			if c.LogLevel.UnmarshalText([]byte(v)) != nil {
				return errors.New("must be debug, info, warn or error")
			}
			return nil
		}},
	}
}

func setProxies(c *Config, v string) error {
	for _, p := range strings.Split(v, ",") {
		p = strings.TrimSpace(p)
		_, errAddr := netip.ParseAddr(p)
		_, errNet := netip.ParsePrefix(p)
		if errAddr != nil && errNet != nil {
			return fmt.Errorf("%q is neither an address nor a network", p)
		}
		c.TrustedProxies = append(c.TrustedProxies, p)
	}
	return nil
}

// ConfigFrom reads the variables of an environment ("NAME=value"). Every problem is named at once: unknown ORYNDA_ names, values that can't be, settings
// that contradict each other. ORYNDA_TEST_ names are left to the tests.
func ConfigFrom(environ []string) (Config, error) {
	c := Config{Addr: "127.0.0.1:8080", DataDir: "data"}
	known := settings()
	var problems []error
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "ORYNDA_") || strings.HasPrefix(name, "ORYNDA_TEST_") || value == "" {
			continue
		}
		i := slices.IndexFunc(known, func(s setting) bool { return s.name == name })
		if i < 0 {
			problems = append(problems, fmt.Errorf("%s is not a setting of this program; orynda serve --help lists them", name))
			continue
		}
		if err := known[i].set(&c, value); err != nil {
			problems = append(problems, fmt.Errorf("%s %w", name, err))
		}
	}
	return c, errors.Join(append(problems, c.contradictions()...)...)
}

// contradictions names the combinations that can't work.
func (c *Config) contradictions() []error {
	var out []error
	if c.MongoDBURI != "" && c.SecretsFile == "" {
		out = append(out, errors.New("ORYNDA_MONGODB_URI needs ORYNDA_SECRETS_FILE: all copies of the program must share one file of keys"))
	}
	if c.MeilisearchKey != "" && c.MeilisearchURL == "" {
		out = append(out, errors.New("ORYNDA_MEILISEARCH_KEY without ORYNDA_MEILISEARCH_URL has no server to open"))
	}
	if c.SMTPURL != "" && c.MailFrom == "" {
		out = append(out, errors.New("ORYNDA_SMTP_URL needs ORYNDA_MAIL_FROM: mails must have a sender"))
	}
	return out
}

// secretsPath is where the keys are.
func (c *Config) secretsPath() string {
	if c.SecretsFile != "" {
		return c.SecretsFile
	}
	return filepath.Join(c.DataDir, "keys.json")
}

// loopback reports whether only this machine can reach an address.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// PrintSettings lists every variable with its default.
func PrintSettings(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, s := range settings() {
		_, _ = fmt.Fprintf(t, "  %s\t%s\t(default: %s)\n", s.name, s.help, s.fallback)
	}
	_ = t.Flush()
	_, _ = fmt.Fprintln(w, "\nThe standard variables OTEL_* are not read: logs carry request ids, and figures are at ORYNDA_METRICS_ADDR.")
}

// ensureDataDir makes the data folder, readable by its owner only.
func (c *Config) ensureDataDir() error {
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return fmt.Errorf("the data folder can't be made: %w", err)
	}
	return nil
}

// DemoConfig reads the variables as [ConfigFrom] does, with a data folder of the demo's own, and refuses an address that other machines can reach
// unless that is allowed.
func DemoConfig(environ []string, public bool) (Config, error) {
	given := slices.ContainsFunc(environ, func(pair string) bool {
		value, ok := strings.CutPrefix(pair, "ORYNDA_DATA_DIR=")
		return ok && value != ""
	})
	cfg, err := ConfigFrom(environ)
	if !given {
		cfg.DataDir = "data-demo"
	}
	if err == nil && !public && !loopback(cfg.Addr) {
		err = fmt.Errorf("the demo's passwords are known to all, so it refuses the address %s; --public allows it", cfg.Addr)
	}
	return cfg, err
}
