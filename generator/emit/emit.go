// Package emit prints a package as Go files, with jennifer. It decides nothing: the
// intermediate form says what to print, and this package knows the form of each kind of
// declaration.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package emit

import (
	"bytes"
	"fmt"
	"go/format"
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
	Spans []Span // in the order of the lines
}

// Package prints the schema-dependent files of a package. A file that gofmt rejects is
// returned unformatted: package check reports what is wrong with it, and where.
func Package(p *goir.Package) ([]File, error) {
	files, err := rendered(len(p.Files)+1, func(i int) (string, *printer) {
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
func rendered(n int, file func(i int) (name string, p *printer)) ([]File, error) {
	files, errs := make([]File, n), make([]error, n)
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range files {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			name, p := file(i)
			files[i], errs[i] = render(name, p)
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

func render(name string, p *printer) (File, error) {
	var b bytes.Buffer
	name += ".gen.go"
	p.NoFormat = true // jennifer's error would contain the whole file
	if err := p.Render(&b); err != nil {
		return File{}, fmt.Errorf("%s cannot be printed: %w", name, err)
	}
	formatted, err := format.Source(b.Bytes())
	if err != nil {
		formatted = b.Bytes()
	}
	data, spans := p.spans(formatted)
	return File{output.File{Name: name, Data: data}, spans}, nil
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
