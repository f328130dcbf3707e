// Package emit prints a plan as Go files, with jennifer. It decides nothing: an if
// on a fact of the schema belongs into package plan.
package emit

import (
	"bytes"
	"fmt"
	"go/format"
	"runtime"
	"sync"

	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/plan"
	"github.com/dave/jennifer/jen"
)

// Package prints the schema-dependent files of a package. A file that gofmt refuses is
// returned as it is: package check says what is wrong with it, and where.
func Package(p *plan.Package) ([]output.File, error) {
	jobs := []job{{"doc", docFile(p)}, {"any", anyFile(p)}}
	if p.Client != nil {
		jobs = append(jobs, job{"client", clientFile(p)})
	}
	if p.Callbacks != nil {
		jobs = append(jobs, job{"callbacks", callbackFile(p)})
	}
	for _, f := range p.Files {
		jobs = append(jobs, job{f.Name, modelFile(p, f)})
	}
	files := make([]output.File, len(jobs))
	errs := make([]error, len(jobs))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, j := range jobs {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			files[i], errs[i] = j.render()
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

// job is a file to be printed.
type job struct {
	name string
	file *jen.File
}

func (j job) render() (output.File, error) {
	var b bytes.Buffer
	name := j.name + ".gen.go"
	j.file.NoFormat = true // jennifer's error would hold the whole file
	if err := j.file.Render(&b); err != nil {
		return output.File{}, fmt.Errorf("%s cannot be printed: %w", name, err)
	}
	data, err := format.Source(b.Bytes())
	if err != nil {
		data = b.Bytes()
	}
	return output.File{Name: name, Data: data}, nil
}

func docFile(p *plan.Package) *jen.File {
	f := start(p)
	packageComment(f, plan.Doc{Paragraphs: p.Doc})
	return f
}

func modelFile(p *plan.Package, file *plan.File) *jen.File {
	f := start(p)
	for _, e := range file.Enums {
		enum(f, e)
	}
	for _, s := range file.Structs {
		structure(f, s)
	}
	properties(f, file.Structs)
	for _, b := range file.Builders {
		builder(f, b)
	}
	for _, p := range file.Parameters {
		parameters(f, p)
	}
	return f
}
