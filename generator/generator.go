// Package generator is the line from a description to a Go package:
//
//	read → EDM model → overlay → select → plan → emit → check
//
// Each step is a package with one entry. Nothing is written here: see package output.
package generator

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/check"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/emit"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/plan"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/templates"
)

// Result is a generated package.
type Result struct {
	Files []output.File  // sorted by name
	Types int            // structs and enums
	Notes []diag.Finding // what was repaired in the description, or passed over
}

// Generate reads the description that the configuration names and returns the Go
// package made from it, type-checked. What is wrong with the description is
// returned as a *diag.Error with all findings. Each step is announced to step,
// which may be nil.
func Generate(cfg *config.Config, step func(name string)) (*Result, error) {
	if step == nil {
		step = func(string) {}
	}
	step("reading " + filepath.ToSlash(cfg.Spec))
	model, notes, err := Read(cfg)
	if err != nil {
		return nil, err
	}
	result, err := fromModel(cfg, model, step)
	if err != nil {
		return nil, err
	}
	result.Notes = notes
	return result, nil
}

// FromModel is [Generate] for a description that was read already.
func FromModel(cfg *config.Config, model *edm.Model) (*Result, error) {
	return fromModel(cfg, model, func(string) {})
}

func fromModel(cfg *config.Config, model *edm.Model, step func(name string)) (*Result, error) {
	step("selecting")
	selection, err := Select(cfg, model)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(selection.Types, isStructured) {
		return nil, &diag.Error{Findings: []diag.Finding{{
			Pos: diag.Pos{File: cfg.Spec}, Msg: "there is no entity or complex type among what is chosen: nothing to make structs of",
		}}}
	}
	step(fmt.Sprintf("planning %d types", len(selection.Types)))
	pkg, err := planned(cfg, selection)
	if err != nil {
		return nil, err
	}
	step("printing")
	files, err := emitted(pkg)
	if err != nil {
		return nil, err
	}
	step(fmt.Sprintf("type-checking %d files", len(files)))
	if err := check.Check(files, cfg.Package, sources(pkg, files)); err != nil {
		return nil, &CheckError{Files: files, Err: err}
	}
	return &Result{Files: files, Types: len(selection.Types)}, nil
}

// CheckError is the error of a package that was made and failed its check: a fault of the
// generator, or of a name that it was given.
type CheckError struct {
	Files []output.File // as they would have been written
	Err   error         // most often a [*diag.Error]
}

func (e *CheckError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *CheckError) Unwrap() error { return e.Err }

// Select chooses the part of a description that the configuration wants.
func Select(cfg *config.Config, model *edm.Model) (*choose.Selection, error) {
	wanted := choose.Wanted{Roots: cfg.Roots, Exclude: cfg.Exclude, Hierarchies: cfg.Hierarchies, Position: cfg.Position}
	if cfg.All {
		wanted.Roots = nil
	}
	return choose.Select(model, wanted)
}

func isStructured(t edm.Type) bool {
	_, ok := t.(*edm.StructuredType)
	return ok
}

// planned plans the package of a selection.
func planned(cfg *config.Config, selection *choose.Selection) (*plan.Package, error) {
	reserved, err := templates.Reserved()
	if err != nil {
		return nil, err
	}
	overrides := make(names.Overrides)
	for element, o := range cfg.Overrides {
		overrides[element] = names.Override{Name: o.Name, Reason: o.Reason}
	}
	pkg, err := plan.Build(plan.Input{
		Package: cfg.Package, Types: selection.Types, Model: selection.Model, Has: selection.Has, Cut: selection.Cut,
		Reserved: reserved, Described: "the description " + filepath.Base(cfg.Spec),
		Models: cfg.Models, Version: cfg.APIVersion, Paths: selection.Paths,
	}, overrides)
	if err != nil {
		return nil, err
	}
	if header := strings.TrimSpace(cfg.Header); header != "" {
		pkg.Header = strings.Split(header, "\n")
	}
	return pkg, nil
}

// emitted prints the package, its runtime included.
func emitted(pkg *plan.Package) ([]output.File, error) {
	files, err := emit.Package(pkg)
	if err != nil {
		return nil, err
	}
	parts := templates.Parts{Client: pkg.Client != nil, Callbacks: pkg.Callbacks != nil}
	runtime, err := templates.Runtime(pkg.Name, emit.Header(pkg.Header), parts)
	if err != nil {
		return nil, err
	}
	for _, f := range runtime {
		files = append(files, output.File{Name: check.RuntimePrefix + f.Name + ".gen.go", Data: f.Data})
	}
	output.Sort(files)
	return files, nil
}
