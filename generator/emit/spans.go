package emit

import (
	"bytes"
	"strconv"

	"github.com/callgen/callgen/generator/goir"
)

// Span is the range of lines of a declaration and its comment. Lines count from 1.
type Span struct {
	From, To int
	Of       *goir.Declared
}

// mark marks the beginning of a declaration.
type mark struct {
	of *goir.Declared
	// rows holds the rows of a block whose lines belong to several types in turn, beginning
	// with the third line, the first within the block.
	rows []row
}

type row struct {
	of    *goir.Declared
	lines int
}

// marker begins the placeholder line before a declaration. No other line begins with it:
// comments have a blank after their slashes.
const marker = "//§"

// mark assigns what is printed next to a declaration.
func (p *printer) mark(of *goir.Declared) {
	placeholder(p, marker+strconv.Itoa(len(p.marked)))
	p.Line()
	p.marked = append(p.marked, mark{of: of})
}

// row assigns the next lines of the block being printed to a declaration.
func (p *printer) row(of *goir.Declared, lines int) {
	last := &p.marked[len(p.marked)-1]
	last.rows = append(last.rows, row{of, lines})
}

// spans removes the marks from a printed file, and returns the spans of the declarations.
func (p *printer) spans(printed []byte) ([]byte, []Span) {
	var spans []Span
	data := make([]byte, 0, len(printed))
	lines, skip := 0, false
	for line := range bytes.Lines(printed) {
		if index, ok := bytes.CutPrefix(line, []byte(marker)); ok {
			n, _ := strconv.Atoi(string(bytes.TrimSpace(index))) // mark wrote it
			spans = append(spans, Span{From: lines + 1, Of: p.marked[n].of})
			skip = true // the blank line after the mark
			continue
		}
		if skip && len(bytes.TrimSpace(line)) == 0 {
			skip = false
			continue
		}
		skip = false
		data = append(data, line...)
		if lines++; len(spans) > 0 && len(bytes.TrimSpace(line)) > 0 {
			spans[len(spans)-1].To = lines
		}
	}
	return data, p.rows(spans)
}

// rows replaces the spans of blocks by the spans of their rows.
func (p *printer) rows(spans []Span) []Span {
	var all []Span
	for i, s := range spans {
		rows := p.marked[i].rows
		if len(rows) == 0 {
			all = append(all, s)
			continue
		}
		from := s.From + 2
		for _, r := range rows {
			all = append(all, Span{From: from, To: from + r.lines - 1, Of: r.of})
			from += r.lines
		}
	}
	return all
}
