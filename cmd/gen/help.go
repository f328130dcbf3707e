package main

import (
	"fmt"
	"io"
)

// printHelp teaches the command.
func printHelp(w io.Writer) {
	fmt.Fprint(w, `gen writes a Go package from the description (CSDL XML) of an OData service such
as Microsoft Graph: structs that decode polymorphic JSON without losing anything.

Usage:

	gen [flags]          generate what gen.yaml and the flags say
	gen check [flags]    compare with what was generated: a diff, and exit code 1
	gen help             this text
	gen version          the version of the command

Examples:

	gen
	        in a folder with a gen.yaml
	gen --spec graph.xml --root /communications/calls --out graph
	        calls, with everything they can hold, as package graph
	gen --spec graph.xml --all --models --out internal/graph
	        every type of Graph

In a Go file, for go generate:

	//go:generate go tool gen --config gen.yaml

Flags:

`)
	f := new(options).flags("generate")
	f.SetOutput(w)
	f.PrintDefaults()
	fmt.Fprint(w, `
Keys of gen.yaml, whose paths are relative to it; flags win over them:

	spec       description to read
	overlays   list of overlays: CSDL fragments with what payloads show beyond it
	roots      list of paths and qualified type names to generate
	all        true for everything, instead of roots
	models     true for types without request builders
	package    name of the package
	out        output folder
	header     lines for the top of each file
	overrides  Go names by schema element: {name: NAME, reason: WHY}

Exit codes: 0 all is well, 1 findings or drift, 2 wrong usage. Findings are printed
as file:line:col: element: message, and nothing is written when there are any.
`)
}
