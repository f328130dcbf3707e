// Package feature holds code for the user of one service that no description gives:
// ordinary Go in a folder for each feature, which is compiled, vetted and tested where it
// stands, against the package in generated/communications. It is emitted into packages that
// have everything it uses.
package feature

import (
	"embed"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"strings"

	"github.com/callgen/callgen/generator/output"
)

//go:embed calling/*.go
var sources embed.FS

// calling is the folder of the calling API.
const calling = "calling"

// model is the package that features are written against, by its name in them. In a package
// that a feature is emitted into, its types have no qualifier.
const model = "communications"

// Files returns the features as files of a package, each beginning with the given comment
// lines.
func Files(pkg string, header []string) ([]output.File, error) {
	entries, err := sources.ReadDir(calling)
	if err != nil {
		return nil, err
	}
	var files []output.File
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		data, err := sources.ReadFile(path.Join(calling, e.Name()))
		if err != nil {
			return nil, err
		}
		text, err := emitted(e.Name(), string(data), pkg, header)
		if err != nil {
			return nil, fmt.Errorf("feature %s: %w", e.Name(), err)
		}
		files = append(files, output.File{Name: calling + "_" + strings.TrimSuffix(e.Name(), ".go") + ".gen.go", Data: text})
	}
	return files, nil
}

// emitted replaces the package clause and its comment, and takes the qualifier of the model
// away.
func emitted(name, source, pkg string, header []string) ([]byte, error) {
	f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	rest := source[int(f.Name.End())-1:]
	for _, spec := range f.Imports {
		if strings.HasSuffix(spec.Path.Value, "/"+model+`"`) {
			rest = strings.Replace(rest, "\t"+spec.Path.Value+"\n", "", 1)
		}
	}
	rest = strings.ReplaceAll(rest, model+".", "")
	return format.Source([]byte(strings.Join(header, "\n") + "\n\npackage " + pkg + rest))
}
