package generator

import (
	"bytes"
	"slices"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/emit"
)

// Lines are the lines of a generated package.
type Lines struct {
	Of     map[string]int // by the schema type that they are there for
	Others int            // the runtime, the client and what belongs to no type
}

// Measure counts the lines of the package that would be generated for a selection.
func Measure(cfg *config.Config, selection *choose.Selection) (*Lines, error) {
	pkg, err := planned(cfg, selection)
	if err != nil {
		return nil, err
	}
	files, err := emitted(pkg)
	if err != nil {
		return nil, err
	}
	lines := &Lines{Of: make(map[string]int)}
	for _, f := range files {
		lines.Others += bytes.Count(f.Data, []byte("\n"))
		for _, s := range f.Spans {
			if n := s.To - s.From + 1; s.Of.Type != "" {
				lines.Of[s.Of.Type] += n
				lines.Others -= n
			}
		}
	}
	return lines, nil
}

// elements returns a function that names the schema element which a line of a file was made
// from, "" if there is none.
func elements(files []emit.File) func(file string, line int) string {
	return func(file string, line int) string {
		for _, f := range files {
			if f.Name != file {
				continue
			}
			if i := slices.IndexFunc(f.Spans, func(s emit.Span) bool { return s.From <= line && line <= s.To }); i >= 0 {
				return f.Spans[i].Of.Element
			}
		}
		return ""
	}
}
