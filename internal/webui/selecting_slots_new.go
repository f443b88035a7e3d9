package webui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications/dates"
	"github.com/orynda/orynda/internal/storage"
	"github.com/orynda/orynda/web/pages/selecting"
	"github.com/orynda/orynda/web/ui"
)

// roomsOffered is how many rooms a form lists.
const roomsOffered = 100

func (s *site) newSlotsPage(v *visit) error {
	f := ui.NewForm(nil)
	d, err := s.slotsForm(v, f, v.query("kind") != "once")
	if err != nil {
		return err
	}
	today := s.Directory.Today()
	for name, value := range map[string]string{
		"first_day": string(today.Add(1)), "last_day": string(today.Add(14)), "from": "10:00", "to": "13:00", "length": "30", "buffer": "0", "capacity": "1",
		"notice": strconv.Itoa(int(interviews.MinimumNotice.Hours())), "interviewer": v.actor.PersonID, "form": string(interviews.InPerson), "day": string(today.Add(1)),
	} {
		f.Set(name, value)
	}
	if len(d.Rooms) == 0 {
		f.Set("form", string(interviews.ByPhone))
	}
	return v.show(selecting.NewSlotsPage(d))
}

// slotsForm is the form that offers times, for those who may.
func (s *site) slotsForm(v *visit, f *ui.Form, weekly bool) (selecting.NewSlots, error) {
	view, head, err := s.selectingPlace(v, "slots")
	if err != nil {
		return selecting.NewSlots{}, err
	}
	d := selecting.NewSlots{Head: head, Form: f, Weekly: weekly, Today: string(s.Directory.Today()), Exceptions: max(1, compact(f, "except", exceptionParts(), nil))}
	if !head.Hires {
		return d, forbidden()
	}
	path := "/placements/" + head.Place + "/slots/new"
	d.Kinds = []ui.Tab{
		{Path: path, Label: v.say("site.selecting.new.weekly"), Current: weekly}, {Path: path + "?kind=once", Label: v.say("site.selecting.new.once"), Current: !weekly},
	}
	for i := range 7 {
		n := strconv.Itoa(i + 1)
		d.Weekdays = append(d.Weekdays, ui.Option{Value: n, Label: v.say("site.selecting.weekday." + n)})
	}
	for _, one := range []interviews.Form{interviews.InPerson, interviews.ByPhone, interviews.ByVideo} {
		d.Forms = append(d.Forms, ui.Option{Value: string(one), Label: v.say("form." + string(one))})
	}
	if d.Interviewers, err = s.interviewers(v, view.Place.EnterpriseID); err != nil {
		return d, err
	}
	var rooms directory.Page[*directory.Room]
	rooms, err = s.Directory.ListRooms(v.ctx(), v.actor, view.Place.EnterpriseID, "", storage.Cursor{}, roomsOffered)
	for _, r := range rooms.Items {
		d.Rooms = append(d.Rooms, ui.Option{Value: r.ID, Label: joined(", ", r.Name, s.Reference.CityName(r.Region, r.City, v.lang), r.Address)})
	}
	return d, err
}

// interviewers are the enterprise's people who may hold interviews, each once.
func (s *site) interviewers(v *visit, enterpriseID string) ([]ui.Option, error) {
	members, err := s.Accounts.MembersOf(v.ctx(), enterpriseID, accounts.RoleAdmin, accounts.RoleHR, accounts.RoleInterviewer)
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	for _, m := range members {
		if slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == m.PersonID }) {
			continue
		}
		p, err := s.Accounts.Person(v.ctx(), m.PersonID)
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Option{Value: p.ID, Label: p.FullName})
	}
	return out, nil
}

// newSlots shows what a pattern would make, or offers the times.
func (s *site) newSlots(v *visit) error {
	f := v.form()
	d, err := s.slotsForm(v, f, f.Value("kind") != "once")
	if err != nil {
		return err
	}
	in, rows := slotsIn(f, d.Weekly)
	switch f.Value("act") {
	case "row":
		d.Exceptions = min(d.Exceptions+1, mostDraftRows)
		return v.show(selecting.NewSlotsPage(d))
	case "plan":
		var plan interviews.Planned
		if plan, err = s.Interviews.PlanSlots(v.ctx(), v.actor, d.Place, in); err == nil {
			d.Plan = v.planWords(plan)
			return v.show(selecting.NewSlotsPage(d))
		}
	default:
		var made []interviews.SlotView
		var skipped []interviews.Skipped
		if made, skipped, err = s.Interviews.CreateSlots(v.ctx(), v.actor, d.Place, in); err == nil {
			return s.slotsMade(v, d, made, skipped)
		}
	}
	if !v.refused(err, f, rows.slotField) {
		return err
	}
	f.Labels = v.slotLabels(f)
	return v.again(selecting.NewSlotsPage(d))
}

// slotsMade leads on to the list, or tells which times could not be offered.
func (s *site) slotsMade(v *visit, d selecting.NewSlots, made []interviews.SlotView, skipped []interviews.Skipped) error {
	said := v.say("site.selecting.slots.made", "Count", len(made))
	if len(skipped) == 0 {
		v.keepNotice(noticeGood, said)
		return v.goTo("/placements/"+d.Place+"/slots", "")
	}
	d.Plan = &selecting.Plan{Says: said, Skipped: v.skippedWords(skipped)}
	return v.show(selecting.NewSlotsPage(d))
}

// number reads a whole number, -1 for what is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// minutesIn reads a number of minutes; "" is none, and what is no number is none that any rule allows.
func minutesIn(text string) time.Duration {
	if text == "" {
		return 0
	}
	return time.Duration(min(number(text), 100_000)) * time.Minute
}

// exceptionParts are the parts of a row of exceptions.
func exceptionParts() []string { return []string{"day", "from", "to"} }

// exceptionRows are the rows of the form in which the days off and the days with other hours stand.
type exceptionRows struct{ off, other []int }

// exceptionsIn reads the days off and the days with other hours. A row without hours is a day off.
func exceptionsIn(f *ui.Form, p *interviews.Pattern) (rows exceptionRows) {
	for n := range rowCount(f, "except") {
		at := "except-" + strconv.Itoa(n) + "-"
		o := interviews.DayHours{Day: cal.Day(f.Value(at + "day")), From: f.Value(at + "from"), To: f.Value(at + "to")}
		switch {
		case o == interviews.DayHours{}:
		case o.From+o.To == "":
			p.Except, rows.off = append(p.Except, o.Day), append(rows.off, n)
		default:
			p.Other, rows.other = append(p.Other, o), append(rows.other, n)
		}
	}
	return rows
}

// slotsIn reads the form of times.
func slotsIn(f *ui.Form, weekly bool) (in interviews.NewSlots, rows exceptionRows) {
	in = interviews.NewSlots{
		Capacity: unsaid(number(typed(f, "capacity"))), Form: interviews.Form(f.Value("form")), InterviewerID: f.Value("interviewer"),
		Instructions: f.Value("instructions"),
	}
	if notice := typed(f, "notice"); notice != "" {
		in.Notice = unsaid(time.Duration(min(number(notice), 100_000)) * time.Hour)
	}
	if horizon := typed(f, "horizon"); horizon != "" {
		in.Horizon = unsaid(min(number(horizon), 100_000))
	}
	switch in.Form { // what another form would need stays in the fields and goes nowhere
	case interviews.InPerson:
		in.RoomID = f.Value("room")
	case interviews.ByPhone:
		in.Phone = f.Value("phone")
	case interviews.ByVideo:
		in.Link = f.Value("link")
	}
	length, buffer := minutesIn(typed(f, "length")), minutesIn(typed(f, "buffer"))
	if weekly {
		p := &interviews.Pattern{
			From: f.Value("from"), To: f.Value("to"), Length: length, Buffer: buffer, FirstDay: cal.Day(f.Value("first_day")), LastDay: cal.Day(f.Value("last_day")),
		}
		for _, one := range f.All("weekdays") {
			p.Weekdays = append(p.Weekdays, number(one))
		}
		in.Pattern = p
		return in, exceptionsIn(f, p)
	}
	in.Buffer = buffer
	day := cal.Day(f.Value("day"))
	at, err := time.Parse("15:04", f.Value("from"))
	if day.Valid() && err == nil {
		in.StartsAt = day.Start().Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute)
		in.EndsAt = in.StartsAt.Add(length)
	}
	return in, rows
}

// unsaid keeps a typed 0 from meaning "not said", as it does for services: it becomes what every rule refuses.
func unsaid[T int | time.Duration](n T) T {
	if n == 0 {
		return -1
	}
	return n
}

// slotField is the form's own name of a field of the service.
func (rows exceptionRows) slotField(field string) string {
	if own := rowField(field, "pattern.except_days[", rows.off); own != "" {
		return own + "day"
	}
	if own := rowField(field, "pattern.other_hours[", rows.other); own != "" {
		return own + field[strings.LastIndexByte(field, '.')+1:]
	}
	switch field {
	case "pattern.weekdays":
		return "weekdays"
	case "pattern.from":
		return "from"
	case "pattern.to":
		return "to"
	case "pattern.length_min", "ends_at":
		return "length"
	case "pattern.buffer_min", "buffer_min":
		return "buffer"
	case "pattern.first_day":
		return "first_day"
	case "pattern.last_day":
		return "last_day"
	case "starts_at":
		return "day"
	case "interviewer_id":
		return "interviewer"
	case "room_id":
		return "room"
	case "notice_hours":
		return "notice"
	case "horizon_days":
		return "horizon"
	}
	return field
}

// rowField is the begin of the names of the row that holds an element of a list, "" for a field of something else.
func rowField(field, list string, rows []int) string {
	rest, ok := strings.CutPrefix(field, list)
	digits, _, _ := strings.Cut(rest, "]")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 || n >= len(rows) {
		return ""
	}
	return "except-" + strconv.Itoa(rows[n]) + "-"
}

func (v *visit) slotLabels(f *ui.Form) map[string]string {
	out := map[string]string{}
	for _, name := range []string{
		"weekdays", "first_day", "last_day", "from", "to", "length", "buffer", "capacity", "interviewer", "form", "room", "phone", "link", "instructions", "day", "notice", "horizon",
	} {
		out[name] = v.say("site.selecting.new." + name)
	}
	for n := range rowCount(f, "except") {
		for _, part := range exceptionParts() {
			out["except-"+strconv.Itoa(n)+"-"+part] = v.say("site.selecting.new.except_nth", "n", strconv.Itoa(n+1)) + ", " + out[part]
		}
	}
	return out
}

// planWords tells what a pattern would make, by day.
func (v *visit) planWords(p interviews.Planned) *selecting.Plan {
	out := &selecting.Plan{Says: v.say("site.selecting.plan.says", "Count", len(p.Times)), Skipped: v.skippedWords(p.Skipped)}
	last := cal.Day("")
	for _, t := range p.Times {
		if day := cal.DayOf(t.From); day != last {
			out.Days, last = append(out.Days, selecting.PlanDay{Name: v.dayName(day)}), day
		}
		d := &out.Days[len(out.Days)-1]
		d.Times = append(d.Times, dates.Clock(t.From)+"–"+dates.Clock(t.To))
	}
	return out
}
