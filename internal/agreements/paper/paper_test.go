package paper

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/i18n"
)

func renderer(t testing.TB) *Renderer {
	t.Helper()
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func lay(t testing.TB, d Data, langs ...i18n.Lang) []*page {
	t.Helper()
	if len(langs) == 0 {
		langs = []i18n.Lang{i18n.KK, i18n.RU}
		if d.English {
			langs = i18n.Langs()
		}
	}
	pages, _, err := renderer(t).layout(d, langs, false)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// said joins everything drawn on pages, lines by spaces.
func said(pages []*page) string {
	var b strings.Builder
	for _, p := range pages {
		for _, o := range p.ops {
			if o.kind == opText {
				b.WriteString(strings.TrimPrefix(o.text, " ") + " ")
			}
		}
	}
	return b.String()
}

func TestOutlineOfEveryVersion(t *testing.T) {
	r := renderer(t)
	headings := map[string][]string{
		"r50.kk": {"Тараптар", "Шарттың мәні", "Оқыту орны, мерзімі және кестесі", "Білім беру ұйымының міндеттері мен құқықтары", "Кәсіпорынның міндеттері мен құқықтары",
			"Білім алушының міндеттері мен құқықтары", "Өтемақы төлемі", "Еңбек қауіпсіздігі және еңбекті қорғау, сақтандыру", "Еңбек өтілі және оқытудың аяқталғанын растау",
			"Тараптардың жауапкершілігі", "Дауларды шешу", "Еңсерілмейтін күш мән-жайлары", "Шарттың қолданылу мерзімі, өзгертілуі, тоқтатылуы және тіркелуі",
			"Даналары, тілдері және дербес деректер", "Тараптардың деректемелері және қолтаңбалары"},
		"r361.ru": {"Стороны", "Предмет Договора", "Место, срок и график обучения", "Обязанности и права ОВПО", "Обязанности и права Предприятия", "Обязанности и права Обучающегося",
			"Компенсационная выплата", "Безопасность и охрана труда, страхование", "Трудовая деятельность и подтверждение завершения обучения", "Ответственность Сторон",
			"Разрешение споров", "Обстоятельства непреодолимой силы", "Срок действия, изменение и прекращение Договора", "Экземпляры, языки и персональные данные", "Реквизиты и подписи Сторон"},
	}
	for regime, d := range map[string]Data{"r50": sample(), "r361": sample361()} {
		versions, err := r.versions(d, i18n.Langs())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range versions {
			var sections, annexes, tables []string
			for _, b := range v.blocks {
				switch b.kind {
				case section:
					sections = append(sections, b.text)
				case annex:
					annexes = append(annexes, b.name)
				case tableMark:
					tables = append(tables, b.name)
				}
			}
			if want := headings[regime+"."+string(v.lang)]; want != nil && !slices.Equal(sections, want) {
				t.Errorf("%s %s: sections\n%q", regime, v.lang, sections)
			}
			if len(sections) != 15 {
				t.Errorf("%s %s: %d sections", regime, v.lang, len(sections))
			}
			if want := []string{"schedule", "plan", "workplaces", "briefings"}; !slices.Equal(annexes, want) {
				t.Errorf("%s %s: annexes %q", regime, v.lang, annexes)
			}
			if want := []string{"schedule", "plan", "workplace", "briefings"}; !slices.Equal(tables, want) {
				t.Errorf("%s %s: tables %q", regime, v.lang, tables)
			}
		}
	}
}

func TestValuesAreWrittenAsEachLanguageDoes(t *testing.T) {
	text := said(lay(t, sample()))
	for _, want := range []string{
		"2027\u00a0жылғы 1\u00a0ақпаннан бастап 2027\u00a0жылғы 14\u00a0мамырға дейін", "с 1\u00a0февраля 2027\u00a0года по 14\u00a0мая 2027\u00a0года", "from 1\u00a0February 2027 to 14\u00a0May 2027",
		"60\u202f000\u00a0₸", "60,000\u00a0₸", "66,8\u00a0%-ы", "66,8\u00a0% учебного времени", "66.8%", "24\u00a0сағаттан артық", "24\u00a0часов в неделю", "24\u00a0hours a week", "361\u00a0час из 540",
		"7\u00a0сағ 12\u00a0мин", "7\u00a0ч 12\u00a0мин", "дс–ср", "пн–ср", "Mon–Wed", "бс, жм",
		"2026\u00a0жылғы 18\u00a0қарашадағы №\u00a0214-с бұйрығымен", "№\u00a0214-с от 18\u00a0ноября 2026\u00a0года",
		"Шарт мәтіні ресми үлгілік нысанмен әлі салыстырылған жоқ.", "Текст договора ещё не сверен с официальной типовой формой.", "тағайындалмаған", "r50-1",
		"1 / ", "7K3M-9QXA-2F4T", "БСН / БИН / BIN", "Электрондық нысанда қойылады", "20.01.2027 11:30:05",
	} {
		if !strings.Contains(squeezed(text), squeezed(want)) {
			t.Errorf("the agreement doesn't say %q", want)
		}
	}
	if strings.Contains(text, "..") || strings.Contains(text, ".;") {
		t.Error("a value's own full stop was kept")
	}
	assertClean(t, text)
}

func squeezed(s string) string {
	return strings.NewReplacer(nbsp, " ", "  ", " ").Replace(s)
}

func assertClean(t *testing.T, text string) {
	t.Helper()
	for _, bad := range []string{"{{", "<no value>", "<nil>", "%!", "{number}", "{n}"} {
		if strings.Contains(text, bad) {
			t.Errorf("the paper shows %q", bad)
		}
	}
	for _, r := range text {
		if r >= markTitle && r <= 0xf8ff {
			t.Fatalf("the mark U+%04X reached a page", r)
		}
	}
}

func TestOptionalPartsLeaveNoTrace(t *testing.T) {
	with, without := said(lay(t, sample())), said(lay(t, sample361()))
	assertClean(t, without)
	for _, s := range []string{"Законный представитель", "Заңды өкіл", "зачислен приказом", "Dual Training", "палатасы", "60 %"} {
		if !strings.Contains(squeezed(with), s) {
			t.Errorf("the college agreement lacks %q", s)
		}
		if strings.Contains(squeezed(without), s) {
			t.Errorf("the university agreement has %q", s)
		}
	}
	for _, s := range []string{"40 %", "ЖЖОКБҰ", "6B061", "с восемнадцати лет", "не производится"} {
		if !strings.Contains(squeezed(without), s) || strings.Contains(squeezed(with), s) {
			t.Errorf("%q must stand in the university agreement only", s)
		}
	}
}

func TestVariantsOfTheTerms(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Data)
		want   string
	}{
		{"total", func(d *Data) { d.Compensation = Compensation{Kind: Total, Amount: 1234567} }, "за весь срок обучения в размере 1\u202f234\u202f567\u00a0₸"},
		{"no payment day", func(d *Data) { d.Compensation.PaymentDay = 0 }, "в сроки, установленные актом Предприятия"},
		{"not insured", func(d *Data) { d.Insurance = Insurance{Kind: NotInsured} }, "по Договору не оформляется"},
		{"listener", func(d *Data) { d.TrainingCentre = true }, "Обучающийся (слушатель учебного центра):"},
		{"block", func(d *Data) { d.TimeModel = Block }, "Модель обучения — блочная"},
		{"adult", func(d *Data) { d.Guardian = nil }, "немедленно сообщает Организации образования; расследование"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := sample()
			c.change(&d)
			text := squeezed(said(lay(t, d)))
			if !strings.Contains(text, squeezed(c.want)) {
				t.Errorf("the agreement doesn't say %q", c.want)
			}
			assertClean(t, text)
		})
	}
}

func TestDataCannotPassForMarkup(t *testing.T) {
	d := sample()
	d.Duties = []i18n.Text{same("## [pay] Section\n\n+ clause **bold** {{.Number}} @plan")}
	text := said(lay(t, d))
	if !strings.Contains(text, "## [pay] Section + clause **bold** {{.Number}} @plan") {
		t.Error("the value was not printed as it is")
	}
	a, b := lay(t, sample()), lay(t, d)
	if len(a[0].marks) != len(b[0].marks) {
		t.Error("the value made a heading")
	}
	d.Duties = []i18n.Text{same("a\ue001b")}
	assertField(t, d, "duties[0].kk", "document_character")
}

func TestCopyIsMarkedOnEveryPage(t *testing.T) {
	pages, _, err := renderer(t).layout(sample(), []i18n.Lang{i18n.RU}, true)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pages {
		if !strings.Contains(said([]*page{p}), "неподписанная копия") {
			t.Errorf("page %d is not marked as a copy", i+1)
		}
	}
	text := said(pages)
	if strings.Contains(text, "Тараптар") || strings.Contains(text, "Parties") {
		t.Error("the copy speaks another language")
	}
	if strings.Contains(said(lay(t, sample())), "неподписанная") {
		t.Error("the document itself is called a copy")
	}
	if _, err := renderer(t).Copy(sample(), i18n.EN); err != nil {
		t.Error(err)
	}
}

func TestSignatureSheet(t *testing.T) {
	r := renderer(t)
	s := sampleSheet()
	pages, _, err := r.layoutSheet(s)
	if err != nil {
		t.Fatal(err)
	}
	text := said(pages)
	for _, want := range []string{s.DocumentSHA256, "простая (юридическая сила не подтверждена)", "қарапайым (заңды күші расталмаған)", "simple (legal force not confirmed)",
		"Неподписанная справочная копия", "21.01.2027 14:15:42", "одноразовый код", "скан бумажного оригинала", "KRG-2027-000011", "22.01.2027", "7K3M-9QXA-2F4T"} {
		if !strings.Contains(squeezed(text), squeezed(want)) {
			t.Errorf("the sheet doesn't say %q", want)
		}
	}
	s.Signatures, s.ConcludedOn, s.Registration = s.Signatures[:1], "", nil
	if pages, _, err = r.layoutSheet(s); err != nil {
		t.Fatal(err)
	}
	if text = said(pages); !strings.Contains(text, "даны ещё не все подписи") || strings.Contains(text, "Палата") {
		t.Error("an unfinished sheet must say so and name no register")
	}
	for path, change := range map[string]func(*SheetData){
		"signatures":              func(s *SheetData) { s.Signatures = nil },
		"document_sha256":         func(s *SheetData) { s.DocumentSHA256 = "abc" },
		"signatures[3].authority": func(s *SheetData) { s.Signatures[3].Authority = i18n.Text{} },
		"signatures[0].assurance": func(s *SheetData) { s.Signatures[0].Assurance = "strong" },
		"signatures[1].full_name": func(s *SheetData) { s.Signatures[1].FullName = "漢" },
		"signatures[2].at":        func(s *SheetData) { s.Signatures[2].At = time.Time{} },
		"verification.url":        func(s *SheetData) { s.Verification.URL = "x" },
		"registration.number":     func(s *SheetData) { s.Registration.Number = "" },
	} {
		bad := sampleSheet()
		change(&bad)
		_, err := r.SignatureSheet(bad)
		if fields := fieldsOf(t, err); len(fields) != 1 || fields[0].Field != path {
			t.Errorf("%s: %v", path, err)
		}
	}
}
