package main

import (
	"fmt"
	"io"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/read"
)

func dumping() subcommand {
	return subcommand{
		name: "dump", args: "model|plan", least: 1, limit: 1, short: "print what gen makes of the description before it prints Go: the model, or the plan",
		flags: keyFlags(), check: dumpable, run: command.dump,
		help: `  gen dump model > model.txt
        the description with its overlays, names in full; text that can be compared
  gen dump plan
        the declarations to emit, each with the element that it is made from
`,
	}
}

func dumpable(o *options) error {
	if of := o.args[0]; of != "model" && of != "plan" {
		return fmt.Errorf("there is no %q to dump: name model or plan", of)
	}
	return nil
}

// dump prints the model or the plan.
func (c command) dump(o *options) int {
	const outcome = "nothing was printed"
	file, err := o.file()
	if err != nil {
		return c.misused(err)
	}
	dump := dumpModel
	if o.args[0] == "plan" {
		dump = dumpPlan
	}
	if err := dump(c.stdout, file, o.keys); err != nil {
		return c.fail(err, outcome)
	}
	return exitOK
}

func dumpModel(w io.Writer, file string, keys []config.Flag) error {
	source, err := config.LoadSource(file, keys...)
	if err != nil {
		return err
	}
	model, _, err := read.Model(source)
	if err != nil {
		return err
	}
	return model.Dump(w)
}

func dumpPlan(w io.Writer, file string, keys []config.Flag) error {
	cfg, err := config.Load(file, keys...)
	if err != nil {
		return err
	}
	model, _, err := read.Model(cfg.Source)
	if err != nil {
		return err
	}
	selection, err := generator.Select(cfg.Choice, model)
	if err != nil {
		return err
	}
	pkg, err := generator.Plan(cfg.Package, cfg.Spec, selection)
	if err != nil {
		return err
	}
	return pkg.Dump(w)
}
