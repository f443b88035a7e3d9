// Package api holds the contract, api/openapi.yaml: the one description that the server's types are generated from, that requests are
// checked against and that other developers read.
package api

import _ "embed"

// openAPI is read-only.
//
//go:embed openapi.yaml
var openAPI []byte

// OpenAPI gives the contract as written (OpenAPI 3.0.3, YAML).
func OpenAPI() []byte { return openAPI }
