package config

import (
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// Flags of keys with entries set some entries and keep the others of the file.

// setOverride parses ELEMENT=NAME:WHY.
func (c *Config) setOverride(value string, found *diag.List) {
	element, rest, ok := strings.Cut(value, "=")
	name, reason, ok2 := strings.Cut(rest, ":")
	if !ok || !ok2 {
		found.Add(diag.Pos{}, "--override", "%q is not of the form ELEMENT=NAME:WHY, such as microsoft.graph.call/state=CallState:clashes with …", value)
		return
	}
	if c.Overrides == nil {
		c.Overrides = make(map[string]Override)
	}
	c.Overrides[element] = Override{Name: strings.TrimSpace(name), Reason: strings.TrimSpace(reason)}
	c.note("overrides/"+element, place{name: "--override"})
}

// setAddress takes PART=CHOICE.
func (c *Config) setAddress(value string, found *diag.List) {
	part, choice, ok := strings.Cut(value, "=")
	if !ok {
		found.Add(diag.Pos{}, "--address", "%q is not of the form PART=CHOICE, such as keys=segments", value)
		return
	}
	if c.Addresses == nil {
		c.Addresses = make(map[string]string)
	}
	c.Addresses[part] = choice
	c.note("addresses/"+part, place{name: "--address"})
}

// setHierarchy takes BASE=TYPE,TYPE.
func (c *Config) setHierarchy(value string, found *diag.List) {
	base, rest, ok := strings.Cut(value, "=")
	if !ok {
		found.Add(diag.Pos{}, "--hierarchy", "%q is not of the form BASE=TYPE,TYPE, such as microsoft.graph.entity=microsoft.graph.call", value)
		return
	}
	kept := []string{}
	if rest != "" {
		kept = strings.Split(rest, ",")
	}
	if c.Hierarchies == nil {
		c.Hierarchies = make(map[string][]string)
	}
	c.Hierarchies[base] = kept
	c.note("hierarchies/"+base, place{name: "--hierarchy"})
}
