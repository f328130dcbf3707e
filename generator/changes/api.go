package changes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
)

// symbol is an exported Go declaration of a package.
type symbol struct {
	name    string
	kind    string
	parent  string // the type that it belongs to; "" for types
	decl    string // the declaration as the compiler sees it
	sends   string // what it sends over the wire
	doc     string
	element string // schema element that it is made from
	byPath  bool   // depends on the paths to the element
}

// api is what users of a package see, apart from the runtime, which is the same in all
// packages.
type api struct {
	symbols map[string]symbol
	embeds  map[string]string   // builders and the builders that they embed
	holds   map[string][]string // interfaces and the types that implement them directly
	owners  map[string][]string // elements that own names which others wanted, by the latter
}

func apiOf(pkg *goir.Package) *api {
	a := &api{
		symbols: make(map[string]symbol), embeds: make(map[string]string), holds: make(map[string][]string), owners: make(map[string][]string),
	}
	for _, f := range pkg.Files {
		for _, d := range f.Decls {
			a.decl(d)
		}
	}
	for _, f := range pkg.Fields.Files {
		for _, d := range f.Decls {
			for _, g := range d.(*goir.PropertyNames).Groups {
				a.properties(pkg.Fields.Name, g)
			}
		}
	}
	for _, s := range pkg.Sources {
		a.exported(s.API)
	}
	for _, c := range pkg.Clashes {
		a.owners[c.Element] = append(a.owners[c.Element], c.Owner)
	}
	return a
}

func (a *api) decl(d goir.Decl) {
	switch d := d.(type) {
	case *goir.Enum:
		a.enum(d)
	case *goir.Struct:
		a.structure(d)
	case *goir.Parameters:
		a.add(symbol{name: d.Name, kind: "type", decl: "struct", element: d.Element})
		a.fields(d.Name, d.Element, true, d.Fields)
	case *goir.Client:
		for _, m := range d.Methods {
			a.method("Client", m, symbol{element: m.Element})
		}
	case *goir.Builder:
		a.builder(d)
	case *goir.Own:
		a.exported(d.API)
	}
}

func (a *api) exported(list []goir.Symbol) {
	for _, s := range list {
		a.add(symbol{name: s.Name, kind: s.Kind, parent: s.Parent, decl: s.Type, doc: text(s.Doc), element: s.Element})
	}
}

func (a *api) add(s symbol) { a.symbols[s.name] = s }

func (a *api) enum(e *goir.Enum) {
	a.add(symbol{name: e.Name, kind: "type", decl: "string", doc: text(e.Doc), element: e.Element})
	for _, c := range e.Members {
		a.add(symbol{name: c.Name, kind: "constant", parent: e.Name, decl: e.Name, sends: c.Value, doc: text(c.Doc), element: c.Element})
	}
	method := func(name, decl string) {
		a.add(symbol{name: e.Name + "." + name, kind: "method", parent: e.Name, decl: decl, element: e.Element})
	}
	method("Known", "func() bool")
	method("Is", "func("+e.Name+") bool")
	if e.Flags {
		method("Has", "func("+e.Name+") bool")
		method("Split", "func() []"+e.Name)
	}
}

func (a *api) structure(t *goir.Struct) {
	a.add(symbol{name: t.Name, kind: "type", decl: "struct", sends: t.ODataType, doc: text(t.Doc), element: t.Element})
	own := func(name, kind, decl string) {
		a.add(symbol{name: name, kind: kind, parent: t.Name, decl: decl, element: t.Element})
	}
	if t.Embeds != "" {
		own(t.Name+"."+t.Embeds, "embedded struct", t.Embeds)
	}
	a.fields(t.Name, t.Element, t.Embeds == "", t.Fields)
	own(t.Name+".ODataType", "method", "func() string")
	own(t.Name+".UnmarshalJSON", "method", "func([]byte) error")
	own(t.Name+".MarshalJSON", "method", "func() ([]byte, error)")
	if u := t.Union; u != nil {
		own(u.Name, "interface", "interface{"+u.As+"() *"+u.Base+"; Value}")
		own(t.Name+"."+u.As, "method", "func() *"+u.Base)
		own(u.Unmarshal, "function", "func([]byte, ...Option) ("+u.Name+", error)")
		a.holds[u.Name] = slices.Clone(u.Types.Structs)
		for _, list := range u.Types.Lists {
			a.holds[u.Name] = append(a.holds[u.Name], list.Base)
		}
	}
}

func (a *api) fields(owner, element string, root bool, list []*goir.Field) {
	if root {
		a.add(symbol{name: owner + ".AdditionalData", kind: "field", parent: owner, decl: "AdditionalData", element: element})
	}
	for _, f := range list {
		a.add(symbol{
			name: owner + "." + f.Name, kind: "field", parent: owner, decl: f.Type.String(), sends: f.JSON, doc: text(f.Doc), element: f.Element,
		})
	}
}

func (a *api) properties(in string, g goir.PropertyGroup) {
	for _, c := range g.Constants {
		a.add(symbol{name: in + "." + c.Name, kind: "constant", parent: g.Struct, decl: "Property", sends: c.Value, element: c.Element})
	}
}

func (a *api) builder(b *goir.Builder) {
	a.add(symbol{name: b.Name, kind: "type", decl: "struct", doc: text(b.Doc), element: b.Element, byPath: true})
	if b.Embeds != "" {
		a.embeds[b.Name] = b.Embeds
		a.add(symbol{name: b.Name + "." + b.Embeds, kind: "embedded struct", parent: b.Name, decl: b.Embeds, element: b.Element, byPath: true})
	}
	for _, m := range b.Methods {
		a.method(b.Name, m, symbol{element: cmp.Or(m.Key, m.Element), byPath: !m.Operation})
	}
}

func (a *api) method(receiver string, m *goir.Method, like symbol) {
	like.name, like.kind, like.parent = receiver+"."+m.Name, "method", receiver
	like.decl, like.sends, like.doc = m.Signature(), request(m), text(m.Doc)
	a.add(like)
}

// request returns the HTTP method and what the method adds to the path of its builder.
// Parameters of functions are left out: unset ones are not sent.
func request(m *goir.Method) string {
	var b strings.Builder
	b.WriteString(m.HTTP + " ")
	for _, s := range m.Path {
		switch {
		case s.Call != nil && s.Call.Name != "":
			b.WriteString("/" + s.Call.Name + "()")
		case s.Call != nil:
			for _, v := range s.Call.Values { // a key by its name
				b.WriteString("/{" + v.Name + "}")
			}
		case s.Keys != nil:
			for _, v := range s.Keys {
				b.WriteString("/{" + v.Name + "}")
			}
		case s.Key != "", s.KeyOf != "":
			b.WriteString("/{key}")
		case s.Op != "":
			b.WriteString("/" + s.Op)
		case s.Cast != "":
			b.WriteString("/" + s.Cast)
		default:
			b.WriteString("/" + s.Text)
		}
	}
	return strings.TrimSpace(b.String())
}

// promoted returns the symbol with a name from the builders that a builder embeds.
func (a *api) promoted(builder, name string) (symbol, bool) {
	for b := a.embeds[builder]; b != ""; b = a.embeds[b] {
		if found, ok := a.symbols[b+"."+name]; ok {
			return found, true
		}
	}
	return symbol{}, false
}

// text returns the text of a comment without the parts about paths.
func text(d goir.Doc) string {
	lines := slices.Clone(d.Paragraphs)
	if d.Deprecated != "" {
		lines = append(lines, "Deprecated: "+d.Deprecated)
	}
	return strings.Join(lines, "\n")
}
