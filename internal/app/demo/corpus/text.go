package corpus

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/orynda/orynda/internal/i18n"
)

// exact gives the text in exactly this language.
func exact(t i18n.Text, l i18n.Lang) string {
	switch l {
	case i18n.KK:
		return t.KK
	case i18n.RU:
		return t.RU
	default:
		return t.EN
	}
}

func set(t *i18n.Text, l i18n.Lang, s string) {
	switch l {
	case i18n.KK:
		t.KK = s
	case i18n.RU:
		t.RU = s
	default:
		t.EN = s
	}
}

// vars are the words that stand in slots such as {q}, in one language. Every one is in the nominative, or a whole phrase such as
// "в Караганде": sentence patterns are written so that nothing has to be inflected.
type vars map[string]string

// fill replaces the slots of a pattern. An unknown slot stays as it is, and a test looks for braces.
func (v vars) fill(pattern string) string {
	if !strings.Contains(pattern, "{") {
		return pattern
	}
	var b strings.Builder
	b.Grow(len(pattern) + 64)
	for {
		i := strings.IndexByte(pattern, '{')
		if i < 0 {
			break
		}
		j := strings.IndexByte(pattern[i:], '}')
		if j < 0 {
			break
		}
		word, ok := v[pattern[i+1:i+j]]
		if !ok {
			word = pattern[i : i+j+1]
		}
		b.WriteString(pattern[:i])
		b.WriteString(word)
		pattern = pattern[i+j+1:]
	}
	b.WriteString(pattern)
	return b.String()
}

// upper makes the first letter a capital.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func length(s string) int { return utf8.RuneCountInString(s) }

// placeVars are the words of one place in one language.
func placeVars(l i18n.Lang, p *Place, trade i18n.Text, ent Enterprise, c city) vars {
	name := exact(p.City, l)
	v := vars{"q": exact(trade, l), "Q": upper(exact(trade, l)), "ent": exact(ent.Name, l), "city": name}
	switch l {
	case i18n.KK:
		v["in"] = name + " қаласында"
		v["hours"] = "аптасына " + strconv.Itoa(p.WeeklyHours) + " сағат"
		v["amount"] = grouped(p.Amount, " ") + " теңге"
	case i18n.RU:
		v["in"] = c.In
		v["hours"] = strconv.Itoa(p.WeeklyHours) + " " + ruHours(p.WeeklyHours) + " в неделю"
		v["amount"] = grouped(p.Amount, " ") + " тенге"
	default:
		v["in"] = "in " + name
		v["hours"] = strconv.Itoa(p.WeeklyHours) + " hours a week"
		v["amount"] = grouped(p.Amount, ",") + " tenge"
	}
	v["In"] = upper(v["in"])
	v["Hours"] = upper(v["hours"])
	v["n"] = strconv.Itoa(p.Seats)
	v["age"] = strconv.Itoa(p.MinAge)
	return v
}

// ruHours is the word for hours after a number (Russian plural forms).
func ruHours(n int) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return "час"
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return "часа"
	default:
		return "часов"
	}
}

// grouped writes a number in groups of three digits; people write 45 000 in Kazakh and Russian.
func grouped(n int64, sep string) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

// layouts of the tasks: enterprises don't agree on one.
const (
	layoutDashes = iota
	layoutProse
	layoutNumbers
	layoutDots
	layouts
)

// body joins tasks and terms in one of the layouts.
func body(layout int, taskHead, termHead string, tasks, terms []string) string {
	var b strings.Builder
	switch layout {
	case layoutProse:
		b.WriteString(strings.Join(tasks, " "))
		b.WriteString("\n\n")
		b.WriteString(strings.Join(terms, " "))
	case layoutNumbers:
		b.WriteString(taskHead)
		for i, t := range tasks {
			b.WriteString("\n" + strconv.Itoa(i+1) + ". " + t)
		}
		b.WriteString("\n\n" + strings.Join(terms, " "))
	default:
		mark := "\n— "
		if layout == layoutDots {
			mark = "\n• "
		}
		b.WriteString(taskHead)
		for _, t := range tasks {
			b.WriteString(mark + t)
		}
		b.WriteString("\n\n" + termHead)
		for _, t := range terms {
			b.WriteString(mark + t)
		}
	}
	return b.String()
}
