package directory

import (
	"context"
	"time"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// The roles of a supervisor (R50 21.11).
const (
	PracticeHead   = "practice_head"
	TrainingMaster = "training_master"
)

// Supervisor is a college's head of practice or master of industrial training.
type Supervisor struct {
	ID          string    `json:"id"`
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	CollegeID   string    `json:"college_id"`
	FullName    string    `json:"full_name"`
	Position    string    `json:"position"`
	Role        string    `json:"role,omitempty"`
	OrderNumber string    `json:"order_number,omitempty"`
	OrderDate   cal.Day   `json:"order_date,omitempty"`
	Phone       string    `json:"phone,omitempty"`
	Email       string    `json:"email,omitempty"`
	PersonID    string    `json:"person_id,omitempty"` // where the supervisor has an account
	EndedAt     time.Time `json:"ended_at,omitzero"`
}

// Identity implements storage.Document.
func (v *Supervisor) Identity() (string, *int64) { return v.ID, &v.Version }

// Keys implements storage.Document.
func (v *Supervisor) Keys() storage.Keys { return listKeys(v.CollegeID, v.FullName, v.State()) }

// State is active or ended.
func (v *Supervisor) State() string { return stateOf(v.EndedAt) }

func supervisorSpec() storage.Spec { return listSpec("supervisors") }

// SupervisorInput is what a college writes about a supervisor.
type SupervisorInput struct {
	FullName, Position, Role, OrderNumber string
	OrderDate                             cal.Day
	Phone, Email, PersonID                string
}

func (v *Supervisor) fill(in SupervisorInput) error {
	var f form
	f.text("full_name", &in.FullName, &v.FullName, MinText, MaxPersonName)
	f.text("position", &in.Position, &v.Position, MinText, MaxPosition)
	if in.Role != "" && in.Role != PracticeHead && in.Role != TrainingMaster {
		f.add("role", "unknown_value")
	}
	v.Role = in.Role
	f.text("order_number", &in.OrderNumber, &v.OrderNumber, 0, MaxOrder)
	f.day("order_date", &in.OrderDate, &v.OrderDate)
	f.phone("phone", &in.Phone, &v.Phone)
	f.email("email", &in.Email, &v.Email)
	v.PersonID = in.PersonID
	return f.finish()
}

// Supervisor reads a supervisor for other services: errs.NotFound supervisor_not_found.
func (s *Service) Supervisor(ctx context.Context, id string) (*Supervisor, error) {
	v, err := s.supervisors.Get(ctx, id)
	return v, missing(err, "supervisor")
}

// CreateSupervisor adds a supervisor (createSupervisor). It answers errs.Unprocessable not_a_member or validation_failed.
func (s *Service) CreateSupervisor(ctx context.Context, by accounts.Actor, collegeID string, in SupervisorInput) (*Supervisor, error) {
	if _, err := s.collegeFor(ctx, by, "createSupervisor", collegeID); err != nil {
		return nil, err
	}
	v := &Supervisor{ID: id.New(prefixSupervisor), CreatedAt: s.clock.Now(), CollegeID: collegeID}
	if err := v.fill(in); err != nil {
		return nil, err
	}
	if err := s.checkMember(ctx, v.PersonID, collegeID); err != nil {
		return nil, err
	}
	return v, s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.supervisors.Insert(ctx, v); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(collegeID), "supervisor.created", map[string]string{"supervisor_id": v.ID})
	})
}

// ListSupervisors lists a college's supervisors by name (listSupervisors); state "" means the active ones.
func (s *Service) ListSupervisors(
	ctx context.Context, by accounts.Actor, collegeID, state string, after storage.Cursor, limit int,
) (Page[*Supervisor], error) {
	if _, err := s.collegeFor(ctx, by, "listSupervisors", collegeID); err != nil {
		return Page[*Supervisor]{}, err
	}
	return listPage(ctx, s.supervisors, collegeID, state, after, limit)
}

// EndSupervisor takes a supervisor off the list (endSupervisor); a repeat changes nothing. It answers errs.NotFound not_found, errs.Conflict in_use.
func (s *Service) EndSupervisor(ctx context.Context, by accounts.Actor, collegeID, supervisorID string) error {
	if _, err := s.collegeFor(ctx, by, "endSupervisor", collegeID); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		v, err := s.supervisors.Lock(ctx, supervisorID)
		if storage.IsNotFound(err) || (err == nil && v.CollegeID != collegeID) {
			return notFound()
		}
		if err != nil || !v.EndedAt.IsZero() {
			return err
		}
		if err := used(ctx, s.SupervisorInUse, supervisorID); err != nil {
			return err
		}
		v.EndedAt = s.clock.Now()
		if err := s.supervisors.Save(ctx, v); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(collegeID), "supervisor.ended", map[string]string{"supervisor_id": v.ID})
	})
}
