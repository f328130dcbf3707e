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
	args  string   // what stands for its arguments in help texts; "" if it takes none
	least int      // how many arguments it needs
	limit int      // how many it takes
	short string   // one line for the list of commands
	help  string   // examples for "gen help NAME"
	flags []string // the flags that it takes, besides those of all commands
	check func(*options) error
	run   func(command, *options) int
}

// subcommands are the commands in the order in which help texts show them. The first
// is the one that runs when none is named.
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

// general are the flags that every command takes.
func general() []string { return []string{"q", "v", "version", "cpuprofile", "memprofile"} }

// keyFlags are the flags that stand for keys of gen.yaml, the one that names it, and
// others.
func keyFlags(others ...string) []string {
	list := []string{"config"}
	for _, k := range config.Keys() {
		if k.Flag != "" {
			list = append(list, k.Flag)
		}
	}
	return append(list, others...)
}

// without leaves names out of a list.
func without(list []string, names ...string) []string {
	return slices.DeleteFunc(list, func(name string) bool { return slices.Contains(names, name) })
}

// takes reports whether a command has a use for a flag.
func (s subcommand) takes(flag string) bool {
	return slices.Contains(s.flags, flag) || slices.Contains(general(), flag)
}

// suits reports arguments and flags that a command has no use for.
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

// whoTakes says which commands have a use for a flag, where those are few.
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
