package main

import (
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"github.com/callgen/callgen/generator/config"
)

const helpStart = `gen writes a Go package from the description of an OData service such as Microsoft
Graph: structs that decode polymorphic JSON and lose nothing of it, enums, request
builders and a client. The package imports the standard library only.

Usage:
  gen [flags]         generate the package that gen.yaml and flags describe
  gen check [flags]   print how the folder differs from what would be generated
  gen convert [flags] write a description as OpenAPI in YAML, in the shape of Graph's
  gen help            print this

Examples:
  gen
        in a folder with a gen.yaml; from Go: //go:generate go tool gen
  gen --spec graph.xml --root /communications/calls --api-version beta --out graph
        calls, their requests and everything that they refer to, as package graph
  gen check --config api/gen.yaml
        in CI: fails if somebody forgot to run gen
  gen convert --spec graph.xml --server https://graph.microsoft.com/beta --out graph.yaml
        CSDL as OpenAPI, for tools that read that; to standard output without --out.
        Of the flags below it knows --spec, --refs, --overlay, --out, --server and -q

`

const helpEnd = `
Paths in gen.yaml are relative to it. A flag replaces its key; --root replaces "all:
true", and --all replaces roots. For example:

  spec: spec/communications.csdl.xml
  overlays: [spec/communications.overlay.xml]
  roots: [/communications/calls, microsoft.graph.commsNotifications]
  api-version: beta
  out: generated/communications
  overrides:
    microsoft.graph.foo/bar: {name: FooBar, reason: clashes with fooBar}

Findings are printed as file:line:col: element: message. With any of them nothing is
written. Notes are printed alike: what was repaired in an OpenAPI description, or is not
supported; they do not keep gen from writing. Generated files that were edited by hand are findings, too.

Exit codes: 0 success, 1 findings or drift, 2 wrong usage.
`

// printHelp teaches the command.
func printHelp(w io.Writer) {
	fmt.Fprint(w, helpStart)
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "Flags that stand for keys of gen.yaml:")
	for _, k := range config.Keys() {
		if k.Flag != "" {
			fmt.Fprintf(columns, "  --%s\t%s%s\n", strings.TrimSpace(k.Flag+" "+k.Value), k.Doc, repeatable(k))
		}
	}
	fmt.Fprintln(columns, "\nOther flags:")
	ofKeys := make(map[string]bool)
	for _, k := range config.Keys() {
		ofKeys[k.Flag] = true
	}
	new(options).flags().VisitAll(func(f *flag.Flag) {
		if !ofKeys[f.Name] {
			fmt.Fprintf(columns, "  --%s\t%s\n", strings.TrimSpace(f.Name+" "+value(f)), f.Usage)
		}
	})
	fmt.Fprintln(columns, "\nKeys of gen.yaml:")
	for _, k := range config.Keys() {
		fmt.Fprintf(columns, "  %s\t%s%s\n", k.Name, k.Doc, listed(k))
	}
	columns.Flush()
	fmt.Fprint(w, helpEnd)
}

func repeatable(k config.Key) string {
	if k.Kind == config.List {
		return "; repeatable"
	}
	return ""
}

func listed(k config.Key) string {
	switch k.Kind {
	case config.List:
		return "; a list"
	case config.Switch:
		return "; true or false"
	case config.Map:
		return ": " + k.Value
	}
	return ""
}

// value is what stands for the value of a flag.
func value(f *flag.Flag) string {
	if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok && b.IsBoolFlag() {
		return ""
	}
	if f.Name == "server" {
		return "URL"
	}
	return "FILE"
}

// version is that of the module, as the go command recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "gen (unknown version)"
	}
	return fmt.Sprintf("gen %s (%s)", info.Main.Version, info.GoVersion)
}
