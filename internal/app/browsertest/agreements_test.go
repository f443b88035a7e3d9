package browsertest

// agreementRows are the pages of agreements in the states of the demo world, and of signing.
func agreementRows() []row {
	of := func(name, path, who string) row { return row{name: name, path: "/{lang}" + path, who: who} }
	return []row{
		of("agreements of a college", "/agreements", college),
		of("agreements of an enterprise", "/agreements", enterprise),
		of("no agreements", "/agreements", student),
		of("agreements of a chamber", "/agreements", chamber),
		of("draft", "/agreements/{agreement draft}", college),
		of("draft of the college", "/agreements/{agreement draft}/draft", college),
		of("draft of the enterprise", "/agreements/{agreement draft}/draft", enterprise),
		of("ready agreement", "/agreements/{agreement ready}", enterprise),
		of("to be signed", "/agreements/{agreement ready}/sign", enterprise),
		of("awaiting countersignature", "/agreements/{agreement awaiting_countersignature}", college),
		of("to be countersigned", "/agreements/{agreement awaiting_countersignature}/sign", college),
		of("concluded agreement", "/agreements/{agreement concluded}", chamber),
		of("registered agreement", "/agreements/{agreement registered}", enterprise),
		of("terminated agreement", "/agreements/{agreement terminated}", college),
		of("cancelled agreement", "/agreements/{agreement cancelled}", college),
		of("termination", "/agreements/{agreement registered}/terminate", college),
		of("return of an agreement", "/agreements/{agreement ready}/return", college),
		of("signing of many", "/signing", college),
		of("nothing to sign", "/signing", student),
	}
}

// agreement finds the demo world's agreement in a state.
func agreement(state string) func(w *world) string {
	return func(w *world) string { return w.get(college, "/api/v1/agreements?state="+state).at("items.0.id") }
}
