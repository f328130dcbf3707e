package emit

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// client emits NewClient and the methods of the client.
func client(f *printer, c *goir.Client) {
	comment(f, c.Doc)
	returned := jen.Id("newClient").Call(jen.Lit(c.Version), jen.Id("tokens"), jen.Id("opts"))
	if c.Service != nil {
		opts := jen.Id("opts")
		if c.Version != "" {
			opts = jen.Append(jen.Index().Id("ClientOption").Values(jen.Id("onGraph").Call(jen.Lit(c.Version))), opts.Op("..."))
		}
		returned = jen.Id("newServiceClient").Call(service(c.Service), jen.Id("tokens"), opts)
	}
	f.Func().Id("NewClient").Params(jen.Id("tokens").Id("TokenSource"), jen.Id("opts").Op("...").Id("ClientOption")).
		Op("*").Id("Client").Block(jen.Return(returned))
	f.Line()
	for _, m := range c.Methods {
		method(f, "Client", func() *jen.Statement { return jen.Id(m.Receiver).Dot("root").Call() }, m)
	}
}

// service is what is known of a service: its zero fields are left out.
func service(s *goir.Service) *jen.Statement {
	fields := jen.Dict{}
	add := func(name string, set bool, value *jen.Statement) {
		if set {
			fields[jen.Id(name)] = value
		}
	}
	var namespaces []jen.Code
	for _, ns := range s.Namespaces {
		namespaces = append(namespaces, jen.Lit(ns))
	}
	add("base", s.Base != "", jen.Lit(s.Base))
	add("segments", s.Segments, jen.True())
	add("enumTypes", s.EnumTypes, jen.True())
	add("qualified", s.Qualified, jen.True())
	add("namespaces", len(namespaces) > 0, jen.Index().String().Values(namespaces...))
	add("odata", s.Version != "", jen.Lit(s.Version))
	add("batches", s.Batches != "", jen.Id(s.Batches))
	return jen.Id("service").Values(fields)
}

// keyStruct emits the struct for a key of many parts.
func keyStruct(f *printer, k *goir.KeyStruct) {
	comment(f, k.Doc)
	f.Type().Id(k.Name).StructFunc(func(g *jen.Group) {
		for _, field := range k.Fields {
			g.Id(field.Name).Add(typeOf(field.Type))
		}
	})
	f.Line()
}

// builder emits a request builder and its methods. A builder holds the resource that
// it makes the requests of in its address, which it has itself or from the builder of the base type:
//
//	type CallRequestBuilder struct{ address }
func builder(f *printer, b *goir.Builder) {
	comment(f, b.Doc)
	field := jen.Id("address")
	if b.Embeds != "" {
		field = jen.Id(b.Embeds)
	}
	f.Type().Id(b.Name).Add(jen.Struct(field))
	f.Line()
	for _, m := range b.Methods {
		method(f, b.Name, func() *jen.Statement { return jen.Id(m.Receiver).Dot("at") }, m)
	}
}

// parameters emits the struct of an operation's parameters.
func parameters(f *printer, p *goir.Parameters) {
	comment(f, p.Doc)
	f.Type().Id(p.Name).StructFunc(func(g *jen.Group) {
		fields(g, "", p.Fields, p.Holder)
	})
	f.Line()
	holds(f, p.Name, p.Fields, p.Holder)
}

// method emits a method of a type. at returns the resource of its receiver.
func method(f *printer, of string, at func() *jen.Statement, m *goir.Method) {
	f.mark(&m.Declared)
	comment(f, m.Doc)
	f.Func().Params(jen.Id(m.Receiver).Op("*").Id(of)).Id(m.Name).Params(params(m)...).Add(results(m)).
		Block(body(resource(at(), m.Path), m)...)
	f.Line()
}

func params(m *goir.Method) []jen.Code {
	var list []jen.Code
	for _, p := range m.Params {
		list = append(list, jen.Id(p.Name).Add(typeOf(p.Type)))
	}
	return list
}

func results(m *goir.Method) *jen.Statement {
	if len(m.Results) == 1 {
		return typeOf(m.Results[0])
	}
	var list []jen.Code
	for _, t := range m.Results {
		list = append(list, typeOf(t))
	}
	return jen.Params(list...)
}

// body returns the statements of a method.
func body(at *jen.Statement, m *goir.Method) []jen.Code {
	item := func(helper string) *jen.Statement { return jen.Id(helper).Index(typeOf(m.Item)) }
	ctx, opts := jen.Id("ctx"), jen.Id("opts")
	switch m.Kind {
	case goir.Navigate:
		return returns(jen.Op("&").Add(leads(m.Leads, at)))
	case goir.Cast:
		return returns(item("castTo").Call(at, list(m.List)))
	case goir.CastAll:
		return returns(item("castToAll").Call(at, list(m.List)))
	case goir.Media:
		return returns(item("createdMedia").Call(ctx, at, jen.Id("contentType"), jen.Id("content"), list(m.List), opts))
	case goir.Iterate:
		return returns(item("each").Call(ctx, at, list(m.List), opts))
	case goir.Delta:
		return returns(item("changesOf").Call(at, list(m.List), opts))
	case goir.Fetch:
		if m.List != "" {
			return fetchAny(at, m)
		}
		return returns(item("fetched").Call(ctx, at, jen.Lit(m.HTTP), sent(m), opts))
	case goir.FetchPage:
		if m.List != "" {
			return returns(item("fetchedPageOf").Call(ctx, at, jen.Lit(m.HTTP), sent(m), list(m.List), opts))
		}
		return returns(item("fetchedPage").Call(ctx, at, jen.Lit(m.HTTP), sent(m), opts))
	case goir.Scalar:
		return returns(item("fetchResult").Call(ctx, at, jen.Lit(m.HTTP), sent(m), opts))
	case goir.Send:
		return returns(at.Dot("send").Call(ctx, jen.Lit(m.HTTP), sent(m), opts))
	case goir.Upload:
		if m.Item.Name != "" {
			return returns(item("uploaded").Call(ctx, at, jen.Id("contentType"), jen.Id("content"), list(m.List), opts))
		}
		return returns(at.Dot("upload").Call(ctx, jen.Id("contentType"), jen.Id("content"), opts))
	case goir.AddRef:
		return returns(at.Dot("addRef").Call(ctx, jen.Id("url"), opts))
	case goir.RemoveRefTo:
		return returns(at.Dot("removeRefTo").Call(ctx, jen.Id("url"), opts))
	case goir.SetRef:
		return returns(at.Dot("setRef").Call(ctx, jen.Id("url"), opts))
	}
	return returns(at.Dot(plain(m.Kind)).Call(ctx, opts))
}

func returns(value jen.Code) []jen.Code { return []jen.Code{jen.Return(value)} }

// plain returns the name of the resource method for a request without arguments.
func plain(kind goir.Kind) string {
	switch kind {
	case goir.Count:
		return "count"
	case goir.ListRefs:
		return "refs"
	case goir.GetRef:
		return "ref"
	case goir.RemoveRef:
		return "removeRef"
	}
	return "open"
}

// fetchAny is the body of a method that returns a value of a polymorphic type:
//
//	to, err := b.at.fetchAny(ctx, "GET", nil, (*AnyIdentity)(nil), &typesOfIdentity, opts)
//	v, _ := to.(AnyIdentity)
//	return v, err
func fetchAny(at *jen.Statement, m *goir.Method) []jen.Code {
	name := m.Item.Name
	return []jen.Code{
		jen.List(jen.Id("to"), jen.Err()).Op(":=").Add(at).Dot("fetchAny").
			Call(jen.Id("ctx"), jen.Lit(m.HTTP), sent(m), pointer(name), jen.Op("&").Id(m.List), jen.Id("opts")),
		jen.List(jen.Id("result"), jen.Id("_")).Op(":=").Id("to").Assert(jen.Id(name)),
		jen.Return(jen.Id("result"), jen.Err()),
	}
}

// resource returns the resource at a path.
func resource(at *jen.Statement, path []goir.Segment) *jen.Statement {
	for _, s := range path {
		switch {
		case s.Key != "":
			at = at.Dot("key").Call(jen.Id(s.Key))
		case s.KeyOf != "":
			at = at.Dot("keyOf").Call(jen.Id(s.KeyOf))
		case s.Keys != nil:
			at = at.Dot("keys").Call(args(s.Keys)...)
		case s.Op != "":
			at = at.Dot("op").Call(jen.Lit(s.Op))
		case s.Cast != "":
			at = at.Dot("cast").Call(jen.Lit(s.Cast))
		case s.ItemPath != "":
			at = at.Dot("itemPath").Call(jen.Id(s.ItemPath))
		case s.Call != nil && s.Call.Import:
			at = at.Dot("imported").Call(append([]jen.Code{jen.Lit(s.Call.Name)}, args(s.Call.Values)...)...)
		case s.Call != nil:
			at = at.Dot("call").Call(append([]jen.Code{jen.Lit(s.Call.Name)}, args(s.Call.Values)...)...)
		default:
			at = at.Dot("child").Call(jen.Lit(s.Text))
		}
	}
	return at
}

// args are named values in a path.
func args(values []goir.Value) []jen.Code {
	var list []jen.Code
	for _, v := range values {
		value := jen.Id(v.Param)
		if v.Field != "" {
			value = value.Dot(v.Field)
		}
		list = append(list, jen.Id("arg").Values(jen.Lit(v.Name), value))
	}
	return list
}

// leads returns a builder and the builders that it embeds, around a resource.
func leads(builders []string, at *jen.Statement) *jen.Statement {
	inner := jen.Id("address").Values(at)
	for i := len(builders) - 1; i >= 0; i-- {
		inner = jen.Id(builders[i]).Values(inner)
	}
	return inner
}

// sent returns the value that a request sends.
func sent(m *goir.Method) *jen.Statement {
	switch {
	case m.Body.Param == "":
		return jen.Nil()
	case m.Body.ByAddress:
		return jen.Op("&").Id(m.Body.Param)
	}
	return jen.Id(m.Body.Param)
}

func list(name string) *jen.Statement {
	if name == "" {
		return jen.Nil()
	}
	return jen.Op("&").Id(name)
}
