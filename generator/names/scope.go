package names

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Owner is the owner of a name: an element of the description, or something else.
type Owner struct {
	Element string
	Pos     diag.Pos  // invalid for anything outside the description
	op      edm.QName // an operation, which an overload for a derived type may hide
}

// Scope is a Go scope: the package, the members of a struct, the methods of a builder, or
// the parameters of a method.
type Scope struct {
	parent  *Scope                   // its names are taken here, too
	blocked func(name string) string // returns another owner of a name, or ""; may be nil
	taken   map[string]*Owner
}

// NewScope returns a scope in which owner has taken some names.
func NewScope(owner string, names ...string) *Scope {
	s := &Scope{taken: make(map[string]*Owner, len(names))}
	by := &Owner{Element: owner}
	for _, name := range names {
		s.taken[name] = by
	}
	return s
}

// owner returns the owner of a name.
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

// claim is a request for a name.
type claim struct {
	owner     Owner
	override  string // the key of an override for it
	own       bool   // the override names this element, not one that it is derived from
	before    string // text before the overridden name, and
	after     string // after it
	name      string // the wanted name
	rank      int    // the lowest comes first
	spelling  string // spelling of the element, to prefer the plain one
	overload  string // distinguishes overloads
	operation *edm.Operation
	given     string               // of an operation
	overloads []*edm.Operation     // which an import's method, or its parameters, are of
	imported  *edm.OperationImport // of an import
	others    func() []string      // the next best names, or nil
	give      func(name string, clash *Clash)
}

// Clash is a wanted name that another owner has.
type Clash struct {
	Owner, Other           Owner
	Wanted, Name, Override string
	used                   bool
}

// resolve gives each claim a name. Overrides come first; then each wanted name goes to the
// first claim by rank and spelling, unless it is taken. The others get the first of their
// other names that is free, in the end one with a number. Only names decide, never the
// order of the claims.
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

// override gives claims the names from overrides, and returns the other claims.
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

// otherwise gives a claim another name than the wanted one.
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

// take takes a name and returns it, or returns "" if it is taken.
func (s *Scope) take(name string, owner *Owner) string {
	if _, taken := s.owner(name); taken {
		return ""
	}
	s.taken[name] = owner
	return name
}

// Take takes and returns the first of some names that is free, or else the last with a
// number.
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

// precedence orders the claims of one name: by rank; then a plain spelling, without
// separators; then a spelling equal to the Go name; then by element.
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

// separators counts the characters of a name that its Go name omits.
func separators(name string) int {
	return len(name) - len(strings.Map(keepWord, name))
}
