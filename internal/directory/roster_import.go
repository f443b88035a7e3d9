package directory

import (
	"context"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// The states of an import. Applying is seen by this package only: what was accepted is carried out to its end, by the request or by a job.
const (
	ImportChecked  = "checked"
	ImportApplying = "applying"
	ImportDone     = "done"
)

const (
	importBatch       = 100 // rows a transaction
	importLease       = time.Minute
	importResumeEvery = time.Minute
)

// RosterImport is one import of a roster: what it did, or would do.
type RosterImport struct {
	ID        string    `json:"id"`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	CollegeID string    `json:"college_id"`
	State     string    `json:"state"`
	By        string    `json:"by"`               // the actor's id
	Replace   bool      `json:"replace"`          // who isn't in the file goes off the roster
	Sealed    []byte    `json:"sealed,omitempty"` // the file, until it is carried out
	Rows      int       `json:"rows"`
	Created   int       `json:"created"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`
	Linked    int       `json:"linked"`
	Ended     int       `json:"ended"`

	Errors []CellError `json:"-"` // of a dry run
}

// Identity implements storage.Document.
func (i *RosterImport) Identity() (string, *int64) { return i.ID, &i.Version }

// Keys implements storage.Document.
func (i *RosterImport) Keys() storage.Keys {
	return storage.Keys{"state": i.State, "college": i.CollegeID}
}

func rosterImportSpec() storage.Spec {
	return storage.Spec{
		Name:    "roster_imports",
		Keys:    []storage.Key{{Name: "state"}, {Name: "college"}},
		Indexes: []storage.Index{{Name: "state", Keys: []string{"state"}}},
	}
}

// rosterLock is the owner document of a college's roster: one import at a time.
type rosterLock struct {
	ID       string    `json:"id"` // the college's
	Version  int64     `json:"version"`
	ImportID string    `json:"import_id,omitempty"` // the one under way
	Until    time.Time `json:"until,omitzero"`      // of the one who carries it out
}

// Identity implements storage.Document.
func (l *rosterLock) Identity() (string, *int64) { return l.ID, &l.Version }

// Keys implements storage.Document.
func (l *rosterLock) Keys() storage.Keys { return nil }

func rosterLockSpec() storage.Spec { return storage.Spec{Name: "roster_locks"} }

const sealFile = "roster.file"

// ImportOptions are how a file is imported.
type ImportOptions struct {
	Replace bool // who isn't in the file goes off the roster
	DryRun  bool // only check and count
}

// ImportRoster imports a college's list of students from a CSV or XLSX file (importRoster). The whole file is checked first; what passes is stored
// sealed in one write and then carried out in batches, to its end even if this program stops. The same file twice changes nothing. It answers
// errs.Unprocessable import_invalid with every bad cell, errs.Conflict import_running, errs.TooLarge payload_too_large,
// errs.UnsupportedMedia unsupported_media_type.
func (s *Service) ImportRoster(ctx context.Context, by accounts.Actor, collegeID string, file []byte, o ImportOptions) (*RosterImport, error) {
	c, err := s.collegeFor(ctx, by, "importRoster", collegeID)
	if err != nil {
		return nil, err
	}
	students, check, err := checkRoster(s.ref, c.Regime(), s.today(), file)
	if err != nil {
		return nil, err
	}
	imp := &RosterImport{
		ID: id.New(prefixImport), CreatedAt: s.clock.Now(), CollegeID: collegeID, State: ImportChecked, By: by.ID(), Replace: o.Replace,
		Rows: len(students), Errors: check.bad,
	}
	if o.DryRun {
		imp.Version = 1
		return imp, s.estimate(ctx, imp, check, students)
	}
	if err := check.refusal(); err != nil {
		return nil, err
	}
	imp.State, imp.Sealed = ImportApplying, s.ring.Seal(file, sealFile)
	if err := s.acceptImport(ctx, by, imp); err != nil {
		return nil, err
	}
	return imp, s.carryOut(ctx, by, imp, students)
}

// acceptImport makes the import and takes the college's roster for it: errs.Conflict import_running while another is under way.
func (s *Service) acceptImport(ctx context.Context, by accounts.Actor, imp *RosterImport) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		lock, err := s.rosters.LockOrNew(ctx, imp.CollegeID, &rosterLock{ID: imp.CollegeID})
		if err != nil {
			return err
		}
		if lock.ImportID != "" {
			return errs.New(errs.Conflict, "import_running")
		}
		lock.ImportID, lock.Until = imp.ID, s.clock.Now().Add(importLease)
		if err := s.rosters.Save(ctx, lock); err != nil {
			return err
		}
		if err := s.imports.Insert(ctx, imp); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(imp.CollegeID), "roster.import_accepted",
			map[string]string{"import_id": imp.ID, "rows": strconv.Itoa(imp.Rows), "replace": strconv.FormatBool(imp.Replace)})
	})
}

// carryOut brings the roster to what the file says. Every batch may be repeated.
func (s *Service) carryOut(ctx context.Context, by accounts.Actor, imp *RosterImport, students []rosterData) error {
	have, err := s.knownRows(ctx, imp.CollegeID)
	if err != nil {
		return err
	}
	var links []rosterLink
	for at := 0; at < len(students); at += importBatch {
		batch := students[at:min(at+importBatch, len(students))]
		more, err := s.applyBatch(ctx, imp, have, batch)
		if err != nil {
			return err
		}
		links = append(links, more...)
		if err := s.prolong(ctx, imp); err != nil {
			return err
		}
	}
	for _, l := range links {
		linked, err := s.link(ctx, by, l.rowID, l.person)
		if err != nil {
			return err
		}
		if linked {
			imp.Linked++
		}
	}
	if imp.Replace {
		if err := s.endOthers(ctx, by, imp, students, have); err != nil {
			return err
		}
	}
	return s.finishImport(ctx, by, imp)
}

// prolong keeps the roster for this import; a job that took it over makes it fail.
func (s *Service) prolong(ctx context.Context, imp *RosterImport) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		lock, err := s.rosters.Lock(ctx, imp.CollegeID)
		if err != nil {
			return err
		}
		if lock.ImportID != imp.ID {
			return errs.New(errs.Conflict, "import_running")
		}
		lock.Until = s.clock.Now().Add(importLease)
		return s.rosters.Save(ctx, lock)
	})
}

func (s *Service) finishImport(ctx context.Context, by accounts.Actor, imp *RosterImport) error {
	imp.State, imp.Sealed = ImportDone, nil
	return s.db.Tx(ctx, func(ctx context.Context) error {
		lock, err := s.rosters.Lock(ctx, imp.CollegeID)
		if err != nil {
			return err
		}
		if lock.ImportID == imp.ID {
			lock.ImportID, lock.Until = "", time.Time{}
			if err := s.rosters.Save(ctx, lock); err != nil {
				return err
			}
		}
		if err := s.imports.Save(ctx, imp); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(imp.CollegeID), "roster.imported", map[string]string{
			"import_id": imp.ID, "created": strconv.Itoa(imp.Created), "updated": strconv.Itoa(imp.Updated), "linked": strconv.Itoa(imp.Linked),
			"ended": strconv.Itoa(imp.Ended),
		})
	})
}

// knownRow is what an import needs to know of a row beforehand.
type knownRow struct {
	id, print, enrolmentID string
	linked                 bool // to a confirmed enrolment
	inRoster               bool
}

// knownRows reads the rows of a college by the keyed hash of their IIN; those on the roster win over claims beside it.
func (s *Service) knownRows(ctx context.Context, collegeID string) (map[string]knownRow, error) {
	out := map[string]knownRow{}
	err := s.rows.Each(ctx, storage.Where(storage.Eq("college", collegeID)), func(r *rosterRow) error {
		if r.IINHash == "" || (!r.InRoster && r.Tie == EnrolmentEnded) {
			return nil
		}
		if old, there := out[r.IINHash]; there && old.inRoster {
			return nil
		}
		out[r.IINHash] = knownRow{r.ID, r.Print, r.EnrolmentID, r.Tie == EnrolmentConfirmed, r.InRoster}
		return nil
	})
	return out, err
}

// rosterLink is a row whose mail address an account has proved.
type rosterLink struct {
	rowID  string
	person *accounts.Person
}

// applyBatch writes one batch in one transaction and tells which of its rows can be linked.
func (s *Service) applyBatch(
	ctx context.Context, imp *RosterImport, have map[string]knownRow, batch []rosterData,
) ([]rosterLink, error) {
	var created, updated, unchanged int
	rowIDs := make([]string, len(batch))
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		created, updated, unchanged = 0, 0, 0
		for i, d := range batch {
			known, there := have[s.ring.Lookup("iin", d.IIN)]
			fresh := &rosterRow{ID: id.New(prefixRosterRow), CreatedAt: imp.CreatedAt, CollegeID: imp.CollegeID, InRoster: true}
			if err := s.sealRow(fresh, d); err != nil {
				return err
			}
			switch {
			case !there:
				created++
				rowIDs[i] = fresh.ID
				if err := s.rows.Insert(ctx, fresh); err != nil {
					return err
				}
			case known.inRoster && known.print == fresh.Print:
				unchanged++
				rowIDs[i] = known.id
			default:
				updated++
				rowIDs[i] = known.id
				if err := s.updateRow(ctx, known.id, fresh, d); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	imp.Created, imp.Updated, imp.Unchanged = imp.Created+created, imp.Updated+updated, imp.Unchanged+unchanged
	return s.linksOf(ctx, have, batch, rowIDs)
}

// updateRow takes over a row's new content, also into the enrolment that was confirmed with it.
func (s *Service) updateRow(ctx context.Context, rowID string, fresh *rosterRow, d rosterData) error {
	row, err := s.rows.Lock(ctx, rowID)
	if err != nil {
		return err
	}
	row.Sealed, row.IINHash, row.EmailHash, row.Print, row.InRoster = fresh.Sealed, fresh.IINHash, fresh.EmailHash, fresh.Print, true
	if row.Match == MatchNone {
		row.Match = MatchIINAndBirthDate // a claim that the roster knows by now
	}
	if err := s.rows.Save(ctx, row); err != nil || row.Tie != EnrolmentConfirmed {
		return err
	}
	e, err := s.enrolments.Lock(ctx, row.EnrolmentID)
	if err != nil {
		return err
	}
	e.set(d.Studies)
	e.FullName = d.FullName
	return s.enrolments.Save(ctx, e)
}

// linksOf finds the accounts that have proved the mail addresses of a batch's rows without a confirmed enrolment.
func (s *Service) linksOf(ctx context.Context, have map[string]knownRow, batch []rosterData, rowIDs []string) ([]rosterLink, error) {
	var out []rosterLink
	for i, d := range batch {
		if d.Email == "" || have[s.ring.Lookup("iin", d.IIN)].linked {
			continue
		}
		p, err := s.accounts.PersonByEmail(ctx, d.Email)
		if storage.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if p.EmailProved() && !p.Deleted() {
			out = append(out, rosterLink{rowIDs[i], p})
		}
	}
	return out, nil
}

// endOthers takes everybody off the roster who isn't in the file, one transaction each.
func (s *Service) endOthers(ctx context.Context, by accounts.Actor, imp *RosterImport, students []rosterData, have map[string]knownRow) error {
	going := others(s, students, have)
	for i, k := range going {
		var err error
		if k.linked {
			err = s.endRow(ctx, by, k)
		} else {
			err = s.dropRow(ctx, k.id)
		}
		if err != nil {
			return err
		}
		imp.Ended++
		if i%importBatch == importBatch-1 {
			if err := s.prolong(ctx, imp); err != nil {
				return err
			}
		}
	}
	return nil
}

// others are the rows on the roster that the file doesn't name.
func others(s *Service, students []rosterData, have map[string]knownRow) []knownRow {
	named := make(map[string]bool, len(students))
	for _, d := range students {
		named[s.ring.Lookup("iin", d.IIN)] = true
	}
	var out []knownRow
	for hash, k := range have {
		if k.inRoster && !named[hash] {
			out = append(out, k)
		}
	}
	return out
}

func (s *Service) endRow(ctx context.Context, by accounts.Actor, k knownRow) error {
	e, err := s.EnrolmentByID(ctx, k.enrolmentID)
	if err != nil {
		return err
	}
	_, err = s.end(ctx, by, e.PersonID, e.ID, Ending{EndedOn: s.today()})
	return err
}

// dropRow takes a row without a confirmed enrolment off the roster: a free one is deleted, a claimed one stays beside it.
func (s *Service) dropRow(ctx context.Context, rowID string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		row, err := s.rows.Lock(ctx, rowID)
		if storage.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if row.EnrolmentID == "" {
			return s.rows.Delete(ctx, rowID)
		}
		row.InRoster, row.Match = false, MatchNone
		return s.rows.Save(ctx, row)
	})
}

// estimate counts what an import would do, for a dry run.
func (s *Service) estimate(ctx context.Context, imp *RosterImport, check *checker, students []rosterData) error {
	if check.count > 0 && len(students) == 0 {
		return nil
	}
	have, err := s.knownRows(ctx, imp.CollegeID)
	if err != nil {
		return err
	}
	for _, d := range students {
		probe := &rosterRow{}
		if err := s.sealRow(probe, d); err != nil {
			return err
		}
		known, there := have[probe.IINHash]
		switch {
		case !there:
			imp.Created++
		case known.inRoster && known.print == probe.Print:
			imp.Unchanged++
		default:
			imp.Updated++
		}
	}
	links, err := s.linksOf(ctx, have, students, make([]string, len(students)))
	imp.Linked = len(links)
	if imp.Replace {
		imp.Ended = len(others(s, students, have))
	}
	return err
}

// ResumeImports carries out what was accepted and left by a program that stopped. It is a job of [Jobs].
func (s *Service) ResumeImports(ctx context.Context, now time.Time) error {
	left, err := s.imports.Find(ctx, storage.Where(storage.Eq("state", ImportApplying)))
	if err != nil {
		return err
	}
	for _, imp := range left {
		mine, err := s.takeOver(ctx, imp, now)
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		if err := s.resume(ctx, imp); err != nil {
			return err
		}
	}
	return nil
}

// takeOver takes the roster for an import whose carrier is gone; false while that one is at work.
func (s *Service) takeOver(ctx context.Context, imp *RosterImport, now time.Time) (mine bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		lock, err := s.rosters.LockOrNew(ctx, imp.CollegeID, &rosterLock{ID: imp.CollegeID})
		if err != nil {
			return err
		}
		mine = lock.ImportID == imp.ID && !now.Before(lock.Until)
		if !mine {
			return nil
		}
		lock.Until = now.Add(importLease)
		return s.rosters.Save(ctx, lock)
	})
	return mine, err
}

func (s *Service) resume(ctx context.Context, imp *RosterImport) error {
	file, err := s.ring.Open(imp.Sealed, sealFile)
	if err != nil {
		return err
	}
	c, err := s.College(ctx, imp.CollegeID)
	if err != nil {
		return err
	}
	students, _, err := checkRoster(s.ref, c.Regime(), s.today(), file)
	if err != nil {
		return err
	}
	return s.carryOut(ctx, accounts.SystemActor("roster"), imp, students)
}
