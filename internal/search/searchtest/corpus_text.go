package searchtest

import (
	"math/rand/v2"
	"strings"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/search"
)

type enterprise struct {
	number int
	name   string
}

func enterprises() []enterprise {
	names := []string{"ТОО «Сарыарқа Энерго»", "ТОО «Темір Моторс»", "АО «Жайық Құрылыс»", "ТОО «Алтын Дән»", "ТОО «Ертіс Металл»",
		"АО «Каспий Порт Сервис»", "ТОО «Көктем Тігін»", "ТОО «Байтерек Софт»", "ИП Нұрланова", "ТОО «Алатау Сыра»", "АО «Шығыс Мыс»",
		"ТОО «Тобыл Агро»", "ТОО «Отырар Нан»", "ТОО «Ұлытау Кен»"}
	var out []enterprise
	for i, n := range names {
		out = append(out, enterprise{i + 1, n})
	}
	return out
}

// write gives a place its texts in one, two or three languages.
func write(r *rand.Rand, d *search.Document, t trade) {
	names := t.qualification.Names
	if d.Regime == "r361" {
		names = d.Programme.Names
	}
	langs := pick(r, []i18n.Lang{i18n.KK}, []i18n.Lang{i18n.RU}, []i18n.Lang{i18n.KK, i18n.RU}, []i18n.Lang{i18n.KK, i18n.RU, i18n.EN})
	for range 2 {
		d.Modules = append(d.Modules, i18n.Text{})
	}
	for _, l := range langs {
		put(&d.Title, l, title(r, l, names.In(l)))
		put(&d.Summary, l, sentences(r, summaries(l), 2))
		put(&d.Tasks, l, sentences(r, tasks(l), 4))
		for i := range d.Modules {
			put(&d.Modules[i], l, modules(l)[(i*3+len(d.Title.In(l)))%len(modules(l))])
		}
	}
}

func put(t *i18n.Text, l i18n.Lang, s string) {
	switch l {
	case i18n.KK:
		t.KK = s
	case i18n.RU:
		t.RU = s
	default:
		t.EN = s
	}
}

func title(r *rand.Rand, l i18n.Lang, name string) string {
	switch l {
	case i18n.KK:
		return name + pick(r, "", "", " (цехқа)", " — учаскеге", ", оқушы орны")
	case i18n.RU:
		return name + pick(r, "", "", " (в цех)", " на участок", ", ученическое место")
	default:
		return name + pick(r, "", "", " (workshop)", ", trainee place")
	}
}

func sentences(r *rand.Rand, from []string, n int) string {
	var out []string
	for _, i := range r.Perm(len(from))[:n] {
		out = append(out, from[i])
	}
	return strings.Join(out, " ")
}

func summaries(l i18n.Lang) []string {
	switch l {
	case i18n.KK:
		return []string{"Тәжірибелі тәлімгермен бірге жұмыс істейсіз.", "Жабдыққа қызмет көрсету мен жөндеуді үйренесіз.",
			"Аптасына үш күн кәсіпорында, екі күн колледжде.", "Жұмыс киімі мен түскі ас беріледі.", "Оқу аяқталған соң жұмысқа қалуға болады.",
			"Құрылысшылар бригадасында нақты нысанда жұмыс істеу."}
	case i18n.RU:
		return []string{"Работа рядом с опытным наставником.", "Научим обслуживать и ремонтировать оборудование.",
			"Три дня в неделю на предприятии, два дня в колледже.", "Спецодежда и обеды за счёт предприятия.",
			"После обучения можно остаться работать.", "Работа в бригаде строителей на настоящем объекте."}
	default:
		return []string{"You work beside an experienced mentor.", "Learn to maintain and repair our equipment.",
			"Three days a week on site, two at college.", "Work clothes and lunch are provided.", "The best trainees are hired.",
			"Join a crew of builders on a real site."}
	}
}

func tasks(l i18n.Lang) []string {
	switch l {
	case i18n.KK:
		return []string{"Сызбаларды оқу және өлшеу.", "Құралдарды дайындап, жұмыс орнын тазалау.", "Қауіпсіздік ережелерін сақтау.",
			"Ауысым журналын толтыру.", "Ақауларды анықтап, шеберге хабарлау.", "Материалдарды қабылдау және есепке алу.",
			"Бұйымдардың сапасын тексеру."}
	case i18n.RU:
		return []string{"Чтение чертежей и замеры.", "Подготовка инструмента и уборка рабочего места.", "Соблюдение правил безопасности.",
			"Заполнение журнала смены.", "Поиск неисправностей и доклад мастеру.", "Приёмка и учёт материалов.", "Проверка качества изделий."}
	default:
		return []string{"Reading drawings and measuring.", "Preparing tools and keeping the place clean.", "Following the safety rules.",
			"Filling in the shift log.", "Finding faults and reporting them.", "Receiving and counting materials.", "Checking quality."}
	}
}

func modules(l i18n.Lang) []string {
	switch l {
	case i18n.KK:
		return []string{"Еңбекті қорғау", "Жабдықты монтаждау", "Материалтану", "Техникалық сызу", "Өндірістік оқыту", "Сапаны бақылау"}
	case i18n.RU:
		return []string{"Охрана труда", "Монтаж оборудования", "Материаловедение", "Техническое черчение", "Производственное обучение",
			"Контроль качества"}
	default:
		return []string{"Occupational safety", "Equipment assembly", "Materials science", "Technical drawing", "On-the-job training",
			"Quality control"}
	}
}
