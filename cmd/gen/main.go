// Command gen writes a Go package from the description of an OData service, such as the
// calling API of Microsoft Graph. "gen help" explains it.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/cmd/gen/internal/uptodate"
	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/internal/visible"
	"github.com/callgen/callgen/spec/diag"
)

// Exit codes.
const (
	exitOK    = 0
	exitFound = 1 // findings or drift
	exitUsage = 2
)

func main() {
	if os.Getenv("GOGC") == "" {
		tuneCollector()
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run runs the command, apart from the process around it.
func run(args []string, stdout, stderr io.Writer) int {
	return command{stdout, stderr, generator.Generate}.run(args)
}

// command holds what a run of gen works with.
type command struct {
	stdout, stderr io.Writer
	generate       func(*config.Config, func(string)) (*generator.Result, error)
}

func (c command) run(args []string) int {
	o, err := parse(args)
	switch {
	case err != nil:
		return c.misused(err)
	case o.help:
		printHelp(c.stdout, o.command)
		return exitOK
	case o.version:
		fmt.Fprintln(c.stdout, version())
		return exitOK
	}
	stop, err := o.profile()
	if err != nil {
		return c.misused(err)
	}
	code := o.command.run(c, o)
	if err := stop(); err != nil {
		return c.fail(err, "")
	}
	return code
}

// work generates the package, and writes it or compares it with the folder.
func (c command) work(o *options) int {
	check := o.command.name == "check"
	outcome := "nothing was written"
	if check {
		outcome = "nothing was compared"
	}
	file, err := o.file()
	if err != nil {
		return c.misused(err)
	}
	cfg, err := config.Load(file, o.keys...)
	if err != nil {
		return c.fail(err, outcome)
	}
	run, known := uptodate.Of(cfg)
	if known {
		if done, ok := run.Current(); ok {
			c.notes(o, done.Notes)
			c.summary(o, cfg, done, 0)
			return exitOK
		}
	}
	p := c.progress(o)
	result, err := c.generate(cfg, p.step)
	p.done()
	if err != nil {
		return c.failGenerating(o, err, outcome)
	}
	c.notes(o, result.Notes)
	code := exitOK
	if check {
		code = c.compare(o, cfg, result)
	} else {
		code = c.write(o, cfg, result)
	}
	if known && code == exitOK {
		var written [][]output.File
		for _, p := range packages(cfg, result) {
			written = append(written, p.files)
		}
		run.Keep(outcomeOf(result), written...)
	}
	return code
}

func outcomeOf(result *generator.Result) uptodate.Outcome {
	files := len(result.Files) + len(result.Fields)
	for _, part := range result.Below {
		files += len(part.Files)
	}
	return uptodate.Outcome{Files: files, Fake: len(result.Fake), Types: result.Types, Notes: result.Notes}
}

func (c command) write(o *options, cfg *config.Config, result *generator.Result) int {
	total := 0
	for _, p := range packages(cfg, result) {
		changed, err := output.Write(p.out, p.files, output.Options{Force: o.force})
		if err != nil {
			outcome := "nothing was written"
			if p.out != cfg.Out {
				outcome += " to " + filepath.ToSlash(p.out)
			}
			return c.fail(err, outcome)
		}
		if o.verbose {
			for _, name := range changed {
				fmt.Fprintln(c.stdout, filepath.ToSlash(filepath.Join(p.out, name)))
			}
		}
		total += len(changed)
	}
	c.summary(o, cfg, outcomeOf(result), total)
	return exitOK
}

// folder is a package that is written.
type folder struct {
	out   string
	files []output.File
}

func packages(cfg *config.Config, result *generator.Result) []folder {
	list := []folder{{cfg.Out, result.Files}}
	for _, name := range names.SplitFolders() {
		part := result.Part(name)
		if out := cfg.BelowOut(name); part != nil || output.Has(out) {
			list = append(list, folder{out, part})
		}
	}
	if result.Fields != nil || output.Has(cfg.FieldsOut()) {
		list = append(list, folder{cfg.FieldsOut(), result.Fields})
	}
	if cfg.Fake {
		list = append(list, folder{cfg.FakeOut(), result.Fake})
	}
	return list
}

// notes prints what was repaired in the description: it does not fail the command.
func (c command) notes(o *options, notes []diag.Finding) {
	if o.quiet {
		return
	}
	if len(notes) > 0 {
		fmt.Fprintln(c.stderr, diag.Text(notes))
		fmt.Fprintf(c.stderr, "gen: %s about the description\n", count(len(notes), "note"))
	}
}

func (c command) compare(o *options, cfg *config.Config, result *generator.Result) int {
	code := exitOK
	for _, p := range packages(cfg, result) {
		diff, err := output.Diff(p.out, p.files)
		if err != nil {
			return c.fail(err, "nothing was compared")
		}
		if diff == "" {
			continue
		}
		code = exitFound
		fmt.Fprint(c.stdout, diff)
		again := strings.Join(append([]string{"gen"}, o.others...), " ")
		fmt.Fprintf(c.stderr, "gen: generated code in %s is out of date; run %s (with --force if generated files were edited)\n", filepath.ToSlash(p.out), again)
	}
	if code == exitOK {
		c.summary(o, cfg, outcomeOf(result), 0)
	}
	return code
}

func (c command) summary(o *options, cfg *config.Config, result uptodate.Outcome, changed int) {
	if o.quiet {
		return
	}
	state := "up to date"
	if changed > 0 {
		state = fmt.Sprintf("%d changed", changed)
	}
	simulator := ""
	if result.Fake > 0 {
		simulator = ", " + count(result.Fake, "file") + " of its simulator"
	}
	fmt.Fprintf(c.stdout, "%s: %s, %s%s, %s\n", filepath.ToSlash(cfg.Out), count(result.Files, "file"), count(result.Types, "type"), simulator, state)
}

func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// fail reports an error: findings one a line, then the outcome.
func (c command) fail(err error, outcome string) int {
	found, ok := errors.AsType[*diag.Error](err)
	if !ok {
		fmt.Fprintf(c.stderr, "gen: %s\n", shown(err))
		return exitFound
	}
	fmt.Fprintln(c.stderr, found)
	fmt.Fprintf(c.stderr, "gen: %s; %s\n", count(len(found.Findings), "finding"), outcome)
	return exitFound
}

func (c command) misused(err error) int {
	fmt.Fprintf(c.stderr, "gen: %s; see \"gen help\"\n", shown(err))
	return exitUsage
}

// shown returns the text of an error other than findings, possibly of several lines, with
// invisible characters escaped, as findings have them.
func shown(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = visible.Escape(line)
	}
	return strings.Join(lines, "\n")
}
