package directory

import (
	"context"

	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/cal"
	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/id"
	"github.com/orynda/orynda/internal/storage"
)

// FirstMember is who gets the first invitation of a college or chamber.
type FirstMember struct{ Email, FullName string }

// InstitutionInput is what the platform's administrator writes about a new college or chamber, and what a college's coordinator may change. A nil
// field stays as it is; an empty optional one becomes empty.
type InstitutionInput struct {
	BIN           *string
	Name          *string
	LegalNames    *i18n.Text
	Kind          CollegeKind // of a college
	Region, City  *string
	Address       *string
	Website       *string
	Email, Phone  *string
	HeadName      *string
	HeadPosition  *string
	HeadAuthority *string
	LicenceNumber *string
	LicenceDate   *cal.Day
	Bank          *Bank
	FirstMember   FirstMember
}

func (in InstitutionInput) withRequired() InstitutionInput {
	none := ""
	for _, p := range []**string{&in.BIN, &in.Name, &in.Region, &in.City} {
		if *p == nil {
			*p = &none
		}
	}
	return in
}

// CreateCollege makes an institution and invites its first coordinator (createCollege). It answers errs.Conflict bin_taken, errs.Unprocessable
// validation_failed.
func (s *Service) CreateCollege(ctx context.Context, by accounts.Actor, in InstitutionInput) (*CollegeView, error) {
	if err := s.mayPlatform(by, "createCollege"); err != nil {
		return nil, err
	}
	c := &College{ID: id.New(prefixCollege), CreatedAt: s.clock.Now(), Kind: in.Kind}
	var f form
	s.fillCollege(&f, c, in.withRequired(), true)
	f.firstMember(&in.FirstMember)
	if err := f.finish(); err != nil {
		return nil, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.colleges.Insert(ctx, c); err != nil {
			return err
		}
		err := s.inviteFirst(ctx, by, c.ID, accounts.KindCollege, accounts.RoleCoordinator, in.FirstMember)
		if err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(c.ID), "college.created", map[string]string{"number": s.ring.Lookup("bin", c.BIN)})
	})
	if err != nil {
		return nil, onBIN(err)
	}
	return &CollegeView{College: *c, Private: true}, nil
}

// onBIN translates the refusals of the unique indexes of colleges and chambers.
func onBIN(err error) error {
	switch {
	case storage.ConflictOn(err, "region"):
		return errs.New(errs.Conflict, "region_taken")
	case storage.ConflictOn(err, "bin"):
		return binTaken()
	}
	return err
}

// fillCollege writes an input into a college; identity says whether name, BIN, kind and region may be set.
func (s *Service) fillCollege(f *form, c *College, in InstitutionInput, identity bool) {
	if identity {
		if bin := trimmed(in.BIN); f.binField("bin", bin) {
			c.BIN = bin
		}
		f.text("name", in.Name, &c.Name, MinText, MaxOrgName)
		f.legalNames("legal_names", in.LegalNames, &c.LegalNames)
		if !in.Kind.Valid() {
			f.add("kind", "unknown_value")
		}
		f.place(s.ref, in.Region, in.City, &c.Region, &c.City)
	} else {
		f.place(s.ref, nil, in.City, &c.Region, &c.City)
	}
	f.text("address", in.Address, &c.Address, 0, MaxAddress)
	f.website("website", in.Website, &c.Website)
	f.email("email", in.Email, &c.Email)
	f.phone("phone", in.Phone, &c.Phone)
	f.text("head_name", in.HeadName, &c.HeadName, 0, MaxPersonName)
	f.text("head_position", in.HeadPosition, &c.HeadPosition, 0, MaxPosition)
	f.text("head_authority", in.HeadAuthority, &c.HeadAuthority, 0, MaxAuthority)
	f.text("licence_number", in.LicenceNumber, &c.LicenceNumber, 0, 100)
	f.day("licence_date", in.LicenceDate, &c.LicenceDate)
	f.bank("bank", in.Bank, &c.Bank)
}

func (f *form) firstMember(m *FirstMember) {
	f.text("first_member.full_name", &m.FullName, &m.FullName, MinText, MaxPersonName)
	f.email("first_member.email", &m.Email, &m.Email)
	if m.Email == "" {
		f.add("first_member.email", "required")
	}
}

func (s *Service) inviteFirst(
	ctx context.Context, by accounts.Actor, organisationID string, kind accounts.OrgKind, role accounts.OrgRole, m FirstMember,
) error {
	_, err := s.accounts.Invite(ctx, by, accounts.NewInvitation{
		Email: m.Email, FullName: m.FullName, OrganisationID: organisationID, Kind: kind, Role: role,
	})
	return err
}

// CreateChamber makes a region's chamber and invites its first registrar (createChamber). It answers errs.Conflict region_taken or bin_taken,
// errs.Unprocessable validation_failed.
func (s *Service) CreateChamber(ctx context.Context, by accounts.Actor, in InstitutionInput) (*Chamber, error) {
	if err := s.mayPlatform(by, "createChamber"); err != nil {
		return nil, err
	}
	c := &Chamber{ID: id.New(prefixChamber), CreatedAt: s.clock.Now()}
	var f form
	s.fillChamber(&f, c, in.withRequired())
	f.firstMember(&in.FirstMember)
	if err := f.finish(); err != nil {
		return nil, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.chambers.Insert(ctx, c); err != nil {
			return err
		}
		if err := s.inviteFirst(ctx, by, c.ID, accounts.KindChamber, accounts.RoleRegistrar, in.FirstMember); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(c.ID), "chamber.created", map[string]string{"region": c.Region})
	})
	if err != nil {
		return nil, onBIN(err)
	}
	return c, nil
}

func (s *Service) fillChamber(f *form, c *Chamber, in InstitutionInput) {
	if bin := trimmed(in.BIN); f.binField("bin", bin) {
		c.BIN = bin
	}
	f.text("name", in.Name, &c.Name, MinText, MaxOrgName)
	f.legalNames("legal_names", in.LegalNames, &c.LegalNames)
	f.place(s.ref, in.Region, in.City, &c.Region, &c.City)
	f.text("address", in.Address, &c.Address, 0, MaxAddress)
	f.website("website", in.Website, &c.Website)
	f.email("email", in.Email, &c.Email)
	f.phone("phone", in.Phone, &c.Phone)
}

// mayPlatform asks the policy about an operation of the platform's administrator, which everybody may know of.
func (s *Service) mayPlatform(by accounts.Actor, op string) error {
	return s.policy.Permit(by, op, memberRelations(by, accounts.KindPlatform, accounts.PlatformID, true)...)
}

// UpdateCollege changes what agreements print about a college (updateCollege). It answers errs.Stale stale_version, errs.Unprocessable
// validation_failed.
func (s *Service) UpdateCollege(ctx context.Context, by accounts.Actor, id string, expect int64, in InstitutionInput) (*CollegeView, error) {
	if _, err := s.collegeFor(ctx, by, "updateCollege", id); err != nil {
		return nil, err
	}
	var c *College
	err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if c, err = s.colleges.Lock(ctx, id); err != nil {
			return missing(err, "college")
		}
		if err := fresh(c.Version, expect); err != nil {
			return err
		}
		var f form
		s.fillCollege(&f, c, in, false)
		if err := f.finish(); err != nil {
			return err
		}
		if err := s.colleges.Save(ctx, c); err != nil {
			return err
		}
		return s.record(ctx, by, organisationStream(id), "college.changed", nil)
	})
	if err != nil {
		return nil, err
	}
	return &CollegeView{College: *c, Private: true}, nil
}
