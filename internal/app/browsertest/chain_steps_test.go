package browsertest

import (
	"fmt"
	"strings"
	"time"
)

// post makes a copy of one of the enterprise's own places, gives it a name and dates, and publishes it.
func (c *chain) post() {
	w := c.enterprise
	c.home(w)
	c.press(w, c.say("site.nav.enterprise"))
	c.sees(w, "site.enterprise.desk.title")
	c.press(w, c.say("site.enterprise.tab.label")+" > "+c.say("site.enterprise.tab.placements"))
	c.sees(w, "site.enterprise.places.search")
	c.choose(w, c.say("site.enterprise.col.state"), c.say("state.placement.published"))
	c.press(w, c.say("site.enterprise.places.find"))
	c.press(w, c.say("site.enterprise.places.clone"))
	c.sees(w, "site.done.enterprise.cloned")
	c.place = c.part(w, `/placements/([^/?]+)/edit`)
	if !strings.Contains(w.Path(), "step=when") {
		c.press(w, c.say("site.enterprise.step.when"))
	}
	c.fill(w, c.say("site.enterprise.f.apply_by"), c.day(20))
	c.starts, c.ends = c.day(45), c.day(165)
	c.fill(w, c.say("site.enterprise.f.starts_on"), c.starts)
	c.fill(w, c.say("site.enterprise.f.ends_on"), c.ends)
	c.press(w, c.say("site.enterprise.posting.next"))
	c.sees(w, "site.done.enterprise.step_saved")
	if c.guardian != nil || c.citizen { // the next step is open: who may come
		if c.guardian != nil {
			c.fill(w, c.say("site.enterprise.f.min_age"), "16")
		} else {
			c.opens(w)
		}
		c.press(w, c.say("site.enterprise.posting.next"))
		c.sees(w, "site.done.enterprise.step_saved")
	}
	c.press(w, c.say("site.enterprise.step.what"))
	for _, lang := range languages() {
		c.title(w, lang)
	}
	c.press(w, c.say("site.enterprise.posting.next"))
	c.sees(w, "site.done.enterprise.step_saved")
	c.press(w, c.say("site.enterprise.step.preview"))
	c.sees(w, "site.enterprise.preview.ready")
	c.fair(w)
	c.press(w, c.say("site.enterprise.preview.publish"))
	c.sees(w, "site.done.enterprise.published")
}

// opens lets citizens come, where the copied place doesn't yet.
func (c *chain) opens(w *Window) {
	label := c.say("site.enterprise.f.open_to_citizens")
	var open bool
	w.Eval(&open, `document.querySelector("[name=open_to_citizens]").checked`)
	if !open {
		c.choose(w, label)
	}
}

// title writes the name of the place in a language. The three fields share their label, so their group tells them apart.
func (c *chain) title(w *Window, lang string) {
	c.fill(w, c.say("site.enterprise.tongue."+lang)+" > "+c.say("site.enterprise.f.title"), written()[lang].title)
}

// find looks for a place as anybody would: by the trade, and then by what the place is called.
func (c *chain) find() {
	w := c.student
	c.home(w)
	c.press(w, c.say("site.nav.places"))
	c.sees(w, "site.public.search.label")
	c.searches(w, c.text.trade)
	w.Screenshot("chain-results-" + string(c.lang))
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) { // the index takes its moment
		if c.searches(w, c.text.title); w.Has(c.text.title) {
			break
		}
		if time.Now().After(end) {
			w.fail("the place isn't found")
		}
	}
	c.sees(w, "site.public.results.feed")
	c.fair(w)
	c.press(w, c.text.title)
	c.sees(w, "site.public.place.how")
	if !strings.Contains(c.path(w), c.place) {
		w.fail("it is another place than %s", c.place)
	}
}

func (c *chain) searches(w *Window, words string) {
	c.t.Helper()
	c.fill(w, c.say("site.public.search.label"), words)
	c.press(w, c.say("site.public.search.do"))
}

func (c *chain) apply() {
	w := c.student
	c.press(w, c.say("site.public.place.apply"))
	c.sees(w, "site.student.apply.seen")
	label := "site.student.apply.motivation"
	if c.citizen {
		label = "site.student.apply.letter"
	}
	c.fill(w, c.say(label), c.text.motivation)
	c.press(w, c.say("site.student.apply.do"))
	c.sees(w, "site.done.applied")
	c.fair(w)
}

// offerAtOnce makes an offer that rests on the application alone.
func (c *chain) offerAtOnce() {
	w := c.enterprise
	c.fromDesk(w, "enterprise", c.say("site.enterprise.task.answer"))
	c.press(w, c.say("site.selecting.step.make_offer"))
	c.sees(w, "site.selecting.offer.says")
	c.choose(w, c.say("site.selecting.offer.college"), collegeName)
	c.fill(w, c.say("site.selecting.offer.reason"), c.text.note)
	c.press(w, c.say("site.selecting.offer.do"))
	c.sees(w, "site.selecting.offer.open")
}

// invite answers the application.
func (c *chain) invite() {
	w := c.enterprise
	c.fromDesk(w, "enterprise", c.say("site.enterprise.task.answer"))
	c.sees(w, "site.selecting.invite.title")
	c.fair(w)
	c.press(w, c.say("site.selecting.invite.do"))
	c.sees(w, "site.selecting.step.offer_times")
}

// offerTimes offers two times in the evening, when nobody of the demo is busy.
func (c *chain) offerTimes() {
	w := c.enterprise
	c.press(w, c.say("site.selecting.step.offer_times"))
	c.sees(w, "site.selecting.new.weekdays")
	first := c.world.Today().Add(2)
	for day := 1; day <= 7; day++ {
		c.choose(w, c.say("site.selecting.new.weekdays"), c.say(fmt.Sprintf("site.selecting.weekday.%d", day)))
	}
	c.fill(w, c.say("site.selecting.new.first_day"), string(first))
	c.fill(w, c.say("site.selecting.new.last_day"), string(first))
	c.fill(w, c.say("site.selecting.new.from"), "21:00")
	c.fill(w, c.say("site.selecting.new.to"), "22:00")
	c.fill(w, c.say("site.selecting.new.length"), "30")
	c.choose(w, c.say("site.selecting.new.form"), c.say("form.phone"))
	c.fill(w, c.say("site.selecting.new.phone"), c.text.phone)
	c.press(w, c.say("site.selecting.new.plan"))
	c.sees(w, "site.selecting.plan.says", "Count", 2)
	c.fair(w)
	c.press(w, c.say("site.selecting.new.make"))
	c.sees(w, "site.selecting.slots.made", "Count", 2)
}

// takeTime picks a time, holds it and confirms it.
func (c *chain) takeTime() {
	w := c.student
	c.press(w, c.say("site.nav.way"))
	c.sees(w, "site.student.way.choose_time.mine")
	c.fair(w)
	if c.guardian != nil {
		c.press(c.guardian, c.say("site.nav.way"))
		c.sees(c.guardian, "site.student.way.choose_time.other")
	}
	c.press(w, c.say("site.student.step.choose"))
	c.sees(w, "site.student.slots.hint")
	c.fair(w)
	c.choose(w, "21:00")
	c.press(w, c.say("site.student.slots.choose"))
	c.sees(w, "site.student.held.says")
	c.press(w, c.say("site.student.held.do"))
	c.sees(w, "site.done.booked")
	c.press(w, c.say("site.nav.way"))
	c.sees(w, "site.student.home.meetings")
	c.fair(w)
	w.Screenshot("chain-way-" + string(c.lang))
}

// interview waits for the time, says who came, and fills in the scorecard.
func (c *chain) interview() {
	w := c.enterprise
	c.world.Advance(fmt.Sprintf("PT%dS", int(c.world.Today().Add(2).Start().Add(21*time.Hour+35*time.Minute).Sub(c.world.Now()).Seconds())))
	c.fromDesk(w, "enterprise", c.say("site.enterprise.task.attendance"))
	c.sees(w, "site.selecting.step.attendance")
	c.press(w, c.say("site.selecting.step.attendance"))
	c.sees(w, "site.selecting.attendance.says")
	c.press(w, c.say("site.selecting.attendance.attended"))
	c.sees(w, "site.selecting.card.secret")
	for n := 1; n <= 4; n++ {
		c.choose(w, c.say(fmt.Sprintf("site.selecting.criterion.%d", n)), c.say(fmt.Sprintf("site.selecting.anchor.%d", 3+n%3)))
	}
	c.choose(w, c.say("site.selecting.card.recommendation"), c.say("recommendation.select"))
	c.fill(w, c.say("site.selecting.card.note"), c.text.note)
	c.fair(w)
	c.press(w, c.say("site.selecting.card.save"))
	c.sees(w, "site.selecting.card.correct")
}

func (c *chain) makeOffer() {
	w := c.enterprise
	c.fromDesk(w, "enterprise", c.say("site.enterprise.task.decide"))
	c.press(w, c.say("site.selecting.step.make_offer"))
	c.sees(w, "site.selecting.offer.says")
	c.fair(w)
	c.press(w, c.say("site.selecting.offer.do"))
	c.sees(w, "site.selecting.offer.open")
}

// accept answers the offer after reading what it does.
func (c *chain) accept() {
	w := c.student
	c.press(w, c.say("site.nav.way"))
	c.sees(w, "site.student.way.answer_offer.mine")
	c.press(w, c.say("site.student.step.answer"))
	c.sees(w, "site.student.offer.effect_none")
	c.fair(w)
	c.press(w, c.say("site.student.accept.do"))
	c.sees(w, "site.student.accept.says")
	c.press(w, c.say("site.student.accept.do"))
	c.sees(w, "site.done.offer_accepted")
}

// completeDraft fills in what each side owes, and makes the paper.
func (c *chain) completeDraft() {
	w := c.college
	c.fromDesk(w, "college", c.name)
	c.sees(w, "site.agreements.show.missing")
	c.fair(w)
	c.press(w, c.say("site.agreements.draft.link"))
	c.sees(w, "site.agreements.draft.own.college")
	if !c.university {
		c.choose(w, c.say("agreement.field.supervisor_id"), supervisor)
	}
	c.fill(w, c.say("site.agreements.draft.curriculum_title"), c.text.curriculum)
	c.fill(w, c.say("site.agreements.draft.number"), "12")
	c.fill(w, c.say("site.agreements.draft.date"), c.day(-30))
	if c.citizen {
		c.fill(w, c.say("agreement.field.enrolment.order_number"), "15")
		c.fill(w, c.say("agreement.field.enrolment.order_date"), c.day(0))
		c.fill(w, c.say("agreement.field.enrolment.group"), "ЭС-26-1")
	}
	c.fill(w, c.say("agreement.field.plan.name"), c.text.module)
	c.fill(w, c.say("agreement.field.plan.hours"), "300")
	c.fill(w, c.say("agreement.field.plan.enterprise_hours"), "200")
	c.schedule(w)
	c.share(w)
	c.fair(w)
	c.press(w, c.say("site.form.save"))
	c.sees(w, "site.done.agreement_draft_whole")
	c.insure()
	c.fromDesk(w, "college", c.say("site.college.desk.draft_make"))
	c.press(w, c.say("site.agreements.ready.do"))
	c.sees(w, "site.done.agreement_ready")
	c.fair(w)
}

// schedule describes two phases of the training: three days a week at the enterprise, two at the college.
func (c *chain) schedule(w *Window) {
	for n, where := range []string{"enterprise", "college"} {
		in := c.say("site.agreements.draft.phase", "n", n+1) + " > "
		if n > 0 {
			c.press(w, c.say("site.agreements.draft.add_phase"))
			w.Wait(c.say("site.agreements.draft.drop_phase", "n", n+1))
			c.fill(w, in+c.say("site.agreements.draft.phase_from"), c.starts)
			c.fill(w, in+c.say("site.agreements.draft.phase_to"), c.ends)
		}
		c.choose(w, in+c.say("agreement.field.schedule.where"), c.say("agreement.where."+where))
		for day := 1 + 3*n; day <= 3+2*n; day++ {
			c.choose(w, in+c.say(fmt.Sprintf("agreement.weekday.%d", day)))
		}
		c.fill(w, in+c.say("agreement.field.schedule.hours_per_day"), "6")
	}
}

// share is what the form counts while it is filled in; without scripts when it is asked to.
func (c *chain) share(w *Window) {
	if w.noJS {
		c.press(w, c.say("site.agreements.draft.count"))
	}
	c.sees(w, "site.agreements.share.met")
	c.sees(w, "site.agreements.share.within")
}

// insure is the enterprise's part of the agreement.
func (c *chain) insure() {
	w := c.enterprise
	c.home(w)
	c.press(w, c.say("site.nav.enterprise"))
	c.press(w, c.say("site.enterprise.tab.label")+" > "+c.say("site.nav.agreements")) // nothing is missing: it waits for nobody here
	c.press(w, c.text.title)
	c.press(w, c.say("site.agreements.draft.link"))
	c.sees(w, "site.agreements.draft.own.enterprise")
	c.choose(w, c.say("site.agreements.draft.insurance_taken"), c.say("site.no"))
	c.fair(w)
	c.press(w, c.say("site.form.save"))
	c.sees(w, "site.done.agreement_draft_whole")
}

// sign gathers the signatures of the student and of the enterprise, each with the code from a mail.
func (c *chain) sign() {
	w := c.student
	c.press(w, c.say("site.nav.way"))
	c.sees(w, "site.student.way.sign.mine")
	c.press(w, c.say("site.student.step.sign"))
	c.sees(w, "site.agreements.show.paper")
	c.fair(w)
	c.signs(w, c.who.student)
	if g := c.guardian; g != nil {
		c.press(g, c.say("site.nav.way"))
		c.sees(g, "site.student.way.sign.mine")
		c.press(g, c.say("site.student.step.sign"))
		c.signs(g, guardian)
	}
	c.fromDesk(c.enterprise, "enterprise", c.say("site.enterprise.task.agreement_sign"))
	c.enterprise.Screenshot("chain-agreement-" + string(c.lang))
	c.signs(c.enterprise, c.who.enterprise)
}

// signs signs the agreement that a window shows.
func (c *chain) signs(w *Window, email string) {
	c.press(w, c.say("site.agreements.sign.link"))
	c.sees(w, "site.agreements.sign.what")
	c.fair(w)
	c.choose(w, c.say("site.agreements.sign.read"))
	c.press(w, c.say("site.agreements.sign.do"))
	c.sees(w, "site.agreements.code.hint")
	c.fair(w)
	c.fill(w, c.say("site.agreements.code.label"), c.world.Code(email))
	c.press(w, c.say("site.agreements.code.do"))
	c.sees(w, "site.done.agreement_signed")
}

// countersign is the college's signature, the last one, in bulk with one code.
func (c *chain) countersign() {
	w := c.college
	c.home(w)
	c.press(w, c.say("site.nav.college"))
	c.press(w, c.say("site.college.desk.sign_do"))
	c.sees(w, "site.agreements.signing.bulk")
	c.fair(w)
	if all := c.say("site.agreements.signing.all"); w.Has(all) == w.noJS {
		w.fail("%q, which only a script can do, is shown: %t", all, !w.noJS)
	}
	c.choose(w, c.text.title)
	c.choose(w, c.say("site.agreements.signing.read"))
	c.press(w, c.say("site.agreements.signing.do"))
	c.sees(w, "site.agreements.code.hint")
	c.fill(w, c.say("site.agreements.code.label"), c.world.Code(c.who.college))
	c.press(w, c.say("site.agreements.code.do"))
	c.sees(w, "site.agreements.results.done", "Count", 1)
	c.fair(w)
}

func (c *chain) register() {
	w := c.chamber
	c.home(w)
	c.press(w, c.say("site.nav.chamber"))
	c.sees(w, "site.chamber.desk.register_says")
	c.press(w, c.text.title+" > "+c.name)
	c.fair(w)
	c.press(w, c.say("site.agreements.register.do"))
	c.sees(w, "site.done.agreement_registered")
}

// verify is what anybody sees by the code that stands on the paper, and what the student sees at the end of the way.
func (c *chain) verify() {
	w := c.student
	c.press(w, c.say("site.nav.way"))
	if c.university {
		c.sees(w, "site.student.way.agreement_concluded")
		if n := c.stations(w); n != 5 {
			w.fail("the way of a university has %d stations", n)
		}
	} else {
		c.sees(w, "site.student.way.agreement_registered")
	}
	c.fair(w)
	w.Screenshot("chain-end-" + string(c.lang))
	c.press(w, c.say("site.student.step.agreement"))
	c.press(w, c.say("site.agreements.show.verify"))
	code := c.part(w, `/verify/([^/?]+)`)
	anybody := c.world.Window(c.t, Look{Lang: string(c.lang), Width: desk})
	anybody.JS(!w.noJS)
	c.home(anybody)
	c.press(anybody, c.say("site.foot.verify"))
	c.fill(anybody, c.say("site.public.verify.code"), code)
	c.press(anybody, c.say("site.public.verify.do"))
	c.sees(anybody, "site.public.verify.valid_text")
	c.fair(anybody)
	for _, secret := range []string{c.text.phone, c.who.student, c.name} {
		anybody.Lacks(secret)
	}
}

// stations counts those of the first way that a window shows.
func (c *chain) stations(w *Window) (n int) {
	c.t.Helper()
	w.Eval(&n, `document.querySelector(".station").parentElement.querySelectorAll(".station").length`)
	return n
}
