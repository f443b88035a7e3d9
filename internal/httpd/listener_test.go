package httpd_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/orynda/orynda/internal/httpd"
)

// A stop waits for requests, not for connections on which nothing was asked: browsers keep some open ahead of need.
func TestStopDoesNotWaitForTheSilent(t *testing.T) {
	app, _ := application(t)
	entered := make(chan struct{})
	finish := make(chan struct{})
	app.Get("/slow", func(c *fiber.Ctx) error {
		close(entered)
		<-finish
		return c.SendString("done")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- app.Listener(httpd.Listener(l)) }()

	dial := func() net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", l.Addr().String())
		must(t, err)
		t.Cleanup(func() { _ = c.Close() })
		must(t, c.SetDeadline(time.Now().Add(20*time.Second)))
		return c
	}
	silent, busy := dial(), dial()
	_, err = io.WriteString(busy, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
	must(t, err)
	<-entered

	stopped := make(chan error, 1)
	start := time.Now()
	go func() { stopped <- app.ShutdownWithContext(context.Background()) }()
	if rest, err := io.ReadAll(silent); err != nil || len(rest) > 0 {
		t.Errorf("the silent connection got %q, %v", rest, err)
	}
	select {
	case <-stopped:
		t.Fatal("the stop left a request behind")
	default:
	}
	close(finish)
	res, err := http.ReadResponse(bufio.NewReader(busy), nil)
	must(t, err)
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "done" {
		t.Errorf("the running request got %q, %v", body, err)
	}
	must(t, <-stopped)
	must(t, <-served)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the stop took %v", took)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
