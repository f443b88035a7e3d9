package browsertest

import (
	"net/http"
	"time"
)

// selecting gives one of the things that the pages of selecting show. They are made at the first question: a place of the demo enterprise with two workplaces, an
// applicant who waits for an answer, one whose interview is booked, and a citizen with an open offer.
func selecting(what string) func(w *world) string {
	return func(w *world) string {
		w.t.Helper()
		w.selecting.Do(func() { w.selected = w.makeSelecting() })
		return w.selected[what]
	}
}

func (w *world) makeSelecting() map[string]string {
	w.t.Helper()
	out := map[string]string{"place": w.postSelecting()}
	path := "/api/v1/placements/" + out["place"]
	apply := func(email string) string {
		text := "Колледжде электр жабдықтарын оқимын, өндірісте үйренгім келеді."
		return w.api(email, http.MethodPost, path+"/applications", doc{"motivation": text, "answers": []string{}}).at("id")
	}
	out["waiting"], out["invited"], out["citizen"] = apply("minor@demo.orynda.kz"), apply("student2@demo.orynda.kz"), apply("citizen@demo.orynda.kz")
	start := w.Today().Add(3).Start().Add(21 * time.Hour)
	for i, key := range []string{"slot", "free"} {
		at := start.Add(time.Duration(i) * time.Hour)
		out[key] = w.api(enterprise, http.MethodPost, path+"/slots", doc{
			"starts_at": at, "ends_at": at.Add(30 * time.Minute), "capacity": 2, "form": "phone", "phone": "+77212000000", "instructions": "Өзіміз қоңырау шаламыз.",
		}).at("items.0.id")
	}
	w.api(enterprise, http.MethodPost, "/api/v1/applications/"+out["invited"]+"/shortlist", doc{})
	out["booking"] = w.api("student2@demo.orynda.kz", http.MethodPost, "/api/v1/slots/"+out["slot"]+"/bookings", doc{"application_id": out["invited"]}).at("id")
	out["offer"] = w.api(enterprise, http.MethodPost, "/api/v1/applications/"+out["citizen"]+"/offer", doc{
		"college_id": w.organisation("college@karaganda.demo.orynda.kz"), "reason": "Опыт работы электромонтажником три года.",
		"workplace_id": w.get("", path).at("workplaces.0.id"),
	}).at("id")
	past := w.past()
	out["past place"], out["judged"], out["held"] = past.at("placement_id"), past.at("id"), past.at("booking_id")
	return out
}

// organisation is the organisation that a demo account acts for.
func (w *world) organisation(email string) string {
	w.t.Helper()
	return w.get(email, "/api/v1/me").at("memberships.0.organisation.id")
}

// postSelecting publishes a place with two workplaces.
func (w *world) postSelecting() string {
	w.t.Helper()
	today, own, college := w.Today(), w.organisation(enterprise), w.organisation("college@karaganda.demo.orynda.kz")
	workplace := func(address string) doc {
		return doc{"region": "350000000", "city": "Караганда", "address": address, "lat": 49.81, "lon": 73.09, "kind": "workplace"}
	}
	made := w.api(enterprise, http.MethodPost, "/api/v1/placements", doc{
		"enterprise_id": own, "regime": "r50", "level": "worker", "seats": 3, "open_to_citizens": true, "colleges": []string{college},
		"title":      doc{"kk": "Электр жабдықтарын жөндеуші", "ru": "Электромонтёр по ремонту оборудования"},
		"summary":    doc{"kk": "Тәлімгермен бірге цех электр жабдықтарын тексеріп, жөндеп, іске қосасыз.", "ru": "Вместе с наставником проверяете, ремонтируете и запускаете электрооборудование цеха."},
		"tasks":      doc{"kk": "Қозғалтқыштарды тексеру, кабель төсеу.", "ru": "Проверка двигателей, прокладка кабеля."},
		"modules":    []doc{{"name": doc{"kk": "Электр жабдықтарын пайдалану", "ru": "Эксплуатация электрооборудования"}, "hours": 300, "enterprise_hours": 200}},
		"workplaces": []doc{workplace("Складская көшесі, 14"), workplace("Ермеков көшесі, 7")},
		"apply_by":   today.Add(20), "starts_on": today.Add(45), "ends_on": today.Add(165), "time_model": "parallel", "weekly_hours": 24,
		"compensation": doc{"kind": "monthly", "amount": 60000}, "insurance": doc{"taken": true, "note": "договор страхования"}, "languages": []string{"kk", "ru"},
		"min_age": 16, "mentor_id": w.get(enterprise, "/api/v1/enterprises/"+own+"/mentors").at("items.0.id"),
		"qualification_code": w.get("college@karaganda.demo.orynda.kz", "/api/v1/colleges/"+college+"/roster?limit=1").at("items.0.qualification_code"),
	}).at("id")
	w.api(enterprise, http.MethodPost, "/api/v1/placements/"+made+"/publish", nil)
	return made
}

// past is an application of the demo's own past, with an interview and a scorecard.
func (w *world) past() doc {
	w.t.Helper()
	places, _ := w.get(enterprise, "/api/v1/enterprises/"+w.organisation(enterprise)+"/placements?limit=100")["items"].([]any)
	for _, place := range places {
		list, _ := w.get(enterprise, "/api/v1/placements/"+doc(place.(map[string]any)).at("id")+"/applications?limit=100")["items"].([]any)
		for _, one := range list {
			if app := doc(one.(map[string]any)); app.at("state") == "accepted" && app.at("booking_id") != "" {
				return app
			}
		}
	}
	w.t.Fatal("the demo has no interview that was held")
	return nil
}

// selectingRows are the pages on which an enterprise chooses among applicants.
func selectingRows() []row {
	var out []row
	add := func(name, path string) { out = append(out, row{name: name, path: "/{lang}" + path, who: enterprise}) }
	add("applicants", "/placements/{selecting}/applicants")
	add("applicants board", "/placements/{selecting}/applicants?view=board")
	add("applicants none", "/placements/{selecting}/applicants?state=reserve")
	add("applicant", "/applications/{waiting}")
	add("applicant invited", "/applications/{invited}")
	add("applicant judged", "/applications/{judged}")
	add("times", "/placements/{selecting}/slots")
	add("new times", "/placements/{selecting}/slots/new")
	add("new time", "/placements/{selecting}/slots/new?kind=once")
	add("cancel time", "/slots/{slot}/cancel")
	add("new times refused", "/placements/{selecting}/slots/new")
	out[len(out)-1].do = func(w *Window) {
		var ok bool
		w.Eval(&ok, `(() => { document.querySelector("[name='except-0-from']").value = "10:00"; document.querySelector("main form.form").noValidate = true; document.querySelector("[value=plan]").focus(); return true; })()`)
		w.Press("Enter")
	}
	out = append(out, row{name: "times to move to", path: "/{lang}/bookings/{booking}/move", who: "student2@demo.orynda.kz"})
	out = append(out, row{name: "move to a held time", path: "/{lang}/bookings/{booking}/move", who: "student2@demo.orynda.kz", do: func(w *Window) {
		var ok bool
		w.Eval(&ok, `(() => { document.querySelector("[name=slot]:not([disabled])").checked = true; document.querySelector(".slots-do button").focus(); return true; })()`)
		w.Press("Enter")
	}})
	add("interview of an enterprise", "/bookings/{booking}")
	add("scorecard", "/bookings/{booking}/scorecard")
	add("interview held", "/bookings/{held}")
	add("ranking", "/placements/{selecting}/ranking")
	add("ranking past", "/placements/{past place}/ranking")
	add("offer refused", "/applications/{waiting}/offer")
	add("offer of an enterprise", "/offers/{offer}")
	out = append(out, row{name: "times planned", path: "/{lang}/placements/{selecting}/slots/new", who: enterprise, do: func(w *Window) {
		var ok bool
		w.Eval(&ok, `(() => { const f = document.querySelector("main form.form"); f.querySelectorAll("[name=weekdays]").forEach((b) => b.checked = true);
			f.querySelector("[name=form][value=phone]").checked = true; f.phone.value = "+77212000000"; f.querySelector("[value=plan]").focus(); return true; })()`)
		w.Press("Enter")
	}})
	return out
}
