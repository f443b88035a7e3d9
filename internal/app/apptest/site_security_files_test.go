package apptest

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orynda/orynda/internal/httpd"
)

func siteFiles(t *testing.T, w *world) {
	hr := w.browserOf("hr@saryarqa-energo.demo.orynda.kz")
	college := w.browserOf("college@karaganda.demo.orynda.kz")
	enterprisePage := "/ru/enterprises/" + organisationOf(w.as("hr@saryarqa-energo.demo.orynda.kz"), "enterprise") + "/import"
	collegePage := "/ru/colleges/" + organisationOf(w.as("college@karaganda.demo.orynda.kz"), "college") + "/roster"
	for _, one := range []struct {
		who  *http.Client
		page string
	}{{hr, enterprisePage}, {college, collegePage}} {
		m := studentProof.FindSubmatch(w.ask(one.who, http.MethodGet, one.page, nil).Raw)
		if m == nil {
			t.Fatalf("%s holds no form", one.page)
		}
		for name, file := range map[string][]byte{
			"a picture": []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 200)), "a program": []byte("MZ" + strings.Repeat("\x90\x00", 500)), "nothing": {},
			"a page": []byte("<html><script>alert(1)</script>"), "too much": bytes.Repeat([]byte("a;b;c\n"), 2<<20), "a bomb": zipBomb(t), "half an archive": []byte("PK\x03\x04half"),
		} {
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			must(t, form.WriteField("_csrf", html.UnescapeString(string(m[1]))))
			part, err := form.CreateFormFile("file", `<img src=x onerror=alert(1)>.csv`)
			must(t, err)
			_, err = part.Write(file)
			must(t, err)
			must(t, form.Close())
			start := time.Now()
			a := w.ask(one.who, http.MethodPost, one.page, &body, "Content-Type", form.FormDataContentType())
			if a.Status != http.StatusUnprocessableEntity || !bytes.Contains(a.Raw, []byte(`<html lang="ru"`)) || !bytes.Contains(a.Raw, []byte("data-focus")) {
				t.Errorf("%s of %s: %d", one.page, name, a.Status)
			}
			if bytes.Contains(a.Raw, []byte("<img src=x")) || bytes.Contains(a.Raw, []byte("<script>alert")) {
				t.Errorf("%s of %s: the file's markup stands in the page", one.page, name)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%s of %s took %s", one.page, name, took)
			}
		}
	}
	// longer than any request may be: refused before it has arrived
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
	must(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: orynda.test\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n", enterprisePage, httpd.BodyLimit+1)
	must(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != http.StatusRequestEntityTooLarge || !bytes.Contains(raw, []byte(`<html lang="ru"`)) {
		t.Errorf("a body beyond the limit: %d %.200s", res.StatusCode, raw)
	}
}

// zipBomb is a sheet of a few kilobytes that unpacks to hundreds of megabytes.
func zipBomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml":     `<?xml version="1.0"?><workbook/>`,
	} {
		f, err := z.Create(name)
		must(t, err)
		_, err = f.Write([]byte(text))
		must(t, err)
	}
	f, err := z.Create("xl/worksheets/sheet1.xml")
	must(t, err)
	for range 300 {
		_, err = f.Write(make([]byte, 1<<20))
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}
