package notifications_test

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/orynda/orynda/internal/i18n"
	"github.com/orynda/orynda/internal/interviews"
	"github.com/orynda/orynda/internal/notifications"
	"github.com/orynda/orynda/internal/selection"
	"github.com/orynda/orynda/internal/storage/storagetest"
)

// checkPage checks the HTML of a mail: it is well formed, has nothing remote and nothing that runs, and says what the text says.
func checkPage(t *testing.T, typ string, lang i18n.Lang, mail notifications.Mail) {
	t.Helper()
	wellFormed(t, mail.HTML)
	if !strings.HasPrefix(mail.HTML, "<!doctype html>\n<html lang=\""+string(lang)+"\">") {
		t.Errorf("%s in %s: the page begins %.60q", typ, lang, mail.HTML)
	}
	for _, foreign := range []string{"<table", "<img", "<script", "<style", "<link", "<form", "url(", " src=", " on", "ZgotmplZ", "<no value>", "&amp;amp;", "&amp;lt;"} {
		found := strings.Contains(mail.HTML, foreign)
		if foreign == " on" {
			found = regexp.MustCompile(`<[^>]* on\w+=`).MatchString(mail.HTML)
		}
		if found {
			t.Errorf("%s in %s: %q in the page", typ, lang, foreign)
		}
	}
	said := strings.ToLower(spoken(mail.HTML)) // the text writes headings in capitals
	for _, line := range strings.Split(mail.Text, "\n") {
		line = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(line), "- "))
		if line == "" || line == "--" || strings.Contains(line, "https://") {
			continue
		}
		if mail.Code != "" {
			line = strings.TrimSuffix(line, mail.Code)
		}
		words := strings.Fields(strings.Replace(line, ": ", " ", 1))
		if !strings.Contains(strings.Replace(said, ": ", " ", 1), strings.Join(words, " ")) && !strings.Contains(said, strings.Join(strings.Fields(line), " ")) {
			t.Errorf("%s in %s: the page doesn't say %q:\n%s", typ, lang, line, said)
		}
	}
	if mail.Code != "" && !regexp.MustCompile(`font-size:38px[^>]*>`+mail.Code+`<`).MatchString(mail.HTML) {
		t.Errorf("%s in %s: the code isn't large", typ, lang)
	}
	for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(mail.HTML, -1) {
		if at := html.UnescapeString(link[1]); !strings.Contains(mail.Text, at) {
			t.Errorf("%s in %s: only the page leads to %s", typ, lang, at)
		}
	}
}

// spoken is a page's text.
func spoken(page string) string {
	_, body, _ := strings.Cut(page, "<body")
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString("<body"+body, " ")
	return strings.Join(strings.Fields(html.UnescapeString(text)), " ")
}

// wellFormed reads the page as XML, with the elements that HTML never closes.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	closed := regexp.MustCompile(`<(meta|br)\b([^>]*)>`).ReplaceAllString(page, "<$1$2/>")
	d := xml.NewDecoder(strings.NewReader(closed))
	d.Strict, d.Entity = true, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("the page isn't well formed: %v\n%s", err, page)
			return
		}
	}
}

func TestEverythingIsEscaped(t *testing.T) {
	w := newWorld(t, storagetest.Engines(t)[0].Open(t))
	evil := `"><script>alert('1')</script><img src=x onerror=alert(2)>{{.code}}`
	w.place.Title.RU, w.enterprise.Name, w.app.Comment, w.people["psn_student"].FullName = evil, evil, evil+"\n\n"+evil+": "+evil, evil
	w.slot.Instructions, w.slot.Form, w.slot.Link, w.booking.Reason = evil, interviews.ByVideo, "javascript:alert(3)", evil
	scenario{selection.EventShortlisted, "app_1", nil, nil, nil}.play(w)
	scenario{interviews.EventMoved, "bkg_1", m("from", "slt_0", "to", "slt_1"), nil, nil}.play(w)
	if len(w.mail.all()) != 5 {
		t.Fatalf("%d mails", len(w.mail.all()))
	}
	for _, mail := range w.mail.all() {
		wellFormed(t, mail.HTML)
		for _, broken := range []string{"<script", "<img", "onerror=alert(2)>", "href=\"javascript:"} {
			if strings.Contains(mail.HTML, broken) {
				t.Errorf("%q in\n%s", broken, mail.HTML)
			}
		}
		if !strings.Contains(spoken(mail.HTML), evil) {
			t.Errorf("what was written isn't shown:\n%s", mail.HTML)
		}
	}
	scenario{interviews.EventMoved, "bkg_1", m("from", "slt_0", "to", "slt_1"), func(w *world) { w.slot.Link = `https://meet.example.kz/?a="b"&c=<d>` }, nil}.play(w)
	if last := w.mail.all()[7].HTML; !strings.Contains(last, `href="https://meet.example.kz/?a=%22b%22&amp;c=%3cd%3e"`) {
		t.Errorf("the link:\n%s", last)
	}
}
