package httpd

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// Listener is a listener for the application. Browsers open connections ahead of need; the server below counts one as busy until it has read from
// it, so a stop would wait for all of ReadTimeout and then answer a question nobody asked. Here such a connection is closed with the listener, and
// its end by time is told as the client's leaving, which is answered with nothing.
func Listener(l net.Listener) net.Listener {
	return &listener{Listener: l, silent: map[*connection]struct{}{}}
}

type listener struct {
	net.Listener

	mu     sync.Mutex
	closed bool
	silent map[*connection]struct{} // nothing was read from them yet
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = c.Close() // it came while the listener closed
		return nil, net.ErrClosed
	}
	conn := &connection{Conn: c, listener: l}
	l.silent[conn] = struct{}{}
	return conn, nil
}

// Close implements net.Listener.
func (l *listener) Close() error {
	err := l.Listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for c := range l.silent {
		_ = c.Conn.Close() // nothing was asked on it
	}
	clear(l.silent)
	return err
}

func (l *listener) forget(c *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.silent, c)
}

// connection knows whether anything was read from it.
type connection struct {
	net.Conn

	listener *listener
	spoken   atomic.Bool
}

// Read implements net.Conn; before the first byte every error is io.EOF.
func (c *connection) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.spoken.Load() {
		return n, err
	}
	if n > 0 {
		c.spoken.Store(true)
		c.listener.forget(c)
	} else if err != nil {
		err = io.EOF
	}
	return n, err
}

// Close implements net.Conn.
func (c *connection) Close() error {
	c.listener.forget(c)
	return c.Conn.Close()
}
