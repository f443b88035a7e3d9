//go:build !linux

package storagetest

import "os/exec"

// dieWithParent does nothing here: without Main or Stop the child stays.
func dieWithParent(*exec.Cmd) {}
