package browsertest

import "net/http"

// The demo accounts of institutions, of a chamber and of the platform.
const (
	college   = "college@karaganda.demo.orynda.kz"
	chamber   = "chamber@karaganda.demo.orynda.kz"
	admin     = "admin@demo.orynda.kz"
	newcoming = "new@enterprise.demo.orynda.kz"
)

// organisationRows are the pages of colleges, chambers and the platform's administrator.
func organisationRows() []row {
	of := func(name, path, who string) row { return row{name: name, path: "/{lang}" + path, who: who} }
	return []row{
		of("desk of a college", "/colleges/{college}/desk", college),
		of("students in numbers", "/colleges/{college}/students", college),
		of("students as a list", "/colleges/{college}/students?state=placed", college),
		of("nobody found", "/colleges/{college}/students?group=zzz", college),
		of("a student with a place", "/colleges/{college}/students/{placed}", college),
		of("a minor student", "/colleges/{college}/students/{minor}", college),
		of("end of an enrolment", "/colleges/{college}/students/{minor}/end", college),
		of("roster import", "/colleges/{college}/roster", college),
		of("applications of a college", "/colleges/{college}/applications", college),
		{name: "applications after a look", path: "/{lang}/colleges/{college}/applications", who: college, do: func(w *Window) {
			var ok bool
			w.Eval(&ok, "(document.querySelector('.changes button').focus(), true)")
			w.Press("Enter")
		}},
		of("supervisors", "/colleges/{college}/people", college),
		of("signatories of a college", "/colleges/{college}/people/signatories", college),
		of("members of a college", "/colleges/{college}/people/members", college),
		of("data of a college", "/colleges/{college}/profile", college),
		of("desk of a chamber", "/chambers/{chamber}/desk", chamber),
		of("verification queue", "/chambers/{chamber}/verifications", chamber),
		{name: "verification", path: "/{lang}/chambers/{chamber}/verifications/{reviewed}", who: chamber, do: func(w *Window) {
			var ok bool
			w.Eval(&ok, "document.querySelector('details:has(fieldset.boxed)').open = true")
		}},
		of("filings of a chamber", "/chambers/{chamber}/filings", chamber),
		of("filing", "/chambers/{chamber}/filings/{filing}", chamber),
		of("register of a chamber", "/chambers/{chamber}/register", chamber),
		of("registrars", "/chambers/{chamber}/people", chamber),
		of("state of the system", "/admin", admin),
		of("institutions", "/admin/colleges", admin),
		of("new institution", "/admin/colleges/new", admin),
		of("chambers", "/admin/chambers", admin),
		of("new chamber", "/admin/chambers/new", admin),
		of("outbox", "/admin/outbox", admin),
		of("dead letters", "/admin/dead", admin),
	}
}

// organisation finds what a {name} of these pages stands for.
func organisation(name string) func(w *world) string {
	home := func(w *world, who string) string { return w.get(who, "/api/v1/me").at("memberships.0.organisation.id") }
	return map[string]func(w *world) string{
		"college": func(w *world) string { return home(w, college) },
		"chamber": func(w *world) string { return home(w, chamber) },
		"placed": func(w *world) string {
			return w.get(college, w.fill("/api/v1/colleges/{college}/roster?state=placed&limit=1")).at("items.0.id")
		},
		"minor": func(w *world) string {
			return w.get(college, w.fill("/api/v1/colleges/{college}/roster?guardian_state=confirmed&limit=1")).at("items.0.id")
		},
		"filing": func(w *world) string {
			return w.get(chamber, w.fill("/api/v1/chambers/{chamber}/filings?state=filed&limit=1")).at("items.0.id")
		},
		"reviewed": func(w *world) string {
			id := home(w, newcoming)
			if w.get(newcoming, "/api/v1/enterprises/"+id).at("state") == "new" {
				w.api(newcoming, http.MethodPost, "/api/v1/enterprises/"+id+"/verification/submit", doc{"comment": "Кеңсе көшті."})
			}
			return id
		},
	}[name]
}
