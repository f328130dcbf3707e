package main

import (
	"fmt"

	"github.com/callgen/callgen/cmd/gen/internal/compare"
	"github.com/callgen/callgen/generator/changes"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

func diffing() subcommand {
	return subcommand{
		name: "diff", args: "OLD NEW", least: 2, limit: 2,
		short: "print the changes from one description to another, and what they break in Go",
		flags: without(keyFlags("format", "fail-on"), "spec", "sha256", "out", "package", "header"),
		check: diffable, run: command.diff,
		help: `  gen diff HEAD:spec/graph.xml spec/graph.xml
        since the last commit: OLD and NEW are files, folders, URLs, or REV:PATH as for
        git show; only the selection of gen.yaml is compared, or everything without it
  gen diff old.xml new.yaml --root /communications/calls --format markdown
        of calls only, as a comment for a pull request
  gen diff old.xml new.xml --fail-on additive
        exits with 1 if something breaks or is added, by default only if something
        breaks; --format json has the highest grade of all changes as "grade"
`,
	}
}

func diffable(o *options) error {
	if err := inFormat("text", "markdown", "json")(o); err != nil {
		return err
	}
	if _, err := changes.ParseGrade(o.failOn); err != nil {
		return fmt.Errorf("--fail-on: %w", err)
	}
	return nil
}

// diff prints what changes between two descriptions.
func (c command) diff(o *options) int {
	const outcome = "nothing was compared"
	file, err := o.file()
	if err != nil && o.configFile != "" {
		return c.misused(err)
	} // without configuration, everything is compared
	cfg, err := config.LoadChoice(file, o.keys...)
	if err != nil {
		return c.fail(err, outcome)
	}
	var texts [2][]csdl.Document
	for i, name := range o.args {
		if texts[i], err = operand(name); err != nil {
			return c.misused(err)
		}
	}
	p := c.progress(o)
	report, notes, err := compared(cfg, o.args, texts, p.step)
	p.done()
	if err != nil {
		return c.fail(err, outcome)
	}
	c.notes(o, notes)
	if err := c.report(o, report); err != nil {
		return c.fail(err, "")
	}
	failOn, _ := changes.ParseGrade(o.failOn) // checked before
	if len(report.Changes) > 0 && report.Grade >= failOn {
		return exitFound
	}
	return exitOK
}

// compared reads two descriptions and compares them. It reports the findings about both at
// once.
func compared(cfg *config.Config, names []string, texts [2][]csdl.Document, step func(string)) (*changes.Report, []diag.Finding, error) {
	var models [2]*edm.Model
	var notes []diag.Finding
	var found diag.List
	for i, name := range names {
		source := cfg.Source
		source.Spec = name
		step("reading " + source.Shown())
		model, passed, err := read.Texts(source, texts[i])
		found.AddError(err)
		models[i], notes = model, append(notes, passed...)
	}
	if err := found.Err(); err != nil {
		return nil, nil, err
	}
	step("comparing")
	report, err := compare.Models(cfg, models[0], models[1])
	return report, notes, err
}

func (c command) report(o *options, r *changes.Report) error {
	switch o.format {
	case "json":
		return r.JSON(c.stdout)
	case "markdown":
		return r.Markdown(c.stdout)
	}
	if err := r.Text(c.stdout); err != nil || o.quiet {
		return err
	}
	_, err := fmt.Fprintln(c.stdout, r.Summary())
	return err
}
