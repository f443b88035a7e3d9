package accounts_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage/sqlitedb"
)

// storagetestOpen opens one store for all inputs of a fuzz test; one for each would be most of the work.
func storagetestOpen(f *testing.F) (func(t *testing.T) *world, error) {
	db, err := sqlitedb.Open(f.Context(), filepath.Join(f.TempDir(), "fuzz.db"))
	if err != nil {
		return nil, err
	}
	f.Cleanup(func() { _ = db.Close(f.Context()) })
	var w *world
	return func(t *testing.T) *world {
		if w == nil {
			w = newWorld(t, db)
		}
		w.t = t
		return w
	}, nil
}

func TestEmails(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a@example.kz", "a@example.kz"},
		{" Aibek.Seitov+tag@Example.KZ ", "aibek.seitov+tag@example.kz"},
		{"o'neil@sub.example-1.kz", "o'neil@sub.example-1.kz"},
		{"new@xn--80ax.xn--80ao21a", "new@xn--80ax.xn--80ao21a"},
		{"", ""}, {"@example.kz", ""}, {"a@", ""}, {"a@localhost", ""}, {"a@@example.kz", ""}, {"a@b@example.kz", ""},
		{".a@example.kz", ""}, {"a.@example.kz", ""}, {"a..b@example.kz", ""}, {"a b@example.kz", ""}, {"a@exam ple.kz", ""},
		{"a@-example.kz", ""}, {"a@example-.kz", ""}, {"a@example..kz", ""}, {"а@example.kz", ""}, {"a@қазақ.kz", ""},
		{"a@example.kz\r\nBcc: b@example.kz", ""}, {"\"a\"@example.kz", ""}, {"<a@example.kz>", ""},
		{strings.Repeat("a", 65) + "@example.kz", ""}, {"a@" + strings.Repeat("b", 64) + ".kz", ""},
		{"a@" + strings.Repeat("bcd.", 70) + "kz", ""},
	} {
		got, ok := accounts.NormalEmail(c.in)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q, %v", c.in, got, ok)
		}
	}
}

func FuzzEmails(f *testing.F) {
	for _, s := range []string{"a@example.kz", "A@B.c", "", "@", "a@b", "\x00@b.kz", "a@b.kz\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		email, ok := accounts.NormalEmail(s)
		if !ok {
			if email != "" {
				t.Errorf("%q: refused but %q", s, email)
			}
			return
		}
		if again, ok := accounts.NormalEmail(email); !ok || again != email {
			t.Errorf("%q: %q isn't its own normal form", s, email)
		}
		if strings.ContainsAny(email, " \r\n\t\x00<>,;:\"") || strings.Count(email, "@") != 1 || len(email) > accounts.MaxEmail {
			t.Errorf("%q gave %q", s, email)
		}
	})
}

func TestPhones(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"+7 701 000 00 17", "+77010000017"}, {"8 (701) 000-00-17", "+77010000017"}, {"7010000017", "+77010000017"},
		{"77010000017", "+77010000017"}, {"+998 90 123 45 67", "+998901234567"},
		{"", ""}, {"+", ""}, {"123", ""}, {"8-800", ""}, {"+7701000001x", ""}, {"7701+0000017", ""}, {"+0123456789", ""},
		{"+1234567890123456", ""}, {"٧٠١٠٠٠٠٠١٧", ""},
	} {
		got, ok := accounts.NormalPhone(c.in)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q, %v", c.in, got, ok)
		}
	}
}

func FuzzPhones(f *testing.F) {
	for _, s := range []string{"+77010000017", "8 701", "", "+\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		phone, ok := accounts.NormalPhone(s)
		if !ok {
			return
		}
		if again, ok := accounts.NormalPhone(phone); !ok || again != phone {
			t.Errorf("%q: %q isn't its own normal form", s, phone)
		}
	})
}
