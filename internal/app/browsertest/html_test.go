package browsertest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
)

// savedHTML is what the server sent for every page that was visited. The validator reads all of it in one run at the end: starting it costs more than a
// hundred pages.
var savedHTML struct {
	mu    sync.Mutex
	pages map[string]savedPage // by the hash of what was sent
}

type savedPage struct {
	name string // where it came from
	raw  []byte
}

// keepHTML notes the document that the window shows, as it was sent, for the validator.
func (w *Window) keepHTML(name string) {
	w.t.Helper()
	var document network.RequestID
	for _, r := range w.Requests() {
		if r.Type == network.ResourceTypeDocument && r.Failed == "" && (r.Status < 300 || r.Status >= 400) {
			document = r.ID
		}
	}
	if document == "" {
		w.fail("no document came for %s", name)
	}
	body, err := call(w, network.GetResponseBody, network.GetResponseBodyParams{RequestID: document})
	w.must("what was sent", err)
	sum := sha256.Sum256(body.Body)
	savedHTML.mu.Lock()
	defer savedHTML.mu.Unlock()
	if savedHTML.pages == nil {
		savedHTML.pages = map[string]savedPage{}
	}
	key := hex.EncodeToString(sum[:8])
	if _, known := savedHTML.pages[key]; !known {
		savedHTML.pages[key] = savedPage{name: name, raw: body.Body}
	}
}

// validator gives the command line that checks a folder.
func validator() ([]string, error) {
	jar, err := tool("vnu/vnu.jar", "htmlvalidator")
	if err != nil {
		return nil, err
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return nil, errors.New("no Java for the HTML validator: install it (apt-get install default-jre-headless)")
	}
	return []string{java, "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", jar, "--format", "json", "--exit-zero-always", "--skip-non-html"}, nil
}

// needValidator leaves a test out when there is no validator.
func needValidator(t testing.TB) {
	t.Helper()
	if _, err := validator(); err != nil {
		missing(t, err)
	}
}

// invalidHTML runs the validator over pages, by any key, and gives what it finds: errors and warnings.
func invalidHTML(pages map[string]savedPage) ([]string, error) {
	command, err := validator()
	if err != nil || len(pages) == 0 {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "orynda-html-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	for key, p := range pages {
		if err := os.WriteFile(filepath.Join(folder, key+".html"), p.raw, 0o600); err != nil {
			return nil, err
		}
	}
	run := exec.Command(command[0], append(command[1:], folder)...)
	var said bytes.Buffer
	run.Stderr = &said
	if err := run.Run(); err != nil {
		return nil, fmt.Errorf("the HTML validator: %w: %s", err, said.String())
	}
	return readVerdicts(said.Bytes(), pages)
}

func readVerdicts(raw []byte, pages map[string]savedPage) ([]string, error) {
	var verdict struct {
		Messages []struct {
			Type, SubType, URL, Message, Extract string
			LastLine                             int
		}
	}
	if err := json.Unmarshal(raw, &verdict); err != nil {
		return nil, fmt.Errorf("the HTML validator said %q: %w", raw, err)
	}
	var out []string
	for _, m := range verdict.Messages {
		if m.Type == "info" && m.SubType != "warning" {
			continue
		}
		key := strings.TrimSuffix(filepath.Base(m.URL), ".html")
		out = append(out, fmt.Sprintf("%s line %d: %s\n      %s", pages[key].name, m.LastLine, m.Message, strings.ReplaceAll(m.Extract, "\n", " ")))
	}
	slices.Sort(out)
	return out, nil
}

// reportHTML judges what all tests of this process saved, after the last of them, and gives the exit code.
func reportHTML() int {
	savedHTML.mu.Lock()
	defer savedHTML.mu.Unlock()
	if len(savedHTML.pages) == 0 {
		return 0
	}
	found, err := invalidHTML(savedHTML.pages)
	switch {
	case err != nil:
		shout("NOT RUN: the HTML of " + fmt.Sprint(len(savedHTML.pages)) + " pages isn't validated: " + err.Error())
		if os.Getenv("CI") == "true" {
			return 1
		}
	case len(found) > 0:
		shout(fmt.Sprintf("invalid HTML in %d places of %d pages:\n  %s", len(found), len(savedHTML.pages), strings.Join(found, "\n  ")))
		return 1
	}
	return 0
}
