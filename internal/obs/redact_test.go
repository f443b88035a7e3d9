package obs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/obs"
)

type person struct {
	ID    string `json:"id"`
	IIN   string `json:"iin"`
	Phone string `json:"phone"`
}

// The secrets of these tests. None may ever stand in a log line.
func secrets() []string {
	return []string{
		"990101300123", "zhusan-dala-2026", "+77012345678", "8 701 234", "482913", "aigerim@example.kz", "ул. Ерубаева", "1999-01-01",
		"eyJhbGciOi.eyJzdWIi.c2lnbg", "refresh-9f3a",
	}
}

func TestLogHoldsNoPersonalData(t *testing.T) {
	var out bytes.Buffer
	log := obs.NewLogger(&out, slog.LevelDebug)
	log.Info("sign-in of aigerim@example.kz", "iin", "990101300123", "password", "zhusan-dala-2026", "phone", "+77012345678",
		"student_iin", "990101300123", "birth_date", "1999-01-01", "address", "ул. Ерубаева, 12", "code", "482913",
		"Authorization", "Bearer eyJhbGciOi.eyJzdWIi.c2lnbg", "refreshToken", "refresh-9f3a")
	log.Info("group", slog.Group("person", slog.String("iin", "990101300123"), slog.Group("contact", "phone", "+77012345678")))
	log.With("token", "refresh-9f3a").WithGroup("in").Error("deep", "iin", "990101300123")
	log.Error("broke", "error", errors.New("no account 990101300123 (aigerim@example.kz, +7 701 234-56-78): Bearer refresh-9f3a"))
	log.Info("value", "person", person{"psn_1", "990101300123", "+77012345678"}, "list", []person{{IIN: "990101300123"}},
		"map", map[string]any{"iin": "990101300123", "deep": map[string]string{"code": "482913"}})
	log.InfoContext(context.Background(), "lazy", "value", lazy{})
	text := out.String()
	for _, secret := range secrets() {
		if strings.Contains(text, secret) {
			t.Errorf("%q stands in the log:\n%s", secret, text)
		}
	}
	if !strings.Contains(text, "psn_1") || strings.Count(text, "\n") != 6 {
		t.Errorf("the rest is missing:\n%s", text)
	}
}

type lazy struct{}

func (lazy) LogValue() slog.Value {
	return slog.GroupValue(slog.String("iin", "990101300123"), slog.String("note", "call +77012345678"))
}

func TestLogKeepsWhatOperatorsNeed(t *testing.T) {
	var out bytes.Buffer
	log := obs.NewLogger(&out, slog.LevelInfo)
	id := "evt_019abc123456789012345678901234ab"
	log.Info("delivery", "event", id, "error_code", "busy", "status", 503, "took_ms", 990101300123, "handler", "notifications.accounts",
		"store", "mongodb://app:zhusan-dala-2026@db.example.kz/orynda", "at", "2027-09-01T10:00:00.000Z", "nothing", nil)
	log.Debug("not at this level")
	text := out.String()
	for _, want := range []string{id, "busy", "503", "notifications.accounts", "db.example.kz", "2027-09-01T10:00:00.000Z", "990101300123"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	if strings.Contains(text, "zhusan-dala-2026") || strings.Contains(text, "not at this level") {
		t.Errorf("too much: %s", text)
	}
}

func TestSensitive(t *testing.T) {
	for key, want := range map[string]bool{
		"iin": true, "IIN": true, "guardian_iin": true, "accessToken": true, "X-Authorization": true, "sealed_code": true, "email": true,
		"error_code": false, "status_code": false, "id": false, "coder": false, "region": false, "iinhash": false, "postcode": false,
	} {
		if got := obs.Sensitive(key); got != want {
			t.Errorf("Sensitive(%q) = %v", key, got)
		}
	}
}
