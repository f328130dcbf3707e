// Package changes compares two versions of a description: what changed in the schema,
// and what that does to the Go package made from it. What it says of Go comes from the
// plans of both packages, which the emitter prints as they are.
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

// Grade says what a change does to code that uses the generated package.
type Grade int

// The grades, from the least to the greatest.
const (
	None     Grade = iota // nothing changes for the compiler
	Docs                  // comments change, deprecations included
	Additive              // there is more than before
	Breaking              // code that uses what changed does not compile any more
)

// Grades returns the grades, the greatest first.
func Grades() []Grade { return []Grade{Breaking, Additive, Docs, None} }

// String returns the grade in a word.
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

// ParseGrade returns the grade that a word names.
func ParseGrade(word string) (Grade, error) {
	for _, g := range Grades() {
		if g.String() == word {
			return g, nil
		}
	}
	return None, fmt.Errorf("%q is no grade: breaking, additive, docs and none are", word)
}

// Report is what changed.
type Report struct {
	Grade   Grade     `json:"grade"` // the greatest of the changes
	Changes []*Change `json:"changes"`
}

// Change is what changed about one schema element.
type Change struct {
	Grade    Grade    `json:"grade"` // the greatest of what it does to Go
	Kind     string   `json:"kind"`  // of element, such as "navigation property"
	Element  string   `json:"element"`
	Position string   `json:"position,omitempty"` // in the new description; in the old one of what was removed
	Schema   []Fact   `json:"schema"`
	Go       []Effect `json:"go"`
}

// Fact is one thing that differs.
type Fact struct {
	What string `json:"what"` // such as "type" or "derived type added"
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`
}

// Effect is what a change does to one Go declaration.
type Effect struct {
	Grade  Grade  `json:"grade"`
	Does   Does   `json:"does"`
	Kind   string `json:"kind"`   // of declaration: "field", "method" and so on
	Symbol string `json:"symbol"` // such as Call.Subject
	Old    string `json:"old,omitempty"`
	New    string `json:"new,omitempty"`
}

// Does is the way in which a Go declaration changes.
type Does string

// The ways.
const (
	Adds      Does = "adds"
	Removes   Does = "removes"
	Renames   Does = "renames"   // another element has its name now, or no more
	Retypes   Does = "retypes"   // its Go type or signature differs
	Respells  Does = "respells"  // what is sent for it differs, and the compiler does not mind
	Documents Does = "documents" // its comment differs
	Holds     Does = "holds"     // an interface can hold another type
)

// Side is one of the two versions.
type Side struct {
	Model *edm.Model
	Has   func(edm.Type) bool // whether a type is in the package
	Cut   choose.Cut          // what is left out of it
	Paths []string            // the paths that requests are wanted for; nil for all
	Plan  *goir.Package
}

// Compare returns what changes from the old side to the new one.
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

// Count returns how many changes have a grade.
func (r *Report) Count(g Grade) int {
	n := 0
	for _, c := range r.Changes {
		if c.Grade == g {
			n++
		}
	}
	return n
}
