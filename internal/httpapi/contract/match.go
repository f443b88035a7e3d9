package contract

import (
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// node is a step of the contract's paths. A fixed step is preferred to a value.
type node struct {
	fixed map[string]*node
	value *node
	name  string // of the value
	path  string
	item  *openapi3.PathItem
}

// add puts a path of the contract into the tree. A step may hold one value with fixed text behind it ("{token}.ics").
func (n *node) add(path string, item *openapi3.PathItem) {
	at := n
	for _, step := range strings.Split(strings.Trim(path, "/"), "/") {
		if strings.HasPrefix(step, "{") {
			if at.value == nil {
				at.value = &node{name: step}
			}
			at = at.value
			continue
		}
		if at.fixed == nil {
			at.fixed = map[string]*node{}
		}
		if at.fixed[step] == nil {
			at.fixed[step] = &node{}
		}
		at = at.fixed[step]
	}
	at.path, at.item = path, item
}

// find walks a request's path, filling values; nil when the contract has no such path.
func (n *node) find(path string, values map[string]string) *node {
	steps := strings.Split(strings.Trim(path, "/"), "/")
	at := n.walk(steps, values)
	if at == nil || at.item == nil {
		return nil
	}
	return at
}

func (n *node) walk(steps []string, values map[string]string) *node {
	if len(steps) == 0 {
		return n
	}
	if next := n.fixed[steps[0]]; next != nil {
		if at := next.walk(steps[1:], values); at != nil && at.item != nil {
			return at
		}
	}
	if n.value == nil {
		return nil
	}
	name, suffix, _ := strings.Cut(strings.TrimPrefix(n.value.name, "{"), "}")
	text, ok := strings.CutSuffix(steps[0], suffix)
	if !ok || text == "" {
		return nil
	}
	if decoded, err := url.PathUnescape(text); err == nil {
		text = decoded
	}
	at := n.value.walk(steps[1:], values)
	if at != nil {
		values[name] = text
	}
	return at
}
