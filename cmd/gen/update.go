package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/fetch"
)

func updating() subcommand {
	return subcommand{
		name: "update", short: "fetch the newest description from its URL, pin it in gen.yaml, and generate anew",
		flags: []string{"config", "force"}, run: command.update,
		help: `  gen update
        in a folder with a gen.yaml whose spec is an URL: says what has changed, and what
        that breaks, as gen diff does
`,
	}
}

// update takes the newest description. Its hash is written last, so that a failure leaves
// gen.yaml and the package as they were.
func (c command) update(o *options) int {
	const outcome = "nothing was written"
	file, err := o.file()
	if err != nil {
		return c.misused(err)
	}
	if file == "" {
		return c.misused(errors.New("update needs a gen.yaml, which it writes the hash of the description into"))
	}
	old, err := pinned(file, strings.Repeat("0", 64)) // whatever is written there
	if err != nil {
		return c.fail(err, outcome)
	}
	if !old.Remote() {
		return c.fail(&diag.Error{Findings: []diag.Finding{{Pos: diag.Pos{File: file}, Element: "spec",
			Msg: filepath.ToSlash(old.Spec) + " is a file, and update fetches from URLs: change the file, and run gen"}}}, outcome)
	}
	data, err := fetch.Newest(context.Background(), old.Spec)
	if err != nil {
		return c.fail(err, outcome)
	}
	cfg, err := pinned(file, fetch.Hash(data))
	if err != nil {
		return c.fail(err, outcome)
	}
	return c.take(o, cfg, file)
}

// pinned loads a configuration with a hash instead of its own.
func pinned(file, hash string) (*config.Config, error) {
	return config.Load(file, config.Flag{Name: "sha256", Values: []string{hash}})
}

// take generates from the description that a configuration pins, and writes the pin.
func (c command) take(o *options, cfg *config.Config, file string) int {
	const outcome = "nothing was written"
	text, err := os.ReadFile(file)
	if err != nil {
		return c.fail(err, outcome)
	}
	repinned, err := config.Pin(text, cfg.SHA256)
	if err != nil {
		return c.fail(err, outcome)
	}
	p := newProgress(c.stderr, o.quiet)
	result, err := c.generate(cfg, p.step)
	p.done()
	if err != nil {
		return c.fail(err, outcome)
	}
	c.notes(o, result.Notes)
	changed, err := output.Write(cfg.Out, result.Files, output.Options{Force: o.force})
	if err != nil {
		return c.fail(err, outcome)
	}
	if string(text) != string(repinned) {
		if err := replaceFile(file, repinned); err != nil {
			return c.fail(err, "the package was generated, but its hash is not in "+file)
		}
	}
	if !o.quiet {
		fmt.Fprintf(c.stdout, "%s: sha256 %s\n", filepath.ToSlash(file), cfg.SHA256)
	}
	c.summary(o, cfg.Out, outcomeOf(result), len(changed))
	return exitOK
}
