package agreements_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/placements"
)

// lower plays accounts, directory, placements and selection.
type lower struct {
	mu          sync.Mutex
	now         func() time.Time
	people      map[string]*accounts.Person
	identities  map[string]accounts.Identity
	enterprises map[string]*directory.Enterprise
	colleges    map[string]*directory.College
	chambers    map[string]*directory.Chamber
	mentors     map[string]*directory.Mentor
	supervisors map[string]*directory.Supervisor
	enrolments  map[string]*directory.Enrolment
	guardians   []*directory.Guardian
	authorities map[string]*directory.Signatory // organisation|person
	places      map[string]*placements.Placement
	concluded   int
	dissolved   map[string]string
	completed   map[string]bool
	moved       map[string][2]cal.Day
	moveErr     error
}

func newLower(now func() time.Time) *lower {
	l := &lower{
		now: now, people: map[string]*accounts.Person{}, identities: map[string]accounts.Identity{}, enterprises: map[string]*directory.Enterprise{},
		colleges: map[string]*directory.College{}, chambers: map[string]*directory.Chamber{}, mentors: map[string]*directory.Mentor{},
		supervisors: map[string]*directory.Supervisor{}, enrolments: map[string]*directory.Enrolment{}, authorities: map[string]*directory.Signatory{},
		places: map[string]*placements.Placement{}, dissolved: map[string]string{}, completed: map[string]bool{}, moved: map[string][2]cal.Day{},
	}
	for i, p := range []string{student, guardian, hr, boss, coordinator, rector, registrar, stranger} {
		l.people[p] = &accounts.Person{ID: p, Email: p + "@demo.orynda.kz", FullName: "Имя " + p, Locale: i18n.RU}
		l.identities[p] = accounts.Identity{Phone: fmt.Sprintf("+7701000001%d", i)}
	}
	l.people[student].FullName = "Сейтқали Алихан Дәуренұлы"
	l.identities[student] = accounts.Identity{IIN: "080515500017", BirthDate: "2008-05-15", Phone: "+77010000017", Address: "г. Караганда, ул. Примерная, 5"}
	l.enterprises[enterprise] = &directory.Enterprise{
		ID: enterprise, State: directory.EnterpriseVerified, Kind: directory.LegalEntity, BIN: "200140000014", Name: "Сарыарқа Энерго (демо)",
		Region: "350000000", City: "Қарағанды", Address: "ул. Подстанционная, 1", HeadName: "Ахметова Дана Сериковна", HeadPosition: "директор", HeadAuthority: "Устав",
	}
	l.colleges[college] = &directory.College{
		ID: college, BIN: "200140000501", Name: "Карагандинский политехнический колледж (демо)", Kind: directory.TVET, Region: "350000000",
		City: "Қарағанды", Address: "пр. Учебный, 10", HeadName: "Омаров Нұрлан Асқарұлы", HeadPosition: "директор", HeadAuthority: "Устав",
	}
	l.chambers[chamber] = &directory.Chamber{ID: chamber, Name: "Палата предпринимателей Карагандинской области (демо)", Region: "350000000"}
	l.mentors[mentor] = &directory.Mentor{ID: mentor, EnterpriseID: enterprise, FullName: "Абдрахманов Серик Болатович", Position: "мастер участка"}
	l.supervisors[supervisor] = &directory.Supervisor{ID: supervisor, CollegeID: college, FullName: "Оспанова Гүлнар Қайратқызы", Position: "руководитель практики"}
	l.enrolments[student] = &directory.Enrolment{
		PersonID: student, CollegeID: college, Group: "ЭС-25-1", Course: 2, SpecialtyCode: "07130200", State: directory.EnrolmentConfirmed,
	}
	l.authorities[enterprise+"|"+boss] = &directory.Signatory{Position: "директор", Ground: "Устав", From: "2025-01-10"}
	l.authorities[college+"|"+rector] = &directory.Signatory{Position: "директор", Ground: "Устав", From: "2024-09-01"}
	l.places[place] = thePlace()
	return l
}

func thePlace() *placements.Placement {
	return &placements.Placement{
		ID: place, Reference: "OR-7K3M9Q", EnterpriseID: enterprise, Regime: placements.R50, Title: i18n.Text{KK: "Техник-электрик", RU: "Техник-электрик"},
		Tasks: i18n.Text{RU: "Осмотр оборудования подстанции"}, QualificationCode: "4S07130202", SpecialtyCode: "07130200", Level: placements.Specialist,
		TimeModel: placements.Parallel, WeeklyHours: 24, MentorID: mentor,
		Workplaces:   []placements.Workplace{{ID: "wpl_1", Region: "350000000", City: "Қарағанды", Address: "ул. Подстанционная, 1", Kind: placements.AtWorkplace}},
		Compensation: placements.Compensation{Kind: placements.PayMonthly, Amount: 40000},
	}
}

func read[T any](l *lower, m map[string]*T, id, thing string) (*T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok := m[id]
	if !ok {
		return nil, errs.Missing(thing)
	}
	c := *v
	return &c, nil
}

// readMany gives copies of those that there are.
func readMany[T any](l *lower, m map[string]*T, ids []string) map[string]*T {
	out := map[string]*T{}
	for _, id := range ids {
		if v, err := read(l, m, id, ""); err == nil {
			out[id] = v
		}
	}
	return out
}

func (l *lower) Person(_ context.Context, id string) (*accounts.Person, error) {
	return read(l, l.people, id, "person")
}

func (l *lower) Identity(_ context.Context, id string) (accounts.Identity, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.identities[id], nil
}

func (l *lower) People(_ context.Context, ids ...string) (map[string]*accounts.Person, error) {
	return readMany(l, l.people, ids), nil
}

func (l *lower) IdentityOf(p *accounts.Person) (accounts.Identity, error) {
	return l.Identity(context.Background(), p.ID)
}

func (l *lower) MembersWith(_ context.Context, _ accounts.OrgRole, organisations ...string) (map[string][]*accounts.Membership, error) {
	people := map[string]string{enterprise: boss, college: rector}
	out := map[string][]*accounts.Membership{}
	for _, o := range organisations {
		if people[o] != "" {
			out[o] = []*accounts.Membership{{PersonID: people[o], OrganisationID: o}}
		}
	}
	return out, nil
}

func (l *lower) Enterprise(_ context.Context, id string) (*directory.Enterprise, error) {
	return read(l, l.enterprises, id, "enterprise")
}
func (l *lower) EnterpriseIIN(*directory.Enterprise) (string, error) { return "", nil }
func (l *lower) College(_ context.Context, id string) (*directory.College, error) {
	return read(l, l.colleges, id, "college")
}
func (l *lower) Chamber(_ context.Context, id string) (*directory.Chamber, error) {
	return read(l, l.chambers, id, "chamber")
}

func (l *lower) ChamberOf(_ context.Context, region string) (*directory.Chamber, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.chambers {
		if c.Region == region {
			return c, nil
		}
	}
	return nil, errs.Missing("chamber")
}

func (l *lower) Mentor(_ context.Context, id string) (*directory.Mentor, error) {
	m, err := read(l, l.mentors, id, "mentor")
	if m != nil {
		m.Trainees = slices.Clone(m.Trainees)
	}
	return m, err
}
func (l *lower) Supervisor(_ context.Context, id string) (*directory.Supervisor, error) {
	return read(l, l.supervisors, id, "supervisor")
}
func (l *lower) Enrolment(_ context.Context, id string) (*directory.Enrolment, error) {
	return read(l, l.enrolments, id, "enrolment")
}

func (l *lower) Enterprises(_ context.Context, ids ...string) (map[string]*directory.Enterprise, error) {
	return readMany(l, l.enterprises, ids), nil
}

func (l *lower) Colleges(_ context.Context, ids ...string) (map[string]*directory.College, error) {
	return readMany(l, l.colleges, ids), nil
}

func (l *lower) Mentors(_ context.Context, ids ...string) (map[string]*directory.Mentor, error) {
	out := readMany(l, l.mentors, ids)
	for _, m := range out {
		m.Trainees = slices.Clone(m.Trainees)
	}
	return out, nil
}

func (l *lower) Supervisors(_ context.Context, ids ...string) (map[string]*directory.Supervisor, error) {
	return readMany(l, l.supervisors, ids), nil
}

func (l *lower) Enrolments(_ context.Context, people ...string) (map[string]*directory.Enrolment, error) {
	return readMany(l, l.enrolments, people), nil
}

func (l *lower) ChambersOf(ctx context.Context, regions ...string) (map[string]*directory.Chamber, error) {
	out := map[string]*directory.Chamber{}
	for _, region := range regions {
		if c, err := l.ChamberOf(ctx, region); err == nil {
			out[region] = c
		}
	}
	return out, nil
}

func (l *lower) GuardiansOf(_ context.Context, wards ...string) (map[string][]*directory.Guardian, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[string][]*directory.Guardian{}
	for _, g := range l.guardians {
		if slices.Contains(wards, g.WardID) {
			out[g.WardID] = append(out[g.WardID], g)
		}
	}
	return out, nil
}

func (l *lower) Authorised(_ context.Context, _ cal.Day, organisations ...string) (map[string][]*directory.Signatory, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[string][]*directory.Signatory{}
	for holder, g := range l.authorities {
		organisation, person, _ := strings.Cut(holder, "|")
		if slices.Contains(organisations, organisation) {
			c := *g
			c.PersonID = person
			out[organisation] = append(out[organisation], &c)
		}
	}
	return out, nil
}

func (l *lower) Wards(_ context.Context, person string) ([]*directory.Guardian, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*directory.Guardian
	for _, g := range l.guardians {
		if g.PersonID == person && person != "" {
			out = append(out, g)
		}
	}
	return out, nil
}
func (l *lower) GuardianPhone(*directory.Guardian) (string, error) { return "", nil }

func (l *lower) Authority(_ context.Context, organisation, person string, _ cal.Day) (*directory.Signatory, error) {
	g, err := read(l, l.authorities, organisation+"|"+person, "authority")
	if err != nil {
		return nil, errs.New(errs.Forbidden, "no_authority")
	}
	return g, nil
}

func (l *lower) TakeTrainee(_ context.Context, mentorID, agreementID string, most int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mentors[mentorID].Take(agreementID, most)
}

func (l *lower) ReleaseTrainee(_ context.Context, mentorID, agreementID string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.mentors[mentorID]
	m.Trainees = slices.DeleteFunc(m.Trainees, func(x string) bool { return x == agreementID })
	return nil
}

func (l *lower) RecordEnrolment(_ context.Context, _ accounts.Actor, person, collegeID string, st directory.Studies) (*directory.Enrolment, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.enrolments[person] = &directory.Enrolment{
		PersonID: person, CollegeID: collegeID, SpecialtyCode: st.SpecialtyCode, Group: st.Group, State: directory.EnrolmentConfirmed,
	}
	return l.enrolments[person], nil
}

func (l *lower) Placement(_ context.Context, id string) (*placements.Placement, error) {
	return read(l, l.places, id, "placement")
}

func (l *lower) SeatConcluded(context.Context, string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.concluded++
	return nil
}

func (l *lower) SeatReopened(context.Context, string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.concluded--
	return nil
}

func (l *lower) Dissolve(_ context.Context, match, reason string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dissolved[match] = reason
	return nil
}

func (l *lower) CompleteMatch(_ context.Context, match string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.completed[match] = true
	return nil
}

func (l *lower) MoveMatch(_ context.Context, match string, from, to cal.Day) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.moveErr != nil {
		return l.moveErr
	}
	l.moved[match] = [2]cal.Day{from, to}
	return nil
}

// minor makes the student 16 with a confirmed guardian.
func (l *lower) minor() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.identities[student] = accounts.Identity{IIN: "100101600019", BirthDate: "2010-01-01", Phone: "+77010000017", Address: "ул. Примерная, 5"}
	l.guardians = []*directory.Guardian{{
		ID: "grd_1", WardID: student, PersonID: guardian, FullName: "Опекун", Ground: directory.GroundParent, State: directory.GuardianConfirmed,
	}}
}
