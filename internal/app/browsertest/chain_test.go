package browsertest

import (
	"fmt"
	"regexp"
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
func four(t testing.TB, world *world, lang string) *quartet {
	t.Helper()
	return &quartet{
		world:      world,
		student:    world.As(t, student, Look{Lang: lang}),
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
	q := four(t, boot(t), "kk")
	for _, js := range []bool{true, false} {
		q.js(js)
		for _, w := range q.windows() {
			if status := w.Go("/{lang}/"); status != 200 {
				t.Errorf("%s: status %d", w.name, status)
			}
		}
	}
}

// The whole way from a place to the register, by four people in their own windows, in each language.
func TestChainInTheBrowser(t *testing.T) {
	for _, lang := range languages() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			newChain(t, lang, mouse{}).walk()
		})
	}
}

// The same way in windows that run no script.
func TestChainWithoutScript(t *testing.T) {
	t.Parallel()
	c := newChain(t, "kk", mouse{})
	c.js(false)
	c.walk()
}

// The same way by people who have a keyboard and no mouse.
func TestChainByKeyboard(t *testing.T) {
	t.Parallel()
	newChain(t, "ru", keyboard{}).walk()
}

// chain is one student's way, told by pages: nothing is done but what a person in front of a window can do.
type chain struct {
	*quartet
	hands
	t     testing.TB
	lang  i18n.Lang
	words *i18n.Catalogue
	text  texts

	place, application, agreement, number, code string
}

func newChain(t testing.TB, lang string, by hands) *chain {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &chain{quartet: four(t, boot(t), lang), hands: by, t: t, lang: i18n.Lang(lang), words: words, text: written()[lang]}
}

// texts are what people of a language write.
type texts struct{ title, motivation, phone, curriculum, module, note, reason string }

func written() map[string]texts {
	return map[string]texts{
		"kk": {
			title: "Қосалқы станцияның кезекші электр монтері", motivation: "Электр жабдықтарын екінші курстан бері оқимын, қосалқы станцияда үйренгім келеді.",
			phone: "+77212000000", curriculum: "Жұмыс оқу жоспары", module: "Қосалқы станция жабдықтарына қызмет көрсету", note: "Сұрақтарға сенімді жауап берді.",
		},
		"ru": {
			title: "Дежурный электромонтёр подстанции", motivation: "Изучаю электрооборудование со второго курса, хочу учиться на подстанции.",
			phone: "+77212000000", curriculum: "Рабочий учебный план", module: "Обслуживание оборудования подстанций", note: "Уверенно ответил на вопросы.",
		},
		"en": {
			title: "Duty electrician of a substation", motivation: "I have studied electrical equipment for two years and want to learn at a substation.",
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
	v := &visit{w: w, name: "the chain at " + key + ", " + string(c.lang)}
	v.judge()
	v.calm()
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

// post makes a copy of one of the enterprise's own places, gives it a name and dates, and publishes it.
func (c *chain) post() {
	w := c.enterprise
	c.press(w, c.say("site.nav.enterprise"))
	c.sees(w, "site.enterprise.desk.title")
	c.press(w, c.say("site.enterprise.places.all"))
	c.sees(w, "site.enterprise.places.title")
	c.choose(w, c.say("site.enterprise.col.state"), c.say("state.placement.published"))
	c.press(w, c.say("site.enterprise.places.find"))
	c.press(w, c.say("site.enterprise.places.clone"))
	c.sees(w, "site.done.enterprise.cloned")
	c.place = c.part(w, `/placements/([^/?]+)/edit`)
	if !strings.Contains(w.Path(), "step=when") {
		c.press(w, c.say("site.enterprise.step.when"))
	}
	c.fill(w, c.say("site.enterprise.f.apply_by"), c.day(20))
	c.fill(w, c.say("site.enterprise.f.starts_on"), c.day(45))
	c.fill(w, c.say("site.enterprise.f.ends_on"), c.day(165))
	c.press(w, c.say("site.enterprise.posting.next"))
	c.sees(w, "site.done.enterprise.step_saved")
	c.press(w, c.say("site.enterprise.step.what"))
	for _, lang := range languages() {
		c.title(w, lang)
	}
	c.press(w, c.say("site.enterprise.posting.next"))
	c.sees(w, "site.done.enterprise.step_saved")
	c.press(w, c.say("site.enterprise.step.preview"))
	c.sees(w, "site.enterprise.preview.ready")
	w.MustBeAccessible()
	c.press(w, c.say("site.enterprise.preview.publish"))
	c.sees(w, "site.done.enterprise.published")
}

// title writes the name of the place in a language. The three fields share their label, so their group tells them apart.
func (c *chain) title(w *Window, lang string) {
	c.fill(w, c.say("site.enterprise.tongue."+lang)+" > "+c.say("site.enterprise.f.title"), written()[lang].title)
}

// find looks for the place as anybody would.
func (c *chain) find() {
	w := c.student
	c.press(w, c.say("site.nav.places"))
	c.sees(w, "site.public.search.label")
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		c.fill(w, c.say("site.public.search.label"), c.text.title)
		c.press(w, c.say("site.public.search.do"))
		if w.Has(c.text.title) {
			break
		}
		if time.Now().After(end) {
			w.fail("the place isn't found")
		}
	}
	c.sees(w, "site.public.results.feed")
	w.MustBeAccessible()
	w.Screenshot("chain-results-" + string(c.lang))
	c.press(w, c.text.title)
	c.sees(w, "site.public.place.how")
	if !strings.Contains(c.path(w), c.place) {
		w.fail("it is another place than %s", c.place)
	}
}

func (c *chain) apply() {
	w := c.student
	c.press(w, c.say("site.public.place.apply"))
	c.sees(w, "site.student.apply.seen")
	c.fill(w, c.say("site.student.apply.motivation"), c.text.motivation)
	c.press(w, c.say("site.student.apply.do"))
	c.sees(w, "site.done.applied")
	w.MustBeAccessible()
	c.application = c.part(w, `/applications/([^/?]+)`)
}

func (c *chain) invite() {
	w := c.enterprise
	c.press(w, c.say("site.nav.enterprise"))
	c.press(w, c.text.title)
	w.fail("look")
}

func (c *chain) offerTimes()    {}
func (c *chain) takeTime()      {}
func (c *chain) interview()     {}
func (c *chain) makeOffer()     {}
func (c *chain) accept()        {}
func (c *chain) completeDraft() {}
func (c *chain) sign()          {}
func (c *chain) countersign()   {}
func (c *chain) register()      {}
func (c *chain) verify()        { _ = fmt.Sprint() }
