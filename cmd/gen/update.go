package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/internal/fetch"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
)

func updating() subcommand {
	return subcommand{
		name: "update", short: "fetch the latest description from its URL, pin it in gen.yaml, and generate",
		flags: []string{"config", "force", "keep"}, run: command.update,
		help: `  gen update
        in a folder with a gen.yaml whose spec is a URL: prints what has changed, and what
        that breaks, as gen diff does
`,
	}
}

// update fetches the newest description. It writes the hash last, so that a failure leaves
// gen.yaml and the package unchanged.
func (c command) update(o *options) int {
	const outcome = "nothing was written"
	file, err := o.file()
	if err != nil {
		return c.misused(err)
	}
	if file == "" {
		return c.misused(errors.New("update needs a gen.yaml to write the hash of the description into: run gen init"))
	}
	old, err := pinned(file, strings.Repeat("0", 64)) // whatever the file says
	if err != nil {
		return c.fail(err, outcome)
	}
	if !old.Remote() {
		return c.fail(&diag.Error{Findings: []diag.Finding{{Pos: diag.Pos{File: file}, Element: "spec",
			Msg: filepath.ToSlash(old.Spec) + " is a file, and update fetches only URLs: edit the file, then run gen"}}}, outcome)
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

// pinned loads a configuration with another hash.
func pinned(file, hash string) (*config.Config, error) {
	return config.Load(file, config.Flag{Name: "sha256", Values: []string{hash}})
}

// take generates from the description that a configuration pins, and writes the hash.
func (c command) take(o *options, cfg *config.Config, file string) int {
	const outcome = "nothing was written"
	text, err := bounded.ReadFile(file)
	if err != nil {
		return c.fail(err, outcome)
	}
	repinned, err := config.Pin(text, cfg.SHA256)
	if err != nil {
		return c.fail(err, outcome)
	}
	before, err := config.Load(file) // fails if nothing was pinned
	if err != nil {
		before = nil
	}
	p := c.progress(o)
	result, err := c.generate(cfg, p.step)
	p.done()
	if err != nil {
		return c.failGenerating(o, err, outcome)
	}
	c.notes(o, result.Notes)
	if code := c.write(o, cfg, result); code != exitOK {
		return code
	}
	if string(text) != string(repinned) {
		if err := replaceFile(file, repinned); err != nil {
			return c.fail(err, "the package was generated, but its hash could not be written into "+file)
		}
	}
	if !o.quiet {
		c.changed(before, cfg)
		fmt.Fprintf(c.stdout, "%s: sha256 %s\n", filepath.ToSlash(file), cfg.SHA256)
	}
	return exitOK
}

// changed prints what changed since the previously pinned description, as gen diff does, if
// that is still in the cache.
func (c command) changed(before, now *config.Config) {
	if before == nil || before.SHA256 == now.SHA256 {
		return
	}
	old, ok := fetch.Cached(before.SHA256)
	data, ok2 := fetch.Cached(now.SHA256)
	if !ok || !ok2 {
		fmt.Fprintln(c.stdout, "The changes are unknown: the previous description is not in the cache.")
		return
	}
	report, _, err := compared(now, []string{before.Spec, now.Spec}, [2][]csdl.Document{one(before.Shown(), old), one(now.Shown(), data)}, func(string) {})
	if err == nil {
		err = report.Text(c.stdout)
	}
	if err != nil {
		fmt.Fprintf(c.stderr, "gen: the changes are unknown: %v\n", err)
		return
	}
	fmt.Fprintln(c.stdout, report.Summary())
}
