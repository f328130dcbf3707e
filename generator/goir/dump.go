package goir

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Dump writes a package as indented text: the declarations of each file with the elements
// that they are made from. Comments are left out.
func (p *Package) Dump(w io.Writer) error {
	d := &dumper{w: bufio.NewWriter(w)}
	d.line(0, "package", p.Name, list("runtime", p.Runtime))
	for _, f := range p.Files {
		d.line(0, "file", f.Name)
		for _, decl := range f.Decls {
			d.decl(decl)
		}
	}
	if p.Fields != nil {
		d.line(0, "package", p.Fields.Name)
		for _, f := range p.Fields.Files {
			d.line(0, "file", f.Name)
			for _, decl := range f.Decls {
				d.decl(decl)
			}
		}
	}
	for _, s := range p.Sources {
		d.line(0, "source", s.Name)
		d.symbols(s.API)
	}
	for _, c := range p.Clashes {
		d.line(0, "clash", c.Element, "is", c.Name+",", c.Owner, "has", c.Wanted)
	}
	return d.w.Flush()
}

// dumper writes lines; the writer keeps its first error.
type dumper struct{ w *bufio.Writer }

// line writes the words that are not empty.
func (d *dumper) line(depth int, words ...string) {
	text := strings.Repeat("  ", depth)
	for i, word := range words {
		if i > 0 && word != "" {
			text += " "
		}
		text += word
	}
	d.w.WriteString(text + "\n")
}

func (d *dumper) decl(decl Decl) {
	of := decl.Declaration()
	head := func(kind string, more ...string) {
		d.line(1, append([]string{kind, of.Name, from(of.Element)}, more...)...)
	}
	switch decl := decl.(type) {
	case *Enum:
		head("enum", flag("flags", decl.Flags))
		d.constants(decl.Members)
	case *Struct:
		head("struct", word("embeds", decl.Embeds), word("odata", decl.ODataType))
		d.fields(decl.Fields)
		if u := decl.Union; u != nil {
			d.line(2, "union", u.Name, list("structs", u.Types.Structs), list("abstract", u.Types.Abstract), list("aliases", u.Types.Aliases), flag("folded", u.Types.Folded))
		}
	case *PropertyNames:
		head("names of properties")
		for _, g := range decl.Groups {
			for _, c := range g.Constants {
				d.line(2, "constant", c.Name, "=", strconv.Quote(c.Value), word("edm", c.EDM), from(c.Element))
			}
		}
	case *Parameters:
		head("parameters")
		d.fields(decl.Fields)
	case *KeyStruct:
		head("key")
		d.fields(decl.Fields)
	case *Client:
		head("client", word("version", decl.Version), service(decl.Service))
		d.methods(decl.Methods)
	case *Builder:
		head("builder", word("embeds", decl.Embeds))
		d.methods(decl.Methods)
	case *AnyType:
		head("any type", word("list", decl.List))
	case *Own:
		head("own")
		d.symbols(decl.API)
	default:
		head(fmt.Sprintf("%T", decl))
	}
}

func (d *dumper) constants(all []Constant) {
	for _, c := range all {
		d.line(2, "constant", c.Name, "=", strconv.Quote(c.Value), from(c.Element))
	}
}

func (d *dumper) fields(all []*Field) {
	for _, f := range all {
		d.line(2, "field", f.Name, f.Type.String(), word("json", f.JSON), word("holds", f.Holds), from(f.Element))
	}
}

func (d *dumper) methods(all []*Method) {
	for _, m := range all {
		d.line(2, "method", m.Name, strings.TrimPrefix(m.Signature(), "func"), m.Kind.String(), m.HTTP, shownPath(m.Path), from(m.Element))
	}
}

func (d *dumper) symbols(all []Symbol) {
	for _, s := range all {
		d.line(2, s.Kind, s.Name, s.Type, from(s.Element))
	}
}

// shownPath returns what a method adds to the path of its builder, with parameters in
// braces.
func shownPath(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		switch {
		case s.Keys != nil:
			b.WriteString("(" + values(s.Keys) + ")")
		case s.KeyOf != "":
			b.WriteString("/{" + s.KeyOf + "}")
		case s.Op != "":
			b.WriteString("/" + s.Op)
		case s.Cast != "":
			b.WriteString("/" + s.Cast)
		case s.Call != nil:
			b.WriteString("/" + s.Call.Name + "(" + values(s.Call.Values) + ")")
		case s.Key != "":
			b.WriteString("/{" + s.Key + "}")
		default:
			b.WriteString("/" + s.Text)
		}
	}
	return b.String()
}

// service shows what is known of the addresses of a service.
func service(s *Service) string {
	if s == nil {
		return ""
	}
	return strings.Join([]string{
		word("base", s.Base), "segments=" + strconv.FormatBool(s.Segments), "enumTypes=" + strconv.FormatBool(s.EnumTypes),
		"qualified=" + strconv.FormatBool(s.Qualified), list("namespaces", s.Namespaces),
		word("odata", s.Version), word("batches", s.Batches),
	}, " ")
}

func values(all []Value) string {
	var texts []string
	for _, v := range all {
		texts = append(texts, v.Name+"={"+v.Param+v.Field+"}")
	}
	return strings.Join(texts, ",")
}

func word(name, value string) string {
	if value == "" {
		return ""
	}
	return name + "=" + value
}

func list(name string, values []string) string { return word(name, strings.Join(values, ",")) }

func flag(name string, set bool) string {
	if !set {
		return ""
	}
	return name
}

func from(element string) string { return word("from", element) }

// String returns the name of the kind.
func (k Kind) String() string {
	names := [...]string{
		Navigate: "navigate", Send: "send", Fetch: "fetch", FetchPage: "fetch page", Iterate: "iterate", Scalar: "scalar",
		Count: "count", Delta: "delta", Open: "open", Upload: "upload", ListRefs: "list refs", GetRef: "get ref",
		AddRef: "add ref", SetRef: "set ref", RemoveRef: "remove ref",
		RemoveRefTo: "remove ref to", Cast: "cast", CastAll: "cast all", Media: "create media",
	}
	if k < 0 || int(k) >= len(names) {
		return "Kind(" + strconv.Itoa(int(k)) + ")"
	}
	return names[k]
}
