package config

import (
	"strconv"
	"strings"
)

// Kind is what a key of gen.yaml holds.
type Kind int

// The kinds of keys.
const (
	Text Kind = iota
	List
	Switch
	Map // of overrides
)

// Key describes a key of gen.yaml and its flag.
type Key struct {
	Name  string
	Flag  string // without dashes; "" if there is no flag
	Kind  Kind
	Value string // what stands for a value in help texts
	Doc   string

	path bool // values are paths
}

// Keys returns the keys of gen.yaml, in the order in which help texts show them.
func Keys() []Key {
	return []Key{
		{Name: "spec", Flag: "spec", Value: "FILE", path: true,
			Doc: "description to read: CSDL (XML) or OpenAPI 3 (JSON or YAML)"},
		{Name: "refs", Flag: "refs", Value: "FOLDER", path: true,
			Doc: "folder below which references of an OpenAPI description may lead to other files; by default they are refused"},
		{Name: "overlays", Flag: "overlay", Kind: List, Value: "FILE", path: true,
			Doc: "CSDL fragment merged into the description: what real payloads show beyond it"},
		{Name: "roots", Flag: "root", Kind: List, Value: "ROOT",
			Doc: "path (/communications/calls) or type (microsoft.graph.call) to generate, with everything it refers to"},
		{Name: "all", Flag: "all", Kind: Switch,
			Doc: "everything that the description holds, instead of roots"},
		{Name: "models", Flag: "models", Kind: Switch,
			Doc: "types only, without request builders and client"},
		{Name: "api-version", Flag: "api-version", Value: "VERSION",
			Doc: "version of the service in the URLs of requests, such as beta; " + DefaultVersion + " by default"},
		{Name: "package", Flag: "package", Value: "NAME",
			Doc: "name of the Go package; by default the last part of out"},
		{Name: "out", Flag: "out", Value: "FOLDER", path: true,
			Doc: "folder of the generated package; other files in it are left alone"},
		{Name: "overrides", Kind: Map, Value: "{ELEMENT: {name: NAME, reason: WHY}}",
			Doc: "Go names of schema elements, such as microsoft.graph.call/state"},
		{Name: "header", Value: "TEXT",
			Doc: "comment lines for the top of each file"},
	}
}

func keyNamed(name string) (Key, bool) {
	for _, k := range Keys() {
		if k.Name == name {
			return k, true
		}
	}
	return Key{}, false
}

func keyOfFlag(flag string) (Key, bool) {
	for _, k := range Keys() {
		if k.Flag == flag && flag != "" {
			return k, true
		}
	}
	return Key{}, false
}

func (c *Config) text(key string) *string {
	switch key {
	case "spec":
		return &c.Spec
	case "refs":
		return &c.Refs
	case "package":
		return &c.Package
	case "out":
		return &c.Out
	case "api-version":
		return &c.APIVersion
	}
	return &c.Header
}

func (c *Config) list(key string) *[]string {
	if key == "overlays" {
		return &c.Overlays
	}
	return &c.Roots
}

func (c *Config) flag(key string) *bool {
	if key == "all" {
		return &c.All
	}
	return &c.Models
}

// item is the key of an item of a list.
func item(key string, i int) string { return key + "/" + strconv.Itoa(i) }

// parent is the key that an item belongs to, "" for a key of the file.
func parent(key string) string {
	before, _, isItem := strings.Cut(key, "/")
	if !isItem {
		return ""
	}
	return before
}
