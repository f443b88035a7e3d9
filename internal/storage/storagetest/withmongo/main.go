// Command withmongo runs a command with one mongod for all of it, so that the test processes of many packages share it:
//
//	go run ./internal/storage/storagetest/withmongo go test ./...
//
// A server that the environment names already is used as it is. With -missing it runs nothing and says what tests leave out for want of a server.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/orynda/orynda/internal/storage/storagetest"
)

func main() { os.Exit(run(os.Args[1:])) }

// run gives the exit code of the command.
func run(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withmongo command [argument ...] | -missing")
		return 2
	}
	if args[0] == "-missing" {
		if text := storagetest.NotRun(); text != "" {
			fmt.Fprintln(os.Stderr, "\n!!! "+text)
		}
		return 0
	}
	env := os.Environ()
	if os.Getenv(storagetest.URIVariable) == "" {
		server, err := storagetest.StartServer()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer server.Stop() // the command's result matters, not a leftover folder
		env = append(env, storagetest.URIVariable+"="+server.URI)
	}
	return command(args, env)
}

func command(args, env []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = os.Stdin, os.Stdout, os.Stderr, env
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}
