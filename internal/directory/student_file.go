package directory

import (
	"context"
	"slices"

	"github.com/orynda/orynda/internal/storage"
)

// studentFile is the owner document of a person's enrolment and guardians: every change of either takes it first, so that "one live enrolment"
// and "two guardians" hold among parallel callers.
type studentFile struct {
	ID          string   `json:"id"` // the person's
	Version     int64    `json:"version"`
	EnrolmentID string   `json:"enrolment_id,omitempty"` // the live one
	Guardians   []string `json:"guardians,omitempty"`    // ids of those not refused
}

// Identity implements storage.Document.
func (f *studentFile) Identity() (string, *int64) { return f.ID, &f.Version }

// Keys implements storage.Document.
func (f *studentFile) Keys() storage.Keys { return nil }

func studentFileSpec() storage.Spec { return storage.Spec{Name: "student_files"} }

func (s *Service) lockFile(ctx context.Context, personID string) (*studentFile, error) {
	return s.files.LockOrNew(ctx, personID, &studentFile{ID: personID})
}

// setLive notes the live enrolment in a file that is locked; "" when there is none any more.
func (s *Service) setLive(ctx context.Context, f *studentFile, enrolmentID string) error {
	if f.EnrolmentID == enrolmentID {
		return nil
	}
	f.EnrolmentID = enrolmentID
	return s.files.Save(ctx, f)
}

// dropGuardian forgets a guardian in a file that is locked.
func (s *Service) dropGuardian(ctx context.Context, f *studentFile, guardianID string) error {
	at := slices.Index(f.Guardians, guardianID)
	if at < 0 {
		return nil
	}
	f.Guardians = slices.Delete(f.Guardians, at, at+1)
	return s.files.Save(ctx, f)
}
