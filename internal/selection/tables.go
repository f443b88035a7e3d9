package selection

import (
	"github.com/orynda/orynda/internal/accounts"
	"github.com/orynda/orynda/internal/storage"
)

func applicationSpec() storage.Spec {
	return storage.Spec{
		Name: "applications",
		Keys: []storage.Key{
			{Name: "placement"}, {Name: "enterprise"}, {Name: "student"}, {Name: "college"}, {Name: "state"},
			{Name: "created", Kind: storage.Int}, {Name: "withdrawn_by"}, {Name: "interviewer"}, {Name: "live"}, {Name: "answer_by"},
			{Name: "due"}, {Name: "clock"}, {Name: "updated", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "live", Keys: []string{"live"}, Unique: true},
			{Name: "placement", Keys: []string{"placement", "created"}},
			{Name: "student", Keys: []string{"student", "created"}},
			{Name: "college", Keys: []string{"college", "created"}},
			{Name: "college_updated", Keys: []string{"college", "updated"}},
			{Name: "due", Keys: []string{"placement", "due"}},
			{Name: "clock", Keys: []string{"clock"}},
			{Name: "enterprise", Keys: []string{"enterprise", "answer_by"}},
			{Name: "enterprise_due", Keys: []string{"enterprise", "due"}},
			{Name: "state", Keys: []string{"state"}},
			{Name: "withdrawn_by", Keys: []string{"withdrawn_by"}},
		},
	}
}

func offerSpec() storage.Spec {
	return storage.Spec{
		Name: "offers",
		Keys: []storage.Key{
			{Name: "application"}, {Name: "placement"}, {Name: "student"}, {Name: "state"}, {Name: "created", Kind: storage.Int},
			{Name: "follows"}, {Name: "open"}, {Name: "expires", Kind: storage.Int},
		},
		Indexes: []storage.Index{
			{Name: "open", Keys: []string{"open"}, Unique: true},
			{Name: "follows", Keys: []string{"follows"}, Unique: true},
			{Name: "expires", Keys: []string{"expires"}},
			{Name: "placement", Keys: []string{"placement", "created"}},
			{Name: "student", Keys: []string{"student", "created"}},
			{Name: "application", Keys: []string{"application"}},
		},
	}
}

func matchSpec() storage.Spec {
	return storage.Spec{
		Name: "matches",
		Keys: []storage.Key{
			{Name: "offer"}, {Name: "application"}, {Name: "placement"}, {Name: "student"}, {Name: "college"}, {Name: "enterprise"}, {Name: "state"},
		},
		Indexes: []storage.Index{
			{Name: "offer", Keys: []string{"offer"}, Unique: true},
			{Name: "student", Keys: []string{"student"}},
			{Name: "placement", Keys: []string{"placement"}},
			{Name: "application", Keys: []string{"application"}},
		},
	}
}

// Migrations change what earlier versions stored.
func Migrations(db storage.Engine) []storage.Migration {
	return []storage.Migration{{ID: "0002_applications_by_change", Up: storage.Open[Application](db, applicationSpec()).Rekey}}
}

// Specs declares the collections.
func Specs() []storage.Spec {
	return []storage.Spec{applicationSpec(), offerSpec(), matchSpec(), {Name: "student_sheets"}, {Name: "rankings"}}
}

// Grants is this domain's part of the policy table.
func Grants() []accounts.Grant {
	hr := []accounts.Relation{accounts.EnterpriseHR}
	self := []accounts.Relation{accounts.Self}
	readers := []accounts.Relation{accounts.Self, accounts.Guardian, accounts.EnterpriseHR, accounts.EnterpriseInterviewer, accounts.CollegeCoordinator}
	return []accounts.Grant{
		{Operation: "apply", Relations: self},
		{Operation: "listMyApplications", Relations: self},
		{Operation: "listPlacementApplications", Relations: []accounts.Relation{accounts.EnterpriseHR, accounts.EnterpriseInterviewer}},
		{Operation: "listCollegeApplications", Relations: []accounts.Relation{accounts.CollegeCoordinator}},
		{Operation: "getApplication", Relations: readers},
		{Operation: "shortlistApplication", Relations: hr},
		{Operation: "considerApplication", Relations: hr},
		{Operation: "rejectApplication", Relations: hr},
		{Operation: "withdrawApplication", Relations: self},
		{Operation: "getRanking", Relations: hr},
		{Operation: "updateRanking", Relations: hr},
		{Operation: "makeOffer", Relations: hr},
		{Operation: "getOffer", Relations: []accounts.Relation{accounts.Self, accounts.Guardian, accounts.EnterpriseHR, accounts.CollegeCoordinator}},
		{Operation: "listMyOffers", Relations: self},
		{Operation: "listPlacementOffers", Relations: hr},
		{Operation: "acceptOffer", Relations: self},
		{Operation: "declineOffer", Relations: self},
		{Operation: "withdrawOffer", Relations: hr},
	}
}
