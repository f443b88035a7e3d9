package app

import (
	"strings"
	"testing"
	"time"
)

func TestSettingsAreReadAndRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		environ []string
		want    []string // parts of the refusal; none: accepted
	}{
		{"nothing", nil, nil},
		{"others' names and the tests' are left alone", []string{"PATH=/bin", "ORYNDA_TEST_MONGODB_URI=x", "ORYNDA_TEST_ANYTHING=1"}, nil},
		{"an unknown name", []string{"ORYNDA_PORT=80"}, []string{"ORYNDA_PORT", "serve --help"}},
		{"every problem at once", []string{"ORYNDA_ADDR=8080", "ORYNDA_LOG_LEVEL=loud", "ORYNDA_SMTP_URL=ftp://x"}, []string{"ORYNDA_ADDR", "ORYNDA_LOG_LEVEL", "ORYNDA_SMTP_URL"}},
		{"MongoDB without shared keys", []string{"ORYNDA_MONGODB_URI=mongodb://a/b"}, []string{"ORYNDA_SECRETS_FILE"}},
		{"MongoDB with shared keys", []string{"ORYNDA_MONGODB_URI=mongodb://a/b", "ORYNDA_SECRETS_FILE=/keys"}, nil},
		{"a key without a server", []string{"ORYNDA_MEILISEARCH_KEY=k"}, []string{"ORYNDA_MEILISEARCH_URL"}},
		{"mail without a sender", []string{"ORYNDA_SMTP_URL=smtp://a:25"}, []string{"ORYNDA_MAIL_FROM"}},
		{"proxies", []string{"ORYNDA_TRUSTED_PROXIES=10.0.0.1, 192.168.0.0/16"}, nil},
		{"a proxy by name", []string{"ORYNDA_TRUSTED_PROXIES=balancer"}, []string{"balancer"}},
		{"a public address without a scheme", []string{"ORYNDA_PUBLIC_URL=orynda.kz"}, []string{"ORYNDA_PUBLIC_URL"}},
	} {
		_, err := ConfigFrom(c.environ)
		if (err == nil) != (len(c.want) == 0) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q doesn't name %s", c.name, err, part)
			}
		}
	}
}

func TestARefusedSettingDoesntShowSecrets(t *testing.T) {
	_, err := ConfigFrom([]string{"ORYNDA_SMTP_URL=http://user:hunter2@host", "ORYNDA_MONGODB_URI=postgres://u:hunter2@h"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}

func TestEverySettingIsListed(t *testing.T) {
	var b strings.Builder
	PrintSettings(&b)
	for _, name := range []string{
		"ORYNDA_ADDR", "ORYNDA_DATA_DIR", "ORYNDA_PUBLIC_URL", "ORYNDA_SECRETS_FILE", "ORYNDA_MONGODB_URI", "ORYNDA_MEILISEARCH_URL",
		"ORYNDA_MEILISEARCH_KEY", "ORYNDA_SMTP_URL", "ORYNDA_MAIL_FROM", "ORYNDA_TRUSTED_PROXIES", "ORYNDA_METRICS_ADDR", "ORYNDA_LOG_LEVEL",
	} {
		if !strings.Contains(b.String(), name) {
			t.Errorf("%s isn't listed", name)
		}
	}
}

func TestTheDemoStaysOnThisMachine(t *testing.T) {
	for addr, local := range map[string]bool{"127.0.0.1:0": true, "localhost:80": true, "[::1]:80": true, "0.0.0.0:80": false, ":80": false, "10.0.0.5:80": false} {
		_, err := DemoConfig([]string{"ORYNDA_ADDR=" + addr}, false)
		if (err == nil) != local {
			t.Errorf("%s: %v", addr, err)
		}
		if _, err := DemoConfig([]string{"ORYNDA_ADDR=" + addr}, true); err != nil {
			t.Errorf("%s with --public: %v", addr, err)
		}
	}
	cfg, err := DemoConfig(nil, false)
	if err != nil || cfg.DataDir == "data" {
		t.Errorf("the demo shares the data folder of serve: %q, %v", cfg.DataDir, err)
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{"PT3H": 3 * time.Hour, "P1DT2H30M": 26*time.Hour + 30*time.Minute, "P2W": 14 * 24 * time.Hour, "PT45S": 45 * time.Second} {
		if got, ok := parseDuration(text); !ok || got != want {
			t.Errorf("%s: %s %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "P", "PT", "3H", "P1H", "PT-3H", "PT3.5H", "P1DT", "PT3H "} {
		if _, ok := parseDuration(text); ok {
			t.Errorf("%q is read", text)
		}
	}
}
