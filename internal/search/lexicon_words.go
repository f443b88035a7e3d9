package search

// stopWords stand in no phrase and ask for nothing.
func stopWords() string {
	return "в во на по и с со к ко для из от до при у о об под за или не а но " +
		"мен пен бен және үшін бойынша немесе " +
		"a an the of in for at and to by with on or near"
}

// noiseWords say that somebody looks for a place, which everybody here does. They are left out where a trade or a place is named beside them.
func noiseWords() string {
	return "работа работать работу ищу срочно нужен нужна нужны требуется требуются вакансия вакансии место места практика практику стажировка стажировку " +
		"обучение учеба учиться ученик ученица учеником студент дуальное дуальная профессия специальность должность " +
		"жұмыс жұмысы жұмысқа орын орны керек шұғыл іздеймін тәжірибе практикасы оқу оқыту дуалды дуальды мамандық мамандығы кәсіп шәкірт студентке " +
		"job jobs work vacancy vacancies place places training apprenticeship apprentice internship intern trainee dual position looking urgent"
}

// areaWords stand beside the name of a town or region.
func areaWords() string {
	return "г гор город города городе область области обл облысы облысында обл-ы қала қаласы қаласында қ ауданы регион city town region oblast oblysy kala qalasy"
}
