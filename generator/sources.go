package generator

import (
	"bytes"
	"regexp"

	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/plan"
)

// declaration matches a line that begins the declaration of, or a method on, a type.
var declaration = regexp.MustCompile(`^(?:type (\w+)|func \((?:\w+ )?\*?(\w+)\))`)

// sources returns a function that names the schema element which a line of the
// emitted files was made from, "" when there is none.
func sources(pkg *plan.Package, files []output.File) func(file string, line int) string {
	elements := make(map[string]string)
	for _, f := range pkg.Files {
		for _, e := range f.Enums {
			elements[e.Name] = e.Source.Element
		}
		for _, s := range f.Structs {
			elements[s.Name] = s.Source.Element
		}
	}
	return func(file string, line int) string {
		for _, f := range files {
			if f.Name == file {
				return elementAbove(bytes.Split(f.Data, []byte("\n")), line, elements)
			}
		}
		return ""
	}
}

func elementAbove(lines [][]byte, line int, elements map[string]string) string {
	for i := min(line, len(lines)) - 1; i >= 0; i-- {
		m := declaration.FindSubmatch(lines[i])
		if m == nil {
			continue
		}
		if element, ok := elements[string(m[1])+string(m[2])]; ok {
			return element
		}
	}
	return ""
}
