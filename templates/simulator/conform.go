package simulator

import (
	"strings"
)

// checked is a request of a client.
type checked struct {
	Method      string
	Path        string // escaped, below the root of the service: "/communications/calls"
	ContentType string
	Body        []byte
	// StandsFor has types, by qualified name, that the service takes where the
	// description wants another one, which is the value.
	StandsFor map[string]string
}

// target is what a request is sent to.
type target struct {
	Template   string   // the path with "{id}" for each key
	Keys       []string // the values of the keys, in order
	Type       *structuredType
	Collection bool            // of Type
	Operation  *boundOperation // nil unless the path ends with an action or a function
	Property   *property       // nil unless the path ends with a structural property
	Suffix     string          // "$count", "$ref", "$value" or ""
	Alternate  *alternateKey   // nil unless the path has an alternate key

	singleton bool
	overloads []*boundOperation
}

// misfitKind says what was wrong with a request.
type misfitKind int

// What can be wrong with a request.
const (
	noSuchPath   misfitKind = iota // the description has no such path
	noSuchMethod                   // the path has no such method
	malformed                      // the body is not what the description wants
)

// nonconformity is a request that does not conform.
type nonconformity struct {
	Kind     misfitKind
	Problems []string // one a line, those of a body with the path to the value
}

// Error returns all problems.
func (e *nonconformity) Error() string { return strings.Join(e.Problems, "\n") }

func failure(kind misfitKind, problem string) error { return &nonconformity{kind, []string{problem}} }

// check goes by OData 4.01 Part 2 (URL Conventions) and by the JSON Format.
//
// It returns what a request is sent to. If it does not conform the error is a
// *nonconformity.
func check(m *description, r checked) (*target, error) {
	t, err := resolve(m, r.Path)
	if err != nil {
		return nil, err
	}
	if !t.allows(r.Method) {
		return t, failure(noSuchMethod, r.Method+" "+t.Template+": the description allows no such method")
	}
	if problems := t.body(m, r); len(problems) > 0 {
		return t, &nonconformity{malformed, problems}
	}
	return t, nil
}
