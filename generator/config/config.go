// Package config reads gen.yaml, which says what to generate from which description, and
// the command-line flags that stand for its keys.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package config

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/spec/diag"
)

// DefaultFile is the name of the default configuration file.
const DefaultFile = "gen.yaml"

// DefaultVersion is the default version of the service.
const DefaultVersion = "v1.0"

// NoVersion is the version of OData for requests that name none.
const NoVersion = "none"

// What becomes of types whose versions are in namespaces of their own.
const (
	Fold  = "fold"  // they are one type
	Apart = "apart" // each is a type
)

// How many packages there are for types, client and request builders.
const (
	One   = "one"
	Split = "split" // the types have their own
)

// Config is a configuration. The fields of its parts are the keys of gen.yaml, as described
// by [Keys]; each stage gets the part that it needs.
type Config struct {
	Source
	Choice
	Package

	file   string // "" if absent
	places places
}

// Source is the description to read.
type Source struct {
	Spec     string   // path or URL of the description: a file or a folder of files
	More     []string // further files and folders of the description
	Strict   bool     // faults of the description are errors, not notes
	SHA256   string   // of the description, in hexadecimal; "" unless it is pinned
	Refs     string   // folder of the files that references may name
	Versions string   // [Fold], [Apart] or "" for the versions of types
	Overlays []string // paths of the overlays, in the order in which they apply
}

// Choice selects a part of the description.
type Choice struct {
	Roots       []string            // paths and qualified type names
	All         bool                // generate everything in the description, without roots
	Exclude     []string            // paths and qualified type names to leave out
	Hierarchies map[string][]string // the derived types to keep, by base type

	places places
}

// Package is the Go package to write.
type Package struct {
	Name         string              // of the package
	Out          string              // folder of the package
	Models       bool                // types without request builders
	Packages     string              // [One], [Split] or ""
	Fake         bool                // the package that simulates the service, too
	APIVersion   string              // of the service, a segment of the URLs of requests
	Namespace    string              // the service's main namespace, whose types carry no prefix; "" if it is to be found out
	Server       string              // base URL of the service, "" if programs give it
	Addresses    map[string]string   // how the service wants URLs, where the description does not decide
	ODataVersion string              // that requests name, [NoVersion] for none, "" if the description decides
	Batches      string              // format of batches, "" if the description decides
	Overrides    map[string]Override // Go names by schema element, such as microsoft.graph.call/state
	Header       string              // comment lines for the top of each file

	places places
}

// Override is the Go name of a schema element, with a reason.
type Override struct {
	Name   string
	Reason string
}

// Flag is a command-line flag that stands for a key.
type Flag struct {
	Name   string   // as in [Key]
	Values []string // a single one, unless the key is a list; "true" or "false" for a switch
}

// places maps keys and, for lists and maps, items ("roots/0") to where they were set.
type places map[string]place

// place is where a key was set, and its name there.
type place struct {
	pos       diag.Pos
	name      string
	malformed bool // already reported, so that the value is not reported as missing, too
}

// Load reads a configuration file, applies flags, fills in defaults and validates the
// result. The file may be "", for flags alone.
//
// Paths in the file are relative to its folder, those in flags to the current folder. All
// findings are reported at once, as a [*diag.Error].
func Load(file string, flags ...Flag) (*Config, error) {
	return load(file, flags, (*Config).validate)
}

// LoadSelection is [Load] without a destination, for commands that only show what would be
// generated.
func LoadSelection(file string, flags ...Flag) (*Config, error) {
	return load(file, flags, func(c *Config, found *diag.List) {
		c.validateSource(found)
		c.validateChoice(found)
		c.validateService(found)
	})
}

// LoadSource is [Load] for commands that only read the description.
func LoadSource(file string, flags ...Flag) (Source, error) {
	c, err := load(file, flags, (*Config).validateSource)
	if err != nil {
		return Source{}, err
	}
	return c.Source, nil
}

func load(file string, flags []Flag, validate func(*Config, *diag.List)) (*Config, error) {
	c := &Config{file: file}
	var found diag.List
	if file != "" {
		data, err := bounded.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !c.read(data, &found) {
			return nil, found.Err()
		}
	}
	c.apply(flags, &found)
	validate(c, &found)
	c.stat(&found)
	if err := found.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// apply applies flags. A flag for a list replaces the whole list, a flag for a key with
// entries replaces the entries that it names, and roots and all replace each other.
// Another description is used without the overlays and hash of the file.
func (c *Config) apply(flags []Flag, found *diag.List) {
	given := make(map[string]bool)
	described := c.described()
	for _, f := range flags {
		k, ok := keyOfFlag(f.Name)
		if !ok || len(f.Values) == 0 {
			continue
		}
		given[k.Name] = true
		c.forget(k)
		switch k.Kind {
		case Text:
			*k.text(c) = f.Values[0]
		case Files:
			c.setFiles(f.Values)
		case List:
			*k.list(c) = f.Values
		case Switch:
			*k.toggle(c) = f.Values[0] == "true"
		case Map:
			for _, v := range f.Values {
				c.setOverride(v, found)
			}
		case Groups:
			for _, v := range f.Values {
				c.setHierarchy(v, found)
			}
		case Choices:
			for _, v := range f.Values {
				c.setAddress(v, found)
			}
		}
		c.note(k.Name, place{name: "--" + k.Flag})
	}
	if given["roots"] && !given["all"] {
		c.All = false
	}
	if given["all"] && c.All && !given["roots"] {
		c.Roots = nil
	}
	if other := c.described(); given["spec"] && !slices.Equal(described, other) {
		c.leave(given)
	}
	if given["out"] && !given["package"] {
		c.Name = "" // the default name comes from the folder
	}
}

// described returns the files of the description, each written in one way.
func (c *Config) described() []string {
	var all []string
	for _, path := range append([]string{c.Spec}, c.More...) {
		if full, err := filepath.Abs(path); err == nil && path != "" && !isURL(path) {
			path = full
		}
		all = append(all, path)
	}
	return all
}

// leave drops what belongs to the description that a flag replaces: its overlays and its hash.
func (c *Config) leave(given map[string]bool) {
	if !given["overlays"] {
		overlays, _ := keyOfFlag("overlay")
		c.forget(overlays)
		c.Overlays = nil
	}
	if !given["sha256"] {
		c.SHA256 = ""
	}
}

// stat reports missing input files.
func (c *Config) stat(found *diag.List) {
	check := func(key, path string, folders bool) {
		if path == "" || isURL(path) {
			return
		}
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			c.add(found, key, "there is no file %s", filepath.ToSlash(path))
		case err == nil && info.IsDir() && !folders:
			c.add(found, key, "%s is a folder, not a file", filepath.ToSlash(path))
		}
	}
	check("spec", c.Spec, true)
	for _, path := range c.More {
		check("spec", path, true)
	}
	if info, err := os.Stat(c.Refs); c.Refs != "" && (err != nil || !info.IsDir()) {
		c.add(found, "refs", "there is no folder %s", filepath.ToSlash(c.Refs))
	}
	for i, path := range c.Overlays {
		check(item("overlays", i), path, false)
	}
}

// setFiles sets the files and folders of the description.
func (c *Config) setFiles(paths []string) {
	if c.Spec, c.More = paths[0], nil; len(paths) > 1 {
		c.More = paths[1:]
	}
}

func (c *Config) note(key string, at place) {
	if c.places == nil {
		c.places = make(places)
		c.Choice.places, c.Package.places = c.places, c.places
	}
	c.places[key] = at
}

// forget removes the places of a list's items.
func (c *Config) forget(k Key) {
	if k.Kind != List {
		return
	}
	for i := range *k.list(c) {
		delete(c.places, item(k.Name, i))
	}
}

// Position returns where an item of "roots", "exclude" or "hierarchies" is set.
func (c Choice) Position(key, value string) diag.Pos {
	switch key {
	case "roots":
		key = item(key, slices.Index(c.Roots, value))
	case "exclude":
		key = item(key, slices.Index(c.Exclude, value))
	default:
		key += "/" + value
	}
	return c.places[key].pos
}

// Position returns where the name of a schema element is set.
func (p Package) Position(element string) diag.Pos {
	return p.places["overrides/"+element].pos
}

// KeyPosition returns where a key was set.
func (c *Config) KeyPosition(key string) diag.Pos {
	if at, ok := c.places[key]; ok {
		return at.pos
	}
	return diag.Pos{File: c.file}
}

// FieldsOut returns the folder of the package with the names of properties.
func (c *Config) FieldsOut() string { return c.Out + "/" + names.FieldsPackage }

// BelowOut returns the folder of a part of a package that is split.
func (c *Config) BelowOut(part string) string { return c.Out + "/" + part }

// FakeOut returns the folder of the package that simulates the service.
func (c *Config) FakeOut() string { return c.Out + "test" }

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
