// Package diag holds positions in a description and the findings reported at them, so that
// all stages report in one form and all findings at once.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package diag

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/callgen/callgen/internal/visible"
)

// Pos is a position in a description file. Line and Col count from 1; Col counts bytes.
type Pos struct {
	File string
	Line int
	Col  int
}

// IsValid reports whether p is a position in a file.
func (p Pos) IsValid() bool { return p.File != "" || p.Line > 0 }

// String returns "file:line:col" without the unknown parts.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Compare orders positions by file, line and column.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// Finding is a problem of a description.
type Finding struct {
	Pos     Pos
	Element string // the schema element, such as "microsoft.graph.call/state"; may be empty
	Msg     string // the problem and its solution
	Source  string `json:",omitempty"` // the line of source, for illustration; may be empty
}

// Limits of the output: a description can be made to have any number of faults.
const (
	width    = 120  // characters of a line of source
	longest  = 2000 // characters of the rest of a finding
	mostText = 100  // findings
)

// String returns "file:line:col: element: message", followed by the line of source. Since
// all of it may contain outside text, invisible characters are escaped.
func (f Finding) String() string {
	parts := make([]string, 0, 3)
	if f.Pos.IsValid() {
		parts = append(parts, f.Pos.String())
	}
	if f.Element != "" {
		parts = append(parts, f.Element)
	}
	text := visible.Cut(visible.Escape(strings.Join(append(parts, f.Msg), ": ")), longest)
	if f.Source != "" {
		text += "\n\t" + visible.Cut(visible.Escape(strings.ReplaceAll(f.Source, "\t", "    ")), width)
	}
	return text
}

// List collects findings, and faults that do not stop reading. The zero value is ready to
// use.
type List struct {
	findings []Finding
	faults   []fault
}

// fault is a finding that does not stop reading.
type fault struct {
	Finding        // its message describes the fault
	fix     string // what the author of the description should do
	done    string // what the reader does with it
}

// Add records a finding about element at pos.
func (l *List) Add(pos Pos, element, format string, args ...any) {
	l.findings = append(l.findings, Finding{Pos: pos, Element: element, Msg: fmt.Sprintf(format, args...)})
}

// Fault records a fault of element at pos that does not stop reading. fix says what the
// author of the description should do, and ends the message of [List.Strict]; done says
// what the reader does instead, and ends the message of [List.Notes].
func (l *List) Fault(pos Pos, element, fix, done, format string, args ...any) {
	l.faults = append(l.faults, fault{Finding{Pos: pos, Element: element, Msg: fmt.Sprintf(format, args...)}, fix, done})
}

// AddFaults adds the faults of another list.
func (l *List) AddFaults(other *List) { l.faults = append(l.faults, other.faults...) }

// Len returns the number of findings without faults.
func (l *List) Len() int { return len(l.findings) }

// Findings returns the findings without faults, sorted by position and without repetitions.
func (l *List) Findings() []Finding { return sorted(slices.Clone(l.findings)) }

// Notes returns the faults with what the reader did instead, sorted by position.
func (l *List) Notes() []Finding {
	notes := make([]Finding, len(l.faults))
	for i, f := range l.faults {
		notes[i] = f.ending(f.done)
	}
	return sorted(notes)
}

// Strict returns nil if nothing was recorded, and otherwise an [*Error] with all findings
// and faults.
func (l *List) Strict() error {
	all := slices.Clone(l.findings)
	for _, f := range l.faults {
		all = append(all, f.ending(f.fix))
	}
	if len(all) == 0 {
		return nil
	}
	return &Error{Findings: sorted(all)}
}

// ending returns a fault as a finding whose message has the given end.
func (f fault) ending(end string) Finding {
	separator := ": "
	if strings.Contains(f.Msg, separator) {
		separator = "; "
	}
	return Finding{Pos: f.Pos, Element: f.Element, Msg: f.Msg + separator + end}
}

func sorted(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(a.Pos.Compare(b.Pos), cmp.Compare(a.Element, b.Element), cmp.Compare(a.Msg, b.Msg), cmp.Compare(a.Source, b.Source))
	})
	return slices.Compact(findings)
}

// ByCause returns one note for each cause: the first one, with the number of others.
func ByCause(notes []Finding) []Finding {
	more := make(map[string]int)
	var first []Finding
	for _, n := range notes {
		if _, ok := more[n.Msg]; !ok {
			more[n.Msg] = -1
			first = append(first, n)
		}
		more[n.Msg]++
	}
	for i, n := range first {
		if count := more[n.Msg]; count > 0 {
			first[i].Msg += fmt.Sprintf(" (and %d more like this)", count)
		}
	}
	return first
}

// Err returns nil if there are no findings, and otherwise an [*Error] with all findings
// except faults.
func (l *List) Err() error {
	if len(l.findings) == 0 {
		return nil
	}
	return &Error{Findings: l.Findings()}
}

// Error is the error of a stage with findings. Its text has a line for each.
type Error struct {
	Findings []Finding
}

// Error returns the findings as formatted by [Text].
func (e *Error) Error() string { return Text(e.Findings) }

// Text returns the findings one a line, and a count of those beyond a readable number.
func Text(findings []Finding) string {
	shown := findings[:min(len(findings), mostText)]
	lines := make([]string, len(shown))
	for i, f := range shown {
		lines[i] = f.String()
	}
	if more := len(findings) - len(shown); more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// AddError adds the findings of an [*Error], and any other error as one finding.
func (l *List) AddError(err error) {
	var found *Error
	switch {
	case err == nil:
	case errors.As(err, &found):
		l.findings = append(l.findings, found.Findings...)
	default:
		l.findings = append(l.findings, Finding{Msg: err.Error()})
	}
}
