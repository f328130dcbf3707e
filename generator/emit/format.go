package emit

import (
	"bytes"
	"go/ast"
	"go/parser"
	goprinter "go/printer"
	"go/token"
)

// gofmt prints as the command does.
var gofmt = goprinter.Config{Mode: goprinter.UseSpaces | goprinter.TabIndent, Tabwidth: 8}

// formatted formats a file. The syntax has the positions of the text as it was before; it is
// nil, and the text the same, if that is not Go: package check reports what is wrong with it,
// and where.
func formatted(fset *token.FileSet, name string, text []byte) ([]byte, *ast.File) {
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return text, nil
	}
	ast.SortImports(fset, file)
	var b bytes.Buffer
	if err := gofmt.Fprint(&b, fset, file); err != nil {
		return text, nil
	}
	return b.Bytes(), file
}
