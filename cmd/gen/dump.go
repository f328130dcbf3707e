package main

import (
	"fmt"
	"io"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/read"
)

func dumping() subcommand {
	return subcommand{
		name: "dump", args: "model|plan|rewrites", least: 1, limit: 1, short: "print what gen makes of the description before it prints Go: the model, or the plan; or what became of older names",
		flags: keyFlags(), check: dumpable, run: command.dump,
		help: `  gen dump model > model.txt
        the description with its overlays, names in full; text that can be compared
  gen dump plan
        the declarations to emit, each with the element that it is made from
  gen dump rewrites
        rules of gofmt -r, a line each, for programs that use names of a package as
        it was before its names of properties had a package of their own
`,
	}
}

func dumpable(o *options) error {
	switch of := o.args[0]; of {
	case "model", "plan", "rewrites":
		return nil
	default:
		return fmt.Errorf("there is no %q to dump: name model, plan or rewrites", of)
	}
}

// dump prints the model, the plan or the rewrites.
func (c command) dump(o *options) int {
	const outcome = "nothing was printed"
	file, err := o.file()
	if err != nil {
		return c.misused(err)
	}
	dump := dumpModel
	switch o.args[0] {
	case "plan":
		dump = dumpPlan
	case "rewrites":
		dump = dumpRewrites
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
	pkg, err := planned(file, keys)
	if err != nil {
		return err
	}
	return pkg.Dump(w)
}

func dumpRewrites(w io.Writer, file string, keys []config.Flag) error {
	pkg, err := planned(file, keys)
	if err != nil {
		return err
	}
	return pkg.Rewrites(w)
}

func planned(file string, keys []config.Flag) (*goir.Package, error) {
	cfg, err := config.Load(file, keys...)
	if err != nil {
		return nil, err
	}
	model, _, err := read.Model(cfg.Source)
	if err != nil {
		return nil, err
	}
	selection, err := generator.Select(cfg.Choice, model)
	if err != nil {
		return nil, err
	}
	return generator.Plan(cfg.Package, cfg.Spec, selection)
}
