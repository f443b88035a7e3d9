package browsertest

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/i18n"
)

// quartet is four people in front of their own windows, in one world, with the clock of the demo between them.
type quartet struct {
	world      *world
	student    *Window
	enterprise *Window
	college    *Window
	chamber    *Window
}

// four signs the people of the chain in, each in a window of their own: the student on a phone, the others at a desk.
func four(t testing.TB, world *world, lang, who string) *quartet {
	t.Helper()
	return &quartet{
		world:      world,
		student:    world.As(t, who, Look{Lang: lang}),
		enterprise: world.As(t, enterprise, Look{Lang: lang, Width: desk}),
		college:    world.As(t, college, Look{Lang: lang, Width: desk}),
		chamber:    world.As(t, chamber, Look{Lang: lang, Width: desk}),
	}
}

// windows are all four, for what holds for each.
func (q *quartet) windows() []*Window {
	return []*Window{q.student, q.enterprise, q.college, q.chamber}
}

// js switches the scripts of all four on or off.
func (q *quartet) js(on bool) {
	for _, w := range q.windows() {
		w.t.Helper()
		w.JS(on)
	}
}

// Four people are signed in at the same time and stay who they are, with scripts and without.
func TestFourWindows(t *testing.T) {
	q := four(t, boot(t), "kk", student)
	for _, js := range []bool{true, false} {
		q.js(js)
		for _, w := range q.windows() {
			if status := w.Go("/{lang}/"); status != 200 {
				t.Errorf("%s: status %d", w.name, status)
			}
		}
	}
}

// minor is the demo's student of sixteen.
const minor = "minor@demo.orynda.kz"

// supervisor is how one of the demo college's supervisors is told apart: what the college wrote stands as it is in every language.
const supervisor = "руководитель практики"

// The whole way from a place to the register, by four people in their own windows, in each language.
func TestChainInTheBrowser(t *testing.T) {
	for _, lang := range languages() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			newChain(t, lang, student, mouse{}).walk()
		})
	}
}

// The same way in windows that run no script.
func TestChainWithoutScript(t *testing.T) {
	t.Parallel()
	c := newChain(t, "kk", student, mouse{})
	c.plain = true
	c.js(false)
	c.walk()
}

// The same way by people who have a keyboard and no mouse.
func TestChainByKeyboard(t *testing.T) {
	t.Parallel()
	c := newChain(t, "ru", student, keyboard{})
	c.plain = true
	c.walk()
}

// The way of a student of sixteen, whose guardian sees it all and signs too.
func TestChainOfAMinor(t *testing.T) {
	t.Parallel()
	c := newChain(t, "kk", minor, mouse{})
	c.plain = true
	c.guardian = c.world.As(t, guardian, Look{Lang: "kk"})
	c.walk()
}

// chain is one student's way, told by pages: nothing is done but what a person in front of a window can do.
type chain struct {
	*quartet
	hands
	who      string  // the student
	guardian *Window // nil for an adult

	t     testing.TB
	lang  i18n.Lang
	words *i18n.Catalogue
	text  texts

	place, application, agreement string
	starts, ends                  string // days of the training

	plain  bool // how the pages look is judged by another run
	judged int  // states that axe-core was asked about
}

// newChain boots a world of its own for a student, because the clock of a world is moved.
func newChain(t testing.TB, lang, who string, by hands) *chain {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &chain{quartet: four(t, boot(t), lang, who), who: who, hands: by, t: t, lang: i18n.Lang(lang), words: words, text: written()[lang]}
	for _, w := range c.windows() {
		w.Tolerate = dropped
	}
	return c
}

// dropped is what htmx writes when a question that was asked as one typed is dropped because of the next letter.
func dropped(complaint string) bool {
	return strings.Contains(complaint, "htmx:sendAbort") || strings.Contains(complaint, "htmx:afterRequest")
}

// texts are what people of a language write.
type texts struct{ trade, title, motivation, phone, curriculum, module, note string }

func written() map[string]texts {
	return map[string]texts{
		"kk": {
			trade: "электр монтері", title: "Қосалқы станцияның кезекші электр монтері", motivation: "Электр жабдықтарын екінші курстан бері оқимын, қосалқы станцияда үйренгім келеді.",
			phone: "+77212000000", curriculum: "Жұмыс оқу жоспары", module: "Қосалқы станция жабдықтарына қызмет көрсету", note: "Сұрақтарға сенімді жауап берді.",
		},
		"ru": {
			trade: "электромонтёр", title: "Дежурный электромонтёр подстанции", motivation: "Изучаю электрооборудование со второго курса, хочу учиться на подстанции.",
			phone: "+77212000000", curriculum: "Рабочий учебный план", module: "Обслуживание оборудования подстанций", note: "Уверенно ответил на вопросы.",
		},
		"en": {
			trade: "electrician", title: "Duty electrician of a substation", motivation: "I have studied electrical equipment for two years and want to learn at a substation.",
			phone: "+77212000000", curriculum: "Working curriculum", module: "Service of substation equipment", note: "Answered with confidence.",
		},
	}
}

// walk goes from the place to the register.
func (c *chain) walk() {
	for _, part := range []struct {
		name string
		do   func()
	}{
		{"the enterprise posts a place", c.post}, {"the student finds it", c.find}, {"the student applies", c.apply}, {"the enterprise invites", c.invite},
		{"the enterprise offers times", c.offerTimes}, {"the student takes a time", c.takeTime}, {"the interview is held", c.interview},
		{"the enterprise makes an offer", c.makeOffer}, {"the student accepts", c.accept}, {"the draft is completed", c.completeDraft}, {"everybody signs", c.sign},
		{"the college signs last", c.countersign}, {"the chamber registers", c.register}, {"anybody can check it", c.verify},
	} {
		began := time.Now()
		part.do()
		c.t.Logf("%s: %.1f s", part.name, time.Since(began).Seconds())
	}
}

// say is a text of the catalogues as the page shows it; pairs are names and values.
func (c *chain) say(key string, pairs ...any) string {
	c.t.Helper()
	if !c.words.Has(key) {
		c.t.Fatalf("no text has the key %s", key)
	}
	values := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i].(string)] = pairs[i+1]
	}
	return c.words.Say(c.lang, key, values)
}

// sees waits until a window shows a text, and judges the page that shows it by what can be seen at once.
func (c *chain) sees(w *Window, key string, pairs ...any) {
	c.t.Helper()
	w.Wait(c.say(key, pairs...))
	if c.plain {
		w.MustBeCalm()
		return
	}
	v := &visit{w: w, name: "the chain at " + key + ", " + string(c.lang)}
	v.judge()
	v.calm()
	v.report()
}

// fair judges by axe-core, which is for the states that matter most: over the languages each state has its turn.
func (c *chain) fair(w *Window) {
	c.t.Helper()
	if c.judged++; c.plain || !full() && c.judged%len(languages()) != slices.Index(languages(), string(c.lang)) {
		return
	}
	v := &visit{w: w, name: "the chain, " + string(c.lang)}
	v.axe()
	v.report()
}

// path is where a window is, without the language.
func (c *chain) path(w *Window) string {
	c.t.Helper()
	return strings.TrimPrefix(w.Path(), "/"+string(c.lang))
}

// part gives what stands in a window's address at the place of a group.
func (c *chain) part(w *Window, pattern string) string {
	c.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(w.Path())
	if m == nil {
		w.fail("the address doesn't hold %s", pattern)
	}
	return m[1]
}

func (c *chain) day(in int) string { c.t.Helper(); return string(c.world.Today().Add(in)) }

// open goes to an address that a mail of the site names.
func (c *chain) open(w *Window, path string) {
	c.t.Helper()
	if status := w.Go("/{lang}" + path); status != 200 {
		w.fail("status %d", status)
	}
}
