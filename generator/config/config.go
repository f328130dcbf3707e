// Package config reads gen.yaml, which says what to generate from what, and the flags
// of the command that stand for its keys.
package config

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/callgen/callgen/spec/diag"
)

// DefaultFile is the configuration file that is looked for when none is named.
const DefaultFile = "gen.yaml"

// DefaultVersion is the version of the service unless another is named.
const DefaultVersion = "v1.0"

// Config says what to generate. Its fields are the keys of gen.yaml, which [Keys]
// describes.
type Config struct {
	Spec        string              // path or URL of the description
	SHA256      string              // of the description, in hexadecimal; "" unless it is pinned
	Refs        string              // folder that references of an OpenAPI description may lead to
	Overlays    []string            // paths of the overlays, in the order in which they apply
	Roots       []string            // paths and qualified type names
	All         bool                // everything that the description holds, instead of roots
	Exclude     []string            // paths and qualified type names that are left out
	Hierarchies map[string][]string // the derived types to keep of a base type
	Models      bool                // types without request builders
	APIVersion  string              // of the service, a segment of the URLs of requests
	Package     string              // name of the package
	Out         string              // folder of the package
	Overrides   map[string]Override // Go names by schema element, such as microsoft.graph.call/state
	Header      string              // comment lines for the top of each file

	file   string           // "" when there is none
	places map[string]place // of what was set, by key and, in lists and maps, item: "roots/0"
}

// Override is the Go name for a schema element, and why it needs one.
type Override struct {
	Name   string
	Reason string
}

// Flag is a flag of the command line that stands for a key.
type Flag struct {
	Name   string   // as in [Key]
	Values []string // one, unless the key is a list; "true" or "false" for a switch
}

// place is where something was set, and what it is called there.
type place struct {
	pos       diag.Pos
	name      string
	malformed bool // reported, so that nobody asks for a value once more
}

// Load reads a configuration file, puts the flags in place of its keys, fills in
// defaults and validates the result. The file may be "", for flags alone.
//
// Paths in the file are relative to its folder, those in flags to the current one.
// Everything that is wrong is reported at once, as a [*diag.Error].
func Load(file string, flags ...Flag) (*Config, error) {
	return load(file, flags, (*Config).validate)
}

// LoadSelection is [Load] for those who only ask what is generated: nothing need be
// said of where to.
func LoadSelection(file string, flags ...Flag) (*Config, error) {
	return load(file, flags, func(c *Config, found *diag.List) {
		c.validateSpec(found)
		c.validateRoots(found)
		c.validateVersion(found)
	})
}

// LoadDescription is [Load] for those who only ask about the description.
func LoadDescription(file string, flags ...Flag) (*Config, error) {
	return load(file, flags, (*Config).validateSpec)
}

func load(file string, flags []Flag, validate func(*Config, *diag.List)) (*Config, error) {
	c := &Config{file: file}
	var found diag.List
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !c.read(data, &found) {
			return nil, found.Err()
		}
	}
	c.apply(flags)
	validate(c, &found)
	c.stat(&found)
	if err := found.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// apply puts flags in place of keys. A flag for a list replaces all of it, and one that
// chooses what to generate replaces the other way of choosing.
func (c *Config) apply(flags []Flag) {
	given := make(map[string]bool)
	for _, f := range flags {
		k, ok := keyOfFlag(f.Name)
		if !ok || len(f.Values) == 0 {
			continue
		}
		given[k.Name] = true
		c.forget(k.Name)
		switch k.Kind {
		case Text:
			*c.text(k.Name) = f.Values[0]
		case List:
			*c.list(k.Name) = f.Values
		case Switch:
			*c.flag(k.Name) = f.Values[0] == "true"
		}
		c.note(k.Name, place{name: "--" + k.Flag})
	}
	if given["roots"] && !given["all"] {
		c.All = false
	}
	if given["all"] && c.All && !given["roots"] {
		c.Roots = nil
	}
	if given["out"] && !given["package"] {
		c.Package = "" // the file's was for the file's folder
	}
}

// stat reports input files that are not there.
func (c *Config) stat(found *diag.List) {
	check := func(key, path string) {
		if path == "" || isURL(path) {
			return
		}
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			c.add(found, key, "there is no file %s", filepath.ToSlash(path))
		case err == nil && info.IsDir():
			c.add(found, key, "%s is a folder, not a file", filepath.ToSlash(path))
		}
	}
	check("spec", c.Spec)
	if info, err := os.Stat(c.Refs); c.Refs != "" && (err != nil || !info.IsDir()) {
		c.add(found, "refs", "there is no folder %s", filepath.ToSlash(c.Refs))
	}
	for i, path := range c.Overlays {
		check(item("overlays", i), path)
	}
}

func (c *Config) note(key string, at place) {
	if c.places == nil {
		c.places = make(map[string]place)
	}
	c.places[key] = at
}

// forget drops the places of a list's items.
func (c *Config) forget(key string) {
	if k, _ := keyNamed(key); k.Kind != List {
		return
	}
	for i := range *c.list(key) {
		delete(c.places, item(key, i))
	}
}

// Position returns where an item of a list, or of a map, was set.
func (c *Config) Position(key, value string) diag.Pos {
	if k, _ := keyNamed(key); k.Kind == List {
		return c.places[item(key, slices.Index(*c.list(key), value))].pos
	}
	return c.places[key+"/"+value].pos
}

// add records a finding where a key, or an item of it, was set.
func (c *Config) add(found *diag.List, key, format string, args ...any) {
	for k := key; k != ""; k = parent(k) {
		if at, ok := c.places[k]; ok {
			found.Add(at.pos, cmp.Or(at.name, k), format, args...)
			return
		}
	}
	found.Add(diag.Pos{File: c.file}, key, format, args...)
}
