package generator

import (
	"errors"
	"fmt"
	"path"

	"github.com/callgen/callgen/generator/check"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/split"
	"github.com/callgen/callgen/internal/gomod"
	"github.com/callgen/callgen/spec/diag"
)

// inParts prints a package with its types and codec in packages of their own. The go.mod above
// says under which paths they import each other.
func (r *Result) inParts(cfg *config.Config, pkg *goir.Package, step func(name string)) error {
	problem := func(format string, args ...any) error {
		return &diag.Error{Findings: []diag.Finding{{Pos: cfg.KeyPosition("packages"), Element: "packages", Msg: fmt.Sprintf(format, args...)}}}
	}
	if cfg.Models {
		return problem("models leaves only types, so that there is nothing to split them from: remove packages or models")
	}
	importPath, err := gomod.ImportPath(cfg.Out)
	if err != nil {
		return problem("the packages import each other by the path of the module that out is in: %v, or remove packages", err)
	}
	at := split.Below(importPath)
	printed, err := split.Print(pkg, at, check.RuntimePrefix, append(emit.Header(pkg.Header), runtimeLicense))
	if errors.Is(err, split.ErrMethod) {
		return problem("%v, so that types and client must be one package: remove packages", err)
	}
	if err != nil {
		return err
	}
	if err := r.take(printed, step); err != nil {
		return err
	}
	return r.fieldsOf(printed.Types, at.Types)
}

// take checks the parts of a package and takes their files.
func (r *Result) take(printed *split.Printed, step func(name string)) error {
	var all []output.File // with folders, for errors
	var list []check.Package
	for _, part := range printed.InOrder() {
		files := plain(part.Files)
		list = append(list, check.Package{Path: part.Path, Files: files, Element: elements(part.Files)})
		if part.Folder == "" {
			r.Files = files
		} else {
			r.Below = append(r.Below, Folder{part.Folder, files})
		}
		for _, f := range files {
			all = append(all, output.File{Name: path.Join(part.Folder, f.Name), Data: f.Data})
		}
	}
	step(fmt.Sprintf("type-checking %d files", len(all)))
	if err := check.Packages(list); err != nil {
		return &CheckError{Files: all, Err: err}
	}
	return nil
}
