package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"go/token"
	"math"
	"slices"
	"strings"

	"github.com/callgen/callgen/cmd/gen/internal/listing"
	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/spec/diag"
)

func listingTypes() subcommand {
	return subcommand{
		name: "list", args: "[ROOT…]", limit: math.MaxInt, short: "list the types that each root brings in, and why; writes nothing",
		flags: keyFlags("format"), check: inFormat("text", "json"), run: command.list,
		help: `  gen list
        every type that gen.yaml selects, the one with the greatest savings first, and
        the lines of exclude that save most
  gen list --spec graph.csdl.xml /communications/calls
        the same for another root; --format json is for programs
`,
	}
}

// inFormat returns a check that the format is one of the given ones.
func inFormat(formats ...string) func(*options) error {
	return func(o *options) error {
		if !slices.Contains(formats, o.format) {
			return fmt.Errorf("--format: %s has %s, not %q", o.command.name, strings.Join(formats, ", "), o.format)
		}
		return nil
	}
}

// list shows what is selected.
func (c command) list(o *options) int {
	const outcome = "nothing was listed"
	if len(o.args) > 0 {
		o.keys = append(o.keys, config.Flag{Name: "root", Values: o.args})
	}
	file, err := o.file()
	if err != nil {
		return c.misused(err)
	}
	cfg, err := config.LoadSelection(file, o.keys...)
	if err != nil {
		return c.fail(err, outcome)
	}
	p := c.progress(o)
	l, notes, err := listingOf(cfg, p.step)
	p.done()
	if err != nil {
		return c.fail(err, outcome)
	}
	if o.format == "json" {
		e := json.NewEncoder(c.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(l)
	} else {
		err = l.Text(c.stdout)
	}
	if err != nil {
		return c.fail(err, outcome)
	}
	c.notes(o, notes)
	return exitOK
}

// listingOf lists what the configuration selects, which need not name a package.
func listingOf(cfg *config.Config, step func(name string)) (*listing.Listing, []diag.Finding, error) {
	step("reading")
	model, _, err := read.Model(cfg.Source)
	if err != nil {
		return nil, nil, err
	}
	step("selecting")
	selection, err := generator.Select(cfg.Choice, model)
	if err != nil {
		return nil, nil, err
	}
	step("counting lines")
	lines, others, err := lineCounts(cfg, selection)
	if err != nil {
		return nil, nil, err
	}
	step("listing")
	return listing.Make(selection, lines, others), generator.Hints(cfg, selection), nil
}

// lineCounts returns the number of lines in the package to be generated, for each type and
// for the rest.
func lineCounts(cfg *config.Config, selection *choose.Selection) (lines map[string]int, others int, err error) {
	named := cfg.Package
	named.Name = cmp.Or(named.Name, "listed")
	pkg, err := generator.Plan(named, cfg.Shown(), selection)
	if err != nil {
		return nil, 0, err
	}
	files, err := generator.Print(pkg, token.NewFileSet())
	if err != nil {
		return nil, 0, err
	}
	lines = make(map[string]int)
	for _, f := range files {
		others += bytes.Count(f.Data, []byte("\n"))
		for _, s := range f.Spans {
			if n := s.To - s.From + 1; s.Of.Type != "" {
				lines[s.Of.Type] += n
				others -= n
			}
		}
	}
	return lines, others, nil
}
