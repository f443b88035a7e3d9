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

// cast are the accounts of a chain's people.
type cast struct{ student, enterprise, college, chamber string }

// inKaraganda is a chain of the demo's enterprise, college and chamber.
func inKaraganda(student string) cast { return cast{student, enterprise, college, chamber} }

// four signs the people of the chain in, each in a window of their own: the student on a phone, the others at a desk.
func four(t testing.TB, world *world, lang string, who cast) *quartet {
	t.Helper()
	return &quartet{
		world:      world,
		student:    world.As(t, who.student, Look{Lang: lang}),
		enterprise: world.As(t, who.enterprise, Look{Lang: lang, Width: desk}),
		college:    world.As(t, who.college, Look{Lang: lang, Width: desk}),
		chamber:    world.As(t, who.chamber, Look{Lang: lang, Width: desk}),
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
	q := four(t, boot(t), "kk", inKaraganda(student))
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

// collegeName is the demo college's name, which stands as it is in every language.
const collegeName = "Карагандинский политехнический колледж"

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

// The way of a citizen, who is enrolled nowhere: the offer rests on the application, and the college enrols.
func TestChainOfACitizen(t *testing.T) {
	t.Parallel()
	c := newChain(t, "kk", citizen, mouse{})
	c.plain, c.citizen = true, true
	c.walk()
}

// The way of a university's student: five stations, because the Rules of universities know no register.
func TestChainOfAnUndergraduate(t *testing.T) {
	t.Parallel()
	c := chainOf(t, "ru", cast{undergraduate, "hr@temir-motors.demo.orynda.kz", "university@almaty.demo.orynda.kz", chamber}, mouse{})
	c.plain, c.university = true, true
	c.walk()
}

// citizen and undergraduate are demo accounts without a college.
const (
	citizen       = "citizen@demo.orynda.kz"
	undergraduate = "undergraduate@demo.orynda.kz"
)

// chain is one student's way, told by pages: nothing is done but what a person in front of a window can do, and no address is typed but that of the site.
type chain struct {
	*quartet
	hands
	who      cast
	name     string  // the student's
	guardian *Window // nil for an adult

	citizen, university bool

	t     testing.TB
	lang  i18n.Lang
	words *i18n.Catalogue
	text  texts

	place        string
	starts, ends string // days of the training

	plain  bool // how the pages look is judged by another run
	judged int  // states that axe-core was asked about
}

// newChain is chainOf for a student in Karaganda.
func newChain(t testing.TB, lang, student string, by hands) *chain {
	t.Helper()
	return chainOf(t, lang, inKaraganda(student), by)
}

// chainOf boots a world of its own for a chain, because the clock of a world is moved.
func chainOf(t testing.TB, lang string, who cast, by hands) *chain {
	t.Helper()
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &chain{quartet: four(t, boot(t), lang, who), who: who, hands: by, t: t, lang: i18n.Lang(lang), words: words, text: written()[lang]}
	c.name = c.world.get(who.student, "/api/v1/me").at("full_name")
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

// part is a piece of the way with its name.
type part struct {
	name string
	do   func()
}

// walk goes from the place to the register.
func (c *chain) walk() {
	parts := []part{{"the enterprise posts a place", c.post}, {"the student finds it", c.find}, {"the student applies", c.apply}}
	if c.citizen {
		parts = append(parts, part{"the enterprise offers a seat at once", c.offerAtOnce})
	} else {
		parts = append(parts, []part{
			{"the enterprise invites", c.invite}, {"the enterprise offers times", c.offerTimes}, {"the student takes a time", c.takeTime},
			{"the interview is held", c.interview}, {"the enterprise makes an offer", c.makeOffer},
		}...)
	}
	parts = append(parts, []part{
		{"the student accepts", c.accept}, {"the draft is completed", c.completeDraft}, {"everybody signs", c.sign}, {"the college signs last", c.countersign},
	}...)
	if !c.university {
		parts = append(parts, part{"the chamber registers", c.register})
	}
	for _, p := range append(parts, part{"anybody can check it", c.verify}) {
		began := time.Now()
		p.do()
		c.t.Logf("%s: %.1f s", p.name, time.Since(began).Seconds())
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

// home begins at the home page of the site, as somebody does who comes anew.
func (c *chain) home(w *Window) {
	c.t.Helper()
	if status := w.Go("/{lang}/"); status != 200 {
		w.fail("status %d", status)
	}
}

// fromDesk goes from the home page to the desk of an organisation, and follows what waits there for the chain's place.
func (c *chain) fromDesk(w *Window, kind, words string) {
	c.t.Helper()
	c.home(w)
	c.press(w, c.say("site.nav."+kind))
	c.press(w, c.text.title+" > "+words)
}
