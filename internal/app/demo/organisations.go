package demo

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/app/demo/corpus"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/i18n"
)

// Where the demo accounts are.
const (
	karaganda = "350000000"
	almaty    = "750000000"
	abai      = "100000000"
)

// The places' slugs in the corpus of the colleges that have accounts.
const (
	karagandaCollege = "karaganda"
	semeyCollege     = "abai"
	almatyUniversity = "almaty-university"
)

// historyDays is how long the organisations have been here when the world begins.
const historyDays = 300

// The numbers of the BINs that the demo hands out itself.
const (
	binChambers = 0
	binSaryarqa = 100 + iota
	binTemir
	binNew
)

func collegeRef(slug string) string { return "college:" + slug }
func chamberRef(region string) string {
	return "chamber:" + region
}

func ptr[T any](v T) *T { return &v }

// phone makes a synthetic number. The first digits tell what kind of thing has it, so no two share one.
func phone(kind, i int) string { return fmt.Sprintf("+7700%d%06d", kind, i) }

// What has a phone, for [phone].
const (
	ofPeople = iota
	ofColleges
	ofChambers
	ofEnterprises
	ofStaff
	ofOwn
)

// bank makes an account number with a right check (ISO 13616) of a bank that doesn't exist.
func bank(i int) directory.Bank {
	number := fmt.Sprintf("999%013d", i)
	digits, _ := new(big.Int).SetString(number+"203500", 10) // K is 20, Z is 35
	check := 98 - new(big.Int).Mod(digits, big.NewInt(97)).Int64()
	return directory.Bank{Account: fmt.Sprintf("KZ%02d%s", check, number), Bank: "Демо Банк", BIC: "DEMOKZKX", KBE: "17"}
}

// founded moves the clock to the day on which the organisations and accounts came.
func (w *world) founded() {
	w.past.set(w.state.Today.Add(-historyDays).Start().Add(hour(9)))
}

// seedChambers makes the chamber of each region, in the region's centre.
func (w *world) seedChambers(ctx context.Context) error {
	w.founded()
	var all []directory.InstitutionInput
	regions := w.corpus.Regions()
	for i, code := range regions {
		region, _ := w.Reference.Region(code)
		all = append(all, directory.InstitutionInput{
			BIN:  ptr(w.corpus.BIN(binChambers + i)),
			Name: ptr("Палата предпринимателей: " + region.Name.RU + " (демо)"),
			LegalNames: &i18n.Text{
				KK: "Кәсіпкерлер палатасы: " + region.Name.KK, RU: "Палата предпринимателей: " + region.Name.RU,
				EN: "Chamber of Entrepreneurs: " + region.Name.EN,
			},
			Region: ptr(code), City: ptr(w.centre(code)), Address: ptr("Бейбітшілік көшесі, " + fmt.Sprint(10+i)),
			Email: ptr("palata-" + code[:2] + "@demo.orynda.kz"), Phone: ptr(phone(ofChambers, i)),
		})
	}
	return w.tx(ctx, "chambers", func(ctx context.Context) error {
		made, err := w.Directory.ImportChambers(ctx, system(), all)
		if err != nil {
			return err
		}
		for i, c := range made {
			w.refs.set(chamberRef(regions[i]), c.ID)
		}
		return nil
	})
}

// centre is the town in which a region's first college is: its centre.
func (w *world) centre(region string) string {
	for _, c := range w.corpus.Colleges() {
		if c.Region == region {
			return c.City.RU
		}
	}
	return ""
}

// seedColleges makes the colleges and universities, each with two supervisors.
func (w *world) seedColleges(ctx context.Context) error {
	w.founded()
	colleges := w.corpus.Colleges()
	var all []directory.InstitutionInput
	for i, c := range colleges {
		all = append(all, w.collegeInput(i, c))
	}
	return w.tx(ctx, "colleges", func(ctx context.Context) error {
		made, err := w.Directory.ImportColleges(ctx, system(), all)
		if err != nil {
			return err
		}
		for i, c := range made {
			w.refs.set(collegeRef(colleges[i].Slug), c.ID)
			if err := w.seedSupervisors(ctx, i, c.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Heads sign by the statute. Where an organisation has an account, its owner is the head, so that the paper names who signs it.
const (
	headOfCollege    = "директор"
	headOfUniversity = "ректор"
	headOfEnterprise = "директор"
	statute          = "Устав"
)

func (w *world) collegeInput(i int, c corpus.College) directory.InstitutionInput {
	head, name := headOfCollege, c.Head.Full()
	if directory.CollegeKind(c.Kind) == directory.University {
		head = headOfUniversity
	}
	if email := coordinatorOf(c.Slug); email != "" {
		name = nameOf(email)
	}
	return directory.InstitutionInput{
		BIN: ptr(c.BIN), Name: ptr(c.NameLine), LegalNames: &c.Name, Kind: directory.CollegeKind(c.Kind),
		Region: ptr(c.Region), City: ptr(c.City.RU), Address: ptr(c.Address),
		Email: ptr("info@" + c.Slug + ".demo.orynda.kz"), Phone: ptr(phone(ofColleges, i)),
		HeadName: ptr(name), HeadPosition: ptr(head), HeadAuthority: ptr(statute),
		LicenceNumber: ptr(fmt.Sprintf("KZ%02dLAA%08d", 10+i, 900+i)), LicenceDate: ptr(w.state.Today.Add(-2500 - 17*i)),
		Bank: ptr(bank(1_000_000 + i)),
	}
}

func (w *world) seedSupervisors(ctx context.Context, i int, collegeID string) error {
	for j, position := range []string{"руководитель практики", "мастер производственного обучения"} {
		role := directory.PracticeHead
		if j == 1 {
			role = directory.TrainingMaster
		}
		_, err := w.Directory.ImportSupervisor(ctx, system(), collegeID, directory.SupervisorInput{
			FullName: w.corpus.Person(20_000 + 10*i + j).Full(), Position: position, Role: role,
			OrderNumber: fmt.Sprintf("%d-К", 31+i+j), OrderDate: w.state.Today.Add(-historyDays + 1), Phone: phone(ofStaff, 10*i+j),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// own is an enterprise that the demo names itself.
type own struct {
	ref, slug string
	bin       int
	name      i18n.Text // without the legal form
	address   string
	lat, lon  float64
	activity  string
	about     string
}

// The demo enterprises.
const (
	saryarqa = "saryarqa"
	temir    = "temir"
)

func owns() []own {
	return []own{
		{
			saryarqa, "saryarqa-energo", binSaryarqa, i18n.Text{KK: "Сарыарқа Энерго", RU: "Сарыарка Энерго", EN: "Saryarqa Energo"},
			"Складская көшесі, 14", 49.8147, 73.0893, "3512",
			"Электр желілері мен қосалқы станцияларға қызмет көрсетеміз. Обслуживаем электрические сети и подстанции Караганды и соседних посёлков.",
		},
		{
			temir, "temir-motors", binTemir, i18n.Text{KK: "Темір Моторс", RU: "Темир Моторс", EN: "Temir Motors"},
			"ул. Привокзальная, 3", 49.7921, 73.1176, "2910",
			"Арнайы техниканы құрастырамыз және жөндейміз. Собираем и ремонтируем специальную технику, отлаживаем автоматические линии.",
		},
	}
}

func newcomer() own {
	return own{
		"new", "enterprise", binNew, i18n.Text{KK: "Жаңа Өндіріс", RU: "Жана Ондирис", EN: "Zhana Ondiris"}, "ул. Заводская, 27", 49.8312, 73.0604, "2562",
		"Металл өңдейтін шағын цех. Небольшой цех металлообработки: токарные и фрезерные работы на заказ.",
	}
}

func enterpriseRef(name string) string { return "enterprise:" + name }

// input fills everything that an enterprise says of itself. The name on screen is marked; the papers print the legal names.
func (w *world) input(o own, head, email string) directory.EnterpriseInput {
	return directory.EnterpriseInput{
		BIN: ptr(w.corpus.BIN(o.bin)), Name: ptr(o.name.KK + " (демо)"),
		LegalNames: &i18n.Text{KK: "«" + o.name.KK + "» ЖШС", RU: "ТОО «" + o.name.RU + "»", EN: o.name.EN + " LLP"},
		Region:     ptr(karaganda), City: ptr("Караганда"), Address: ptr(o.address), ActivityCode: ptr(o.activity), About: ptr(o.about),
		Email: ptr(email), Phone: ptr(phone(ofOwn, o.bin)), Website: ptr("https://" + o.slug + ".demo.orynda.kz"),
		HeadName: ptr(head), HeadPosition: ptr(headOfEnterprise), HeadAuthority: ptr(statute), Bank: ptr(bank(2_000_000 + o.bin)),
	}
}

// corpusEnterprise is the input for an enterprise of the corpus.
func corpusEnterprise(e corpus.Enterprise) directory.NewEnterprise {
	in := directory.EnterpriseInput{
		Name: ptr(e.NameLine), LegalNames: &e.Name, Region: ptr(e.Region), City: ptr(e.City.RU), Address: ptr(e.Address),
		Email: ptr("office@" + e.Slug + ".demo.orynda.kz"), Phone: ptr(phone(ofEnterprises, e.Index)),
		HeadName: ptr(e.Head.Full()), HeadPosition: ptr(e.HeadPost), HeadAuthority: ptr(statute), Bank: ptr(bank(3_000_000 + e.Index)),
	}
	if e.IIN != "" {
		in.IIN, in.HeadAuthority = ptr(e.IIN), ptr("Талон о регистрации")
	} else {
		in.BIN = ptr(e.BIN)
	}
	return directory.NewEnterprise{EnterpriseInput: in, Verified: true}
}

// seedEnterprises makes the two demo enterprises with all they need: members, mentors, rooms, authorities.
func (w *world) seedEnterprises(ctx context.Context) error {
	w.founded()
	return w.tx(ctx, "enterprises", func(ctx context.Context) error {
		for _, o := range owns() {
			if err := w.seedOwn(ctx, o); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) seedOwn(ctx context.Context, o own) error {
	head := nameOf(hrOf(o.ref))
	made, err := w.Directory.ImportEnterprises(ctx, system(), []directory.NewEnterprise{
		{EnterpriseInput: w.input(o, head, "office@"+o.slug+".demo.orynda.kz"), Verified: true},
	})
	if err != nil {
		return err
	}
	e := made[0]
	w.refs.set(enterpriseRef(o.ref), e.ID)
	hr := w.refs.get(personRef(hrOf(o.ref)))
	if err := w.Accounts.AddMembership(ctx, hr, e.ID, accounts.KindEnterprise, accounts.RoleAdmin); err != nil {
		return err
	}
	for _, who := range interviewersOf(o.ref) {
		if err := w.Accounts.AddMembership(ctx, w.refs.get(personRef(who)), e.ID, accounts.KindEnterprise, accounts.RoleInterviewer); err != nil {
			return err
		}
	}
	if err := w.authorise(ctx, e.ID, hr, headOfEnterprise); err != nil {
		return err
	}
	if err := w.seedMentors(ctx, o, e.ID); err != nil {
		return err
	}
	return w.seedRooms(ctx, o, e.ID)
}

// authorise lets a head sign by the statute from the beginning on, without an end: a demo's clock may be moved by years.
func (w *world) authorise(ctx context.Context, organisationID, personID, position string) error {
	from := w.state.Today.Add(-historyDays)
	_, err := w.Directory.ImportSignatory(ctx, system(), organisationID, directory.SignatoryInput{
		PersonID: personID, Position: position, Ground: statute, From: from,
	})
	return err
}

// mentorsOf names the first mentors. The demo's places leave the first one free, for whoever posts by hand and takes the head of the list.
func mentorsOf(ref string) []string {
	if ref == temir {
		return []string{"Байжанов Марат Серікұлы", "Карпенко Олег Викторович", "Садықова Гүлнар Бейбітқызы"}
	}
	return []string{
		"Ахметов Бауыржан Қайратұлы", "Жумагулова Сауле Маратовна", "Ковалёв Сергей Петрович", "Мұсаев Ержан Талғатұлы", "Соколова Ирина Николаевна",
	}
}

// historicMentors have the trainees of the agreements made beforehand.
func historicMentors() []string {
	return []string{"Юсупов Тимур Рашидович", "Яковлев Андрей Николаевич"}
}

func mentorRef(enterprise string, i int) string { return fmt.Sprintf("mentor:%s:%d", enterprise, i) }
func historicRef(enterprise string, i int) string {
	return fmt.Sprintf("historic:%s:%d", enterprise, i)
}

func (w *world) seedMentors(ctx context.Context, o own, enterpriseID string) error {
	for i, name := range mentorsOf(o.ref) {
		if err := w.hire(ctx, o.ref, enterpriseID, mentorRef(o.ref, i), name); err != nil {
			return err
		}
	}
	if o.ref != saryarqa {
		return nil
	}
	for i, name := range historicMentors() {
		if err := w.hire(ctx, o.ref, enterpriseID, historicRef(o.ref, i), name); err != nil {
			return err
		}
	}
	return nil
}

// hire makes one mentor of a demo enterprise.
func (w *world) hire(ctx context.Context, enterprise, enterpriseID, ref, name string) error {
	position, qualification := "мастер участка", "электромонтёр 6 разряда"
	if enterprise == temir {
		position, qualification = "ведущий инженер", "инженер по автоматизации"
	}
	made, err := w.Directory.ImportMentors(ctx, system(), []directory.NewMentor{{EnterpriseID: enterpriseID, MentorInput: directory.MentorInput{
		FullName: name, Position: position, Qualification: qualification, ExperienceYears: ptr(8 + len(name)%12),
		OrderNumber: fmt.Sprintf("%d-ө", 12+len(name)%50), OrderDate: w.today(), Languages: []string{"kk", "ru"},
	}}})
	if err == nil {
		w.refs.set(ref, made[0].ID)
	}
	return err
}

func roomRef(enterprise string, i int) string { return fmt.Sprintf("room:%s:%d", enterprise, i) }

// seedRooms makes the rooms. The demo's own interviews are in the last one of Saryarqa's only, the others stay free for whoever plans by hand.
func (w *world) seedRooms(ctx context.Context, o own, enterpriseID string) error {
	rooms := []directory.RoomInput{
		{Name: "204 кабинет", Directions: "Екінші қабат, лифттен кейін оң жақта. Второй этаж, направо от лифта.", Seats: 6},
		{Name: "Мәжіліс залы", Directions: "Бірінші қабат, қабылдау бөлмесінің жанында. Первый этаж, рядом с приёмной.", Seats: 12},
		{Name: "Оқу сыныбы", Directions: "Шеберхана ғимараты, екінші кіреберіс. Здание мастерских, второй подъезд.", Seats: 15},
	}
	if o.ref == temir {
		rooms = rooms[:1]
	}
	for i, in := range rooms {
		r, err := w.Directory.ImportRoom(ctx, system(), enterpriseID, in)
		if err != nil {
			return err
		}
		w.refs.set(roomRef(o.ref, i), r.ID)
	}
	return nil
}

// seedNewEnterprise lets its owner register the enterprise that waits to be submitted.
func (w *world) seedNewEnterprise(ctx context.Context) error {
	w.past.present()
	return w.tx(ctx, "new enterprise", func(ctx context.Context) error {
		by, err := w.actor(ctx, newEnterprise)
		if err != nil {
			return err
		}
		o := newcomer()
		p, err := w.Accounts.Person(ctx, by.PersonID)
		if err != nil {
			return err
		}
		e, err := w.Directory.CreateEnterprise(ctx, by, w.input(o, p.FullName, "office@"+o.slug+".demo.orynda.kz"))
		if err != nil {
			return err
		}
		w.refs.set(enterpriseRef(o.ref), e.ID)
		return nil
	})
}

// same replaces the corpus' enterprise in a text by one of the demo's.
func same(t i18n.Text, from, to i18n.Text) i18n.Text {
	return i18n.Text{
		KK: strings.ReplaceAll(t.KK, from.KK, to.KK), RU: strings.ReplaceAll(t.RU, from.RU, to.RU), EN: strings.ReplaceAll(t.EN, from.EN, to.EN),
	}
}
