package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/visible"
)

// options holds the command line.
type options struct {
	command        subcommand
	args           []string // of the command
	help, version  bool
	server         string // server named by a converted description
	preset         string // that a new gen.yaml begins with
	schema         string // file for the schema of gen.yaml
	format         string // of what is printed
	failOn         string // diff fails from this grade on
	configFile     string
	keys           []config.Flag // flags that stand for keys of gen.yaml
	force, keep    bool
	quiet, verbose bool
	cpuProfile     string
	memProfile     string
	given          []string // the names of the flags that are set
	others         []string // the arguments without the command's name
}

// parse reads the command line: flags, and the name of a command before, between or after
// them.
func parse(args []string) (*options, error) {
	o := new(options)
	f := o.flags()
	var names []string
	for rest := args; len(rest) > 0; {
		err := f.Parse(rest)
		if errors.Is(err, flag.ErrHelp) {
			return o, o.choose(append([]string{"help"}, names...))
		}
		if err != nil {
			return nil, err
		}
		o.others = append(o.others, quoted(rest[:len(rest)-f.NArg()])...)
		rest = f.Args()
		if len(rest) > 0 {
			names, rest = append(names, rest[0]), rest[1:]
		}
	}
	f.Visit(func(f *flag.Flag) { o.given = append(o.given, f.Name) })
	return o, o.choose(names)
}

// choose sets the command and its arguments.
func (o *options) choose(names []string) error {
	if len(names) == 0 {
		names = []string{subcommands()[0].name}
	}
	if o.help = names[0] == "help"; o.help {
		names = names[1:]
		if len(names) == 0 {
			return nil
		}
	}
	var err error
	if o.command, err = subcommandNamed(names[0]); err != nil || o.help {
		return err
	}
	o.args = names[1:]
	return o.command.suits(o)
}

// flags returns the flags of the command: one for each key that has one, and its own.
func (o *options) flags() *flag.FlagSet {
	f := flag.NewFlagSet("gen", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	for _, k := range config.Keys() {
		switch {
		case k.Flag == "":
		case k.Kind == config.Switch:
			f.BoolFunc(k.Flag, k.Doc, func(s string) error { return o.key(k, s) })
		default:
			f.Func(k.Flag, k.Doc, func(s string) error { return o.key(k, s) })
		}
	}
	f.StringVar(&o.configFile, "config", "", "configuration file; by default "+config.DefaultFile+", if it exists")
	f.BoolVar(&o.force, "force", false, "replace generated files even if they were edited by hand")
	f.BoolVar(&o.keep, "keep", false, "keep generated files that fail the check, and print their folder")
	f.StringVar(&o.server, "server", "", "URL of the service to put into a converted description")
	f.StringVar(&o.schema, "schema", "", "file to write the JSON schema of gen.yaml to, instead of a gen.yaml")
	f.StringVar(&o.preset, "preset", "", "preset that a new gen.yaml begins with: "+presetNames())
	f.StringVar(&o.format, "format", "text", "output format: text, and for diff markdown or json, for list json, for show mermaid, dot or svg")
	f.StringVar(&o.failOn, "fail-on", "breaking", "lowest grade of change for which diff exits with 1: breaking, additive, docs, or none for any change")
	f.BoolVar(&o.quiet, "q", false, "print no summary and no notes")
	f.BoolVar(&o.verbose, "v", false, "print the changed files as well")
	f.BoolVar(&o.version, "version", false, "print the version")
	f.StringVar(&o.cpuProfile, "cpuprofile", "", "write a CPU profile, for go tool pprof")
	f.StringVar(&o.memProfile, "memprofile", "", "write a memory profile")
	return f
}

// key records a flag that stands for a key.
func (o *options) key(k config.Key, value string) error {
	switch {
	case k.Kind == config.Switch:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return errors.New("must be true or false")
		}
		value = strconv.FormatBool(b)
	case strings.TrimSpace(value) == "":
		return errors.New("the value is empty")
	}
	for i := range o.keys {
		if o.keys[i].Name != k.Flag {
			continue
		}
		if k.Kind == config.Text || k.Kind == config.Switch {
			o.keys[i].Values = nil // the last one wins
		}
		o.keys[i].Values = append(o.keys[i].Values, value)
		return nil
	}
	o.keys = append(o.keys, config.Flag{Name: k.Flag, Values: []string{value}})
	return nil
}

// file returns the configuration file to read, "" for none.
func (o *options) file() (string, error) {
	if o.configFile != "" {
		if _, err := os.Stat(o.configFile); err != nil {
			return "", fmt.Errorf("--config: there is no file %s", o.configFile)
		}
		return o.configFile, nil
	}
	if _, err := os.Stat(config.DefaultFile); err == nil {
		return config.DefaultFile, nil
	}
	if len(o.keys) == 0 {
		return "", fmt.Errorf("there is no %s here, and no flag says what to generate: run gen init to write one", config.DefaultFile)
	}
	return "", nil
}

// quoted joins arguments, with quotes where a shell needs them and without the secret parts
// of URLs.
func quoted(args []string) []string {
	var all []string
	for _, arg := range args {
		arg = visible.URL(arg)
		if arg == "" || strings.ContainsAny(arg, " \t\n'\"\\$&|;<>()*?[]#~`{}") {
			arg = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
		all = append(all, arg)
	}
	return all
}
