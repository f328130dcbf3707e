package emit

import (
	"github.com/callgen/callgen/generator/plan"
	"github.com/dave/jennifer/jen"
)

// clientFile emits NewClient and the methods of the client.
func clientFile(p *plan.Package) *jen.File {
	f := start(p)
	comment(f, plan.Doc{Paragraphs: []string{
		"NewClient returns a client of the service. It asks tokens for the access token of each request; with nil tokens " +
			"requests are sent without. A wrong option is the error of every request.",
	}})
	f.Func().Id("NewClient").Params(jen.Id("tokens").Id("TokenSource"), jen.Id("opts").Op("...").Id("ClientOption")).
		Op("*").Id("Client").Block(jen.Return(jen.Id("newClient").Call(jen.Lit(p.Client.Version), jen.Id("tokens"), jen.Id("opts"))))
	f.Line()
	for _, m := range p.Client.Methods {
		method(f, jen.Id("c").Op("*").Id("Client"), jen.Id("c").Dot("root").Call(), m)
	}
	return f
}

// builder emits a request builder and its methods. A builder holds the resource that
// it makes the requests of, itself or in that of the base type:
//
//	type CallRequestBuilder struct{ at *resource }
func builder(f *jen.File, b *plan.Builder) {
	comment(f, b.Doc)
	field := jen.Id("at").Op("*").Id("resource")
	if b.Embeds != "" {
		field = jen.Id(b.Embeds)
	}
	f.Type().Id(b.Name).Add(jen.Struct(field))
	f.Line()
	for _, m := range b.Methods {
		method(f, jen.Id("b").Op("*").Id(b.Name), jen.Id("b").Dot("at"), m)
	}
}

// parameters emits the struct of an operation's parameters.
func parameters(f *jen.File, p *plan.Parameters) {
	comment(f, p.Doc)
	f.Type().Id(p.Name).StructFunc(func(g *jen.Group) { fields(g, "", p.Fields) })
	f.Line()
	holds(f, p.Name, p.Fields)
}

// method emits a method. at is the resource of its receiver.
func method(f *jen.File, receiver, at *jen.Statement, m *plan.Method) {
	comment(f, m.Doc)
	s := f.Func().Params(receiver).Id(m.Name)
	at = resource(at, m.Path)
	switch m.Does {
	case plan.Lead:
		s.Params(arguments(m)...).Op("*").Id(m.Leads[0]).Block(jen.Return(jen.Op("&").Add(leads(m.Leads, at))))
	case plan.Every:
		s.Params(withContext(m)...).Add(iterator(m.Result)).Block(jen.Return(
			jen.Id("each").Index(typeOf(m.Result.Type)).Call(jen.Id("ctx"), at, list(m.Result), jen.Id("opts"))))
	case plan.Delta:
		s.Params(jen.Id("opts").Op("...").Id("RequestOption")).Op("*").Id("Changes").Index(typeOf(m.Result.Type)).Block(jen.Return(
			jen.Id("changesOf").Index(typeOf(m.Result.Type)).Call(at, list(m.Result), jen.Id("opts"))))
	default:
		request(s, at, m)
	}
	f.Line()
}

// request emits the rest of a method that makes one request.
func request(s, at *jen.Statement, m *plan.Method) {
	s.Params(withContext(m)...)
	ctx, opts := jen.Id("ctx"), jen.Id("opts")
	switch m.Does {
	case plan.Send:
		s.Error().Block(jen.Return(at.Dot("send").Call(ctx, jen.Lit(m.HTTP), body(m), opts)))
	case plan.Fetch:
		s.Params(typeOf(m.Result.Type), jen.Error())
		if m.Result.List != "" {
			s.Block(fetchAny(at, m)...)
		} else {
			s.Block(jen.Return(jen.Id("fetched").Index(typeOf(m.Result.Type)).Call(ctx, at, jen.Lit(m.HTTP), body(m), opts)))
		}
	case plan.Page:
		page := jen.Id("Page").Index(typeOf(m.Result.Type))
		s.Params(jen.Op("*").Add(page.Clone()), jen.Error())
		if m.Result.List != "" {
			s.Block(into(page, at.Dot("fetchPage").Call(ctx, jen.Lit(m.HTTP), body(m), jen.Id("to"), list(m.Result), opts))...)
		} else {
			s.Block(jen.Return(jen.Id("fetchedPage").Index(typeOf(m.Result.Type)).Call(ctx, at, jen.Lit(m.HTTP), body(m), opts)))
		}
	case plan.Scalar:
		s.Params(typeOf(m.Result.Type), jen.Error()).Block(jen.Return(
			jen.Id("fetchResult").Index(typeOf(m.Result.Type)).Call(ctx, at, jen.Lit(m.HTTP), body(m), opts)))
	case plan.Count:
		s.Params(jen.Int64(), jen.Error()).Block(jen.Return(at.Dot("count").Call(ctx, opts)))
	case plan.Open:
		s.Params(jen.Op("*").Id("Stream"), jen.Error()).Block(jen.Return(at.Dot("open").Call(ctx, opts)))
	case plan.Upload:
		s.Error().Block(jen.Return(at.Dot("upload").Call(ctx, jen.Id("contentType"), jen.Id("content"), opts)))
	case plan.Refs:
		s.Qual("iter", "Seq2").Index(jen.List(jen.String(), jen.Error())).Block(jen.Return(at.Dot("refs").Call(ctx, opts)))
	case plan.Ref:
		s.Params(jen.String(), jen.Error()).Block(jen.Return(at.Dot("ref").Call(ctx, opts)))
	case plan.AddRef:
		s.Error().Block(jen.Return(at.Dot("addRef").Call(ctx, jen.Id("url"), opts)))
	case plan.SetRef:
		s.Error().Block(jen.Return(at.Dot("setRef").Call(ctx, jen.Id("url"), opts)))
	case plan.DropRef:
		s.Error().Block(jen.Return(at.Dot("removeRef").Call(ctx, opts)))
	}
}

// into is the body of a method that decodes the answer into a new value of a type:
//
//	to := new(Page[AnyIdentity])
//	if err := b.at.fetchPage(ctx, "GET", nil, to, &typesOfIdentity, opts); err != nil {
//		return nil, err
//	}
//	return to, nil
func into(typeName, fetch *jen.Statement) []jen.Code {
	return []jen.Code{
		jen.Id("to").Op(":=").New(typeName),
		jen.If(jen.Err().Op(":=").Add(fetch), jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
		jen.Return(jen.Id("to"), jen.Nil()),
	}
}

// fetchAny is the body of a method that returns a value of a polymorphic type:
//
//	to, err := b.at.fetchAny(ctx, "GET", nil, (*AnyIdentity)(nil), &typesOfIdentity, opts)
//	v, _ := to.(AnyIdentity)
//	return v, err
func fetchAny(at *jen.Statement, m *plan.Method) []jen.Code {
	name := m.Result.Type.Name
	return []jen.Code{
		jen.List(jen.Id("to"), jen.Err()).Op(":=").Add(at).Dot("fetchAny").
			Call(jen.Id("ctx"), jen.Lit(m.HTTP), body(m), pointer(name), jen.Op("&").Id(m.Result.List), jen.Id("opts")),
		jen.List(jen.Id("result"), jen.Id("_")).Op(":=").Id("to").Assert(jen.Id(name)),
		jen.Return(jen.Id("result"), jen.Err()),
	}
}

// resource is the resource that a path leads to.
func resource(at *jen.Statement, path []plan.Segment) *jen.Statement {
	for _, s := range path {
		switch {
		case s.Key != "":
			at = at.Dot("key").Call(jen.Id(s.Key))
		case s.Call != nil:
			at = at.Dot("call").Call(call(s.Call)...)
		default:
			at = at.Dot("child").Call(jen.Lit(s.Text))
		}
	}
	return at
}

// call is the arguments of the call of a function in a path.
func call(f *plan.Function) []jen.Code {
	list := []jen.Code{jen.Lit(f.Name)}
	for _, v := range f.Values {
		value := jen.Id(v.Arg)
		if v.Field != "" {
			value = value.Dot(v.Field)
		}
		list = append(list, jen.Id("arg").Values(jen.Lit(v.Name), value))
	}
	return list
}

// leads is a builder with those that it embeds, around a resource.
func leads(builders []string, at *jen.Statement) *jen.Statement {
	inner := at
	for i := len(builders) - 1; i >= 0; i-- {
		inner = jen.Id(builders[i]).Values(inner)
	}
	return inner
}

func arguments(m *plan.Method) []jen.Code {
	var list []jen.Code
	for _, a := range m.Args {
		list = append(list, jen.Id(a.Name).Add(typeOf(a.Type)))
	}
	return list
}

// withContext is the parameters of a method that makes requests.
func withContext(m *plan.Method) []jen.Code {
	params := append([]jen.Code{jen.Id("ctx").Qual("context", "Context")}, arguments(m)...)
	switch m.Does {
	case plan.Upload:
		params = append(params, jen.Id("contentType").String(), jen.Id("content").Qual("io", "Reader"))
	case plan.AddRef, plan.SetRef:
		params = append(params, jen.Id("url").String())
	}
	return append(params, jen.Id("opts").Op("...").Id("RequestOption"))
}

// body is what is sent.
func body(m *plan.Method) *jen.Statement {
	for _, a := range m.Args {
		switch {
		case a.Name != m.Body:
		case a.Pointer:
			return jen.Op("&").Id(a.Name)
		default:
			return jen.Id(a.Name)
		}
	}
	return jen.Nil()
}

func list(r plan.Result) *jen.Statement {
	if r.List == "" {
		return jen.Nil()
	}
	return jen.Op("&").Id(r.List)
}

func iterator(r plan.Result) *jen.Statement {
	return jen.Qual("iter", "Seq2").Index(jen.List(typeOf(r.Type), jen.Error()))
}
