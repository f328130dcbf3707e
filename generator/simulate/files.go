package simulate

import (
	"embed"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/templates"
	"github.com/callgen/callgen/templates/edits"
)

//go:embed typed/service.go typed/calls.go typed/clock.go typed/changes.go
var typedFiles embed.FS

// Input is what a simulator is made from.
type Input struct {
	Package     string   // the name of the package whose service is simulated
	ImportPath  string   // of that package
	Version     string   // of the service
	Description string   // see [Description]
	Header      []string // the lines at the top of each file
	License     string   // a line for what is copied from this project
	Calls       bool     // simulate the calling API
	Changes     bool     // simulate what posts change notifications
	Files       []output.File
	Types       []output.File // of package types below, if the package is split
}

// typesPackage is the name of the package with the types of one that is split.
const typesPackage = "types"

// Suffix is what the name and the folder of a package have more that simulates its service.
const Suffix = "test"

// Files returns the files of the package that simulates the service of another one.
func Files(in Input) ([]output.File, error) {
	declared, err := declaredIn(in.Files)
	if err != nil {
		return nil, err
	}
	e := &emission{Input: in}
	if e.types, err = declaredIn(in.Types); err != nil {
		return nil, err
	}
	e.add("doc", e.doc())
	e.add("description", e.constants())
	for _, part := range parts() {
		if !part.wanted(in) {
			continue
		}
		runtime, err := part.runtime()
		if err != nil {
			return nil, err
		}
		for _, f := range runtime {
			e.add(part.prefix+f.Name, string(f.Data))
		}
		for _, name := range part.typed {
			if err := e.typed(name, declared); err != nil {
				return nil, err
			}
		}
	}
	output.Sort(e.files)
	return e.files, nil
}

// part is a part of a service that is simulated.
type part struct {
	wanted  func(Input) bool
	runtime func() ([]templates.File, error)
	prefix  string   // of its files
	typed   []string // with the types of the package
}

func parts() []part {
	return []part{
		{func(in Input) bool { return in.Calls }, templates.Simulator, "simulator_", []string{"service", "calls", "clock"}},
		{func(in Input) bool { return in.Changes }, templates.ChangeSimulator, "changesim_", []string{"changes"}},
	}
}

// emission are the files that are being made.
type emission struct {
	Input
	types map[string]bool // the names of package types
	files []output.File
}

// add adds a file that has what follows the package clause.
func (e *emission) add(name, text string) {
	header := append(slices.Clone(e.Header), e.License)
	clause := "package " + e.Package + Suffix + "\n"
	if name == "doc" {
		header, clause = e.Header, ""
	}
	e.files = append(e.files, output.File{Name: name + ".gen.go", Data: []byte(strings.Join(header, "\n") + "\n\n" + clause + text)})
}

func (e *emission) doc() string {
	if !e.Calls {
		return `// Package ` + e.Package + Suffix + ` simulates what posts change notifications to programs that use package
// ` + e.Package + `, for their tests: [Changes] has subscriptions, encrypts resources and signs validation tokens
// as the real service does.
package ` + e.Package + Suffix + "\n"
	}
	return `// Package ` + e.Package + Suffix + ` simulates the service of package ` + e.Package + `, for the tests of bots: a [Service]
// answers requests, calls the bot back, and does what other people and networks do. It goes by
// the protocol: calls take their time to be established, prompts take theirs, what the state of
// a call does not allow is refused, and a call that is not kept alive ends.
//
// Requests are checked against the description that package ` + e.Package + ` was generated from.
package ` + e.Package + Suffix + "\n"
}

func (e *emission) constants() string {
	version := "\n// apiVersion is the version of the service in its address.\nconst apiVersion = " + strconv.Quote(e.Version) + "\n"
	if !e.Calls {
		return version
	}
	return version + "\n// apiDescription is what requests are checked against.\nconst apiDescription = " + rawString(e.Description) + "\n"
}

// rawString is a text between backquotes if it has none.
func rawString(text string) string {
	if strconv.CanBackquote(strings.ReplaceAll(text, "\n", "")) {
		return "`" + text + "`"
	}
	return strconv.Quote(text)
}

// typed adds a file with the types of the package, if that has all that the file uses.
func (e *emission) typed(name string, declared map[string]bool) error {
	data, err := typedFiles.ReadFile("typed/" + name + ".go")
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	text, all := e.renamed(data, file, fset, declared)
	if !all {
		return nil
	}
	formatted, err := format.Source([]byte("package p\n" + text))
	if err != nil {
		return fmt.Errorf("typed/%s.go: %w", name, err)
	}
	if name != "service" && name != "changes" {
		name = "service_" + name
	}
	e.add(name, strings.TrimPrefix(string(formatted), "package p\n"))
	return nil
}

// renamed is what follows the package clause of a file, with the generated package under its
// own name and path, and the simulator's names without theirs. It reports false if the package
// lacks a name.
func (e *emission) renamed(data []byte, file *ast.File, fset *token.FileSet, declared map[string]bool) (string, bool) {
	at := func(p token.Pos) int { return fset.Position(p).Offset }
	var list []edits.Edit
	all, client, types := true, false, false
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		switch of, ok := sel.X.(*ast.Ident); {
		case ok && of.Name == "communications" && e.types[sel.Sel.Name]:
			types = true
			list = append(list, edits.Edit{Start: at(of.Pos()), End: at(of.End()), Text: typesPackage})
		case ok && of.Name == "communications":
			client = true
			all = all && declared[sel.Sel.Name]
			list = append(list, edits.Edit{Start: at(of.Pos()), End: at(of.End()), Text: e.Package})
		case ok && (of.Name == "simulator" || of.Name == "changesim"):
			list = append(list, edits.Edit{Start: at(of.Pos()), End: at(sel.Sel.Pos()), Text: ""})
		}
		return true
	})
	for _, spec := range file.Imports {
		switch path.Base(strings.Trim(spec.Path.Value, `"`)) {
		case "communications":
			text := strconv.Quote(e.ImportPath)
			if path.Base(e.ImportPath) != e.Package {
				text = e.Package + " " + text
			}
			if !client {
				text = ""
			}
			if types {
				text += "\n" + strconv.Quote(path.Join(e.ImportPath, typesPackage))
			}
			list = append(list, edits.Edit{Start: at(spec.Pos()), End: at(spec.End()), Text: text})
		case "simulator", "changesim":
			list = append(list, edits.Edit{Start: at(spec.Pos()), End: at(spec.End()), Text: ""})
		}
	}
	from := at(file.Name.End())
	text := edits.Apply(data, append(list, edits.Edit{Start: 0, End: from}))
	return e.relinked(string(text)), all
}

// link matches the beginning of a link in a comment.
var link = regexp.MustCompile(`\[(\*?)communications\.(\w+)`)

// relinked returns a text whose links name the packages in which names are declared.
func (e *emission) relinked(text string) string {
	return link.ReplaceAllStringFunc(text, func(found string) string {
		parts := link.FindStringSubmatch(found)
		if e.types[parts[2]] {
			return "[" + parts[1] + typesPackage + "." + parts[2]
		}
		return "[" + parts[1] + e.Package + "." + parts[2]
	})
}

// declaredIn returns the names in the scope of a package.
func declaredIn(files []output.File) (map[string]bool, error) {
	names := make(map[string]bool)
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					names[d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if t, ok := spec.(*ast.TypeSpec); ok {
						names[t.Name.Name] = true
					}
				}
			}
		}
	}
	return names, nil
}
