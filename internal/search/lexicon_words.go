package search

// stopWords stand in no phrase and ask for nothing.
func stopWords() string {
	return "в во на по и с со к ко для из от до при у о об под за или не а но " +
		"мен пен бен және үшін бойынша немесе тоо жшс ао"
}

// latinStopWords are such words where they are written in Latin letters: ән is a song.
func latinStopWords() string { return "a an the of in for at and to by with on or near llp ltd" }

// doingWords say that something is done with what stands beside them, which tells more: класть плитку, су құбырын жөндеу.
func doingWords() string {
	return "делать сделать менять поменять замена чинить починить ремонтировать ремонт класть укладывать укладка ставить установить установка проводить монтировать варить готовить печь жарить строить " +
		"собирать собрать сборка разбирать копать рыть бурить добывать добыча искать водить управлять красить стричь лечить продавать торговать обслуживать обслуживание помогать сажать выращивать " +
		"разводить шить резать кроить разрабатывать разработка создавать создание рисовать чертить проектировать писать снимать тушить спасать сваривать паять убирать мыть " +
		"истеу істеу жасау жасаушы жөндеу жөндеуші салу салушы тарту жүргізу жүргізуші пісіру қазу өндіру орнату айдау кесу қию тігу емдеу сату өсіру отырғызу бояу сөндіру әзірлеу дайындау " +
		"құрастыру төсеу алу беру күту көмек көмектесу жинау басқару " +
		"make making repair repairing repairs fix fixing install installing installation build building do doing drive driving grow growing sell selling cook cooking bake baking cut cutting"
}

// noiseWords say that somebody looks for a place, which everybody here does. They are left out where a trade or a place is named beside them.
func noiseWords() string {
	return "работа работать работу ищу срочно нужен нужна нужны требуется требуются вакансия вакансии место места практика практику стажировка стажировку " +
		"обучение учеба учиться учусь выучиться ученик ученица учеником студент студенту студентка студентов дуальное дуальная дуальный дуалка дуалку профессия профессию профессии " +
		"специальность специальности должность ищем найти найду нужно хочу хотел хотела хочется стать быть буду мечтаю работаю практики практиковаться преддипломная учебная " +
		"производственная пройти прохождение стажироваться курсы курс подработка подработку где куда как можно пойти поступить помогите подскажите пожалуйста привет здравствуйте есть " +
		"ли опыта опыт был была было были закончил закончила хочет хотят чтобы детства интересуюсь начинающих общежитие общежитием оплата колледж колледже университет после класса классов класс классы девушки девушке девушек парня парней хороший хорошая младший старший бесплатно оплатой зарплатой рядом недалеко вблизи возле любой " +
		"любая я мне мой моя меня сын сына сыну дочь дочери дочка ребенок ребенку дети 9 11 2026 2027 летняя летом лето временно набор " +
		"работы работе работой вакансию практикой практике стажировкой обучения обучению обучением обучаться обучают ученика опытом местом специалист специалиста специалистом специалистов " +
		"кем кто что чем если нравится туда тоже очень уже там это этот который сколько когда работает работают получает зарабатывает платят зарплата брат сестра мама папа " +
		"жұмыс жұмысы жұмысқа жұмысын орын орны орындар керек қажет шұғыл іздеймін іздеп жүрмін іздейді тәжірибе тәжірибеден практикасы практикадан өту өтемін өтетін жер оқу оқыту оқимын оқығым " +
		"келеді дуалды дуальды мамандық мамандығы мамандығына кәсіп кәсібі шәкірт студентке студентпін студентіне тағылымдама қайда қалай бар ма болу болғым болам болсам болса үйренгім үйрену " +
		"тәжірибесіз тәжірибемен жұмыспен оқумен маман маманы маманын көмектесіңізші көмектесіңіз сәлем сәлеметсіз бе сыныптан сынып кейін ақылы тегін жақын жерде маған мен қыздарға ұлдарға балам балама ұлым ұлыма қызым қызыма бос жаңадан деймін болғысы болсын алмасу жатақхана қанша айлық алады төлейді кім бауырым інім анам ұнайды " +
		"job jobs work vacancy vacancies place places training apprenticeship apprentice internship internships intern trainee dual position looking urgent " +
		"find i want be wanna would like my son daughter practice practise course courses learn learning study how become where can could beginners wants is there any who what when much salary pay brother please placement placements me free paid part time summer " +
		"experience experienced specialist hiring required apprenticeships entry level junior hello hi need needed student students"
}

// doerEnds are how keys and stems of words end that name somebody by what they do: -щик, -ник, -ист, -тель, -арь, -лог, -ші, -гер, -er, -ian, and some such words.
func doerEnds() []string {
	return []string{
		"wik", "qik", "nik", "rik", "ist", "tel", "er", "ir", "or", "ar", "ved", "log", "graf", "aq", "evt", "wi", "ger", "ker", "man", "ian", "ant",
		"sestr", "wvei", "paz", "nurse", "kok",
	}
}

// legalForms stand beside an enterprise's name.
func legalForms() string { return "тоо жшс ао ип пк кх llp ltd too" }

// areaWords stand beside the name of a town or region.
func areaWords() string {
	return "г гор город города городе область области обл облысы облысында обл-ы қала қаласы қаласында қ ауданы регион city town region oblast oblysy kala qalasy"
}
