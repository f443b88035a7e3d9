package browsertest

import (
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// Request is one exchange that a window made.
type Request struct {
	ID     network.RequestID
	Method string
	URL    string
	Type   network.ResourceType
	Status int
	Bytes  int64 // received over the wire, head and body, as encoded; redirects before it included
	Cached bool
	Failed string // why there is no answer
	done   bool
	loader cdp.LoaderID // of the page that asked
}

// wire hears everything that a window does on the network and on its console. The browser calls it while it may be read, so all is under the lock.
type wire struct {
	mu         sync.Mutex
	base       string // scheme, host and port of what is tested; other addresses are foreign
	requests   []*Request
	byID       map[network.RequestID]*Request
	loading    bool
	complaints []string
	dialogs    []string
}

func (w *wire) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.sent(e)
	case *network.EventResponseReceived:
		w.answered(e)
	case *network.EventRequestServedFromCache:
		if r := w.byID[e.RequestID]; r != nil {
			r.Cached = true
		}
	case *network.EventLoadingFinished:
		if r := w.byID[e.RequestID]; r != nil {
			r.done = true
			if !r.Cached {
				r.Bytes += int64(e.EncodedDataLength)
			}
		}
	case *network.EventLoadingFailed:
		w.failed(e)
	case *page.EventFrameNavigated:
		w.left(e.Frame)
	case *page.EventFrameStartedLoading, *page.EventFrameRequestedNavigation:
		w.loading = true
	case *page.EventFrameStoppedLoading:
		w.loading = false
	case *page.EventJavascriptDialogOpening:
		w.dialogs = append(w.dialogs, e.Message)
	default:
		w.hearComplaint(event)
	}
}

func (w *wire) sent(e *network.EventRequestWillBeSent) {
	bytes := int64(0)
	if e.RedirectResponse != nil {
		bytes = int64(e.RedirectResponse.EncodedDataLength)
		if before := w.byID[e.RequestID]; before != nil {
			before.Status, before.done = int(e.RedirectResponse.Status), true
			bytes += before.Bytes
			before.Bytes = 0
		}
	}
	r := &Request{ID: e.RequestID, Method: e.Request.Method, URL: e.Request.URL, Type: e.Type, Bytes: bytes, loader: e.LoaderID}
	w.requests = append(w.requests, r)
	w.byID[e.RequestID] = r
	if u, err := url.Parse(r.URL); err == nil && strings.HasPrefix(u.Scheme, "http") && !strings.HasPrefix(r.URL, w.base+"/") && r.URL != w.base {
		w.complain("foreign request: %s", r.URL)
	}
}

// left ends what a page asked for that another has replaced: the browser drops it, and doesn't always say so.
func (w *wire) left(now *cdp.Frame) {
	if now.ParentID != "" {
		return
	}
	for _, r := range w.requests {
		r.done = r.done || r.loader != now.LoaderID
	}
}

func (w *wire) answered(e *network.EventResponseReceived) {
	r := w.byID[e.RequestID]
	if r == nil {
		return
	}
	r.Status = int(e.Response.Status)
	r.Cached = r.Cached || e.Response.FromDiskCache
	// A page or a part of one may be a refusal with words for the person; a file that a page is made of may not.
	words := e.Type == network.ResourceTypeDocument || e.Type == network.ResourceTypeXHR || e.Type == network.ResourceTypeFetch
	if r.Status >= 500 || (r.Status >= 400 && !words) {
		w.complain("%s %s: status %d", r.Method, r.URL, r.Status)
	}
}

func (w *wire) failed(e *network.EventLoadingFailed) {
	r := w.byID[e.RequestID]
	if r == nil {
		return
	}
	r.done, r.Failed = true, e.ErrorText
	if e.BlockedReason != "" {
		w.complain("%s %s: blocked (%s)", r.Method, r.URL, e.BlockedReason)
	} else if !e.Canceled && e.ErrorText != "net::ERR_ABORTED" { // a download ends a navigation so
		w.complain("%s %s: %s", r.Method, r.URL, e.ErrorText)
	}
}

// hearComplaint notes what the browser itself finds wrong with a page.
func (w *wire) hearComplaint(event any) {
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork { // answers are judged by their status
			w.complain("console: %s (%s)", e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.complain("console: %s", spoken(e.Args))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		w.complain("script: %s (%s)", text, e.ExceptionDetails.URL)
	case *audits.EventIssueAdded:
		if d := e.Issue.Details; d != nil && d.ContentSecurityPolicyIssueDetails != nil {
			v := d.ContentSecurityPolicyIssueDetails
			w.complain("policy: %s violated by %s (%s)", v.ViolatedDirective, v.BlockedURL, v.ContentSecurityPolicyViolationType)
		}
	}
}

func spoken(args []*runtime.RemoteObject) string {
	var out []string
	for _, a := range args {
		if a.Description != "" {
			out = append(out, a.Description)
		} else {
			out = append(out, strings.Trim(string(a.Value), `"`))
		}
	}
	return strings.Join(out, " ")
}

func (w *wire) complain(format string, args ...any) {
	w.complaints = append(w.complaints, fmt.Sprintf(format, args...))
}

// busy tells what is still on its way, "" for nothing.
func (w *wire) busy() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.loading {
		return "the page"
	}
	for _, r := range w.requests {
		if !r.done && w.counts(r) {
			return fmt.Sprintf("%s %s (%s, status %d)", r.Method, r.URL, r.Type, r.Status)
		}
	}
	return ""
}

// counts reports whether a page isn't at rest without the answer: it is without its icon, which the browser asks for when it likes and drops without a word.
func (w *wire) counts(r *Request) bool {
	switch r.Type {
	case network.ResourceTypeEventSource, network.ResourceTypeWebSocket:
		return false
	case network.ResourceTypeOther:
		return !strings.HasSuffix(r.URL, "/icon.svg")
	}
	return !strings.HasPrefix(r.URL, "data:")
}

// forget begins a new account of requests.
func (w *wire) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests, w.byID = nil, map[network.RequestID]*Request{}
}

func (w *wire) list() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]Request, 0, len(w.requests))
	for _, r := range w.requests {
		out = append(out, *r)
	}
	return out
}

// take gives the complaints so far and forgets them.
func (w *wire) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.complaints
	w.complaints = nil
	return out
}
