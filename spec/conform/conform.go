// Package conform checks requests against a description: whether it has the path, allows
// the method there, and fits the body. It implements OData 4.01 Part 2 (URL Conventions)
// and the JSON Format.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package conform

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// Request is a request of a client.
type Request struct {
	Method      string
	Path        string // escaped, below the root of the service: "/communications/calls"
	ContentType string
	Body        []byte
	// StandsFor maps qualified names of types that the service accepts to the types that
	// the description requires instead.
	StandsFor map[string]string
}

// Target is the target of a request.
type Target struct {
	Template   string   // the path, with "{id}" for each key
	Keys       []string // the values of the keys, in order
	Type       *edm.StructuredType
	Collection bool           // of Type
	Operation  *edm.Operation // nil unless the path ends with an action or a function
	Property   *edm.Property  // nil unless the path ends with a structural property
	Suffix     string         // "$count", "$ref", "$value" or ""
	Alternate  *Alternate     // nil unless the path has an alternate key

	singleton bool
	overloads []*edm.Operation
}

// Kind says what is wrong with a request.
type Kind int

// The kinds of problems.
const (
	NotFound   Kind = iota // the path is not in the description
	NotAllowed             // the path does not support the method
	Malformed              // the body does not fit the description
)

// Error is the error of a request that does not conform.
type Error struct {
	Kind     Kind
	Problems []string // one per line; for a body with the path to the value
}

// Error returns all problems, one per line.
func (e *Error) Error() string { return strings.Join(e.Problems, "\n") }

func failure(kind Kind, problem string) error { return &Error{kind, []string{problem}} }

// Check returns the target of a request. If the request does not conform, the error is an
// [*Error].
func Check(m *edm.Model, r Request) (*Target, error) {
	t, err := resolve(m, r.Path)
	if err != nil {
		return nil, err
	}
	if !t.allows(r.Method) {
		return t, failure(NotAllowed, r.Method+" "+t.Template+": the description allows no such method")
	}
	if problems := t.body(m, r); len(problems) > 0 {
		return t, &Error{Malformed, problems}
	}
	return t, nil
}
