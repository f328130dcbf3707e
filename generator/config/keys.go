package config

import (
	"strconv"
	"strings"
)

// Kind is the kind of values of a key.
type Kind int

// The kinds of keys.
const (
	Text  Kind = iota
	Files      // a text or a list of texts
	List
	Switch
	Map     // of overrides
	Groups  // lists of texts, by a text
	Choices // one of a few values, by what is chosen
)

// Key describes a key of gen.yaml and its flag.
type Key struct {
	Name  string
	Flag  string // without dashes
	Kind  Kind
	Value string // placeholder for the value in help texts
	Entry string // placeholder for the value of a flag that sets one entry of the key
	Doc   string

	example string         // a value in YAML, for the file that gen init writes
	path    bool           // values are paths
	values  []string       // the texts that it can be; nil for any
	choices []Alternatives // of Choices, in the order of help texts

	// Where the values go, except for maps and groups.
	text   func(*Config) *string
	list   func(*Config) *[]string
	toggle func(*Config) *bool
}

// Alternatives are the values that one entry of a key of kind [Choices] can have.
type Alternatives struct {
	Name   string
	Values []string
}

// Keys returns the keys of gen.yaml, in the order in which help texts show them.
func Keys() []Key {
	return []Key{
		{Name: "spec", Flag: "spec", Kind: Files, Value: "FILE", path: true, example: "graph.csdl.xml",
			Doc: "description to read, a file or a URL: CSDL (XML) or OpenAPI 3 (JSON or YAML); a list or folder of CSDL files is one description"},
		{Name: "sha256", Flag: "sha256", Value: "HASH", example: `"` + strings.Repeat("0", 64) + `"`,
			Doc:  "hash of the description, required for a URL; gen update writes it",
			text: func(c *Config) *string { return &c.SHA256 }},
		{Name: "refs", Flag: "refs", Value: "FOLDER", path: true, example: "descriptions",
			Doc:  "folder with files that a description may refer to; by default references of OpenAPI are refused, and those of CSDL ignored",
			text: func(c *Config) *string { return &c.Refs }},
		{Name: "strict", Flag: "strict", Kind: Switch, example: "true",
			Doc:    "treat problems of the description as errors; by default they are notes, and the smallest possible part is left out",
			toggle: func(c *Config) *bool { return &c.Strict }},
		{Name: "versions", Flag: "versions", Value: "CHOICE", example: Fold, values: []string{Fold, Apart},
			Doc: "types that have each version in a namespace of its own, such as Chassis.v1_28_0.Chassis of Redfish: fold makes them one type, Chassis.Chassis; " +
				"by default, and with apart, each version is a type",
			text: func(c *Config) *string { return &c.Versions }},
		{Name: "overlays", Flag: "overlay", Kind: List, Value: "FILE", path: true, example: "[payloads.xml]",
			Doc:  "CSDL fragment merged into the description, such as members that only payloads show",
			list: func(c *Config) *[]string { return &c.Overlays }},
		{Name: "roots", Flag: "root", Kind: List, Value: "ROOT", example: "[/communications/calls, microsoft.graph.commsNotifications]",
			Doc:  "path (/communications/calls), type (microsoft.graph.call), or action or function alone (/me/sendMail) to generate, with everything it refers to; * and ** stand for segments",
			list: func(c *Config) *[]string { return &c.Roots }},
		{Name: "all", Flag: "all", Kind: Switch, example: "true",
			Doc:    "generate everything in the description, instead of roots",
			toggle: func(c *Config) *bool { return &c.All }},
		{Name: "exclude", Flag: "exclude", Kind: List, Value: "ROOT", example: "[/communications/onlineMeetings, microsoft.graph.callRecords.*]",
			Doc:  "path or type to leave out, written like a root: it gets no fields or requests, its JSON is kept as additional data; \"!\" before one takes it back",
			list: func(c *Config) *[]string { return &c.Exclude }},
		{Name: "hierarchies", Flag: "hierarchy", Kind: Groups, Value: "{TYPE: [TYPE, …]}", Entry: "BASE=TYPE,TYPE", example: "{microsoft.graph.entity: [microsoft.graph.call]}",
			Doc: "derived types of a base type to keep, with their own derived types; others are kept only if something refers to them"},
		{Name: "models", Flag: "models", Kind: Switch, example: "true",
			Doc:    "types only, without request builders and client",
			toggle: func(c *Config) *bool { return &c.Models }},
		{Name: "packages", Flag: "packages", Value: "CHOICE", example: Split, values: []string{One, Split},
			Doc: "split puts the types into a package of their own, types below out, beside client and request builders: the compiler needs half the memory for all of Microsoft Graph, " +
				"and programs that only decode do not build the client; by default all is one package",
			text: func(c *Config) *string { return &c.Packages }},
		{Name: "fake", Flag: "fake", Kind: Switch, example: "true",
			Doc:    "also write a package that simulates the calling service, or what posts change notifications, for tests: beside out, with \"test\" at the end of its name",
			toggle: func(c *Config) *bool { return &c.Fake }},
		{Name: "api-version", Flag: "api-version", Value: "VERSION", example: DefaultVersion,
			Doc:  "version of the service in the URLs of requests, such as beta; " + DefaultVersion + " by default",
			text: func(c *Config) *string { return &c.APIVersion }},
		{Name: "server", Flag: "base-url", Value: "URL", example: "https://orders.example.com/odata/v4",
			Doc:  "base URL of the service, the default of clients; without one programs pass WithBaseURL, except for Microsoft Graph",
			text: func(c *Config) *string { return &c.Server }},
		{Name: "addresses", Flag: "address", Kind: Choices, Value: "{keys: …, operations: …, enums: …}", Entry: "PART=CHOICE", example: "{keys: segments, operations: unqualified, enums: plain}",
			Doc: "how the service wants URLs: keys in parentheses (/orders(1)) or segments (/orders/1), operations qualified (Sales.ship) or unqualified, " +
				"enums typed (Sales.Color'Red') or plain; by default what the description says",
			choices: []Alternatives{{"keys", []string{"parentheses", "segments"}}, {"operations", []string{"qualified", "unqualified"}}, {"enums", []string{"typed", "plain"}}}},
		{Name: "odata-version", Flag: "odata-version", Value: "VERSION", example: `"4.01"`, values: []string{"4.0", "4.01", NoVersion},
			Doc:  "version of OData that requests name: 4.0, 4.01 or none; by default that of the CSDL, and none for Microsoft Graph and OpenAPI",
			text: func(c *Config) *string { return &c.ODataVersion }},
		{Name: "batches", Flag: "batches", Value: "FORMAT", example: "multipart", values: []string{"json", "multipart", "graph"},
			Doc:  "how batches are sent: json (OData 4.01), multipart (4.0) or graph; by default as the version of the CSDL has it, and graph for Microsoft Graph and OpenAPI",
			text: func(c *Config) *string { return &c.Batches }},
		{Name: "namespace", Flag: "namespace", Value: "NAMESPACE", example: "microsoft.graph",
			Doc:  "main namespace, whose types get no prefix in Go; by default the namespace of most entity sets' types",
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

// parent returns the key that an item belongs to, "" for a key of the file.
func parent(key string) string {
	before, _, isItem := strings.Cut(key, "/")
	if !isItem {
		return ""
	}
	return before
}
