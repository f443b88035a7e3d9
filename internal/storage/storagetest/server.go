package storagetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// process is the mongod of this test process. A test process has one, whatever test asks first, so this can't be anybody's field;
// it is the only variable of the package.
var process struct {
	once   sync.Once
	server *Server
	err    error
	told   sync.Once // that there is none
}

// serverURI gives the server that tests use, starting one if need be.
func serverURI() (string, error) {
	if uri := os.Getenv(URIVariable); uri != "" {
		return uri, nil
	}
	process.once.Do(func() { process.server, process.err = StartServer() })
	if process.err != nil {
		return "", process.err
	}
	return process.server.URI, nil
}

// Main runs the tests and stops the mongod that they started. Use it in TestMain: os.Exit(storagetest.Main(m)).
func Main(m *testing.M) int {
	code := m.Run()
	process.once.Do(func() {}) // from here on nobody starts one
	if process.server == nil {
		return code
	}
	if err := process.server.Stop(); err != nil {
		shout("stopping mongod: " + err.Error())
	}
	return code
}

// shout writes to stderr. go test hides even that when a package passes and -v is missing; so it goes to the terminal, where there is one, past go test, make
// test says it at the end, and CI=true turns it into a failure.
func shout(text string) {
	text = "\n!!! " + text + "\n"
	if tty, err := os.OpenFile("/dev/tty", os.O_WRONLY, 0); err == nil {
		_, _ = fmt.Fprintln(tty, text)
		_ = tty.Close()
	}
	fmt.Fprintln(os.Stderr, text)
}

// Server is a mongod of our own: a replica set of one node on a free port of the loopback interface, its data in a temporary
// folder. It dies with this process (on Linux even when this process is killed).
type Server struct {
	URI    string
	cmd    *exec.Cmd
	folder string
	ended  chan struct{} // closed when the process has ended
}

// errNoBinary says what to do.
var errNoBinary = errors.New("no mongod: set " + URIVariable + ", or put a mongod on PATH or at .tools/bin/mongod of the repository")

// StartServer starts a mongod and returns when it takes writes. The program withmongo uses it to share one among many test
// processes.
func StartServer() (*Server, error) {
	binary, err := findBinary()
	if err != nil {
		return nil, err
	}
	var errs []error
	for range 3 { // another process may take the port between our looking for it and mongod's binding it
		s, err := start(binary)
		if err == nil {
			return s, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func findBinary() (string, error) {
	if path, err := exec.LookPath("mongod"); err == nil {
		return path, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			return "", errNoBinary
		}
	}
	path := filepath.Join(dir, ".tools", "bin", "mongod")
	if _, err := os.Stat(path); err != nil {
		return "", errNoBinary
	}
	return path, nil
}

func start(binary string) (*Server, error) {
	folder, err := os.MkdirTemp("", "orynda-mongod-")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	s := &Server{
		URI:    "mongodb://" + addr + "/?replicaSet=rs0&directConnection=true",
		cmd:    exec.Command(binary, arguments(folder, port)...),
		folder: folder,
		ended:  make(chan struct{}),
	}
	if err := s.launch(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := s.initiate(addr); err != nil {
		return nil, errors.Join(fmt.Errorf("mongod: %w; its log ends: %s", err, s.logTail()), s.Stop())
	}
	return s, nil
}

func arguments(folder string, port int) []string {
	return []string{
		"--dbpath", folder, "--logpath", filepath.Join(folder, "log"), "--bind_ip", "127.0.0.1", "--port", strconv.Itoa(port),
		"--replSet", "rs0", "--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket",
		"--setParameter", "diagnosticDataCollectionEnabled=false",
		"--setParameter", "enableTestCommands=1", // lets tests make commands fail
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// launch starts the process from a thread that lives as long as it: Linux kills a child when the *thread* that made it ends.
func (s *Server) launch() error {
	dieWithParent(s.cmd)
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer close(s.ended)
		if err := s.cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		_ = s.cmd.Wait() // its exit code says nothing we use
	}()
	return <-started
}

// initiate makes the server a replica set and waits until it is its primary.
func (s *Server) initiate(addr string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://" + addr + "/?directConnection=true"))
	if err != nil {
		return err
	}
	defer client.Disconnect(ctx) // nothing is left to lose
	admin := client.Database("admin")
	members := bson.A{bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: addr}}}
	config := bson.D{{Key: "_id", Value: "rs0"}, {Key: "members", Value: members}}
	if err := admin.RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: config}}).Err(); err != nil {
		return err
	}
	for {
		var hello struct {
			Primary bool `bson:"isWritablePrimary"`
		}
		if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
			return err
		}
		if hello.Primary {
			return nil
		}
		select {
		case <-s.ended:
			return errors.New("it ended")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *Server) logTail() string {
	b, err := os.ReadFile(filepath.Join(s.folder, "log"))
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(b[max(0, len(b)-800):]))
}

// Stop ends the server and removes its data.
func (s *Server) Stop() error {
	select {
	case <-s.ended:
	default:
		_ = s.cmd.Process.Kill() // its data is thrown away, so there is nothing to shut down in order
		<-s.ended
	}
	return os.RemoveAll(s.folder)
}
