package notifications

import "net/url"

// The pages that mails lead to, after the public address. This is their only list: the site's routes must answer them.
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
)

// Paths lists the beginnings of the addresses that mails lead to, for the test that the site answers them.
func Paths() []string {
	return []string{
		pathHome, pathProve, pathReset, pathSecurity, pathRegister, pathInvitation, pathProfile, pathEnterprise, pathCollege, pathChamber,
		pathPlace, pathApplication, pathOffer, pathBooking, pathAgreement, pathSigning,
	}
}

// link makes an address of a path and the last part that belongs to it.
func (s *Service) link(path, last string) string {
	return s.d.PublicURL + path + url.PathEscape(last)
}
