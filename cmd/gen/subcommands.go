package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/config"
)

// subcommand is one of the commands of gen.
type subcommand struct {
	name  string
	args  string   // placeholder for its arguments in help texts; "" if it takes none
	least int      // minimum number of arguments
	limit int      // maximum number of arguments
	short string   // one line for the list of commands
	help  string   // examples for "gen help NAME"
	flags []string // the flags that it takes, besides the general ones
	check func(*options) error
	run   func(command, *options) int
}

// subcommands returns the commands in the order of the help texts. The first is the
// default.
func subcommands() []subcommand {
	return []subcommand{generating(), checking(), updating(), diffing(), initializing(), listingTypes(), showing(), converting(), dumping(), versioning()}
}

func subcommandNamed(name string) (subcommand, error) {
	for _, s := range subcommands() {
		if s.name == name {
			return s, nil
		}
	}
	return subcommand{}, fmt.Errorf("there is no command %q", name)
}

// general returns the flags that every command takes.
func general() []string { return []string{"q", "v", "version", "cpuprofile", "memprofile"} }

// keyFlags returns the flags that stand for keys of gen.yaml, the one that names the file,
// and others.
func keyFlags(others ...string) []string {
	list := []string{"config"}
	for _, k := range config.Keys() {
		if k.Flag != "" {
			list = append(list, k.Flag)
		}
	}
	return append(list, others...)
}

// without returns a list without some names.
func without(list []string, names ...string) []string {
	return slices.DeleteFunc(list, func(name string) bool { return slices.Contains(names, name) })
}

// takes reports whether a command takes a flag.
func (s subcommand) takes(flag string) bool {
	return slices.Contains(s.flags, flag) || slices.Contains(general(), flag)
}

// suits reports arguments and flags that a command does not take.
func (s subcommand) suits(o *options) error {
	switch {
	case len(o.args) > s.limit:
		return fmt.Errorf("unexpected argument %q", o.args[s.limit])
	case len(o.args) < s.least:
		return fmt.Errorf("%s needs %s", s.name, s.args)
	}
	for _, flag := range o.given {
		if !s.takes(flag) {
			return fmt.Errorf("%s takes no %s%s", s.name, dashes(flag), whoTakes(flag))
		}
	}
	if s.check == nil {
		return nil
	}
	return s.check(o)
}

// whoTakes names the commands that take a flag, if they are few.
func whoTakes(flag string) string {
	var names []string
	for _, s := range subcommands() {
		if s.takes(flag) {
			names = append(names, s.name)
		}
	}
	if len(names) > 2 {
		return ""
	}
	return ": it is for " + strings.Join(names, " and ")
}

func dashes(flag string) string {
	if len(flag) == 1 {
		return "-" + flag
	}
	return "--" + flag
}

func generating() subcommand {
	return subcommand{
		name: "generate", short: "generate the package that gen.yaml and flags describe; the default command",
		flags: keyFlags("force", "keep"), run: command.work,
		help: `  gen
        in a folder with a gen.yaml; from Go: //go:generate go tool gen
  gen --spec graph.xml --root /communications/calls --api-version beta --out graph
        calls, their requests and everything they refer to, as package graph
`,
	}
}

func checking() subcommand {
	return subcommand{
		name: "check", short: "print the differences between the folder and newly generated code; writes nothing",
		flags: keyFlags(), run: command.work,
		help: `  gen check --config api/gen.yaml
        in CI: fails if somebody forgot to run gen
`,
	}
}
