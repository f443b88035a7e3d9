// Package web holds what a browser gets: files that are served as they are.
package web

import "embed"

//go:embed static
var static embed.FS

// Static gives the files below static/.
func Static() embed.FS { return static }
