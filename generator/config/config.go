// Package config reads gen.yaml, which says what to generate from what.
package config

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/callgen/callgen/spec/diag"
)

// Config says what to generate. Its fields are the keys of gen.yaml; paths there
// are relative to the file.
type Config struct {
	Spec      string              `yaml:"spec"`      // path of the description
	Overlays  []string            `yaml:"overlays"`  // paths of overlays, applied in order
	Roots     []string            `yaml:"roots"`     // paths and qualified type names to generate, with what they need
	All       bool                `yaml:"all"`       // everything the description holds, instead of roots
	Models    bool                `yaml:"models"`    // types without request builders
	Package   string              `yaml:"package"`   // package clause; the last element of out by default
	Out       string              `yaml:"out"`       // folder of the generated package
	Header    string              `yaml:"header"`    // lines for the top of each file, below the marker
	Overrides map[string]Override `yaml:"overrides"` // Go names by schema element
}

// Override is a Go name for a schema element, and why it needs one.
type Override struct {
	Name   string `yaml:"name"`
	Reason string `yaml:"reason"`
}

// Load reads a configuration file. What is wrong with it is a [*diag.Error] with
// every finding; whether it says enough is for [Config.Validate], since flags may
// add to it.
func Load(file string) (*Config, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cfg := new(Config)
	d := yaml.NewDecoder(io.LimitReader(f, maxSize))
	d.KnownFields(true)
	if err := d.Decode(cfg); err != nil && !errors.Is(err, io.EOF) {
		return nil, findings(file, err)
	}
	cfg.relativeTo(filepath.Dir(file))
	return cfg, nil
}

// maxSize bounds what is read of a configuration file.
const maxSize = 1 << 20

// findings turns an error of the YAML decoder, whose lines begin with "line N: ",
// into findings.
func findings(file string, err error) error {
	messages := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	var typeErr *yaml.TypeError
	if errors.As(err, &typeErr) {
		messages = typeErr.Errors
	}
	var list diag.List
	for _, msg := range messages {
		pos := diag.Pos{File: file}
		if n, err := fmt.Sscanf(msg, "line %d:", &pos.Line); n == 1 && err == nil {
			_, msg, _ = strings.Cut(msg, ": ")
		}
		msg = strings.ReplaceAll(msg, " not found in type config.Config", " is not a key of gen.yaml: see gen help")
		msg = strings.ReplaceAll(msg, " not found in type config.Override", " is not a key of an override: name and reason are")
		list.Add(pos, "", "%s", msg)
	}
	return list.Err()
}

func (c *Config) relativeTo(dir string) {
	at := func(path *string) {
		if *path != "" && !filepath.IsAbs(*path) && !isURL(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
	at(&c.Spec)
	at(&c.Out)
	for i := range c.Overlays {
		at(&c.Overlays[i])
	}
}

func isURL(s string) bool { return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") }

// Validate fills in defaults and reports everything that is missing or contradicts
// itself, as a [*diag.Error]. The file is named in findings; it may be "".
func (c *Config) Validate(file string) error {
	var list diag.List
	add := func(key, msg string, args ...any) { list.Add(diag.Pos{File: file}, key, msg, args...) }
	switch {
	case c.Spec == "":
		add("spec", "no description is named: add spec: FILE, or give --spec FILE")
	case isURL(c.Spec):
		add("spec", "descriptions are read from files: download %s and name the file", c.Spec)
	}
	if c.Out == "" {
		add("out", "no output folder is named: add out: FOLDER, or give --out FOLDER")
	}
	switch {
	case c.All && len(c.Roots) > 0:
		add("roots", "roots and all exclude each other: remove one")
	case !c.All && len(c.Roots) == 0:
		add("roots", "nothing is selected: add roots, such as /communications/calls or microsoft.graph.call, or all: true")
	}
	if c.Package == "" && c.Out != "" {
		c.Package = filepath.Base(filepath.Clean(c.Out))
	}
	if c.Package != "" && !token.IsIdentifier(c.Package) || c.Package == "_" || c.Package == "main" {
		add("package", "%q cannot be a package's name: add package: NAME, or give --package NAME", c.Package)
	}
	c.validateHeader(add)
	c.validateOverrides(add)
	return list.Err()
}

func (c *Config) validateHeader(add func(key, msg string, args ...any)) {
	for line := range strings.Lines(c.Header) {
		if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return r < ' ' && r != '\t' }) {
			add("header", "the header holds control characters")
			return
		}
	}
}

func (c *Config) validateOverrides(add func(key, msg string, args ...any)) {
	elements := make([]string, 0, len(c.Overrides))
	for element := range c.Overrides {
		elements = append(elements, element)
	}
	slices.Sort(elements)
	for _, element := range elements {
		o := c.Overrides[element]
		if !token.IsIdentifier(o.Name) || !token.IsExported(o.Name) {
			add("overrides/"+element, "name must be an exported Go identifier, not %q", o.Name)
		}
		if strings.TrimSpace(o.Reason) == "" {
			add("overrides/"+element, "it needs a reason")
		}
	}
}
