package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/spec/convert"
)

func converting() subcommand {
	return subcommand{
		name: "convert", short: "write a description as OpenAPI in YAML, in the shape of Graph's",
		// It does not read gen.yaml, which says what to generate.
		flags: []string{"spec", "refs", "overlay", "out", "server"}, check: convertible, run: command.convert,
		help: `  gen convert --spec graph.xml --server https://graph.microsoft.com/beta --out graph.yaml
        CSDL as OpenAPI, for tools that read that; to standard output without --out
`,
	}
}

func convertible(o *options) error {
	if !slices.Contains(o.given, "spec") {
		return errors.New("convert needs a description: add --spec FILE")
	}
	return nil
}

// convert writes a description as OpenAPI.
func (c command) convert(o *options) int {
	const outcome = "nothing was written"
	source, out := config.Source{}, ""
	for _, k := range o.keys {
		switch k.Name {
		case "spec":
			source.Spec, source.More = k.Values[0], k.Values[1:]
		case "refs":
			source.Refs = k.Values[0]
		case "overlay":
			source.Overlays = k.Values
		case "out":
			out = k.Values[0]
		}
	}
	model, notes, err := read.Model(source)
	if err != nil {
		return c.fail(err, outcome)
	}
	data, lost, err := convert.YAML(model, convert.Options{
		Server: o.server, Header: "Made by gen convert from " + filepath.ToSlash(source.Shown()) + ": change that instead.",
	})
	if err != nil {
		return c.fail(err, outcome)
	}
	c.notes(o, append(notes, lost...))
	if out == "" {
		if _, err := c.stdout.Write(data); err != nil {
			return c.fail(err, outcome)
		}
		return exitOK
	}
	if err := replaceFile(out, data); err != nil {
		return c.fail(err, outcome)
	}
	if !o.quiet {
		fmt.Fprintf(c.stdout, "%s: %s\n", filepath.ToSlash(out), count(len(data), "byte"))
	}
	return exitOK
}

// replaceFile writes a file whole or not at all. A link stays one, and a file that is
// there keeps its mode.
func replaceFile(name string, data []byte) error {
	mode := os.FileMode(0o644)
	if to, err := filepath.EvalSymlinks(name); err == nil {
		name = to
	}
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
