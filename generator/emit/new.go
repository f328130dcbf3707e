package emit

import (
	"github.com/callgen/callgen/generator/plan"
	"github.com/dave/jennifer/jen"
)

// anyFile emits New, and UnmarshalAny, which calls it.
func anyFile(p *plan.Package) *jen.File {
	f := start(p)
	comment(f, plan.Doc{Paragraphs: []string{
		`New returns a new value of the type with a qualified name, such as "microsoft.graph.call", with or without ` +
			`"#" before it. It reports false if this package has no such type. Abstract types are there too.`,
		"A program that calls New or [UnmarshalAny] links every type of the package.",
	}})
	f.Func().Id("New").Params(jen.Id("odataType").String()).Params(jen.Id("Value"), jen.Bool()).BlockFunc(func(g *jen.Group) {
		g.Id("name").Op(":=").Id("typeName").Call(jen.Id("odataType"))
		for _, n := range p.News {
			g.If(jen.Id("v").Op(":=").Id(n.Name).Call(jen.Id("name")), jen.Id("v").Op("!=").Nil()).Block(
				jen.Return(jen.Id("v"), jen.True()))
		}
		g.Return(jen.Nil(), jen.False())
	})
	f.Line()
	comment(f, plan.Doc{Paragraphs: []string{
		"UnmarshalAny decodes a JSON object into the type that its own @odata.type names. " +
			"It returns an error if there is none, or none that [New] knows; otherwise errors are those of [Unmarshal].",
	}})
	f.Func().Id("UnmarshalAny").Params(jen.Id("data").Index().Byte(), jen.Id("opts").Op("...").Id("Option")).
		Params(jen.Id("Value"), jen.Error()).Block(
		jen.Id("pick").Op(":=").Func().Params(jen.Id("name").String()).Id("Value").Block(
			jen.List(jen.Id("v"), jen.Id("_")).Op(":=").Id("New").Call(jen.Id("name")),
			jen.Return(jen.Id("v")),
		),
		jen.Return(jen.Id("unmarshalPicked").Call(jen.Id("data"), jen.Id("pick"), jen.Id("opts"))),
	)
	return f
}

// newPart emits the function that makes the structs of some types, or nil.
func newPart(p *plan.Package, n *plan.New) *jen.File {
	f := start(p)
	f.Func().Id(n.Name).Params(jen.Id("name").String()).Id("Value").Block(
		jen.Switch(jen.Id("name")).BlockFunc(func(g *jen.Group) { cases(g, n.Structs) }),
		jen.Return(jen.Nil()),
	)
	return f
}

// cases emits, for each type, a case that returns a new struct.
func cases(g *jen.Group, types []plan.Variant) {
	for _, v := range types {
		g.Case(jen.Lit(v.ODataType)).Block(jen.Return(jen.New(jen.Id(v.Name))))
	}
}
