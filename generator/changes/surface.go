package changes

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/plan"
	"github.com/callgen/callgen/spec/edm"
)

// symbol is an exported Go declaration of a package.
type symbol struct {
	kind    string
	parent  string // the type that it belongs to; "" for a type
	decl    string // what the compiler sees of it
	sends   string // what goes over the wire for it
	doc     string
	element string // schema element that it is made from
	reach   bool   // there because of the paths that lead to the element
}

// surface is what users of a package see, the runtime aside, which is the same in all.
type surface struct {
	side    Side
	symbols map[string]symbol
	embeds  map[string]string   // builders and the builders that they embed
	holds   map[string][]string // interfaces and what they hold directly
	calls   map[string]string   // operations by the struct of their parameters
}

func surfaceOf(side Side) *surface {
	s := &surface{
		side: side, symbols: make(map[string]symbol), embeds: make(map[string]string),
		holds: make(map[string][]string), calls: make(map[string]string),
	}
	for _, f := range side.Plan.Files {
		for _, e := range f.Enums {
			s.enum(e)
		}
		for _, t := range f.Structs {
			s.structure(t)
		}
		for _, b := range f.Builders {
			s.builder(b)
		}
	}
	for _, f := range side.Plan.Files {
		for _, p := range f.Parameters {
			s.parameters(p)
		}
	}
	if side.Plan.Client != nil {
		for _, m := range side.Plan.Client.Methods {
			s.method("Client", m, symbol{element: m.Source.Element})
		}
	}
	if side.Plan.Callbacks != nil {
		s.callbacks(side.Plan.Callbacks)
	}
	return s
}

func (s *surface) add(name, kind, parent, decl, element string) {
	s.symbols[name] = symbol{kind: kind, parent: parent, decl: decl, element: element}
}

func (s *surface) enum(e *plan.Enum) {
	element := e.Source.Element
	s.symbols[e.Name] = symbol{kind: "type", decl: "string", doc: text(e.Doc), element: element}
	for _, c := range e.Members {
		s.symbols[c.Name] = symbol{
			kind: "constant", parent: e.Name, decl: e.Name, sends: c.Value, doc: text(c.Doc), element: element + "/" + c.Value,
		}
	}
	s.add(e.Name+".Known", "method", e.Name, "func() bool", element)
	s.add(e.Name+".Is", "method", e.Name, "func("+e.Name+") bool", element)
	if e.Flags {
		s.add(e.Name+".Has", "method", e.Name, "func("+e.Name+") bool", element)
		s.add(e.Name+".Split", "method", e.Name, "func() []"+e.Name, element)
	}
}

func (s *surface) structure(t *plan.Struct) {
	element := t.Source.Element
	s.symbols[t.Name] = symbol{kind: "type", decl: "struct", sends: t.ODataType, doc: text(t.Doc), element: element}
	if t.Embeds != "" {
		s.add(t.Name+"."+t.Embeds, "embedded struct", t.Name, t.Embeds, element)
	}
	s.fields(t.Name, element, t.Embeds == "", t.Fields)
	for _, c := range t.Properties {
		s.symbols[c.Name] = symbol{kind: "constant", parent: t.Name, decl: "Property", sends: c.Value, element: element + "/" + c.Value}
	}
	s.add(t.Name+".ODataType", "method", t.Name, "func() string", element)
	s.add(t.Name+".UnmarshalJSON", "method", t.Name, "func([]byte) error", element)
	s.add(t.Name+".MarshalJSON", "method", t.Name, "func() ([]byte, error)", element)
	if u := t.Union; u != nil {
		s.add(u.Name, "interface", t.Name, "interface{"+u.As+"() *"+u.Base+"; Value}", element)
		s.add(t.Name+"."+u.As, "method", t.Name, "func() *"+u.Base, element)
		s.add(u.Unmarshal, "function", t.Name, "func([]byte, ...Option) ("+u.Name+", error)", element)
		s.holds[u.Name] = slices.Clone(u.Types.Structs)
		for _, list := range u.Types.Lists {
			s.holds[u.Name] = append(s.holds[u.Name], strings.TrimPrefix(list, "typesOf"))
		}
	}
}

func (s *surface) fields(owner, element string, root bool, list []*plan.Field) {
	if root {
		s.add(owner+".AdditionalData", "field", owner, "AdditionalData", element)
	}
	for _, f := range list {
		s.symbols[owner+"."+f.Name] = symbol{
			kind: "field", parent: owner, decl: goType(f.Type), sends: f.JSON, doc: text(f.Doc), element: element + "/" + f.JSON,
		}
	}
}

func (s *surface) builder(b *plan.Builder) {
	element := b.Source.Element
	s.symbols[b.Name] = symbol{kind: "type", decl: "struct", doc: text(b.Doc), element: element, reach: true}
	if b.Embeds != "" {
		s.embeds[b.Name] = b.Embeds
		s.symbols[b.Name+"."+b.Embeds] = symbol{kind: "embedded struct", parent: b.Name, decl: b.Embeds, element: element, reach: true}
	}
	for _, m := range b.Methods {
		like := s.source(element, m)
		s.method(b.Name, m, like)
		for _, a := range m.Args {
			if a.Name == "p" { // parameters
				s.calls[a.Type.Name] = like.element
			}
		}
	}
}

// source returns a symbol with the element that a method of a builder is made from: a
// navigation property, an operation, a key property, or the type itself.
func (s *surface) source(owner string, m *plan.Method) symbol {
	from := m.Source.Element
	t := s.side.Model.Structured(owner)
	switch {
	case t == nil:
	case keyed(m) != "":
		return symbol{element: keyElement(t, keyed(m)), reach: true}
	case from != "" && !strings.Contains(from, "/") && s.side.Model.Type(edm.ParseQName(from)) == nil:
		return symbol{element: s.operation(t, m)}
	}
	return symbol{element: cmp.Or(from, owner), reach: true}
}

// operation is the element of the operation that a method calls. Operations of one name
// can be bound to a type and to a collection of it: their positions tell them apart.
func (s *surface) operation(t *edm.StructuredType, m *plan.Method) string {
	for _, collection := range []bool{false, true} {
		for _, op := range s.side.Model.BoundTo(t, collection) {
			if op.Name.String() == m.Source.Element && op.Pos == m.Source.Pos {
				return operationElement(op)
			}
		}
	}
	return m.Source.Element
}

// keyed returns the name of the key property by which a method leads to an entity.
func keyed(m *plan.Method) string {
	by, ok := strings.CutPrefix(m.Name, "By")
	if !ok || m.Does != plan.Lead || len(m.Args) != 1 {
		return ""
	}
	return by
}

// keyElement is the key property of a type.
func keyElement(t *edm.StructuredType, goName string) string {
	for _, p := range t.KeyProperties() {
		if p.Owner != nil && names.Pascal(p.Name) == goName {
			return names.Element(p.Owner.Name, p.Name)
		}
	}
	return t.Name.String()
}

func (s *surface) method(receiver string, m *plan.Method, like symbol) {
	like.kind, like.parent = "method", receiver
	like.decl, like.sends, like.doc = methodType(m), request(m), text(m.Doc)
	s.symbols[receiver+"."+m.Name] = like
}

func (s *surface) parameters(p *plan.Parameters) {
	element := s.calls[p.Name]
	s.add(p.Name, "type", "", "struct", element)
	s.fields(p.Name, element, true, p.Fields)
}

// promoted returns what a builder has of a name from the builders that it embeds.
func (s *surface) promoted(builder, name string) (symbol, bool) {
	for b := s.embeds[builder]; b != ""; b = s.embeds[b] {
		if found, ok := s.symbols[b+"."+name]; ok {
			return found, true
		}
	}
	return symbol{}, false
}

// text is what a comment says, without what it says of paths.
func text(d plan.Doc) string {
	lines := slices.Clone(d.Paragraphs)
	if d.Deprecated != "" {
		lines = append(lines, "Deprecated: "+d.Deprecated)
	}
	return strings.Join(lines, "\n")
}

// goType prints a Go type.
func goType(t plan.Type) string {
	name := t.Name
	if t.Import != "" {
		name = path.Base(t.Import) + "." + name
	}
	if t.Arg != "" {
		name += "[" + t.Arg + "]"
	}
	return t.Prefix + name
}
