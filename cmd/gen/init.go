package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/preset"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/spec/diag"
)

func initializing() subcommand {
	return subcommand{
		name: "init", short: "write an initial gen.yaml that explains every key",
		flags: keyFlags("schema", "preset"), run: command.init,
		help: `  gen init --spec graph.csdl.xml --root /communications/calls --out internal/graph
        flags set their keys; the others are there as comments
  gen init --preset calling --spec graph.csdl.xml
        the roots, hierarchies and overlay for a purpose; presets: ` + presetNames() + `
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
	if _, err := os.Stat(file); err == nil {
		return c.fail(existing(file), "nothing was written")
	}
	overlay, err := o.begin(file)
	if err != nil {
		return c.fail(err, "nothing was written")
	}
	text, err := config.Start(file, o.keys...)
	if err == nil {
		err = createFile(file, text)
	}
	if err != nil {
		if overlay != "" {
			_ = os.Remove(overlay) // it was made a moment ago
		}
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
	if overlay != "" {
		fmt.Fprintf(c.stdout, "%s: written\n", filepath.ToSlash(overlay))
	}
	fmt.Fprintf(c.stdout, "%s: written; %s\n", filepath.ToSlash(file), next)
	return exitOK
}

// begin adds the keys of the preset that are not given, and writes its overlay beside the
// configuration. It returns the name of the overlay, "" if it wrote none.
func (o *options) begin(file string) (overlay string, err error) {
	if o.preset == "" {
		return "", nil
	}
	p, err := preset.Named(o.preset)
	if err != nil {
		return "", err
	}
	add := func(flag string, values []string) {
		given := slices.ContainsFunc(o.keys, func(f config.Flag) bool { return f.Name == flag })
		if !given && len(values) > 0 {
			o.keys = append(o.keys, config.Flag{Name: flag, Values: values})
		}
	}
	if !slices.Contains(o.given, "all") {
		add("root", p.Roots)
	}
	if p.All && !slices.Contains(o.given, "root") {
		add("all", []string{"true"})
	}
	if p.Versions != "" {
		add("versions", []string{p.Versions})
	}
	add("exclude", p.Exclude)
	add("hierarchy", p.HierarchyFlags())
	data, err := p.OverlayText()
	if err != nil || data == nil {
		return "", err
	}
	overlay = filepath.Join(filepath.Dir(file), p.Name+".overlay.xml")
	if err := createFile(overlay, data); err != nil {
		return "", err
	}
	if i := slices.IndexFunc(o.keys, func(f config.Flag) bool { return f.Name == "overlay" }); i >= 0 {
		o.keys[i].Values = append([]string{overlay}, o.keys[i].Values...)
	} else {
		add("overlay", []string{overlay})
	}
	return overlay, nil
}

// presetNames lists the presets.
func presetNames() string {
	all, _ := preset.All() // a test reads them
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// existing is the finding about a file that is there already.
func existing(name string) error {
	return finding(name, "the file exists already: edit it, remove it, or name another one with --config FILE")
}

// createFile writes a file that must not exist yet.
func createFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return existing(name)
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
