// Package deploy_test checks the files that run the program elsewhere. No container engine is needed: docker-compose.yml is read by the library
// that the engine itself uses, the Dockerfile line by line.
package deploy_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/orynda/orynda/internal/app"
)

// project reads docker-compose.yml as the engine would, with nothing set in the environment beside env.
func project(t *testing.T, env ...string) *types.Project {
	t.Helper()
	opts, err := cli.NewProjectOptions([]string{"../docker-compose.yml"}, cli.WithEnv(env), cli.WithDiscardEnvFile)
	if err != nil {
		t.Fatal(err)
	}
	p, err := opts.LoadProject(t.Context())
	if err != nil {
		t.Fatalf("docker-compose.yml: %v", err)
	}
	return p
}

func service(t *testing.T, p *types.Project, name string) types.ServiceConfig {
	t.Helper()
	s, err := p.GetService(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServices(t *testing.T) {
	names := project(t).ServiceNames()
	if want := []string{"app", "mail", "meilisearch", "mongodb"}; !slices.Equal(names, want) {
		t.Errorf("services %v, want %v", names, want)
	}
}

// What keeps data has a volume, what others wait for has a health check, and images are pinned to a version.
func TestServicesKeepTheirPromises(t *testing.T) {
	p := project(t)
	for _, c := range []struct {
		name, volume, target string
		healthy              bool
	}{
		{"app", "app-data", "/data", true},
		{"mongodb", "mongodb-data", "/data/db", true},
		{"meilisearch", "meilisearch-data", "/meili_data", true},
		{"mail", "", "", false},
	} {
		s := service(t, p, c.name)
		if c.volume != "" && !slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
			return v.Type == types.VolumeTypeVolume && v.Source == c.volume && v.Target == c.target
		}) {
			t.Errorf("%s: no volume %s at %s, its data ends with the container", c.name, c.volume, c.target)
		}
		if _, declared := p.Volumes[c.volume]; c.volume != "" && !declared {
			t.Errorf("volume %s isn't declared", c.volume)
		}
		if c.healthy && (s.HealthCheck == nil || s.HealthCheck.Disable || len(s.HealthCheck.Test) < 2 || s.HealthCheck.Interval == nil || s.HealthCheck.Retries == nil) {
			t.Errorf("%s: no full health check: %+v", c.name, s.HealthCheck)
		}
		if s.Restart == "" {
			t.Errorf("%s isn't started again after a crash", c.name)
		}
		if _, tag, _ := strings.Cut(s.Image, ":"); s.Build == nil && (tag == "" || tag == "latest") {
			t.Errorf("%s: image %q names no version", c.name, s.Image)
		}
		if s.Privileged || s.NetworkMode == "host" {
			t.Errorf("%s has more rights than it needs", c.name)
		}
	}
}

// The program starts when the stores answer.
func TestAppWaitsForItsStores(t *testing.T) {
	deps := service(t, project(t), "app").DependsOn
	for name, want := range map[string]string{
		"mongodb": types.ServiceConditionHealthy, "meilisearch": types.ServiceConditionHealthy, "mail": types.ServiceConditionStarted,
	} {
		if got := deps[name].Condition; got != want {
			t.Errorf("app waits for %s to be %q, want %q", name, got, want)
		}
	}
}

// Nothing listens beyond this machine, and the stores not even on it.
func TestPortsAreLoopback(t *testing.T) {
	published := map[string][]string{}
	for name, s := range project(t).Services {
		for _, port := range s.Ports {
			published[name] = append(published[name], port.Published)
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s: port %s listens on %q", name, port.Published, port.HostIP)
			}
		}
	}
	if !slices.Equal(published["app"], []string{"8080"}) || !slices.Equal(published["mail"], []string{"8025"}) || len(published) != 2 {
		t.Errorf("published ports %v", published)
	}
}

// The program accepts the environment that it is given, as a whole.
func TestAppEnvironmentIsKnown(t *testing.T) {
	for _, env := range [][]string{nil, {"MEILISEARCH_KEY=a-key-of-the-operator"}} {
		var environ []string
		for name, value := range service(t, project(t, env...), "app").Environment {
			if value == nil {
				t.Fatalf("%s has no value", name)
			}
			environ = append(environ, name+"="+*value)
		}
		c, err := app.ConfigFrom(environ)
		if err != nil {
			t.Fatalf("the program refuses its environment: %v", err)
		}
		if c.MongoDBURI == "" || c.MeilisearchURL == "" || c.SMTPURL == "" || c.SecretsFile == "" || c.PublicURL == "" {
			t.Errorf("a part of the installation isn't used: %+v", c)
		}
		if c.Addr != "0.0.0.0:8080" {
			t.Errorf("the program listens on %s, which the published port doesn't reach", c.Addr)
		}
		if len(env) > 0 && c.MeilisearchKey != "a-key-of-the-operator" {
			t.Errorf("the operator's key isn't used")
		}
	}
}

// The test above can fail: a name with a slip is refused.
func TestUnknownSettingIsRefused(t *testing.T) {
	if _, err := app.ConfigFrom([]string{"ORYNDA_MONGODB_URL=mongodb://mongodb:27017/"}); err == nil {
		t.Error("an unknown setting is accepted")
	}
}

// Both sides of the search server know the same key, which is as long as the server asks, and a small task doesn't take a big one's memory.
func TestMeilisearch(t *testing.T) {
	p := project(t)
	env := service(t, p, "meilisearch").Environment
	get := func(env types.MappingWithEquals, name string) string {
		if v := env[name]; v != nil {
			return *v
		}
		return ""
	}
	key := get(env, "MEILI_MASTER_KEY")
	if len(key) < 16 || key != get(service(t, p, "app").Environment, "ORYNDA_MEILISEARCH_KEY") {
		t.Errorf("the key of the server (%d letters) isn't long enough or not the program's", len(key))
	}
	if get(env, "MEILI_MAX_INDEXING_MEMORY") == "" || get(env, "MEILI_ENV") != "production" {
		t.Errorf("settings of the server: %v", env)
	}
}

// MongoDB is a replica set that makes itself, under the name by which the program finds it.
func TestMongoDBIsAReplicaSet(t *testing.T) {
	p := project(t)
	m := service(t, p, "mongodb")
	i := slices.Index(m.Command, "--replSet")
	if i < 0 || i+1 >= len(m.Command) {
		t.Fatalf("mongod isn't started as a replica set: %v", m.Command)
	}
	set := m.Command[i+1]
	check := strings.Join(m.HealthCheck.Test, " ")
	if !strings.Contains(check, "rs.initiate") || !strings.Contains(check, `"`+set+`"`) || !strings.Contains(check, "isWritablePrimary") {
		t.Errorf("the health check doesn't make the set %s and wait for its primary: %s", set, check)
	}
	if uri := *service(t, p, "app").Environment["ORYNDA_MONGODB_URI"]; !strings.Contains(uri, "replicaSet="+set) || !strings.Contains(uri, "//mongodb:27017/") {
		t.Errorf("the program looks for %s", uri)
	}
}

// instruction is one line of a Dockerfile.
type instruction struct{ word, rest string }

func dockerfile(t *testing.T) (stages [][]instruction) {
	t.Helper()
	raw, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.ReplaceAll(string(raw), "\\\n", " "), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		in := instruction{strings.ToUpper(word), strings.Join(strings.Fields(rest), " ")}
		if in.word == "FROM" {
			stages = append(stages, nil)
		}
		if len(stages) == 0 {
			t.Fatalf("%s before FROM", line)
		}
		stages[len(stages)-1] = append(stages[len(stages)-1], in)
	}
	return stages
}

// find gives what follows a word in a stage, "" where it isn't.
func find(stage []instruction, word string) string {
	i := slices.IndexFunc(stage, func(in instruction) bool { return in.word == word })
	if i < 0 {
		return ""
	}
	return stage[i].rest
}

// A static binary is built in one stage and runs alone, as nobody, in the other.
func TestDockerfile(t *testing.T) {
	stages := dockerfile(t)
	if len(stages) != 2 {
		t.Fatalf("%d stages, want one to build and one to run", len(stages))
	}
	build, run := stages[0], stages[1]
	if from := find(build, "FROM"); !strings.HasPrefix(from, "golang:1.26") || !strings.HasSuffix(from, " AS build") {
		t.Errorf("built from %q; go.mod asks for Go 1.26", from)
	}
	if !slices.ContainsFunc(build, func(in instruction) bool {
		return in.word == "RUN" && strings.Contains(in.rest, "CGO_ENABLED=0 go build") && strings.Contains(in.rest, "-trimpath") && strings.Contains(in.rest, "./cmd/orynda")
	}) {
		t.Error("the binary isn't built static (CGO_ENABLED=0) and without paths of the machine (-trimpath)")
	}
	if from := find(run, "FROM"); from != "scratch" {
		t.Errorf("runs in %q; an empty image has nothing to attack", from)
	}
	if user := find(run, "USER"); user == "" || user == "root" || strings.HasPrefix(user, "0") {
		t.Errorf("runs as %q", user)
	}
	if find(run, "ENTRYPOINT") != `["/orynda"]` || find(run, "CMD") != `["serve"]` || find(run, "RUN") != "" {
		t.Errorf("entry point %s, command %s", find(run, "ENTRYPOINT"), find(run, "CMD"))
	}
	if find(run, "VOLUME") != "/data" || find(run, "ENV") != "ORYNDA_DATA_DIR=/data" {
		t.Errorf("data at %s, %s", find(run, "VOLUME"), find(run, "ENV"))
	}
	if !slices.ContainsFunc(run, func(in instruction) bool {
		return in.word == "COPY" && strings.Contains(in.rest, "ca-certificates.crt")
	}) {
		t.Error("no certificates: mail over TLS and a MongoDB cluster can't be trusted")
	}
}

// What the health check starts is there, and data or tools of the machine stay out of the image.
func TestImageContext(t *testing.T) {
	p := project(t)
	if check := service(t, p, "app").HealthCheck.Test; len(check) != 3 || check[0] != "CMD" || check[1] != "/orynda" || check[2] != "health" {
		t.Errorf("health check %v; the image has no shell and no other program", check)
	}
	raw, err := os.ReadFile("../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".git", ".tools", "data", "data-demo"} {
		if !slices.Contains(strings.Split(string(raw), "\n"), name) {
			t.Errorf(".dockerignore lets %s into the image's build", name)
		}
	}
}
