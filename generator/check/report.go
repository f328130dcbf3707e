package check

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/diag"
)

// limit is the maximum number of reported problems. A wrong template causes thousands.
const limit = 20

// report collects problems.
type report struct {
	fset    *token.FileSet
	files   []output.File
	element func(file string, line int) string

	mu       sync.Mutex
	problems []problem
}

type problem struct {
	pos token.Position
	msg string
}

func (r *report) add(pos token.Position, msg string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, problem{pos, msg})
}

// typeError records an error of the type checker. Positions refer to the generated text,
// whatever its line directives claim.
func (r *report) typeError(err error) {
	var e types.Error
	if !errors.As(err, &e) {
		r.add(token.Position{}, err.Error())
		return
	}
	r.add(r.fset.PositionFor(e.Pos, false), e.Msg)
}

// err returns the problems as sorted findings. Variants share most of them.
func (r *report) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.pos.Filename, b.pos.Filename), cmp.Compare(a.pos.Line, b.pos.Line),
			cmp.Compare(a.pos.Column, b.pos.Column), cmp.Compare(a.msg, b.msg))
	})
	all := slices.CompactFunc(r.problems, func(a, b problem) bool { return a.pos == b.pos && a.msg == b.msg })
	found := new(diag.Error)
	for _, p := range all[:min(len(all), limit)] {
		found.Findings = append(found.Findings, r.finding(p))
	}
	if left := len(all) - limit; left > 0 {
		found.Findings = append(found.Findings, diag.Finding{Msg: fmt.Sprintf("generated code: %d more problems", left)})
	}
	return found
}

// finding returns a problem as a finding, with the schema element and the line of source.
func (r *report) finding(p problem) diag.Finding {
	var from string
	if e := r.element(p.pos.Filename, p.pos.Line); e != "" {
		from = " (from " + e + ")"
	}
	msg := strings.ReplaceAll(strings.TrimSpace(p.msg), "\n\t", "; ") // what the type checker found and expected
	f := diag.Finding{Msg: fmt.Sprintf("generated %s%s: %s", p.pos, from, msg)}
	if line, ok := r.line(p.pos); ok {
		f.Source = fmt.Sprintf("%d | %s", p.pos.Line, around(line, p.pos.Column))
	}
	return f
}

// around returns a line from shortly before a column that would be cut off otherwise.
func around(line string, column int) string {
	const seen, before = 80, 40
	start := column - 1 - before
	if column <= seen || start >= len(line) {
		return line
	}
	for !utf8.RuneStart(line[start]) {
		start--
	}
	return "…" + line[start:]
}

// line returns the line of a file at a position.
func (r *report) line(pos token.Position) (string, bool) {
	for _, f := range r.files {
		if f.Name != pos.Filename {
			continue
		}
		n := 1
		for line := range bytes.Lines(f.Data) {
			if n == pos.Line {
				return strings.TrimRight(string(line), "\r\n"), true
			}
			n++
		}
	}
	return "", false
}
