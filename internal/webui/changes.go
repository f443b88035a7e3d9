package webui

import (
	"slices"
	"strconv"
	"time"

	"github.com/orynda/orynda/internal/errs"
	"github.com/orynda/orynda/web/pages/desk"
)

// The lists in which what changed since their reader's last look is marked. Opening one notes nothing: the reader says that it was looked through.
const (
	listStudents      = "students"
	listApplications  = "applications"
	listAgreements    = "agreements"
	listVerifications = "verifications"
	listFilings       = "filings"
	listRegister      = "register"
)

// countedChanges is how many changes of a list a desk counts.
const countedChanges = 100

// changesOf tells what a list knows of the reader's last look. of is whose list it is, seen where a look is noted, other the address with
// "only what changed" turned round.
func (s *site) changesOf(v *visit, of, list, seen, other string) (desk.Changes, error) {
	c := desk.Changes{Other: other, Seen: seen, List: list, Now: strconv.FormatInt(v.page.Now.UnixMilli(), 10)}
	if !v.actor.EmailProved {
		return c, nil
	}
	var err error
	c.Since, err = s.Notifications.LastLook(v.ctx(), v.actor, of+"/"+list)
	c.Only = onlyChanged(v) && !c.Since.IsZero()
	return c, err
}

// onlyChanged reports whether the address asks for what changed only.
func onlyChanged(v *visit) bool { return v.query("changed") == "true" }

// otherChanged is the address of a list with "only what changed" turned round.
func otherChanged(v *visit, path string) string {
	if onlyChanged(v) {
		return path
	}
	return path + "?changed=true"
}

// noteLook notes that one of the lists was looked through as it was when it was shown, and leads back to it. door lets in who may see them, page is
// where a list is.
func (s *site) noteLook(door func(v *visit) error, page func(id, list string) string, lists ...string) handler {
	return func(v *visit) error {
		if err := door(v); err != nil {
			return err
		}
		f := v.form()
		list := f.Value("list")
		until, err := strconv.ParseInt(f.Value("until"), 10, 64)
		if err != nil || !slices.Contains(lists, list) {
			return errs.New(errs.Invalid, "bad_request")
		}
		if err := s.Notifications.NoteLook(v.ctx(), v.actor, v.param("id")+"/"+list, time.UnixMilli(until)); err != nil {
			return v.refusedAct(err, page(v.param("id"), list))
		}
		return v.goTo(page(v.param("id"), list), "look_noted")
	}
}

// changed is one list of a desk: how much of it changed since the reader's last look, by count, which is told since when. Nothing is added while no look
// is noted.
func (s *site) changed(v *visit, to []desk.Count, of, list, label, path string, count func(since time.Time) (n int, more bool, err error)) ([]desk.Count, error) {
	c, err := s.changesOf(v, of, list, "", "")
	if err != nil || c.Since.IsZero() {
		return to, err
	}
	n, more, err := count(c.Since)
	if err != nil || n == 0 {
		return to, err
	}
	return append(to, desk.Count{Label: label, Path: path + "?changed=true", N: n, More: more}), nil
}
