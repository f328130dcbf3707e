// Package emit prints a package as Go files, with jennifer. It decides nothing: the
// intermediate form says what to print, and this package knows the form of each kind of
// declaration.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package emit

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/output"
	"github.com/dave/jennifer/jen"
)

// File is a file of a package, with the origin of its lines.
type File struct {
	output.File
	Spans  []Span    // in the order of the lines
	Syntax *ast.File // with the positions of the text before it was formatted; nil if it is not known
}

// Package prints the schema-dependent files of a package. A file that gofmt rejects is
// returned unformatted: package check reports what is wrong with it, and where. The positions of
// their syntax are in fset.
func Package(p *goir.Package, fset *token.FileSet) ([]File, error) {
	files, err := rendered(fset, len(p.Files)+1, func(i int) (string, *printer) {
		if i == len(p.Files) {
			return "doc", docFile(p)
		}
		return p.Files[i].Name, declarations(p, p.Files[i])
	})
	if err != nil {
		return nil, err
	}
	for _, s := range p.Sources {
		text := strings.Join(Header(p.Header), "\n") + "\n\npackage " + p.Name + s.Text
		files = append(files, File{File: output.File{Name: s.Name + ".gen.go", Data: []byte(text)}})
	}
	return files, nil
}

// rendered renders n files, several at a time.
func rendered(fset *token.FileSet, n int, file func(i int) (name string, p *printer)) ([]File, error) {
	files, errs := make([]File, n), make([]error, n)
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range files {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			name, p := file(i)
			files[i], errs[i] = render(fset, name, p)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func render(fset *token.FileSet, name string, p *printer) (File, error) {
	var b bytes.Buffer
	name += ".gen.go"
	p.NoFormat = true // jennifer's error would contain the whole file
	if err := p.Render(&b); err != nil {
		return File{}, fmt.Errorf("%s cannot be printed: %w", name, err)
	}
	text, syntax := formatted(fset, name, b.Bytes())
	data, spans := p.spans(text)
	return File{output.File{Name: name, Data: data}, spans, syntax}, nil
}

// printer is a file being printed.
type printer struct {
	*jen.File
	marked []mark
}

func docFile(p *goir.Package) *printer {
	f := start(p)
	packageComment(f, goir.Doc{Paragraphs: slices.Concat(p.Doc, p.Usage)})
	return f
}

// declarations prints the declarations of a file.
func declarations(p *goir.Package, file *goir.File) *printer {
	f := start(p)
	for _, d := range file.Decls {
		f.mark(d.Declaration())
		switch d := d.(type) {
		case *goir.Enum:
			enum(f, d)
		case *goir.Struct:
			structure(f, d)
		case *goir.Parameters:
			parameters(f, d)
		case *goir.AnyType:
			anyType(f, d)
		case *goir.Lists:
			for _, l := range d.Of {
				typeList(f, l.Name, l.What, l.Types)
			}
		case *goir.Show:
			show(f, d)
		case *goir.KeyStruct:
			keyStruct(f, d)
		case *goir.Client:
			client(f, d)
		case *goir.Builder:
			builder(f, d)
		case *goir.Own:
			comment(f, d.Doc)
			for _, code := range d.Code() {
				f.Add(code)
			}
			f.Line()
		}
	}
	return f
}
