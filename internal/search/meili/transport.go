package meili

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"time"
)

// Transport is how the server is called. It doesn't ask for compressed answers: the server sends those in pieces that wait for a
// delayed acknowledgement, 43 ms each time (measured). Connections are many enough for all callers, and dropped before the
// server drops them (it keeps idle ones for 5 s).
func Transport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 2 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		DisableCompression:    true,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   256,
		IdleConnTimeout:       4 * time.Second,
		TLSHandshakeTimeout:   2 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// steady gives each request a body of known length that can be sent again, so that a request that met a connection which
// the server had just closed is repeated by net/http. All our requests may be repeated: reads, and writes that set a state.
type steady struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (s steady) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return s.next.RoundTrip(req)
	}
	body, err := io.ReadAll(req.Body)
	if closeErr := req.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	again := req.Clone(req.Context())
	again.ContentLength = int64(len(body))
	again.Body = io.NopCloser(bytes.NewReader(body))
	again.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	again.Header["X-Idempotency-Key"] = nil // net/http's word for "may be repeated"; with no value it isn't sent
	return s.next.RoundTrip(again)
}
