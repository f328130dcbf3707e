package check

import (
	"bytes"
	"go/ast"
	gobuild "go/build"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/output"
)

// variant is a system with the build tags of a package.
type variant struct {
	os, arch string
	tags     []string
}

// variants returns the variants that a package is checked for: each system by default, and
// with the tag that selects code without unsafe or assembly.
func variants() []variant {
	var all []variant
	for _, tags := range [][]string{nil, {"purego"}} {
		all = append(all, variant{"linux", "amd64", tags}, variant{"windows", "amd64", tags}, variant{"darwin", "arm64", tags})
	}
	return all
}

// build is a set of files that are compiled together.
type build struct {
	arch      string
	files     []*ast.File
	isRuntime []bool // of each file
}

// RuntimePrefix begins the names of files that do not come from a schema. Only these may
// have build constraints.
const RuntimePrefix = "runtime_"

// builds returns the files of each variant. Variants with the same files, which are most of
// them, are checked once.
func builds(files []output.File, parsed []*ast.File) []build {
	var all []build
	seen := make(map[string]bool)
	for _, v := range variants() {
		b := build{arch: v.arch}
		var names strings.Builder
		for i, f := range files {
			if parsed[i] != nil && v.builds(f) {
				b.files = append(b.files, parsed[i])
				b.isRuntime = append(b.isRuntime, strings.HasPrefix(f.Name, RuntimePrefix))
				names.WriteString(f.Name + "\n")
			}
		}
		if len(b.files) > 0 && !seen[names.String()] {
			seen[names.String()] = true
			all = append(all, b)
		}
	}
	return all
}

// everywhere reports files made from a schema that some variants leave out: a name or text
// of the schema must not decide what is compiled.
func everywhere(files []output.File, parsed []*ast.File, r *report) {
	for i, f := range files {
		switch {
		case parsed[i] == nil || strings.HasPrefix(f.Name, RuntimePrefix):
		case isConstrained(f):
			r.add(token.Position{Filename: f.Name}, "a build constraint above the package clause would exclude the file on some systems: remove it")
		case slices.ContainsFunc(variants(), func(v variant) bool { return !v.builds(f) }):
			r.add(token.Position{Filename: f.Name}, "the go command takes the end of the file name for a system or a test: rename the file")
		}
	}
}

// builds reports whether the go command builds a file for a variant, judging by its name,
// build constraint and the tags.
func (v variant) builds(f output.File) bool {
	ctx := gobuild.Default
	ctx.GOOS, ctx.GOARCH, ctx.BuildTags = v.os, v.arch, v.tags
	ctx.CgoEnabled = false
	ctx.OpenFile = opener(f)
	match, err := ctx.MatchFile("", f.Name)
	return err == nil && match && !strings.HasSuffix(f.Name, "_test.go")
}

// isConstrained reports whether a line before the package clause is a build constraint.
func isConstrained(f output.File) bool {
	fset := token.NewFileSet()
	clause, err := parser.ParseFile(fset, f.Name, f.Data, parser.PackageClauseOnly)
	if err != nil {
		return false // it was parsed
	}
	for line := range bytes.Lines(f.Data[:fset.PositionFor(clause.Package, false).Offset]) {
		text := strings.TrimSpace(string(line))
		if constraint.IsGoBuild(text) || constraint.IsPlusBuild(text) {
			return true
		}
	}
	return false
}
