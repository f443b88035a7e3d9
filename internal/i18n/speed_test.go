package i18n

import "testing"

// BenchmarkSay shows what a page of three hundred sentences costs: most are plain, a few have values or plural forms.
func BenchmarkSay(b *testing.B) {
	c, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			c.Say(KK, "error.not_found", nil)
		}
	})
	b.Run("plural", func(b *testing.B) {
		for b.Loop() {
			c.Say(RU, "site.clock.days", map[string]any{"Count": 5})
		}
	})
}
