package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/directory"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// What the demo's students study.
const (
	electrician = "07130101" // Электромонтер, of specialty 07130100
	automation  = "6B071"    // Инженерия и инженерное дело
)

// enrolled is a row of a roster.
type enrolled struct {
	name, iin, email, phone string
	birth                   cal.Day
	group                   string
	course                  int
}

// rowOf is the row of somebody with an account: the mail address links them.
func (w *world) rowOf(email, group string, course int) enrolled {
	for i, p := range people() {
		if p.email == email {
			who := w.identity(i, p)
			return enrolled{p.name, who.IIN, email, who.Phone, who.BirthDate, group, course}
		}
	}
	return enrolled{}
}

// strangers are students without an account.
func (w *world) strangers(from, n int, group string, course int) []enrolled {
	var out []enrolled
	for i := range n {
		name := w.corpus.Person(22_000 + from + i)
		birth := born(w.state.Today, 16+course, 40+31*i)
		out = append(out, enrolled{name: name.Full(), iin: w.corpus.IIN(500+from+i, birth, name.Female), birth: birth, group: group, course: course})
	}
	return out
}

// seedRosters imports the lists of students as the colleges would; whoever has an account is linked by the mail address.
func (w *world) seedRosters(ctx context.Context) error {
	w.founded()
	own := []enrolled{w.rowOf(student, "Э-31", 3), w.rowOf(student2, "Э-31", 3), w.rowOf(student3, "Э-32", 3), w.rowOf(minor, "Э-21", 2)}
	for i := range trainees() {
		own = append(own, w.rowOf(trainee(i), "Э-33", 3))
	}
	lists := []struct {
		slug, by, programme, qualification string
		rows                               []enrolled
	}{
		{karagandaCollege, karagandaCoor, "", electrician, append(append(own, w.strangers(0, 6, "Э-31", 3)...), w.strangers(6, 5, "Э-21", 2)...)},
		{semeyCollege, semeyCoor, "", electrician, w.strangers(20, 6, "ЭО-2", 2)},
		{almatyUniversity, university, automation, "", append([]enrolled{w.rowOf(undergraduate, "АУ-23-1", 3)}, w.strangers(40, 4, "АУ-23-1", 4)...)},
	}
	return w.tx(ctx, "rosters", func(ctx context.Context) error {
		for _, l := range lists {
			by, err := w.actor(ctx, l.by)
			if err != nil {
				return err
			}
			file, err := w.rosterFile(l.rows, l.qualification, l.programme)
			if err != nil {
				return err
			}
			if _, err := w.Directory.ImportRoster(ctx, by, w.refs.get(collegeRef(l.slug)), file, directory.ImportOptions{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// rosterFile writes rows as CSV.
func (w *world) rosterFile(rows []enrolled, qualification, programme string) ([]byte, error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	columns := []string{"full_name", "iin", "birth_date", "email", "phone", "group", "course", "qualification_code", "programme_code", "study_form", "enrolled_on", "order_number"}
	if err := out.Write(columns); err != nil {
		return nil, err
	}
	for i, r := range rows {
		err := out.Write([]string{
			r.name, r.iin, string(r.birth), r.email, r.phone, r.group, strconv.Itoa(r.course), qualification, programme, "очная",
			string(w.state.Today.Add(-365*max(1, r.course-1) - 20)), fmt.Sprintf("%d-С", 140+i),
		})
		if err != nil {
			return nil, err
		}
	}
	out.Flush()
	return b.Bytes(), out.Error()
}

// seedGuardian walks the guardian's way: named by the minor, invited by mail, accepted, confirmed by the college.
func (w *world) seedGuardian(ctx context.Context) error {
	w.founded()
	return w.tx(ctx, "guardian", func(ctx context.Context) error {
		ward, parent := w.rowOf(minor, "", 0), w.rowOf(guardian, "", 0)
		by := accounts.Actor{PersonID: w.refs.get(personRef(ward.email)), EmailProved: true}
		g, err := w.Directory.NameGuardian(ctx, by, directory.GuardianInput{
			FullName: parent.name, Email: parent.email, Phone: parent.phone, Ground: directory.GroundParent,
		})
		if err != nil {
			return err
		}
		named, err := w.Directory.Guardian(ctx, g.ID)
		if err != nil {
			return err
		}
		token, err := w.secretOf(ctx, accounts.EventInvited, named.InvitationID, "sealed_token", accounts.MailToken)
		if err != nil {
			return err
		}
		own := accounts.Actor{PersonID: w.refs.get(personRef(parent.email)), EmailProved: true}
		if _, err := w.Accounts.AcceptInvitation(ctx, own, token, accounts.Acceptance{}); err != nil {
			return err
		}
		college, err := w.actor(ctx, karagandaCoor)
		if err != nil {
			return err
		}
		_, err = w.Directory.ConfirmGuardian(ctx, college, g.ID, "Туу туралы куәлік көрсетілді. Свидетельство о рождении предъявлено.")
		return err
	})
}

func mailed(event, subject string) outbox.Filter { return outbox.Filter{Type: event, Subject: subject} }

func noCursor() storage.Cursor { return storage.Cursor{} }
