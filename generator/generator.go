// Package generator turns a description into a Go package:
//
//	read → EDM model → overlay → select → plan → emit → check
//
// Each step is a package with one entry point. Nothing is written here: see package output.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package generator

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/check"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/feature"
	"github.com/callgen/callgen/generator/feature/calling"
	"github.com/callgen/callgen/generator/feature/notifications"
	"github.com/callgen/callgen/generator/feature/redfish"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/plan"
	"github.com/callgen/callgen/generator/preset"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/generator/simulate"
	"github.com/callgen/callgen/internal/gomod"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/fold"
	"github.com/callgen/callgen/templates"
)

// Result is a generated package.
type Result struct {
	Files  []output.File  // sorted by name
	Below  []Folder       // the parts in other folders of a package that is split
	Fields []output.File  // the package with the names of properties; none without a go.mod
	Fake   []output.File  // the package that simulates the service, if it is wanted
	Types  int            // structs and enums
	Notes  []diag.Finding // repairs and ignored parts of the description
}

// Folder is a package in a folder below that of another one.
type Folder struct {
	Name  string // such as "internal/codec"
	Files []output.File
}

// Part returns the files of the package in a folder below, nil without such a package.
func (r *Result) Part(folder string) []output.File {
	for _, part := range r.Below {
		if part.Name == folder {
			return part.Files
		}
	}
	return nil
}

// Generate reads the description that the configuration names and returns the Go package
// made from it, type-checked. Faults of the description are returned as a *diag.Error with
// all findings. Generate calls step, which may be nil, at the start of each step.
func Generate(cfg *config.Config, step func(name string)) (*Result, error) {
	if step == nil {
		step = func(string) {}
	}
	step("reading " + filepath.ToSlash(cfg.Shown()))
	model, notes, err := read.Model(cfg.Source)
	if err != nil {
		return nil, err
	}
	announce(cfg.Source, model, step)
	return fromModel(cfg, model, notes, step)
}

// Remark begins the text of what is to be read at once, which step gets in place of a name.
const Remark = "note: "

// manyTypes are so many that generating them takes long.
const manyTypes = 2000

// announce makes a remark before long work that could be short: on many types that are versions
// of each other.
func announce(source config.Source, model *edm.Model, step func(name string)) {
	types := 0
	for _, s := range model.Schemas {
		types += len(s.Types)
	}
	if source.Versions != "" || types < manyTypes {
		return
	}
	for _, note := range fold.Proposal(model) {
		step(Remark + note.String())
	}
}

// FromModel is [Generate] for a model that was read before.
func FromModel(cfg *config.Config, model *edm.Model) (*Result, error) {
	return fromModel(cfg, model, nil, func(string) {})
}

// fromModel continues from a model and the notes from reading it.
func fromModel(cfg *config.Config, model *edm.Model, read []diag.Finding, step func(name string)) (*Result, error) {
	step("selecting")
	selection, err := Select(cfg.Choice, model)
	if err != nil {
		return nil, err
	}
	if len(selection.Types) == 0 && (cfg.Models || len(selection.Operations) == 0) {
		return nil, &diag.Error{Findings: []diag.Finding{{
			Pos: diag.Pos{File: cfg.Shown()}, Msg: "there is no entity, complex or enum type among what is chosen: nothing to generate",
		}}}
	}
	step(fmt.Sprintf("planning %d types", len(selection.Types)))
	pkg, err := Plan(cfg.Package, cfg.Shown(), selection)
	if err != nil {
		return nil, err
	}
	step("printing")
	result := &Result{Types: len(selection.Types), Notes: slices.Concat(about(cfg.Shown(), selection, read), Hints(cfg, selection), missing(pkg.Missing), notes(pkg.Clashes))}
	if cfg.Packages == config.Split {
		err = result.inParts(cfg, pkg, step)
	} else {
		err = result.asOne(cfg, pkg, step)
	}
	if err != nil {
		return nil, err
	}
	if cfg.Fake {
		step("making the simulator")
		result.Fake, err = fake(cfg, pkg, selection, result.Files, result.Part(names.TypesFolder))
	}
	return result, err
}

// asOne prints a package as one, with that of the property names.
func (r *Result) asOne(cfg *config.Config, pkg *goir.Package, step func(name string)) error {
	fset := token.NewFileSet()
	files, err := Print(pkg, fset)
	if err != nil {
		return err
	}
	step(fmt.Sprintf("type-checking %d files", len(files)))
	r.Files = plain(files)
	if err := check.Printed(r.Files, pkg.Name, elements(files), syntax(files), fset); err != nil {
		return &CheckError{Files: r.Files, Err: err}
	}
	return r.fields(cfg, pkg)
}

// fake makes the package that simulates the service.
func fake(cfg *config.Config, pkg *goir.Package, selection *choose.Selection, files, types []output.File) ([]output.File, error) {
	problem := func(format string, args ...any) error {
		return &diag.Error{Findings: []diag.Finding{{Pos: cfg.KeyPosition("fake"), Element: "fake", Msg: fmt.Sprintf(format, args...)}}}
	}
	if cfg.Models {
		return nil, problem("a simulator needs requests: remove models")
	}
	chosen := func(name string) bool {
		t := selection.Model.Structured(name)
		return t != nil && selection.Has(t)
	}
	calls := chosen("microsoft.graph.call")
	changes := chosen("microsoft.graph.subscription") && chosen("microsoft.graph.changeNotificationCollection")
	if !calls && !changes {
		return nil, problem("there is no microsoft.graph.call among what is chosen, nor microsoft.graph.subscription with " +
			"microsoft.graph.changeNotificationCollection: add the root /communications/calls, or those of the preset notifications, or remove fake")
	}
	importPath, err := gomod.ImportPath(cfg.Out)
	if err != nil {
		return nil, problem("the simulator imports the package: %v", err)
	}
	return simulate.Files(simulate.Input{
		Package: pkg.Name, ImportPath: importPath, Version: cfg.APIVersion, Header: emit.Header(pkg.Header), License: runtimeLicense,
		Description: simulate.Description(selection.Model, selection.Has), Files: files, Types: types, Calls: calls, Changes: changes,
	})
}

// about returns the notes about a description that matter to a selection, one for each
// cause, and a note that counts the others.
func about(file string, selection *choose.Selection, read []diag.Finding) []diag.Finding {
	list, others := selection.About(read)
	list = diag.ByCause(list)
	if others > 0 {
		list = append(list, diag.Finding{Pos: diag.Pos{File: file}, Msg: fmt.Sprintf("%d more faults are in parts that are not selected", others)})
	}
	return list
}

// Hints returns notes about what a selection lacks for the package to be of use.
func Hints(cfg *config.Config, selection *choose.Selection) []diag.Finding {
	if cfg.Models {
		return nil // who wants types wants no more
	}
	return preset.Hints(selection, wanted(cfg.Choice))
}

// CheckError is the error of a package that was generated but failed its check: a fault of
// the generator, or of a name from the configuration.
type CheckError struct {
	Files []output.File // as they would have been written
	Err   error         // usually a [*diag.Error]
}

func (e *CheckError) Error() string { return e.Err.Error() }

// Unwrap returns the error of the check.
func (e *CheckError) Unwrap() error { return e.Err }

// Select selects the wanted part of a description.
func Select(choice config.Choice, model *edm.Model) (*choose.Selection, error) {
	return choose.Select(model, wanted(choice))
}

func wanted(choice config.Choice) choose.Wanted {
	wanted := choose.Wanted{Roots: choice.Roots, Exclude: choice.Exclude, Hierarchies: choice.Hierarchies, Position: choice.Position}
	if choice.All {
		wanted.Roots = nil
	}
	return wanted
}

// features returns what packages can have beyond types and requests.
func features() []feature.Feature {
	return []feature.Feature{calling.Feature{}, notifications.Feature{}, redfish.Feature{}}
}

// Plan plans the package of a selection from the description spec.
func Plan(of config.Package, spec string, selection *choose.Selection) (*goir.Package, error) {
	runtime, err := templates.Declarations()
	if err != nil {
		return nil, err
	}
	in := plan.Input{
		Package: of.Name, Types: selection.Types, Model: selection.Model, Has: selection.Has, Cut: selection.Cut,
		Described: "the description " + filepath.Base(spec),
		Models:    of.Models, Version: of.APIVersion, Paths: selection.Paths, Operations: selection.Operations, Main: of.Namespace,
		Server: of.Server, Addresses: of.Addresses, ODataVersion: of.ODataVersion, Batches: of.Batches,
		Overrides: Overrides(of), Runtime: names.Runtime(*runtime), Features: features(),
	}
	if header := strings.TrimSpace(of.Header); header != "" {
		in.Header = strings.Split(header, "\n")
	}
	return plan.Build(in)
}

// Overrides returns the overrides of a configuration as package names expects them.
func Overrides(of config.Package) names.Overrides {
	all := make(names.Overrides, len(of.Overrides))
	for element, o := range of.Overrides {
		all[element] = names.Override{Name: o.Name, Reason: o.Reason}
	}
	return all
}

// runtimeLicense is part of the runtime files, which are copies of this project's.
const runtimeLicense = "// The runtime of callgen: Copyright (c) 2026 The callgen authors, MIT License."

// Print prints a package and its runtime. The files are sorted by name. The positions of their
// syntax are in fset.
func Print(pkg *goir.Package, fset *token.FileSet) ([]emit.File, error) {
	files, err := emit.Package(pkg, fset)
	if err != nil {
		return nil, err
	}
	runtime, err := templates.Runtime(pkg.Name, append(emit.Header(pkg.Header), runtimeLicense), pkg.Runtime, pkg.Model)
	if err != nil {
		return nil, err
	}
	for _, f := range runtime {
		files = append(files, emit.File{File: output.File{Name: check.RuntimePrefix + f.Name + ".gen.go", Data: f.Data}})
	}
	slices.SortFunc(files, func(a, b emit.File) int { return cmp.Compare(a.Name, b.Name) })
	return files, nil
}

// elements returns a function that names the schema element that a line of a file was made
// from, or "" if there is no element.
func elements(files []emit.File) func(file string, line int) string {
	return func(file string, line int) string {
		for _, f := range files {
			if f.Name != file {
				continue
			}
			if i := slices.IndexFunc(f.Spans, func(s emit.Span) bool { return s.From <= line && line <= s.To }); i >= 0 {
				return f.Spans[i].Of.Element
			}
		}
		return ""
	}
}

// syntax returns the syntax of the files that has not to be read again, by their names.
func syntax(files []emit.File) map[string]*ast.File {
	known := make(map[string]*ast.File, len(files))
	for _, f := range files {
		if f.Syntax != nil {
			known[f.Name] = f.Syntax
		}
	}
	return known
}

// plain returns files without the origin of their lines.
func plain(files []emit.File) []output.File {
	list := make([]output.File, len(files))
	for i, f := range files {
		list[i] = f.File
	}
	return list
}

// missing returns a note for each reason why elements have no requests.
func missing(list []goir.Missing) []diag.Finding {
	var notes []diag.Finding
	for _, m := range list {
		notes = append(notes, diag.Finding{Pos: m.Pos, Element: m.Element, Msg: m.Why})
	}
	return diag.ByCause(notes)
}

// notes returns notes about the names that clashed, and how to choose others.
func notes(clashes []goir.Clash) []diag.Finding {
	var list []diag.Finding
	seen := make(map[[3]string]bool)
	for _, c := range clashes {
		// An override gets one note, however many declarations it names.
		if key := [3]string{c.Override, c.Wanted, c.Name}; seen[key] {
			continue
		} else {
			seen[key] = true
		}
		where := ""
		if c.OwnerPos.IsValid() {
			where = " at " + c.OwnerPos.String()
		}
		list = append(list, diag.Finding{Pos: c.Pos, Element: c.Element, Msg: fmt.Sprintf(
			"it is named %s in Go, since %s%s has the name %s; to choose another name, add to the configuration, with a reason, overrides: {%s: {name: …, reason: …}}",
			c.Name, c.Owner, where, c.Wanted, c.Override)})
	}
	return list
}
