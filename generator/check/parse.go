package check

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/scanner"
	"io"
	"runtime"
	"strings"
	"sync"

	"github.com/callgen/callgen/generator/output"
)

// parse parses the Go files that are not known by their names, several at a time. Files that are
// not Go stay nil.
func parse(files []output.File, known map[string]*ast.File, r *report) []*ast.File {
	parsed := make([]*ast.File, len(files))
	var done sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, f := range files {
		if parsed[i] = known[f.Name]; parsed[i] != nil || !strings.HasSuffix(f.Name, ".go") {
			continue
		}
		done.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			var err error
			parsed[i], err = parser.ParseFile(r.fset, f.Name, f.Data, parser.SkipObjectResolution)
			if list, ok := err.(scanner.ErrorList); ok {
				for _, e := range list {
					r.add(e.Pos, e.Msg)
				}
			}
		})
	}
	done.Wait()
	return parsed
}

// opener lets package go/build read a file from memory.
func opener(f output.File) func(string) (io.ReadCloser, error) {
	return func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(f.Data)), nil
	}
}
