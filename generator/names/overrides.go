package names

import (
	"maps"
	"slices"

	"github.com/callgen/callgen/spec/diag"
)

// Override replaces the Go name of one schema element, for a reason.
type Override struct {
	Name   string
	Reason string
}

// Overrides maps what has a name to its override:
//
//	microsoft.graph.call                      a type, and what is named by it
//	microsoft.graph.call/state                a property or navigation property, or an enum member
//	microsoft.graph.call/$any                 the interface of a type; $item, $collection: its builders; $cast: the cast to it
//	microsoft.graph.user(userPrincipalName)   the method of an alternate key
//	microsoft.graph.answer                    the methods of an operation; microsoft.graph.answer/callbackUri: a parameter
//	/communications                           an entity set or singleton
type Overrides map[string]Override

// overrides tracks the use of overrides.
type overrides struct {
	user     Overrides
	declared map[string]bool // the keys of named elements
	findings *diag.List
}

// name returns the name from an override.
func (o *overrides) name(c *claim) (string, bool) {
	if !c.own || len(o.user) == 0 {
		return "", false
	}
	over, ok := o.user[c.override]
	if !ok {
		return "", false
	}
	o.declared[c.override] = true
	return c.before + over.Name + c.after, true
}

// refuse reports an override whose name is taken.
func (o *overrides) refuse(c *claim, name string, other Owner) {
	o.findings.Add(c.owner.Pos, c.owner.Element, "the override names it %s, which %s has%s: choose another name", name, other.Element, at(other.Pos))
}

// unneeded reports an override that does not change the name.
func (o *overrides) unneeded(c *claim) {
	o.findings.Add(diag.Pos{}, c.override, "it is named %s without its override, too: remove the override", c.name)
}

// unknown reports overrides that name nothing in the description.
func (o *overrides) unknown() {
	for _, key := range slices.Sorted(maps.Keys(o.user)) {
		if !o.declared[key] {
			o.findings.Add(diag.Pos{}, key, "the description has no such element: remove its override")
		}
	}
}

func at(pos diag.Pos) string {
	if !pos.IsValid() {
		return ""
	}
	return " at " + pos.String()
}
