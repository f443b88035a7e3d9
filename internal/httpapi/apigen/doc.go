// Package apigen is generated from api/openapi.yaml: the types of the contract and the strict server that package httpapi
// implements. Nothing in it is written by hand but this comment and the line that makes it.
package apigen

//go:generate sh -c "cd ../../.. && go tool oapi-codegen -config api/codegen.yaml api/openapi.yaml"
