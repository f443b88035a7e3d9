package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

// The people that the world refers to.
const (
	student       = "student@demo.orynda.kz"
	student2      = "student2@demo.orynda.kz"
	student3      = "student3@demo.orynda.kz"
	minor         = "minor@demo.orynda.kz"
	guardian      = "guardian@demo.orynda.kz"
	citizen       = "citizen@demo.orynda.kz"
	undergraduate = "undergraduate@demo.orynda.kz"
	hrSaryarqa    = "hr@saryarqa-energo.demo.orynda.kz"
	hrTemir       = "hr@temir-motors.demo.orynda.kz"
	newEnterprise = "new@enterprise.demo.orynda.kz"
	karagandaCoor = "college@karaganda.demo.orynda.kz"
	semeyCoor     = "college@semey.demo.orynda.kz"
	university    = "university@almaty.demo.orynda.kz"
	registrar     = "chamber@karaganda.demo.orynda.kz"
	admin         = "admin@demo.orynda.kz"
)

// Emails lists the demo accounts, in the order in which they are described.
func Emails() []string {
	out := []string{}
	for _, p := range people() {
		if p.account {
			out = append(out, p.email)
		}
	}
	return out
}

// person is somebody of the demo world.
type person struct {
	email, name string
	role        string
	locale      i18n.Lang
	female      bool
	years, days int    // age on the day the world begins
	region      string // where they live
	town        string
	account     bool // may sign in
}

// minorDays is how many days old the minor is beyond seventeen years: eighteen comes more than 300 days later.
const minorDays = 20

// people lists who has an account, and who only appears.
func people() []person {
	out := []person{
		{student, "Сейтқали Айдос Ерланұлы", accounts.AsStudent, i18n.KK, false, 19, 120, karaganda, "Караганда", true},
		{student2, "Омарова Дана Бекзатқызы", accounts.AsStudent, i18n.KK, true, 20, 45, karaganda, "Темиртау", true},
		{student3, "Кравченко Илья Андреевич", accounts.AsStudent, i18n.RU, false, 19, 300, karaganda, "Караганда", true},
		{minor, "Нұрлан Ерасыл Дәуренұлы", accounts.AsStudent, i18n.KK, false, 17, minorDays, karaganda, "Караганда", true},
		{guardian, "Нұрланова Гүлмира Саматқызы", accounts.AsGuardian, i18n.KK, true, 43, 200, karaganda, "Караганда", true},
		{citizen, "Литвинова Марина Сергеевна", accounts.AsCitizen, i18n.RU, true, 24, 80, karaganda, "Караганда", true},
		{undergraduate, "Тілеубек Арман Нұрболұлы", accounts.AsStudent, i18n.KK, false, 21, 30, almaty, "Алматы", true},
		{hrSaryarqa, "Исаева Жанар Муратовна", accounts.AsEnterprise, i18n.RU, true, 38, 10, karaganda, "Караганда", true},
		{hrTemir, "Дүйсенов Қанат Жомартұлы", accounts.AsEnterprise, i18n.KK, false, 45, 60, karaganda, "Караганда", true},
		{newEnterprise, "Мельник Павел Игоревич", accounts.AsEnterprise, i18n.RU, false, 36, 90, karaganda, "Караганда", true},
		{karagandaCoor, "Смағұлова Әсел Тоқтарқызы", accounts.AsMember, i18n.KK, true, 47, 150, karaganda, "Караганда", true},
		{semeyCoor, "Захарова Елена Дмитриевна", accounts.AsMember, i18n.RU, true, 51, 70, abai, "Семей", true},
		{university, "Жақсылықов Дархан Әлібекұлы", accounts.AsMember, i18n.KK, false, 49, 220, almaty, "Алматы", true},
		{registrar, "Рахимжанова Айгуль Канатовна", accounts.AsMember, i18n.RU, true, 41, 35, karaganda, "Караганда", true},
		{admin, "Әбілдин Тимур Маратұлы", accounts.AsMember, i18n.RU, false, 40, 5, almaty, "Алматы", true},
	}
	return append(append(out, staff()...), trainees()...)
}

// staff are the interviewers, so that the accounts' own days stay free.
func staff() []person {
	return []person{
		{"interviewer1@saryarqa-energo.demo.orynda.kz", "Бекенова Ләззат Ғалымқызы", accounts.AsMember, i18n.KK, true, 34, 12, karaganda, "Караганда", false},
		{"interviewer2@saryarqa-energo.demo.orynda.kz", "Тарасов Денис Алексеевич", accounts.AsMember, i18n.RU, false, 42, 77, karaganda, "Караганда", false},
		{"interviewer1@temir-motors.demo.orynda.kz", "Абилова Мадина Ержановна", accounts.AsMember, i18n.RU, true, 33, 140, karaganda, "Караганда", false},
		{"interviewer2@temir-motors.demo.orynda.kz", "Қожахмет Нұржан Асқарұлы", accounts.AsMember, i18n.KK, false, 39, 18, karaganda, "Караганда", false},
	}
}

func interviewersOf(ref string) []string {
	host := "saryarqa-energo"
	if ref == temir {
		host = "temir-motors"
	}
	return []string{"interviewer1@" + host + ".demo.orynda.kz", "interviewer2@" + host + ".demo.orynda.kz"}
}

// coordinatorOf is the account of an institution, "" where it has none.
func coordinatorOf(slug string) string {
	return map[string]string{karagandaCollege: karagandaCoor, semeyCollege: semeyCoor, almatyUniversity: university}[slug]
}

// nameOf is the name of somebody with an account.
func nameOf(email string) string {
	for _, p := range people() {
		if p.email == email {
			return p.name
		}
	}
	return ""
}

func hrOf(ref string) string {
	if ref == temir {
		return hrTemir
	}
	return hrSaryarqa
}

// trainees are the students of the agreements made beforehand. Nobody can sign in as one.
func trainees() []person {
	names := []struct {
		name   string
		locale i18n.Lang
		female bool
	}{
		{"Қасым Дәурен Маратұлы", i18n.KK, false}, {"Петренко Максим Олегович", i18n.RU, false}, {"Сәбит Аружан Ерболқызы", i18n.KK, true},
		{"Шмидт Артур Викторович", i18n.RU, false}, {"Төлеген Бақдәулет Асқарұлы", i18n.KK, false}, {"Уалиева Камила Рустемовна", i18n.RU, true},
		{"Хасен Әлихан Нұрланұлы", i18n.KK, false}, {"Цой Виктория Романовна", i18n.RU, true}, {"Шәріп Мирас Бауыржанұлы", i18n.KK, false},
	}
	out := make([]person, len(names))
	for i, n := range names {
		out[i] = person{trainee(i), n.name, accounts.AsStudent, n.locale, n.female, 20, 30 * i, karaganda, "Караганда", false}
	}
	return out
}

func trainee(i int) string { return fmt.Sprintf("trainee%d@students.demo.orynda.kz", i+1) }

func personRef(email string) string { return "person:" + email }

// born is the birth day of somebody who is so many years and days old on a day.
func born(today cal.Day, years, days int) cal.Day {
	y, m, d := today.Add(-days).Date()
	return cal.NewDay(y-years, m, d)
}

func hour(h int) time.Duration { return time.Duration(h) * time.Hour }

// identity is somebody's synthetic data.
func (w *world) identity(i int, p person) accounts.Identity {
	birth := born(w.state.Today, p.years, p.days)
	return accounts.Identity{
		IIN: w.corpus.IIN(i+1, birth, p.female), BirthDate: birth, Phone: phone(ofPeople, i),
		Address: fmt.Sprintf("%s, ул. Абая, %d, кв. %d", p.town, 11+i, 3+2*i),
	}
}

// seedPeople makes the accounts with complete profiles, and the memberships of those who aren't of an enterprise.
func (w *world) seedPeople(ctx context.Context) error {
	hash, err := w.Accounts.HashPassword(ctx, Password)
	if err != nil {
		return err
	}
	w.founded()
	return w.tx(ctx, "accounts", func(ctx context.Context) error {
		for i, p := range people() {
			if err := w.seedPerson(ctx, i, p, hash); err != nil {
				return err
			}
		}
		return w.seedMembers(ctx)
	})
}

func (w *world) seedPerson(ctx context.Context, i int, p person, hash string) error {
	region, city, _ := w.Reference.FindPlace(p.region, p.town)
	if !p.account {
		hash = ""
	}
	made, err := w.Accounts.ImportPerson(ctx, accounts.NewPerson{
		Email: p.email, FullName: p.name, Role: p.role, Locale: p.locale, PasswordHash: hash, Identity: w.identity(i, p), Region: region, City: city,
		Languages: []string{"kk", "ru"}, EmailProved: true,
	})
	if err != nil {
		return err
	}
	w.refs.set(personRef(p.email), made.ID)
	return nil
}

func (w *world) seedMembers(ctx context.Context) error {
	for _, m := range []struct {
		email, organisation string
		kind                accounts.OrgKind
		role                accounts.OrgRole
	}{
		{karagandaCoor, w.refs.get(collegeRef(karagandaCollege)), accounts.KindCollege, accounts.RoleCoordinator},
		{semeyCoor, w.refs.get(collegeRef(semeyCollege)), accounts.KindCollege, accounts.RoleCoordinator},
		{university, w.refs.get(collegeRef(almatyUniversity)), accounts.KindCollege, accounts.RoleCoordinator},
		{registrar, w.refs.get(chamberRef(karaganda)), accounts.KindChamber, accounts.RoleRegistrar},
		{admin, accounts.PlatformID, accounts.KindPlatform, accounts.RoleAdmin},
	} {
		personID := w.refs.get(personRef(m.email))
		if err := w.Accounts.AddMembership(ctx, personID, m.organisation, m.kind, m.role); err != nil {
			return err
		}
		if m.kind != accounts.KindCollege {
			continue
		}
		position := headOfCollege
		if m.email == university {
			position = headOfUniversity
		}
		if err := w.authorise(ctx, m.organisation, personID, position); err != nil {
			return err
		}
	}
	return nil
}

// actor is somebody of the world as if signed in, with the memberships of this moment.
func (w *world) actor(ctx context.Context, email string) (accounts.Actor, error) {
	a := accounts.Actor{PersonID: w.refs.get(personRef(email)), EmailProved: true}
	for _, organisation := range w.organisations() {
		all, err := w.Accounts.MembersOf(ctx, organisation)
		if err != nil {
			return a, err
		}
		for _, m := range all {
			if m.PersonID == a.PersonID {
				a.Memberships = append(a.Memberships, *m)
			}
		}
	}
	return a, nil
}

// organisations are those with members.
func (w *world) organisations() []string {
	var out []string
	for _, name := range []string{
		collegeRef(karagandaCollege), collegeRef(semeyCollege), collegeRef(almatyUniversity), chamberRef(karaganda),
		enterpriseRef(saryarqa), enterpriseRef(temir),
	} {
		if organisationID := w.refs.get(name); organisationID != "" {
			out = append(out, organisationID)
		}
	}
	return out
}

// secretOf reads the newest secret that was mailed with an event: a code or a link's token.
func (w *world) secretOf(ctx context.Context, event, subject, name, purpose string) (string, error) {
	page, err := w.mails.List(ctx, mailed(event, subject), noCursor(), 1)
	if err != nil {
		return "", err
	}
	if len(page.Items) == 0 {
		return "", fmt.Errorf("nobody handles %s, so its secret can't be read", event)
	}
	return accounts.OpenMailSecret(w.Ring, purpose, page.Items[0].Event.Data[name])
}
