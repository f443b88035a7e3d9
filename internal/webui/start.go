package webui

// startRoutes lead the signed-in to where they begin.
func (s *site) startRoutes() { s.own("/start", s.start) }

// start leads to the page where the reader's work waits: an own organisation, the own way, or what a newcomer does first.
func (s *site) start(v *visit) error {
	r := v.page.Reader
	switch {
	case !r.Proved:
		return v.back("/account/verify", "/")
	case len(r.Homes) > 0:
		return v.back(homeOfKind(r.Homes[0].Kind)+r.Homes[0].ID+"/desk", "/")
	case r.Admin:
		return v.back("/admin", "/")
	case r.Student, r.Guardian:
		return v.back("/me", "/")
	}
	return v.back("/enterprises/new", "/") // who registered for an enterprise names it first
}

// homeOfKind is the folder of an organisation's pages.
func homeOfKind(kind string) string {
	switch kind {
	case "college":
		return "/colleges/"
	case "chamber":
		return "/chambers/"
	}
	return "/enterprises/"
}
