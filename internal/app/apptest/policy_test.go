package apptest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/accounts/accountstest"
	"github.com/orynda/orynda/internal/app"
)

// table is the program's, which needs no world.
func table(t *testing.T) []accounts.Grant {
	t.Helper()
	dir := t.TempDir()
	a, err := app.New(t.Context(), app.Config{DataDir: dir, SecretsFile: dir + "/keys.json"}, app.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, a.Stop(context.Background())) })
	return a.Grants()
}

// Every operation of the contract has its row in the table, and every row an operation.
func TestEveryOperationIsGranted(t *testing.T) {
	checker := loadContract(t)
	var rows []string
	for _, g := range table(t) {
		rows = append(rows, g.Operation)
		if len(g.Relations) == 0 {
			t.Errorf("%s is granted to nobody", g.Operation)
		}
	}
	for _, op := range checker.Operations() {
		if !slices.Contains(rows, op) {
			t.Errorf("%s has no row: nobody may do it", op)
		}
	}
	for _, op := range rows {
		if !slices.Contains(checker.Operations(), op) {
			t.Errorf("%s isn't in the contract", op)
		}
	}
}

// What the design says of whole relations, whatever a row says: the walk below measures the program by its rows.
func TestRowsKeepTheDesign(t *testing.T) {
	only := map[accounts.Relation][]string{
		accounts.PlatformAdmin: {"createCollege", "createChamber", "listOutboxEvents", "listDeadLetters", "retryDeadLetter", "requestReindex", "getReindex", "getNothingFound"},
		accounts.Guardian: {
			"listPlacementVersions", "getApplication", "getOffer", "listSlots", "getSlot", "getBooking", "getBookingCalendar", "getAgreement", "getAgreementDocument",
			"listRevisions", "getTermsInForce", "getTimeline", "getEvidence", "updateAgreement", "returnAgreement", "cancelAgreement", "terminateAgreement",
			"requestSigningCode", "signAgreement", "refuseSignature",
		},
		accounts.EnterpriseInterviewer: {
			"listMembers", "listMentors", "listRooms", "listSignatories", "listEnterprisePlacements", "listPlacementFilings", "listPlacementVersions",
			"listPlacementApplications", "getApplication", "listSlots", "getSlot", "getBooking", "getBookingCalendar", "recordAttendance", "recordScorecard",
		},
		accounts.CollegeSignatory: {
			"listMembers", "listSignatories", "listSupervisors", "listPlacementVersions", "getAgreement", "getAgreementDocument", "listRevisions", "getTermsInForce",
			"getTimeline", "getEvidence", "returnAgreement", "cancelAgreement", "terminateAgreement", "completeAgreement", "requestSigningCode",
			"countersignAgreement", "countersignAgreements",
		},
		accounts.ChamberRegistrar: {
			"createInvitation", "listInvitations", "withdrawInvitation", "removeMember", "listMembers", "listVerificationQueue", "claimVerification", "verifyEnterprise",
			"listPlacementVersions", "listFilings", "listPlacementFilings", "decideFiling", "registerAgreement", "refuseRegistration", "listRegister", "getAgreement",
			"getAgreementDocument", "listRevisions", "getTermsInForce", "getTimeline", "getEvidence",
		},
		accounts.Visible: {},
	}
	unproved := []string{"getMe", "updateMe"}
	for _, g := range table(t) {
		for _, r := range g.Relations {
			if list, bounded := only[r]; bounded && !slices.Contains(list, g.Operation) {
				t.Errorf("%s may %s", r, g.Operation)
			}
		}
		if g.Unverified && !slices.Contains(unproved, g.Operation) {
			t.Errorf("%s needs no proved address", g.Operation)
		}
	}
}

// The table of who may do what, walked in full: every operation, on things of two sides, by everybody. First all that is refused, which must leave every
// document as it was; then all that is granted, which must get past the policy.
func TestPolicy(t *testing.T) {
	for _, engine := range engines(t) {
		t.Run(engine.name, func(t *testing.T) { walkPolicy(t, boot(t, engine)) })
	}
}

func walkPolicy(t *testing.T, w *world) {
	p := newPolicyWorld(w)
	walk := &policyWalk{policyWorld: p, t: t, grants: map[string]accounts.Grant{}}
	for _, g := range w.app.Grants() {
		walk.grants[g.Operation] = g
	}
	walk.denied()
	walk.granted()
	if len(walk.wrong) > 0 {
		t.Errorf("%d of %d cells are wrong:\n%-28s %-26s %-9s %-34s %-24s %s\n%s", len(walk.wrong), walk.cells,
			"operation", "thing", "side", "actor", "want", "got", strings.Join(walk.wrong, "\n"))
	}
	t.Logf("%d refused and %d granted cells", walk.refusals, walk.cells-walk.refusals)
}

type policyWalk struct {
	*policyWorld
	t               *testing.T
	grants          map[string]accounts.Grant
	cells, refusals int
	gone            bool // the citizen's account is deleted
	wrong           []string
}

// operation is one of the contract with the kinds of things it is tried on.
type operation struct {
	id, method, path string
	spec             *openapi3.Operation
	kinds            []string
}

// operations lists those that ask the policy about something, in an order in which what ends a thing comes last.
func (p *policyWalk) operations() []operation {
	var out []operation
	for path, item := range p.w.checker.Doc().Paths.Map() {
		for method, spec := range item.Operations() {
			out = append(out, operation{spec.OperationID, method, path, spec, kindsOf(p.t, spec.OperationID, path)})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if a, b := out[i].order(), out[j].order(); a != b {
			return a < b
		}
		return out[i].id < out[j].id
	})
	return out
}

// order puts reads first and then what changes least.
func (o operation) order() int {
	last := []string{
		"acceptOffer", "withdrawOffer", "declineOffer", "moveBooking", "cancelBooking", "rejectApplication", "withdrawApplication", "cancelSlot", "returnAgreement", "cancelAgreement",
		"terminateAgreement", "closePlacement", "refuseGuardian", "endEnrolment", "endMentor", "endRoom", "endSupervisor", "withdrawInvitation", "removeMember",
		"endSignatory", "changePassword", "logout", "deleteMe", "endSession",
	}
	switch at := slices.Index(last, o.id); {
	case at >= 0:
		return 2 + at
	case o.method == http.MethodGet:
		return 0
	}
	return 1
}

// kindsOf says what things an operation acts on.
func kindsOf(t *testing.T, op, path string) []string {
	special := map[string][]string{
		"createEnterprise": {"me"}, "listAgreements": {"me"}, "apply": {"me"}, "changePassword": {"me"}, "confirmPassword": {"me"},
		"createCollege": {"platform"}, "createChamber": {"platform"}, "createPlacement": {"enterprise"}, "getNothingFound": {"platform"},
		"listMembers": {"enterprise members", "college members", "chamber members"}, "listInvitations": {"enterprise members", "college members", "chamber members"},
		"createInvitation":   {"organisation enterprise", "organisation college", "organisation chamber"},
		"withdrawInvitation": {"organisation enterprise", "organisation college", "organisation chamber"},
		"removeMember":       {"organisation enterprise", "organisation college", "organisation chamber"},
		"createSignatory":    {"organisation enterprise", "organisation college"}, "listSignatories": {"organisation enterprise", "organisation college"},
		"endSignatory":          {"organisation enterprise"},
		"listPlacementVersions": {"place with applicants", "draft place"},
		"listSlots":             {"slots", "draft place"}, "getSlot": {"slot"}, "cancelSlot": {"slot"}, "holdSlot": {"live application"}, "bookSlot": {"live application"},
		"getBooking": {"booking", "live booking"}, "getBookingCalendar": {"booking", "live booking"}, "moveBooking": {"live booking"}, "cancelBooking": {"live booking"},
		"recordAttendance": {"booking"}, "recordScorecard": {"booking"}, "getApplication": {"application", "live application"},
		"requestSigningCode": {"agreement"}, "countersignAgreements": {"agreements to countersign"},
		"updateAgreement": {"agreement"}, "readyAgreement": {"agreement"}, "returnAgreement": {"agreement"}, "cancelAgreement": {"agreement"},
		"signAgreement": {"agreement"}, "refuseSignature": {"agreement"}, "countersignAgreement": {"agreement"},
		"registerAgreement": {"agreement to register"}, "refuseRegistration": {"agreement to register"},
		"completeAgreement": {"concluded agreement"}, "terminateAgreement": {"concluded agreement"}, "amendAgreement": {"concluded agreement"},
	}
	if kinds := special[op]; kinds != nil {
		return kinds
	}
	for _, rule := range []struct {
		prefix string
		kinds  []string
	}{
		{"/api/v1/me", []string{"me"}}, {"/api/v1/admin/", []string{"platform"}}, {"/api/v1/enterprises/", []string{"enterprise"}},
		{"/api/v1/colleges/", []string{"college"}}, {"/api/v1/chambers/", []string{"chamber"}}, {"/api/v1/placements/", []string{"place", "draft place"}},
		{"/api/v1/applications/", []string{"live application"}}, {"/api/v1/offers/", []string{"offer"}}, {"/api/v1/filings/", []string{"filing"}},
		{"/api/v1/enrolments/", []string{"enrolment"}}, {"/api/v1/guardians/", []string{"guardian"}},
		{"/api/v1/agreements/", []string{"agreement", "concluded agreement"}}, {"/", []string{"anything"}},
	} {
		if strings.HasPrefix(path, rule.prefix) {
			return rule.kinds
		}
	}
	t.Fatalf("%s: nobody said what it acts on", op)
	return nil
}

// anyone reports whether everybody may.
func (p *policyWalk) anyone(op string) bool {
	return slices.Contains(p.grants[op].Relations, accounts.Anyone)
}

// want is the refusal that the table asks for, "" for none.
func (p *policyWalk) want(a *actor, s *side, op operation, kind string) string {
	g, have := p.grants[op.id], a.relations(s, kind)
	allowed := slices.ContainsFunc(have, func(r accounts.Relation) bool { return slices.Contains(g.Relations, r) })
	switch {
	case a.nobody:
		return "401 unauthorized"
	case allowed && !a.proved && !g.Unverified:
		return "403 email_unverified"
	case allowed:
		return ""
	case !slices.ContainsFunc(have, func(r accounts.Relation) bool { return r != accounts.PlatformAdmin }):
		return "404 not_found" // standing above all things shows none of them
	}
	return "403 forbidden"
}

// each visits every cell of one operation.
func (p *policyWalk) each(op operation, visit func(a *actor, s *side, kind string)) {
	for _, kind := range op.kinds {
		for _, s := range []*side{p.a, p.b} {
			if id := s.ids[strings.TrimPrefix(kind, "organisation ")]; id == "" && kind == "guardian" || s == p.b && (kind == "me" || kind == "platform") {
				continue
			}
			for _, a := range p.actors {
				visit(a, s, kind)
			}
		}
	}
}

func (p *policyWalk) denied() {
	for _, op := range p.operations() {
		if p.anyone(op.id) {
			continue
		}
		before := p.door.state()
		asked := map[string]bool{}
		p.each(op, func(a *actor, s *side, kind string) {
			want := p.want(a, s, op, kind)
			if want == "" {
				return
			}
			p.cells++
			p.refusals++
			if got := p.ask(a, s, op, kind); got != want {
				p.report(op, s, kind, a, want, got)
			}
			if hides := want == "404 not_found" || a.nobody; hides && !asked[kind+want] {
				asked[kind+want] = true
				if got := p.ask(a, ghost(s), op, kind); got != want {
					p.report(op, s, kind+" (none such)", a, want, got)
				}
			}
		})
		if changed := difference(before, p.door.state()); len(changed) > 0 {
			p.wrong = append(p.wrong, op.id+": what was refused changed something:\n    "+strings.Join(changed, "\n    "))
		}
	}
}

// ghost is a side whose things don't exist.
func ghost(s *side) *side {
	g := *s
	g.ids = map[string]string{}
	for kind, id := range s.ids {
		prefix, _, _ := strings.Cut(id, "_")
		g.ids[kind] = prefix + "_00000000-0000-7000-8000-000000000000"
	}
	g.enterprise, g.college, g.chamber = g.ids["enterprise"], g.ids["college"], g.ids["chamber"]
	return &g
}

func (p *policyWalk) granted() {
	for _, op := range p.operations() {
		if p.anyone(op.id) {
			for _, name := range []string{"nobody", "student", "platform admin"} {
				p.pass(p.actor(name), p.a, op, op.kinds[0])
			}
			continue
		}
		p.each(op, func(a *actor, s *side, kind string) {
			deleted := p.gone && a.name == "citizen"
			if p.want(a, s, op, kind) == "" && (op.id != "deleteMe" || a.name == "citizen") && !deleted {
				p.gone = p.gone || op.id == "deleteMe"
				p.pass(a, s, op, kind)
			}
		})
	}
}

// pass asks for what is granted. Other refusals than the policy's are the rules' affair.
func (p *policyWalk) pass(a *actor, s *side, op operation, kind string) {
	if op.id == "logout" && a.name != "nobody" || strings.HasPrefix(op.path, "/api/v1/auth/") && p.anyone(op.id) && a.name != "nobody" {
		return
	}
	p.cells++
	got := p.ask(a, s, op, kind)
	status, code, _ := strings.Cut(got, " ")
	switch {
	case status[0] == '5' && code != "not_implemented_yet":
	case code == "unauthorized", code == "forbidden", code == "email_unverified":
	case code == "not_found" && !p.anyone(op.id) && op.id != "retryDeadLetter" && op.id != "getReindex" && op.id != "withdrawInvitation":
	default:
		return
	}
	p.report(op, s, kind, a, "granted", got)
}

func (p *policyWalk) report(op operation, s *side, kind string, a *actor, want, got string) {
	p.wrong = append(p.wrong, fmt.Sprintf("%-28s %-26s %-9s %-34s %-24s %s", op.id, kind, s.name, a.name, want, got))
}

// ask performs an operation on a thing and gives the status and the code.
func (p *policyWalk) ask(a *actor, s *side, op operation, kind string) string {
	body, options := p.body(s, op, kind)
	answer, err := a.client.Try(op.method, p.path(a, s, op, kind), body, options...)
	if err != nil {
		return "broken: " + err.Error()
	}
	return strings.TrimSpace(fmt.Sprint(answer.Status, " ", answer.Doc.S("code")))
}

// path fills the path's parameters.
func (p *policyWalk) path(a *actor, s *side, op operation, kind string) string {
	id := s.ids[kind]
	switch {
	case strings.Contains(kind, "members"), strings.HasPrefix(kind, "organisation"):
		id = s.organisation(kind)
	case op.id == "apply":
		id = s.ids["place"]
	case op.id == "holdSlot" || op.id == "bookSlot":
		id = s.ids["slot"]
	case op.id == "removePasskey" || op.id == "renamePasskey":
		id = "psk_none"
		if !a.nobody && a.proved {
			id = p.passkey(a)
		}
	case op.id == "savePlacement":
		id = s.ids["place"]
	case op.id == "updateSavedSearch" || op.id == "deleteSavedSearch":
		id = "srh_none"
		if !a.nobody && a.proved {
			id = p.savedSearch(a)
		}
	case op.id == "endSession":
		id = "ses_none"
		if !a.nobody && a.proved {
			id = a.client.Get("/api/v1/me/sessions").Items("items")[0].S("id")
		}
	}
	if id == "" {
		id = "none"
	}
	return strings.NewReplacer(
		"{id}", id, "{person_id}", s.ids["member "+strings.TrimPrefix(kind, "organisation ")], "{mentor_id}", s.ids["mentor"], "{room_id}", s.ids["room"], "{signatory_id}", s.ids["signatory"],
		"{supervisor_id}", s.ids["supervisor"], "{invitation_id}", "inv_none", "{token}", strings.Repeat("t", 40), "{code}", "ABCD-EFGH-JKMN",
	).Replace(op.path)
}

// savedSearch saves a search of an actor's, or finds the one that is there, and gives its id.
func (p *policyWalk) savedSearch(a *actor) string {
	for _, one := range a.client.Get("/api/v1/me/saved-searches").Items("items") {
		return one.S("id")
	}
	return a.client.Post("/api/v1/me/saved-searches", Doc{"name": "Все", "query": ""}).S("id")
}

// passkey adds a passkey to an actor's account and gives its id.
func (p *policyWalk) passkey(a *actor) string {
	asked := a.client.Post("/api/v1/me/passkeys/begin", nil)
	public, err := json.Marshal(asked["public_key"])
	must(p.t, err)
	credential, err := (&accountstest.Authenticator{Origin: "http://localhost"}).Create(public)
	must(p.t, err)
	return a.client.Post("/api/v1/me/passkeys", Doc{"name": "Телефон", "credential": json.RawMessage(credential)}).S("id")
}

// body is the contract's own example, naming the side's things.
func (p *policyWalk) body(s *side, op operation, kind string) (any, []Option) {
	if op.spec.RequestBody == nil {
		return nil, nil
	}
	if op.spec.RequestBody.Value.Content["text/csv"] != nil {
		return []byte("reference,title\nA-1,B\n"), []Option{Header("Content-Type", "text/csv")}
	}
	doc := example(p.w, op.id)
	for name, value := range map[string]string{
		"enterprise_id": s.enterprise, "college_id": s.college, "application_id": s.ids["live application"], "slot_id": s.ids["slot"], "mentor_id": s.ids["mentor"],
		"supervisor_id": s.ids["supervisor"], "person_id": s.ids["member "+strings.TrimPrefix(kind, "organisation ")],
	} {
		if _, there := doc[name]; there {
			doc[name] = value
		}
	}
	switch op.id {
	case "updateMe":
		doc = Doc{"profile": Doc{"about": "Люблю разбираться в схемах."}}
	case "requestSigningCode", "countersignAgreements":
		item := Doc{"agreement_id": s.ids[kind], "revision": 1, "document_sha256": strings.Repeat("0", 64)}
		doc["items"] = []Doc{item}
	}
	return doc, nil
}

// example gives the first example of an operation's body.
func example(w *world, op string) Doc {
	w.t.Helper()
	for _, item := range w.checker.Doc().Paths.Map() {
		for _, spec := range item.Operations() {
			if spec.OperationID != op {
				continue
			}
			media := spec.RequestBody.Value.Content["application/json"]
			names := make([]string, 0, len(media.Examples))
			for name := range media.Examples {
				names = append(names, name)
			}
			slices.Sort(names)
			value := media.Example
			if len(names) > 0 {
				value = media.Examples[names[0]].Value.Value
			}
			raw, err := json.Marshal(value)
			must(w.t, err)
			doc := Doc{}
			must(w.t, json.Unmarshal(raw, &doc))
			return doc
		}
	}
	w.t.Fatalf("there is no operation %s", op)
	return nil
}
