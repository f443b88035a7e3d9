package apptest

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// callers is how many clients ask at the same time.
const callers = 40

// together sends the same moment's requests and counts the answers by status and code.
func together(t *testing.T, send func(i int) (Answer, error)) (map[string]int, []Answer) {
	t.Helper()
	answers, counts := make([]Answer, callers), map[string]int{}
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range callers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			<-start
			a, err := send(i)
			if err != nil {
				t.Errorf("caller %d: %v", i, err)
			}
			answers[i] = a
		}()
	}
	close(start)
	wait.Wait()
	for _, a := range answers {
		counts[fmt.Sprintf("%d %s", a.Status, a.Doc.S("code"))]++
	}
	return counts, answers
}

// Repeats and crowds over HTTP, on both engines.
func TestRepeatsAndCrowds(t *testing.T) {
	for _, engine := range engines(t) {
		t.Run(engine.name, func(t *testing.T) {
			w := boot(t, engine)
			w.run("keys", repeats)
			w.run("one booking, one offer", crowds)
			w.run("one refresh token", refreshCrowd)
		})
	}
}

func repeats(t *testing.T, w *world) {
	hr := w.as(demo("hr@saryarqa-energo"))
	path := "/api/v1/enterprises/" + organisationOf(hr, "enterprise") + "/rooms"
	rooms := func() int { return len(hr.Get(path + "?limit=100").Items("items")) }
	room := example(w, "createRoom")
	key := Header("Idempotency-Key", "key-0001-room")
	before := rooms()
	first := hr.Do("POST", path, room, key)
	again := hr.Do("POST", path, room, key)
	if first.Status != 201 || again.Status != 201 || string(first.Raw) != string(again.Raw) || again.Header.Get("Idempotency-Replayed") != "true" ||
		first.Header.Get("ETag") != again.Header.Get("ETag") || first.Header.Get("Content-Type") != again.Header.Get("Content-Type") {
		t.Errorf("first %d %v\n%s\nagain %d %v\n%s", first.Status, first.Header, first.Raw, again.Status, again.Header, again.Raw)
	}
	other := Doc{"name": "Другая переговорная"}
	for name, value := range room {
		if other[name] == nil {
			other[name] = value
		}
	}
	hr.Refused(422, "idempotency_mismatch", "POST", path, other, key)
	if rooms() != before+1 {
		t.Fatalf("%d rooms, before %d", rooms(), before)
	}

	// Refused, the key is free again.
	fresh := Header("Idempotency-Key", "key-0002-room")
	hr.Want(400, "POST", path, Doc{"seats": -1}, fresh)
	hr.Want(201, "POST", path, other, fresh)
	// A refusal of a rule inside the transaction, likewise: there is no offer without an interview, then the same key works for something else.
	hr.Refused(403, "forbidden", "POST", "/api/v1/placements/"+w.anonymous().Get("/api/v1/placements?per_page=1&q=" + "OR").Items("items")[0].S("id")+"/publish", nil, Header("Idempotency-Key", "key-0003"))

	// Another actor's same key is another key.
	rival := w.as(demo("hr@temir-motors"))
	rivals := "/api/v1/enterprises/" + organisationOf(rival, "enterprise") + "/rooms"
	if a := rival.Do("POST", rivals, room, key); a.Status != 201 || string(a.Raw) == string(first.Raw) {
		t.Errorf("another actor with the same key: %d %s", a.Status, a.Raw)
	}

	before = rooms()
	room["name"] = "Переговорная 40"
	counts, answers := together(t, func(int) (Answer, error) {
		return hr.Try("POST", path, room, Header("Idempotency-Key", "key-0004-crowd"))
	})
	if rooms() != before+1 {
		t.Errorf("%d rooms after %d equal requests, before %d: %v", rooms(), callers, before, counts)
	}
	for _, a := range answers {
		if a.Status != 201 || string(a.Raw) != string(answers[0].Raw) {
			t.Errorf("answers differ: %v", counts)
			break
		}
	}
}

// crowds: one place in an interview, then one offer.
func crowds(t *testing.T, w *world) {
	hr, college := w.as(demo("hr@saryarqa-energo")), w.as(demo("college@karaganda"))
	one := &chain{t: t, w: w, applicant: w.as("student@demo.orynda.kz"), enterprise: hr, college: college}
	one.enterpriseID, one.collegeID = organisationOf(hr, "enterprise"), organisationOf(college, "college")
	one.post()
	applicants := []*Client{one.applicant, w.as("student2@demo.orynda.kz"), w.as("student3@demo.orynda.kz")}
	var applications []string
	for _, who := range applicants {
		c := *one
		c.applicant = who
		c.apply()
		hr.Post("/api/v1/applications/"+c.application+"/shortlist", Doc{})
		applications = append(applications, c.application)
	}
	start := w.freeTime()
	slot := hr.Want(201, "POST", "/api/v1/placements/"+one.placement+"/slots", Doc{
		"starts_at": start, "ends_at": start.Add(30 * time.Minute), "capacity": 1, "form": "phone", "phone": "+77212000000",
	}).Items("items")[0].S("id")
	counts, answers := together(t, func(i int) (Answer, error) {
		n := i % len(applicants)
		return applicants[n].Try("POST", "/api/v1/slots/"+slot+"/bookings", Doc{"application_id": applications[n]})
	})
	if counts["201 "] != 1 || counts["409 slot_full"]+counts["409 already_booked"]+counts["409 booking_overlap"] != callers-1 {
		t.Fatalf("one place in an interview: %v", counts)
	}
	booking, winner := "", 0
	for i, a := range answers {
		if a.Status == 201 {
			booking, winner = a.Doc.S("id"), i%len(applicants)
		}
	}
	w.advanceTo(start.Add(40 * time.Minute))
	hr.Post("/api/v1/bookings/"+booking+"/attendance", Doc{"outcome": "attended"})
	hr.Post("/api/v1/bookings/"+booking+"/scorecard", Doc{"criteria": []Doc{{"name": "знания", "score": 4}}, "recommendation": "select"})
	offer := hr.Want(201, "POST", "/api/v1/applications/"+applications[winner]+"/offer", Doc{}).S("id")
	counts, _ = together(t, func(int) (Answer, error) {
		return applicants[winner].Try("POST", "/api/v1/offers/"+offer+"/accept", nil)
	})
	if counts["200 "] != 1 || counts["409 offer_answered"] != callers-1 {
		t.Errorf("one offer: %v", counts)
	}
	if n := len(applicants[winner].Get("/api/v1/agreements").Items("items")); n != 1 {
		t.Errorf("%d agreements of one offer", n)
	}
}

// refreshCrowd: the token and its one repeat succeed; the rest is refused, and the session goes on.
func refreshCrowd(t *testing.T, w *world) {
	c := w.anonymous()
	token := c.Post("/api/v1/auth/login", Doc{"email": "citizen@demo.orynda.kz", "password": "orynda-demo"}).S("refresh_token")
	counts, answers := together(t, func(int) (Answer, error) {
		return c.Try(http.MethodPost, "/api/v1/auth/refresh", Doc{"refresh_token": token})
	})
	if counts["200 "] != 2 || counts["401 token_reused"] != callers-2 {
		t.Fatalf("one refresh token: %v", counts)
	}
	for _, a := range answers {
		if a.Status == 200 {
			c.token = a.Doc.S("access_token")
			c.Get("/api/v1/me")
		}
	}
}
