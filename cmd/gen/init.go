package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/spec/diag"
)

func initializing() subcommand {
	return subcommand{
		name: "init", short: "write an initial gen.yaml that explains every key",
		flags: keyFlags("schema"), run: command.init,
		help: `  gen init --spec graph.csdl.xml --root /communications/calls --out internal/graph
        flags set their keys; the others are there as comments
  gen init --schema gen.schema.json
        the JSON schema of gen.yaml, for editors that work offline
`,
	}
}

// init writes a starting configuration, or the schema of configurations.
func (c command) init(o *options) int {
	if o.schema != "" {
		return c.writeSchema(o)
	}
	file := o.configFile
	if file == "" {
		file = config.DefaultFile
	}
	text, err := config.Start(file, o.keys...)
	if err != nil {
		return c.fail(err, "nothing was written")
	}
	if err := createFile(file, text); err != nil {
		return c.fail(err, "nothing was written")
	}
	if o.quiet {
		return exitOK
	}
	next := "review it, then run gen"
	switch {
	case bytes.Contains(text, []byte("\nspec: http")):
		next += " update, which fetches the description"
	case !slices.Contains(o.given, "spec"):
		next = "set spec in it, then run gen; for Graph set spec to https://graph.microsoft.com/v1.0/$metadata and run gen update"
	}
	fmt.Fprintf(c.stdout, "%s: written; %s\n", filepath.ToSlash(file), next)
	return exitOK
}

// createFile writes a file that must not exist yet.
func createFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return finding(name, "the file exists already: edit it, remove it, or name another one with --config FILE")
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func (c command) writeSchema(o *options) int {
	text, err := config.Schema()
	if err != nil {
		return c.fail(err, "nothing was written")
	}
	old, err := bounded.ReadFile(o.schema)
	if err == nil && !bytes.Contains(old, []byte(config.SchemaURL)) {
		err := finding(o.schema, "the file exists already and is not a schema of gen.yaml: remove it, or name another one")
		return c.fail(err, "nothing was written")
	}
	if err := replaceFile(o.schema, text); err != nil {
		return c.fail(err, "nothing was written")
	}
	if !o.quiet {
		name := filepath.ToSlash(o.schema)
		fmt.Fprintf(c.stdout, "%s: written; for editors to use it, begin gen.yaml with: # yaml-language-server: $schema=%s\n", name, name)
	}
	return exitOK
}

// finding returns a finding about a file.
func finding(file, format string, args ...any) error {
	var found diag.List
	found.Add(diag.Pos{File: filepath.ToSlash(file)}, "", format, args...)
	return found.Err()
}
