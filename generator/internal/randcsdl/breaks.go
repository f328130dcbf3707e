package randcsdl

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
)

// Invalid returns a description with one fault, described by Broken.
func Invalid(seed uint64, options Options) *Description {
	r := rand.New(rand.NewPCG(seed, 0xbad))
	d := New(seed, options)
	all := breaks()
	b := all[r.IntN(len(all))]
	at := &site{Rand: r, d: d}
	at.schema = pick(r, d.Root.Children[0].Children)
	d.Broken = &Broken{What: b.what, Element: b.do(at)}
	return d
}

// broken is a way to make a description invalid, in new elements, so that nothing else is
// wrong. do returns the element of the expected finding.
type broken struct {
	what string
	do   func(s *site) string
}

// site is where a fault is put.
type site struct {
	*rand.Rand
	d      *Description
	schema *Element
}

// Names of the added elements, which the random names never are.
const (
	brokenName = "brokenOnPurpose"
	otherName  = "otherOnPurpose"
)

// at returns the name of an element of the schema as findings write it.
func (s *site) at(path string) string { return s.schema.Get("Namespace") + "." + path }

// complex adds a complex type.
func (s *site) complex(name string) *Element {
	return s.insert(elem("ComplexType", "Name", name))
}

// insert puts an element into the schema at a random position.
func (s *site) insert(e *Element) *Element {
	i := s.IntN(len(s.schema.Children) + 1)
	s.schema.Children = append(s.schema.Children[:i:i], append([]*Element{e}, s.schema.Children[i:]...)...)
	return e
}

// entity adds an entity type with a key.
func (s *site) entity(name string) *Element {
	e := s.insert(elem("EntityType", "Name", name))
	e.child("Key").child("PropertyRef", "Name", "key")
	e.child("Property", "Name", "key", "Type", "Edm.String", "Nullable", "false")
	return e
}

// container returns the container of the description and its qualified name. It adds one if
// necessary.
func (s *site) container() (*Element, string) {
	for _, schema := range s.d.Root.Children[0].Children {
		for _, c := range schema.tagged("EntityContainer") {
			return c, schema.Get("Namespace") + "." + c.Get("Name")
		}
	}
	return s.insert(elem("EntityContainer", "Name", "containerOnPurpose")), s.at("containerOnPurpose")
}

func breaks() []broken {
	return append(append(brokenTypes(), brokenMembers()...), brokenServices()...)
}

func brokenTypes() []broken {
	return []broken{
		{"two base types derive from each other", func(s *site) string {
			first, second := s.complex(brokenName), s.complex(otherName)
			first.set("BaseType", s.at(otherName))
			second.set("BaseType", s.at(brokenName))
			if s.before(second, first) {
				return s.at(otherName)
			}
			return s.at(brokenName)
		}},
		{"a type derives from itself", func(s *site) string {
			s.complex(brokenName).set("BaseType", s.at(brokenName))
			return s.at(brokenName)
		}},
		{"a base type is undefined", func(s *site) string {
			s.complex(brokenName).set("BaseType", s.at("nowhere"))
			return s.at(brokenName)
		}},
		{"a complex type derives from an entity type", func(s *site) string {
			s.entity(otherName)
			s.complex(brokenName).set("BaseType", s.at(otherName))
			return s.at(brokenName)
		}},
		{"a type is declared twice", func(s *site) string {
			s.complex(brokenName)
			s.complex(brokenName)
			return s.at(brokenName)
		}},
		{"a name is not an identifier", func(s *site) string {
			s.complex(pick(s.Rand, []string{"5qi", "+1", "256x256", "a b", "a\"b", "a\n+build x", "a.b", "a/b", "-a", strings.Repeat("x", maxName+1), "\u202ea", "a\u200db"}))
			return s.at("")
		}},
		{"a type has no name", func(s *site) string {
			s.complex("")
			return s.schema.Get("Namespace")
		}},
		{"a type definition is of a complex type", func(s *site) string {
			s.complex(otherName)
			s.insert(elem("TypeDefinition", "Name", brokenName, "UnderlyingType", s.at(otherName)))
			return s.at(brokenName)
		}},
		{"a derived type has a second key", func(s *site) string {
			s.entity(otherName)
			t := s.insert(elem("EntityType", "Name", brokenName, "BaseType", s.at(otherName)))
			t.child("Key").child("PropertyRef", "Name", "other")
			t.child("Property", "Name", "other", "Type", "Edm.String", "Nullable", "false")
			return s.at(brokenName)
		}},
		{"a key property is undefined", func(s *site) string {
			s.insert(elem("EntityType", "Name", brokenName)).child("Key").child("PropertyRef", "Name", "nowhere")
			return s.at(brokenName)
		}},
		{"a key is empty", func(s *site) string {
			s.insert(elem("EntityType", "Name", brokenName)).child("Key")
			return s.at(brokenName)
		}},
	}
}

func brokenMembers() []broken {
	return []broken{
		{"the type of a property is undefined", func(s *site) string {
			s.complex(brokenName).child("Property", "Name", "p", "Type", s.at("nowhere"))
			return s.at(brokenName + "/p")
		}},
		{"an alias is undefined", func(s *site) string {
			s.complex(brokenName).child("Property", "Name", "p", "Type", "nowhere.thing")
			return s.at(brokenName + "/p")
		}},
		{"a type lacks its parenthesis", func(s *site) string {
			s.complex(brokenName).child("Property", "Name", "p", "Type", "Collection(Edm.String")
			return s.at(brokenName + "/p")
		}},
		{"a Boolean is neither true nor false", func(s *site) string {
			s.complex(brokenName).child("Property", "Name", "p", "Type", "Edm.String", "Nullable", "maybe")
			return s.at(brokenName + "/p")
		}},
		{"an attribute is unknown", func(s *site) string {
			s.complex(brokenName).child("Property", "Name", "p", "Type", "Edm.String", "Colour", "red")
			return s.at(brokenName + "/p")
		}},
		{"a property is declared twice", func(s *site) string {
			t := s.complex(brokenName)
			t.child("Property", "Name", "p", "Type", "Edm.String")
			t.child("Property", "Name", "p", "Type", "Edm.Int32")
			return s.at(brokenName + "/p")
		}},
		{"a base type has the property", func(s *site) string {
			s.complex(otherName).child("Property", "Name", "p", "Type", "Edm.String")
			s.complex(brokenName).add(elem("Property", "Name", "p", "Type", "Edm.String")).set("BaseType", s.at(otherName))
			return s.at(brokenName + "/p")
		}},
		{"a navigation property leads to a complex type", func(s *site) string {
			s.complex(otherName)
			s.entity(brokenName).child("NavigationProperty", "Name", "n", "Type", s.at(otherName))
			return s.at(brokenName + "/n")
		}},
		{"a member is declared twice", func(s *site) string {
			s.insert(elem("EnumType", "Name", brokenName)).add(elem("Member", "Name", "m"), elem("Member", "Name", "m"))
			return s.at(brokenName + "/m")
		}},
		{"the value of a member is too large", func(s *site) string {
			s.insert(elem("EnumType", "Name", brokenName, "UnderlyingType", "Edm.Byte")).child("Member", "Name", "m", "Value", "256")
			return s.at(brokenName + "/m")
		}},
		{"the type of an enum is no integer", func(s *site) string {
			s.insert(elem("EnumType", "Name", brokenName, "UnderlyingType", "Edm.String"))
			return s.at(brokenName)
		}},
		{"a parameter is declared twice", func(s *site) string {
			s.insert(elem("Action", "Name", brokenName)).add(elem("Parameter", "Name", "p", "Type", "Edm.String"), elem("Parameter", "Name", "p", "Type", "Edm.String"))
			return s.at(brokenName + "/p")
		}},
		{"an overload is declared twice", func(s *site) string {
			for range 2 {
				s.insert(elem("Action", "Name", brokenName)).child("Parameter", "Name", "p", "Type", "Edm.String")
			}
			return s.at(brokenName)
		}},
		{"a bound operation has no parameter", func(s *site) string {
			s.insert(elem("Action", "Name", brokenName, "IsBound", "true"))
			return s.at(brokenName)
		}},
	}
}

func brokenServices() []broken {
	return []broken{
		{"the type of a set is undefined", func(s *site) string {
			c, name := s.container()
			c.child("EntitySet", "Name", brokenName, "EntityType", s.at("nowhere"))
			return name + "/" + brokenName
		}},
		{"a set is of a complex type", func(s *site) string {
			s.complex(otherName)
			c, name := s.container()
			c.child("EntitySet", "Name", brokenName, "EntityType", s.at(otherName))
			return name + "/" + brokenName
		}},
		{"a set is declared twice", func(s *site) string {
			s.entity(otherName)
			c, name := s.container()
			for range 2 {
				c.child("EntitySet", "Name", brokenName, "EntityType", s.at(otherName))
			}
			return name + "/" + brokenName
		}},
		{"an imported action is undefined", func(s *site) string {
			c, name := s.container()
			c.child("ActionImport", "Name", brokenName, "Action", s.at("nowhere"))
			return name + "/" + brokenName
		}},
		{"a term is undefined", func(s *site) string {
			s.complex(brokenName).child("Annotation", "Term", "nowhere.Description", "String", "")
			return s.at(brokenName)
		}},
		{"an element is unknown", func(s *site) string {
			s.complex(brokenName).child("Properties", "Name", "p")
			return s.at(brokenName)
		}},
	}
}

// before reports whether an element precedes another of the same schema.
func (s *site) before(a, b *Element) bool {
	for _, c := range s.schema.Children {
		if c == a || c == b {
			return c == a
		}
	}
	return false
}

// Truncated returns the text of a description without its end.
func (d *Description) Truncated(seed uint64) []byte {
	text := d.Text()
	r := rand.New(rand.NewPCG(seed, 0xc07))
	return bytes.TrimRight(text[:1+r.IntN(len(text)-len("</edmx:Edmx>\n"))], " \n")
}

// String describes the fault.
func (b *Broken) String() string { return fmt.Sprintf("%s: %q", b.What, b.Element) }

// IsAt reports whether a finding at an element is about the fault: at the broken element or
// a part of it.
func (b *Broken) IsAt(element string) bool { return strings.HasPrefix(element, b.Element) }
