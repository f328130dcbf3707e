package generator

import (
	"errors"

	"github.com/callgen/callgen/generator/check"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/internal/gomod"
	"github.com/callgen/callgen/spec/diag"
)

// fields adds the package with the names of properties, which imports the package itself. The
// go.mod above that says under which path; without one there is a note.
func (r *Result) fields(cfg *config.Config, pkg *goir.Package) error {
	importPath, err := gomod.ImportPath(cfg.Out)
	if errors.Is(err, gomod.ErrNone) {
		r.Notes = append(r.Notes, diag.Finding{
			Pos: cfg.KeyPosition("out"), Element: "out",
			Msg: "package " + pkg.Fields.Name + ", with the names of properties, is not written, because it imports the package, and there is no go.mod above out: run go mod init, then gen",
		})
		return nil
	}
	if err != nil {
		return err
	}
	return r.fieldsOf(pkg, importPath)
}

// fieldsOf adds the names of properties of the package with an import path.
func (r *Result) fieldsOf(pkg *goir.Package, importPath string) error {
	files, err := emit.Fields(pkg, importPath)
	if err != nil {
		return err
	}
	if err := check.Beside(plain(files), importPath, pkg.Name, "Property", elements(files)); err != nil {
		return &CheckError{Files: plain(files), Err: err}
	}
	r.Fields = plain(files)
	return nil
}
