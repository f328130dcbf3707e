// Package changes compares two versions of a description: what changed in the schema, and
// the effects on the Go package made from it. The effects come from the plans of both
// packages, which the emitter prints unchanged.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package changes

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
)

// Grade says how a change affects code that uses the generated package.
type Grade int

// The grades in ascending order.
const (
	None     Grade = iota // nothing changes for users
	Docs                  // comments change, deprecations included
	Additive              // something is added
	Breaking              // code that uses the changed part no longer compiles
)

// Grades returns the grades in descending order.
func Grades() []Grade { return []Grade{Breaking, Additive, Docs, None} }

// String returns the grade as a word.
func (g Grade) String() string {
	switch g {
	case Breaking:
		return "breaking"
	case Additive:
		return "additive"
	case Docs:
		return "docs"
	}
	return "none"
}

// MarshalText implements [encoding.TextMarshaler].
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// ParseGrade returns the grade with the given name.
func ParseGrade(word string) (Grade, error) {
	for _, g := range Grades() {
		if g.String() == word {
			return g, nil
		}
	}
	return None, fmt.Errorf("%q is not a grade: use breaking, additive, docs or none", word)
}

// Report lists all changes.
type Report struct {
	Grade   Grade     `json:"grade"` // the highest grade of the changes
	Changes []*Change `json:"changes"`
}

// Change is a change of one schema element.
type Change struct {
	Grade    Grade    `json:"grade"` // the highest grade of its effects
	Kind     string   `json:"kind"`  // kind of element, such as "navigation property"
	Element  string   `json:"element"`
	Position string   `json:"position,omitempty"` // in the new description; in the old one for a removed element
	Schema   []Fact   `json:"schema"`
	Go       []Effect `json:"go"`
}

// Fact is a single difference.
type Fact struct {
	What string `json:"what"` // for example "type" or "derived type added"
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
}

// Effect is the effect of a change on one Go declaration.
type Effect struct {
	Grade  Grade  `json:"grade"`
	Does   Does   `json:"does"`
	Kind   string `json:"kind"`   // kind of declaration: "field", "method" and so on
	Symbol string `json:"symbol"` // for example Call.Subject
	Old    string `json:"old,omitempty"`
	New    string `json:"new,omitempty"`
}

// Does says how a Go declaration changes.
type Does string

// The ways in which a declaration changes.
const (
	Adds      Does = "adds"
	Removes   Does = "removes"
	Renames   Does = "renames"   // the name now belongs to another element, or no longer does
	Retypes   Does = "retypes"   // the Go type or signature differs
	Respells  Does = "respells"  // the request differs, though the compiler does not notice
	Documents Does = "documents" // the comment differs
	Holds     Does = "holds"     // an interface can hold another type
)

// Side is one of the two versions.
type Side struct {
	Model *edm.Model
	Has   func(edm.Type) bool // whether a type is in the package
	Cut   choose.Cut          // what is left out of the package
	Paths []string            // the paths of the wanted requests; nil for all
	Plan  *goir.Package

	// Operations are in the package without what they are bound to.
	Operations map[*edm.Operation]bool
}

// Compare returns the changes from the old side to the new one.
func Compare(prev, next Side) *Report {
	f := schemaFacts(prev, next)
	f.assignCauses(effects(apiOf(prev.Plan), apiOf(next.Plan)))
	report := &Report{Changes: f.changes()}
	for _, c := range report.Changes {
		report.Grade = max(report.Grade, c.Grade)
		slices.SortStableFunc(c.Go, func(a, b Effect) int { return cmp.Compare(b.Grade, a.Grade) })
	}
	slices.SortStableFunc(report.Changes, func(a, b *Change) int {
		return cmp.Or(cmp.Compare(b.Grade, a.Grade), cmp.Compare(a.Element, b.Element))
	})
	return report
}

// Count returns the number of changes of a grade.
func (r *Report) Count(g Grade) int {
	n := 0
	for _, c := range r.Changes {
		if c.Grade == g {
			n++
		}
	}
	return n
}
