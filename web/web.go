// Package web holds what a browser gets: the components and pages of the site (packages ui and pages/…, written in templ) and the files that are
// served as they are.
package web

import "embed"

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path .

//go:embed static
var static embed.FS

// Static gives the files below static/.
func Static() embed.FS { return static }
