package directory

import (
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/outbox"
	"github.com/orynda/orynda/internal/storage"
)

// Types of the events this package emits. The subject is the id of the enterprise, enrolment or guardian.
const (
	EventEnterpriseSubmitted = "enterprise.submitted" // Data region, chamber_id, round
	EventEnterpriseVerified  = "enterprise.verified"  // Data region, created_by
	EventEnterpriseRefused   = "enterprise.refused"   // Data region, created_by
	EventEnrolmentClaimed    = "enrolment.claimed"    // Data person_id, college_id
	EventEnrolmentConfirmed  = "enrolment.confirmed"  // Data person_id, college_id
	EventEnrolmentEnded      = "enrolment.ended"      // Data person_id, college_id, reason, before (the state it had)
	EventGuardianNamed       = "guardian.named"       // Data ward_id
	EventGuardianAccepted    = "guardian.accepted"    // Data ward_id, person_id
	EventGuardianConfirmed   = "guardian.confirmed"   // Data ward_id, person_id (absent before acceptance)
	EventGuardianRefused     = "guardian.refused"     // Data ward_id, person_id (absent before acceptance)
	EventMentorChanged       = "mentor.changed"       // Data enterprise_id
	EventMentorEnded         = "mentor.ended"         // Data enterprise_id
)

// Events lists the types of the events this package emits.
func Events() []string {
	return []string{
		EventEnterpriseSubmitted, EventEnterpriseVerified, EventEnterpriseRefused, EventEnrolmentClaimed, EventEnrolmentConfirmed,
		EventEnrolmentEnded, EventGuardianNamed, EventGuardianAccepted, EventGuardianConfirmed, EventGuardianRefused,
		EventMentorChanged, EventMentorEnded,
	}
}

// Handlers lists the handlers of this package's events.
func Handlers(s *Service) []outbox.Handler {
	return []outbox.Handler{{Name: "directory.identity", Types: []string{EventEnrolmentConfirmed}, Run: s.fillIdentity}}
}

// Jobs lists the jobs of this package.
func Jobs(s *Service) []outbox.Job {
	return []outbox.Job{{Name: "directory.roster", Every: importResumeEvery, Run: s.ResumeImports}}
}

// Grants is the domain's part of the policy table, one row for each operation of the contract tagged directory.
func Grants() []accounts.Grant {
	var out []accounts.Grant
	add := func(relations []accounts.Relation, operations ...string) {
		for _, op := range operations {
			out = append(out, accounts.Grant{Operation: op, Relations: relations})
		}
	}
	add([]accounts.Relation{accounts.Anyone}, "listRegions", "listCities", "listSpecialties", "listQualifications", "listProgrammes",
		"getEnterprise", "listColleges", "getCollege", "listChambers", "getChamber")
	add([]accounts.Relation{accounts.Self}, "createEnterprise", "claimEnrolment", "nameGuardian")
	add([]accounts.Relation{accounts.EnterpriseAdmin}, "updateEnterprise", "submitVerification")
	add([]accounts.Relation{accounts.ChamberRegistrar}, "listVerificationQueue", "claimVerification", "verifyEnterprise")
	add([]accounts.Relation{accounts.EnterpriseAdmin, accounts.EnterpriseHR}, "createMentor", "updateMentor", "endMentor", "createRoom", "endRoom")
	add([]accounts.Relation{
		accounts.EnterpriseAdmin, accounts.EnterpriseHR, accounts.EnterpriseInterviewer, accounts.EnterpriseSignatory,
	}, "listMentors", "listRooms")
	add([]accounts.Relation{accounts.EnterpriseAdmin, accounts.CollegeCoordinator}, "createSignatory", "endSignatory")
	add([]accounts.Relation{
		accounts.EnterpriseAdmin, accounts.EnterpriseHR, accounts.EnterpriseInterviewer, accounts.EnterpriseSignatory,
		accounts.CollegeCoordinator, accounts.CollegeSignatory,
	}, "listSignatories")
	add([]accounts.Relation{accounts.PlatformAdmin}, "createCollege", "createChamber")
	add([]accounts.Relation{accounts.CollegeCoordinator}, "updateCollege", "createSupervisor", "endSupervisor", "importRoster", "listRoster",
		"confirmEnrolment", "endEnrolment", "confirmGuardian", "refuseGuardian")
	add([]accounts.Relation{accounts.CollegeCoordinator, accounts.CollegeSignatory}, "listSupervisors")
	return out
}

// Migrations change what earlier versions stored.
func Migrations(db storage.Engine) []storage.Migration {
	return []storage.Migration{{ID: "0002_verifications_by_change", Up: storage.Open[Verification](db, verificationSpec()).Rekey}}
}

// Specs lists the collections of this package, for storage.Ensure.
func Specs() []storage.Spec {
	return []storage.Spec{
		enterpriseSpec(), verificationSpec(), collegeSpec(), chamberSpec(), mentorSpec(), roomSpec(), supervisorSpec(), signatorySpec(),
		enrolmentSpec(), guardianSpec(), studentFileSpec(), rosterRowSpec(), rosterImportSpec(), rosterLockSpec(),
	}
}
