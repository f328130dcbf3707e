package emit

import (
	"bytes"
	"strconv"

	"github.com/callgen/callgen/generator/goir"
)

// Span is the lines of a declaration, its comment included. Lines count from 1.
type Span struct {
	From, To int
	Of       *goir.Declared
}

// mark is where a declaration begins.
type mark struct {
	of *goir.Declared
	// rows are those of a block whose lines belong to several types, one after the other
	// from the third on, which is the first within the block.
	rows []row
}

type row struct {
	of    *goir.Declared
	lines int
}

// marker begins the line that stands before a declaration until its place is known. No
// other line begins so: comments have a blank behind their slashes.
const marker = "//§"

// mark says that what is printed next belongs to a declaration.
func (p *printer) mark(of *goir.Declared) {
	placeholder(p, marker+strconv.Itoa(len(p.marked)))
	p.Line()
	p.marked = append(p.marked, mark{of: of})
}

// row says that the next lines of the block that is being printed belong to a declaration.
func (p *printer) row(of *goir.Declared, lines int) {
	last := &p.marked[len(p.marked)-1]
	last.rows = append(last.rows, row{of, lines})
}

// spans takes the marks out of a printed file, and returns where the declarations are.
func (p *printer) spans(printed []byte) ([]byte, []Span) {
	var spans []Span
	data := make([]byte, 0, len(printed))
	lines, skip := 0, false
	for line := range bytes.Lines(printed) {
		if index, ok := bytes.CutPrefix(line, []byte(marker)); ok {
			n, _ := strconv.Atoi(string(bytes.TrimSpace(index))) // it was written here
			spans = append(spans, Span{From: lines + 1, Of: p.marked[n].of})
			skip = true // the blank line behind the mark
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

// rows replaces the spans of blocks by those of their rows.
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
