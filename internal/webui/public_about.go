package webui

import (
	"github.com/orynda/orynda/web/pages/public"
)

// aboutSections are the parts of the three pages that explain dual training; each has a heading, a text and, where a rule stands behind it, its
// paragraph, all in the catalogues.
func aboutSections(page string) []string {
	switch page {
	case "students":
		return []string{"who", "find", "hours", "minors", "pay", "mentor", "answer", "agreement", "end"}
	case "organisations":
		return []string{"enterprise", "verified", "filing", "share", "mentor", "safety", "pay", "college", "sign", "chamber", "university"}
	}
	return []string{"what", "who", "share", "agreement", "signatures", "register", "free"}
}

// about is one of the pages that explain.
func (s *site) about(page string) handler {
	return func(v *visit) error {
		prefix := "site.public.about." + page
		d := public.AboutData{Page: page, Title: v.say(prefix + ".title"), Lead: v.say(prefix + ".lead")}
		for _, key := range aboutSections(page) {
			section := public.Section{Title: v.say(prefix + "." + key + ".title"), Text: paragraphs(v.say(prefix + "." + key + ".text"))}
			if source := prefix + "." + key + ".source"; s.Catalogue.Has(source) {
				section.Source = v.say(source)
			}
			d.Sections = append(d.Sections, section)
		}
		return v.show(public.About(d))
	}
}
