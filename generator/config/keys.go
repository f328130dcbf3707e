package config

import (
	"strconv"
	"strings"
)

// Kind is what a key of gen.yaml holds.
type Kind int

// The kinds of keys.
const (
	Text  Kind = iota
	Files      // a text, or a list of them
	List
	Switch
	Map    // of overrides
	Groups // lists of texts, by a text
)

// Key describes a key of gen.yaml and its flag.
type Key struct {
	Name  string
	Flag  string // without dashes
	Kind  Kind
	Value string // what stands for a value in help texts
	Entry string // what stands for the value of a flag that sets one entry of the key
	Doc   string

	example string // a value in YAML, for the file that gen init writes
	path    bool   // values are paths

	// Where the values go, for all but maps and groups.
	text   func(*Config) *string
	list   func(*Config) *[]string
	toggle func(*Config) *bool
}

// Keys returns the keys of gen.yaml, in the order in which help texts show them.
func Keys() []Key {
	return []Key{
		{Name: "spec", Flag: "spec", Kind: Files, Value: "FILE", path: true, example: "graph.csdl.xml",
			Doc: "description to read, a file or an URL: CSDL (XML) or OpenAPI 3 (JSON or YAML); a list of CSDL files, or a folder of them, is one description"},
		{Name: "sha256", Flag: "sha256", Value: "HASH", example: `"` + strings.Repeat("0", 64) + `"`,
			Doc:  "hash of the description, which an URL needs: gen update writes it",
			text: func(c *Config) *string { return &c.SHA256 }},
		{Name: "refs", Flag: "refs", Value: "FOLDER", path: true, example: "descriptions",
			Doc:  "folder below which references of a description may lead to other files; by default those of OpenAPI are refused, and those of CSDL not followed",
			text: func(c *Config) *string { return &c.Refs }},
		{Name: "strict", Flag: "strict", Kind: Switch, example: "true",
			Doc:    "what is wrong with the description is an error; by default it is a note, and the smallest part is left out",
			toggle: func(c *Config) *bool { return &c.Strict }},
		{Name: "overlays", Flag: "overlay", Kind: List, Value: "FILE", path: true, example: "[payloads.xml]",
			Doc:  "CSDL fragment merged into the description: what real payloads show beyond it",
			list: func(c *Config) *[]string { return &c.Overlays }},
		{Name: "roots", Flag: "root", Kind: List, Value: "ROOT", example: "[/communications/calls, microsoft.graph.commsNotifications]",
			Doc:  "path (/communications/calls) or type (microsoft.graph.call) to generate, with everything it refers to; * and ** stand for segments",
			list: func(c *Config) *[]string { return &c.Roots }},
		{Name: "all", Flag: "all", Kind: Switch, example: "true",
			Doc:    "everything that the description holds, instead of roots",
			toggle: func(c *Config) *bool { return &c.All }},
		{Name: "exclude", Flag: "exclude", Kind: List, Value: "ROOT", example: "[/communications/onlineMeetings, microsoft.graph.callRecords.*]",
			Doc:  "path or type to leave out, written like a root: its JSON is kept as additional data, without field or requests",
			list: func(c *Config) *[]string { return &c.Exclude }},
		{Name: "hierarchies", Flag: "hierarchy", Kind: Groups, Value: "{TYPE: [TYPE, …]}", Entry: "BASE=TYPE,TYPE", example: "{microsoft.graph.entity: [microsoft.graph.call]}",
			Doc: "derived types of a base type to keep, with what derives from them; others only if something refers to them"},
		{Name: "models", Flag: "models", Kind: Switch, example: "true",
			Doc:    "types only, without request builders and client",
			toggle: func(c *Config) *bool { return &c.Models }},
		{Name: "api-version", Flag: "api-version", Value: "VERSION", example: DefaultVersion,
			Doc:  "version of the service in the URLs of requests, such as beta; " + DefaultVersion + " by default",
			text: func(c *Config) *string { return &c.APIVersion }},
		{Name: "namespace", Flag: "namespace", Value: "NAMESPACE", example: "microsoft.graph",
			Doc:  "the service's own main namespace, whose types carry no prefix; by default the one that most of its entity sets' types come from",
			text: func(c *Config) *string { return &c.Namespace }},
		{Name: "package", Flag: "package", Value: "NAME", example: "graph",
			Doc:  "name of the Go package; by default the last part of out",
			text: func(c *Config) *string { return &c.Name }},
		{Name: "out", Flag: "out", Value: "FOLDER", path: true, example: "internal/graph",
			Doc:  "folder of the generated package; other files in it are left alone",
			text: func(c *Config) *string { return &c.Out }},
		{Name: "overrides", Flag: "override", Kind: Map, Value: "{ELEMENT: {name: NAME, reason: WHY}}", Entry: "ELEMENT=NAME:WHY",
			example: "{microsoft.graph.call/state: {name: CallState, reason: clashes with …}}",
			Doc:     "Go names of schema elements, such as microsoft.graph.call/state or /calls"},
		{Name: "header", Flag: "header", Value: "TEXT", example: "Generated for the bot team.",
			Doc:  "comment lines for the top of each file",
			text: func(c *Config) *string { return &c.Header }},
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
