package notifications

import (
	"net/url"

	"github.com/orynda/orynda/internal/i18n"
)

// The pages that mails and notices lead to, after the public address and the language. This is their only list: the site's routes must answer them.
const (
	pathHome        = "/"
	pathProve       = "/account/verify"
	pathReset       = "/account/reset"
	pathSecurity    = "/account/security"
	pathRegister    = "/register"
	pathInvitation  = "/invitations/" // + token
	pathProfile     = "/profile"
	pathEnterprise  = "/enterprises/"  // + id
	pathCollege     = "/colleges/"     // + id
	pathChamber     = "/chambers/"     // + id
	pathPlace       = "/placements/"   // + id
	pathApplication = "/applications/" // + id
	pathOffer       = "/offers/"       // + id
	pathBooking     = "/bookings/"     // + id
	pathAgreement   = "/agreements/"   // + id
	pathSigning     = "/signing"
	pathNotices     = "/notices"
	pathChoices     = "/notices/choices"
	pathStop        = "/notices/stop/" // + token
	pathSearch      = "/placements"
	pathSaved       = "/saved/searches/" // + id
)

// What follows the id where a page of the staff is meant.
const (
	underDesk    = "/desk"       // of an enterprise: what waits
	underProfile = "/profile"    // of an enterprise
	underPlaces  = "/placements" // of an enterprise
	underFilings = "/filings"    // of a place
)

// Paths lists the beginnings of the addresses that mails lead to, for the test that the site answers them.
func Paths() []string {
	return []string{
		pathHome, pathProve, pathReset, pathSecurity, pathRegister, pathInvitation, pathProfile, pathEnterprise, pathCollege, pathChamber,
		pathPlace, pathApplication, pathOffer, pathBooking, pathAgreement, pathSigning, pathNotices, pathChoices, pathStop, pathSearch, pathSaved,
	}
}

// page is a path with the last part that belongs to it.
func page(path, last string) string { return path + url.PathEscape(last) }

// url is the address of a path in a language: the site's addresses begin with it. No path is no address.
func (s *Service) url(lang i18n.Lang, path string) string {
	switch path {
	case "":
		return ""
	case pathHome:
		return s.d.PublicURL + "/" + string(lang)
	}
	return s.d.PublicURL + "/" + string(lang) + path
}
