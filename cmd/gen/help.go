package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/callgen/callgen/generator/config"
)

const helpStart = `gen generates a Go package from the description of an OData service such as Microsoft
Graph: structs that decode polymorphic JSON without losing data, enums, request
builders and a client. The package imports only the standard library.

Usage:
  gen [COMMAND] [ARGUMENTS] [flags]

`

const helpEnd = `
Paths in gen.yaml are relative to it. A flag replaces its key; --root replaces "all:
true", and --all replaces roots. In roots and exclusions * matches one segment of a
path, including a key, or part of a name, and ** any number of segments. For example:

  spec: spec/communications.csdl.xml
  overlays: [spec/communications.overlay.xml]
  roots: [/communications/calls, microsoft.graph.commsNotifications]
  api-version: beta
  out: generated/communications
  overrides:
    microsoft.graph.foo/bar: {name: FooBar, reason: clashes with fooBar}

Findings are printed as file:line:col: element: message. If there are any, including
generated files that were edited by hand, nothing is written. Notes have the same form;
they report repairs and unsupported parts of a description, and do not prevent writing.

Exit codes: 0 success, 1 findings or drift, 2 wrong usage.
`

// printHelp explains gen, or one of its commands.
func printHelp(w io.Writer, of subcommand) {
	if of.name == "" {
		printGeneralHelp(w)
		return
	}
	fmt.Fprintf(w, "gen %s: %s.\n\nUsage:\n  %s\n\nExamples:\n%s\n", of.name, of.short, usage(of), of.help)
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	printFlags(columns, of.takes)
	columns.Flush()
	fmt.Fprint(w, "\n\"gen help\" lists the other commands and the keys of gen.yaml.\n")
}

func printGeneralHelp(w io.Writer) {
	fmt.Fprint(w, helpStart)
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, "Commands:")
	for _, s := range subcommands() {
		fmt.Fprintf(columns, "  %s\t%s\n", s.name, s.short)
	}
	fmt.Fprintf(columns, "  help\tprint this help, or the help of a command: gen help COMMAND\n")
	columns.Flush()
	fmt.Fprintln(w, "\nExamples:")
	for _, s := range subcommands() {
		fmt.Fprint(w, s.help)
	}
	fmt.Fprintln(w)
	printFlags(columns, func(string) bool { return true })
	fmt.Fprintln(columns, "\nKeys of gen.yaml:")
	for _, k := range config.Keys() {
		fmt.Fprintf(columns, "  %s\t%s%s\n", k.Name, k.Doc, listed(k))
	}
	columns.Flush()
	fmt.Fprint(w, helpEnd)
}

func usage(s subcommand) string {
	text := "gen " + s.name
	if s.args != "" {
		text += " " + s.args
	}
	return text + " [flags]"
}

// printFlags lists the wanted flags: those that stand for keys, then the others.
func printFlags(columns io.Writer, wanted func(name string) bool) {
	ofKeys := make(map[string]bool)
	title := "Flags for keys of gen.yaml:\n"
	for _, k := range config.Keys() {
		ofKeys[k.Flag] = true
		if k.Flag != "" && wanted(k.Flag) {
			fmt.Fprintf(columns, "%s  --%s\t%s%s\n", title, strings.TrimSpace(k.Flag+" "+cmp.Or(k.Entry, k.Value)), k.Doc, repeatable(k))
			title = ""
		}
	}
	title = "\nOther flags:\n"
	new(options).flags().VisitAll(func(f *flag.Flag) {
		if !ofKeys[f.Name] && wanted(f.Name) {
			fmt.Fprintf(columns, "%s  --%s\t%s\n", title, strings.TrimSpace(f.Name+" "+value(f)), f.Usage)
			title = ""
		}
	})
}

func repeatable(k config.Key) string {
	switch k.Kind {
	case config.List, config.Map, config.Groups, config.Choices:
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
	case config.Map, config.Groups, config.Choices:
		return ": " + k.Value
	}
	return ""
}

// value returns the placeholder for the value of a flag.
func value(f *flag.Flag) string {
	if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok && b.IsBoolFlag() {
		return ""
	}
	switch f.Name {
	case "server":
		return "URL"
	case "format":
		return "FORMAT"
	case "fail-on":
		return "GRADE"
	case "preset":
		return "NAME"
	}
	return "FILE"
}
