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
	Map    // of overrides
	Groups // lists of texts, by a text
)

// Key describes a key of gen.yaml and its flag.
type Key struct {
	Name  string
	Flag  string // without dashes; "" if there is no flag
	Kind  Kind
	Value string // what stands for a value in help texts
	Doc   string

	example string // a value in YAML, for the file that gen init writes
	path    bool   // values are paths
}

// Keys returns the keys of gen.yaml, in the order in which help texts show them.
func Keys() []Key {
	return []Key{
		{Name: "spec", Flag: "spec", Value: "FILE", path: true, example: "graph.csdl.xml",
			Doc: "description to read, a file or an URL: CSDL (XML) or OpenAPI 3 (JSON or YAML)"},
		{Name: "sha256", Flag: "sha256", Value: "HASH", example: `"` + strings.Repeat("0", 64) + `"`,
			Doc: "hash of the description, which an URL needs: gen update writes it"},
		{Name: "refs", Flag: "refs", Value: "FOLDER", path: true, example: "descriptions",
			Doc: "folder below which references of an OpenAPI description may lead to other files; by default they are refused"},
		{Name: "overlays", Flag: "overlay", Kind: List, Value: "FILE", path: true, example: "[payloads.xml]",
			Doc: "CSDL fragment merged into the description: what real payloads show beyond it"},
		{Name: "roots", Flag: "root", Kind: List, Value: "ROOT", example: "[/communications/calls, microsoft.graph.commsNotifications]",
			Doc: "path (/communications/calls) or type (microsoft.graph.call) to generate, with everything it refers to; * and ** stand for segments"},
		{Name: "all", Flag: "all", Kind: Switch, example: "true",
			Doc: "everything that the description holds, instead of roots"},
		{Name: "exclude", Flag: "exclude", Kind: List, Value: "ROOT", example: "[/communications/onlineMeetings, microsoft.graph.callRecords.*]",
			Doc: "path or type to leave out, written like a root: its JSON is kept as additional data, without field or requests"},
		{Name: "hierarchies", Kind: Groups, Value: "{TYPE: [TYPE, …]}", example: "{microsoft.graph.entity: [microsoft.graph.call]}",
			Doc: "derived types of a base type to keep, with what derives from them; others only if something refers to them"},
		{Name: "models", Flag: "models", Kind: Switch, example: "true",
			Doc: "types only, without request builders and client"},
		{Name: "api-version", Flag: "api-version", Value: "VERSION", example: DefaultVersion,
			Doc: "version of the service in the URLs of requests, such as beta; " + DefaultVersion + " by default"},
		{Name: "package", Flag: "package", Value: "NAME", example: "graph",
			Doc: "name of the Go package; by default the last part of out"},
		{Name: "out", Flag: "out", Value: "FOLDER", path: true, example: "internal/graph",
			Doc: "folder of the generated package; other files in it are left alone"},
		{Name: "overrides", Kind: Map, Value: "{ELEMENT: {name: NAME, reason: WHY}}",
			example: "{microsoft.graph.call/state: {name: CallState, reason: clashes with …}}",
			Doc:     "Go names of schema elements, such as microsoft.graph.call/state"},
		{Name: "header", Value: "TEXT", example: "Generated for the bot team.",
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
	case "sha256":
		return &c.SHA256
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
	switch key {
	case "overlays":
		return &c.Overlays
	case "exclude":
		return &c.Exclude
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
