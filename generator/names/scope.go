package names

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Owner is what has a name: an element of the description, or something else.
type Owner struct {
	Element string
	Pos     diag.Pos  // not valid for what is not in the description
	op      edm.QName // of an operation, whose overload for a derived type may hide it
}

// Scope is a Go scope: the package, the members of a struct, the methods of a builder,
// the parameters of a method.
type Scope struct {
	parent  *Scope                   // whose names are taken here too
	blocked func(name string) string // what else has a name, "" if nothing has; may be nil
	taken   map[string]*Owner
}

// NewScope returns a scope in which some names are taken, by whom.
func NewScope(owner string, names ...string) *Scope {
	s := &Scope{taken: make(map[string]*Owner, len(names))}
	by := &Owner{Element: owner}
	for _, name := range names {
		s.taken[name] = by
	}
	return s
}

// owner returns what has a name.
func (s *Scope) owner(name string) (*Owner, bool) {
	for in := s; in != nil; in = in.parent {
		if o, ok := in.taken[name]; ok {
			return o, true
		}
		if in == s && in.blocked != nil {
			if by := in.blocked(name); by != "" {
				return &Owner{Element: by}, true
			}
		}
	}
	return nil, false
}

// claim is a name that something wants to have.
type claim struct {
	owner     Owner
	override  string // the key of an override that makes it another name
	own       bool   // the override names this, and not something that it is derived from
	before    string // of the name, and
	after     string // after it, in which the override changes nothing
	name      string // wanted
	rank      int    // the lowest goes first
	spelling  string // of the element, to tell the plain one
	overload  string // to tell overloads apart
	operation *edm.Operation
	given     string               // of an operation
	overloads []*edm.Operation     // which an import's method, or its parameters, are of
	imported  *edm.OperationImport // of an import
	others    func() []string      // the next best names; nil if there are none
	give      func(name string, clash *Clash)
}

// Clash is a name that something wanted and another has.
type Clash struct {
	Owner, Other           Owner
	Wanted, Name, Override string
	used                   bool
}

// resolve gives each claim a name. What an override names goes first; then each wanted
// name goes to the claim that comes first by rank and spelling, if nothing else has it.
// The others take the first of their other names that is free, at last one with a number.
// Only names decide, never the order of the claims.
func (s *Scope) resolve(claims []*claim, overrides *overrides) {
	rest := s.override(claims, overrides)
	if len(rest) == 0 {
		return
	}
	first := make(map[string]*claim, len(rest))
	var losers []*claim
	for _, c := range rest {
		if _, taken := s.owner(c.name); taken {
			losers = append(losers, c)
			continue
		}
		other := first[c.name]
		if other == nil || precedence(c, other) < 0 {
			first[c.name], other = c, first[c.name]
		} else {
			other = c
		}
		if other != nil {
			losers = append(losers, other)
		}
	}
	for name, c := range first {
		s.taken[name] = &c.owner
		c.give(name, nil)
	}
	slices.SortFunc(losers, precedence)
	for _, c := range losers {
		s.otherwise(c)
	}
}

// override gives claims the names that overrides say, and returns the other claims.
func (s *Scope) override(claims []*claim, overrides *overrides) []*claim {
	if len(overrides.user) == 0 {
		return claims
	}
	var rest, named []*claim
	for _, c := range claims {
		name, ok := overrides.name(c)
		if !ok {
			rest = append(rest, c)
			continue
		}
		if other, taken := s.owner(name); taken {
			overrides.refuse(c, name, *other)
			name = s.Take(c.owner.Element, name)
		}
		s.taken[name] = &c.owner
		c.give(name, nil)
		if name == c.name {
			named = append(named, c)
		}
	}
	for _, c := range named {
		if !slices.ContainsFunc(rest, func(other *claim) bool { return other.name == c.name }) {
			overrides.unneeded(c)
		}
	}
	return rest
}

// otherwise gives a claim another name than the one that it wanted.
func (s *Scope) otherwise(c *claim) {
	other, _ := s.owner(c.name)
	clash := &Clash{Owner: c.owner, Other: *other, Wanted: c.name, Override: c.override}
	var last string
	if c.others != nil {
		for _, name := range c.others() {
			if clash.Name = s.take(name, &c.owner); clash.Name != "" {
				c.give(clash.Name, clash)
				return
			}
			last = name
		}
	}
	last = cmp.Or(last, c.name)
	for n := 2; clash.Name == ""; n++ {
		clash.Name = s.take(last+strconv.Itoa(n), &c.owner)
	}
	c.give(clash.Name, clash)
}

// take takes a name if it is free. It returns "" if it is not.
func (s *Scope) take(name string, owner *Owner) string {
	if _, taken := s.owner(name); taken {
		return ""
	}
	s.taken[name] = owner
	return name
}

// Take takes the first of some names that is free, or the last with a number, and returns it.
func (s *Scope) Take(owner string, names ...string) string {
	for _, name := range names {
		if s.take(name, &Owner{Element: owner}) != "" {
			return name
		}
	}
	for n := 2; ; n++ {
		if name := s.take(names[len(names)-1]+strconv.Itoa(n), &Owner{Element: owner}); name != "" {
			return name
		}
	}
}

// precedence orders the claims of one name: by rank; then the plain spelling, which has no
// separators; then the one that is spelled as the Go name is; then by element.
func precedence(a, b *claim) int {
	return cmp.Or(
		cmp.Compare(a.rank, b.rank),
		cmp.Compare(separators(a.spelling), separators(b.spelling)),
		compareBool(a.spelling == a.name, b.spelling == b.name),
		cmp.Compare(a.owner.Element, b.owner.Element),
		cmp.Compare(a.overload, b.overload),
		cmp.Compare(a.name, b.name),
	)
}

// compareBool puts true before false.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// separators counts the characters of a name that its Go name leaves out.
func separators(name string) int {
	return len(name) - len(strings.Map(keepWord, name))
}
