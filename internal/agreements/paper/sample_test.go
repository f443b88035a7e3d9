package paper

import (
	"fmt"
	"strings"
	"time"

	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/i18n"
)

func same(s string) i18n.Text { return i18n.Text{KK: s, RU: s, EN: s} }

func renderTime() time.Time { return time.Date(2027, time.January, 20, 6, 30, 5, 123e6, time.UTC) }

// sample is a college agreement of a minor with every optional part.
func sample() Data {
	d := Data{
		Regime: R50, TemplateVersion: TemplateVersion(R50), Number: "KRG-PC-2027-000017", Revision: 2, English: true, RenderedAt: renderTime(),
		City:       i18n.Text{KK: "Қарағанды", RU: "Караганда", EN: "Karaganda"},
		College:    sampleCollege(),
		Enterprise: sampleEnterprise(),
		Student: Student{FullName: "Сейтқали Әлихан Дәуренұлы", IIN: "100101600019", BirthDate: "2010-01-01",
			Address: i18n.Text{KK: "Қарағанды қ., Үлгі көшесі, 5-үй, 12-пәтер", RU: "г. Караганда, ул. Примерная, д. 5, кв. 12", EN: "12–5 Primernaya St, Karaganda"},
			Phone:   "+7 701 000 00 17", Email: "minor@demo.orynda.kz", Group: "ЭС-25-1", Course: 2,
			StudyForm: i18n.Text{KK: "күндізгі", RU: "очная", EN: "full-time"},
			IDCard:    &IDCard{Number: "000000017", Issuer: i18n.Text{KK: "ҚР ІІМ", RU: "МВД РК", EN: "MIA RK"}, IssuedOn: "2026-03-02"}},
		Guardian: &Guardian{FullName: "Сейтқалиева Гүлнұр Ығылманқызы", Ground: Parent, Phone: "+7 701 000 00 18", Email: "guardian@demo.orynda.kz",
			IIN: "791028302728", Address: same("Қарағанды қ., Үлгі көшесі, 5-үй, 12-пәтер")},
		CitizenEnrolment: &Act{Number: "214-с", Date: "2026-11-18"},
		Specialty:        &Coded{"07130200", i18n.Text{KK: "Электр жабдықтары (түрлері және салалары бойынша)", RU: "Электроснабжение (по отраслям)", EN: "Power supply (by industry)"}},
		Qualification:    &Coded{"4S07130202", i18n.Text{KK: "Техник-электрик", RU: "Техник-электрик", EN: "Electrical technician"}},
		Programme:        same("Энергетика 2025"),
		ProfileReason:    i18n.Text{KK: "оқу жоспарында ортақ модульдер бар", RU: "в учебном плане есть общие модули", EN: "the curricula share modules"},
		Period:           Period{From: "2027-02-01", To: "2027-05-14"}, TimeModel: Parallel, WeeklyHours: 24,
		Share:    Share{EnterpriseHours: 361, TotalHours: 540},
		Schedule: sampleSchedule(2), Plan: samplePlan(2),
		Curriculum: Curriculum{Title: i18n.Text{KK: "4S07130202 жұмыс оқу жоспары, 2025 жылғы қабылдау", RU: "Рабочий учебный план 4S07130202, набор 2025 года", EN: "Working curriculum 4S07130202, intake of 2025"},
			Number: "12-УР", Date: "2026-08-28"},
		Workplace: Workplace{Kind: WorkplaceProper, Address: i18n.Text{KK: "Қарағанды қ., Қосалқы станция көшесі, 1", RU: "г. Караганда, ул. Подстанционная, 1", EN: "1 Podstantsionnaya St, Karaganda"},
			Unit:      i18n.Text{KK: "110/10 кВ қосалқы станциялар цехы", RU: "цех подстанций 110/10 кВ", EN: "110/10 kV substation shop"},
			Equipment: i18n.Text{KK: "оқу стенді, өлшеу аспаптары, қорғаныш құралдарының жинағы", RU: "учебный стенд, измерительные приборы, комплект защитных средств", EN: "training stand, measuring instruments, set of protective equipment"}},
		Mentor: Mentor{FullName: "Абдрахманов Серік Болатұлы", Position: i18n.Text{KK: "учаске шебері", RU: "мастер участка", EN: "section foreman"},
			Qualification: i18n.Text{KK: "инженер-энергетик", RU: "инженер-энергетик", EN: "power engineer"}, Order: &Act{"118-ж", "2027-01-11"}},
		Supervisor: &Supervisor{"Оспанова Гүлнар Қайратқызы", i18n.Text{KK: "практика жетекшісі", RU: "руководитель практики", EN: "head of practice"}},
		Duties: []i18n.Text{
			{KK: "қосалқы станция жабдықтарын тексеріп-қарауға қатысу", RU: "участие в осмотре оборудования подстанции", EN: "taking part in the inspection of substation equipment"},
			{KK: "жедел журналды тәлімгердің бақылауымен жүргізу.", RU: "ведение оперативного журнала под контролем наставника.", EN: "keeping the operational log under the mentor’s supervision."}},
		Compensation: Compensation{Kind: Monthly, Amount: 60000, PaymentDay: 10, Basis: i18n.Text{KK: "2026 жылғы 10 қарашадағы № 118 бұйрық", RU: "приказ № 118 от 10.11.2026", EN: "order No. 118 of 10.11.2026"}},
		Insurance:    Insurance{Kind: Insured, Note: i18n.Text{KK: "шартты колледж жасайды", RU: "договор заключает колледж", EN: "taken out by the college"}},
		Benefits:     []i18n.Text{{KK: "тегін түскі ас", RU: "бесплатный обед", EN: "free lunch"}, {KK: "қызметтік көлік", RU: "служебный транспорт", EN: "staff transport"}},
		Chamber:      i18n.Text{KK: "Қарағанды облысының кәсіпкерлер палатасы", RU: "Палата предпринимателей Карагандинской области", EN: "the Chamber of Entrepreneurs of Karaganda Region"},
		Verification: Verification{Code: "7K3M-9QXA-2F4T", URL: "https://orynda.example/verify/7K3M9QXA2F4T"},
	}
	return d
}

func sampleCollege() Organisation {
	return Organisation{
		Name: i18n.Text{KK: "«Қарағанды политехникалық колледжі» КМҚК", RU: "КГКП «Карагандинский политехнический колледж»", EN: "Karaganda Polytechnic College"}, BIN: "200140000014",
		Address: i18n.Text{KK: "Қарағанды қ., Бейбітшілік бульвары, 10", RU: "г. Караганда, бульвар Мира, 10", EN: "10 Mira Blvd, Karaganda"},
		Licence: &Act{"KZ00LAA00000000", "2019-05-14"}, Phone: "+7 721 200 00 00", Email: "college@karaganda.demo.orynda.kz",
		Bank:      &Bank{Account: "KZ000000000000000000", Name: same("«Үлгі Банк» АҚ"), BIC: "ULGIKZKA", Code: "16"},
		Signatory: Signatory{"Жұмағұлова Айгүл Мұратқызы", i18n.Text{KK: "директор", RU: "директор", EN: "director"}, i18n.Text{KK: "жарғы", RU: "устав", EN: "charter"}},
	}
}

func sampleEnterprise() Organisation {
	return Organisation{
		Name: i18n.Text{KK: "«Сарыарқа Энерго» ЖШС", RU: "ТОО «Сарыарқа Энерго»", EN: "Saryarqa Energo LLP"}, BIN: "200140000501",
		Address: i18n.Text{KK: "Қарағанды қ., Қосалқы станция көшесі, 1", RU: "г. Караганда, ул. Подстанционная, 1", EN: "1 Podstantsionnaya St, Karaganda"},
		Phone:   "+7 721 200 00 01", Email: "hr@saryarqa-energo.demo.orynda.kz",
		Bank: &Bank{Account: "KZ000000000000000001", Name: same("«Үлгі Банк» АҚ"), BIC: "ULGIKZKA"},
		Signatory: Signatory{"Ли Виктор Андреевич", i18n.Text{KK: "персонал жөніндегі басқарушы", RU: "управляющий по персоналу", EN: "head of personnel"},
			i18n.Text{KK: "2026 жылғы 12 қаңтардағы № 3 сенімхат", RU: "доверенность № 3 от 12.01.2026", EN: "power of attorney No. 3 of 12.01.2026"}},
	}
}

func sampleSchedule(n int) []ScheduleRow {
	var out []ScheduleRow
	for i := range n {
		row := ScheduleRow{From: cal.Day("2027-02-01").Add(7 * i), To: cal.Day("2027-02-05").Add(7 * i), Weekdays: []time.Weekday{time.Wednesday, time.Monday, time.Tuesday},
			MinutesPerDay: 432, Where: AtEnterprise, DayFrom: "09:00", DayTo: "17:12"}
		if i%2 == 1 {
			row.Where, row.Weekdays, row.MinutesPerDay, row.DayFrom, row.DayTo = AtCollege, []time.Weekday{time.Thursday, time.Friday}, 360, "", ""
		}
		out = append(out, row)
	}
	return out
}

func samplePlan(n int) []PlanRow {
	var out []PlanRow
	for i := range n {
		out = append(out, PlanRow{Name: i18n.Text{KK: fmt.Sprintf("КМ %02d Қосалқы станциялардың электр жабдықтарын монтаждау және баптау", i+1),
			RU: fmt.Sprintf("ПМ %02d Монтаж и наладка электрооборудования подстанций", i+1), EN: fmt.Sprintf("PM %02d Installation and adjustment of substation equipment", i+1)},
			Kind:  i18n.Text{KK: "кәсіптік модуль", RU: "профессиональный модуль", EN: "professional module"},
			Hours: 270, EnterpriseHours: 180 + i%2})
	}
	return out
}

// sample361 is the plainest university agreement: an adult, no pay, no insurance stated, two languages, nothing optional.
func sample361() Data {
	d := sample()
	d.Regime, d.TemplateVersion, d.English = R361, TemplateVersion(R361), false
	d.Number = "ALM-U-2027-000003"
	d.City = i18n.Text{KK: "Алматы", RU: "Алматы"}
	d.Guardian, d.CitizenEnrolment, d.Specialty, d.Qualification, d.Supervisor = nil, nil, nil, nil, nil
	d.Field = &Coded{"6B061", i18n.Text{KK: "Ақпараттық-коммуникациялық технологиялар", RU: "Информационно-коммуникационные технологии"}}
	d.Programme = i18n.Text{KK: "Бағдарламалық қамтамасыз етуді әзірлеу", RU: "Разработка программного обеспечения"}
	d.ProfileReason, d.Chamber, d.Share, d.Insurance, d.Benefits = i18n.Text{}, i18n.Text{}, Share{}, Insurance{}, nil
	d.Compensation = Compensation{Kind: NoCompensation}
	d.TimeModel = Block
	d.Enterprise.BIN, d.Enterprise.IIN, d.Enterprise.Bank = "", "791028302728", nil
	d.Student = Student{FullName: "Иванова Мария Петровна", IIN: "061211600012", BirthDate: "2006-12-11", Address: same("г. Алматы, ул. Абая, 1"), Phone: "+7 701 000 00 19"}
	d.Mentor.Order, d.Mentor.Qualification, d.Workplace.Equipment, d.Workplace.Unit = nil, i18n.Text{}, i18n.Text{}, i18n.Text{}
	d.Workplace.Hazardous = true
	d.Duties = d.Duties[:1]
	return d
}

// long is the sample with the longest values the edges accept, and many rows.
func long() Data {
	d := sample()
	kk := cutTo(strings.Repeat("Қазақстан Республикасының электрэнергетикалық жабдықтарын пайдаланушылардың бағдарламалық қамтамасыз етілуі ", 6), 300)
	ru := cutTo(strings.Repeat("Электроэнергетическое оборудование высоковольтных распределительных подстанций с дистанционным управлением ", 6), 300)
	text := i18n.Text{KK: kk, RU: ru, EN: cutTo(strings.Repeat("Electrical equipment of high-voltage distribution substations with remote control ", 6), 300)}
	d.College.Name, d.College.Address, d.College.Signatory.Position, d.College.Signatory.Authority = text, text, text, text
	d.Enterprise.Name, d.Enterprise.Address = text, text
	d.Enterprise.Email = strings.Repeat("a", 64) + "@" + strings.Repeat("b", 180) + ".kz"
	d.Student.FullName, d.Guardian.FullName = strings.Repeat("Ш", 300), cutTo(strings.Repeat("Нұрғалиева-Бекмұхамбетова ", 20), 300)
	d.Number = strings.Repeat("W", 40)
	d.Workplace.Address, d.Workplace.Unit, d.Workplace.Equipment, d.Mentor.Position = text, text, text, text
	d.Specialty.Name, d.Qualification.Name, d.Curriculum.Title, d.ProfileReason = text, text, text, text
	d.Compensation.Basis, d.Insurance.Note, d.Compensation.Amount = text, text, 9_999_999_999
	d.Duties = []i18n.Text{text, text, text, text, text}
	d.Benefits = []i18n.Text{text, text}
	d.Schedule, d.Plan = sampleSchedule(60), samplePlan(40)
	for i := range d.Plan {
		if i%3 == 0 {
			d.Plan[i].Name = text
		}
	}
	d.Plan[5].Hours, d.Plan[5].EnterpriseHours = 1_000_000, 999_999
	return d
}

func cutTo(s string, n int) string { return strings.TrimSpace(string([]rune(s)[:n])) }

func sampleSheet() SheetData {
	d := sample()
	at := time.Date(2027, time.January, 21, 9, 15, 42, 0, time.UTC)
	return SheetData{Number: d.Number, Revision: d.Revision, RenderedAt: renderTime(), English: true,
		DocumentSHA256: "7d793037a0760186574b0282f2f435e7c1f0a7d35e8b6294d07c5a1e9f83b246",
		College:        d.College.Name, Enterprise: d.Enterprise.Name, ConcludedOn: "2027-01-22", Verification: d.Verification,
		Registration: &Registration{d.Chamber, "KRG-2027-000011", "2027-01-25"},
		Signatures: []Signature{
			{Role: StudentRole, FullName: d.Student.FullName, At: at, Channel: CodeChannel, Assurance: Simple},
			{Role: GuardianRole, FullName: d.Guardian.FullName, Authority: i18n.Text{KK: "ата-анасы", RU: "родитель", EN: "parent"}, At: at.Add(time.Hour), Channel: PaperChannel, Assurance: OnPaper},
			{Role: EnterpriseRole, FullName: d.Enterprise.Signatory.FullName, Position: d.Enterprise.Signatory.Position, Authority: d.Enterprise.Signatory.Authority, At: at.Add(2 * time.Hour), Channel: CMSChannel, Assurance: Qualified},
			{Role: CollegeRole, FullName: d.College.Signatory.FullName, Position: d.College.Signatory.Position, Authority: d.College.Signatory.Authority, At: at.Add(3 * time.Hour), Channel: CodeChannel, Assurance: Simple},
		}}
}
