package webui

import (
	"strconv"
	"strings"
	"time"
)

// When somebody looked at an agreement is known to the own browser only: a cookie holds, for each of the last agreements, a keyed mark without meaning elsewhere and
// two times. The program stores nothing about who reads what, and a page that is only opened changes nothing.
const (
	lookedCookie = "orynda_looked"
	lookedLife   = 180 * 24 * time.Hour
	mostLooked   = 30
	oneLook      = 30 * time.Minute // opening a page again within it is still the same look
	// lookSeparator may stand in a cookie, and never stands in a mark.
	lookSeparator = "~"
)

// look is one mark: since is the end of the look before, last the present one.
type look struct {
	mark        string
	since, last time.Time
}

// looked gives when the reader last looked at an agreement before this look, zero for never in this browser, and keeps that it is looked at now.
func (v *visit) looked(agreementID string) time.Time {
	mark := v.site.Ring.Lookup("site.looked", v.actor.PersonID+"|"+agreementID)
	mark = mark[:min(len(mark), 12)]
	now := v.page.Now
	present := look{mark: mark, last: now}
	all := []look{}
	for _, one := range parseLooks(v.cookie(lookedCookie)) {
		if one.mark != mark {
			all = append(all, one)
			continue
		}
		if present.since = one.since; now.Sub(one.last) > oneLook {
			present.since = one.last
		}
	}
	all = append([]look{present}, all...)
	v.keep(lookedCookie, writeLooks(all[:min(len(all), mostLooked)]), lookedLife)
	return present.since
}

func parseLooks(value string) []look {
	var out []look
	for _, one := range strings.Split(value, lookSeparator) {
		parts := strings.Split(one, ".")
		if len(parts) != 3 || len(out) == mostLooked {
			continue
		}
		out = append(out, look{mark: parts[0], since: unixIn(parts[1]), last: unixIn(parts[2])})
	}
	return out
}

func writeLooks(all []look) string {
	parts := make([]string, 0, len(all))
	for _, one := range all {
		parts = append(parts, one.mark+"."+unixOut(one.since)+"."+unixOut(one.last))
	}
	return strings.Join(parts, lookSeparator)
}

func unixOut(t time.Time) string {
	if t.IsZero() {
		return "0"
	}
	return strconv.FormatInt(t.Unix(), 36)
}

func unixIn(s string) time.Time {
	n, err := strconv.ParseInt(s, 36, 64)
	if err != nil || n <= 0 {
		return time.Time{}
	}
	return time.Unix(n, 0)
}
