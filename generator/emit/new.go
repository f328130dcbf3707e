package emit

import (
	"github.com/callgen/callgen/generator/plan"
	"github.com/dave/jennifer/jen"
)

// newFile emits what names every type: New, and UnmarshalAny, which calls it.
func newFile(p *plan.Package) *jen.File {
	f := start(p)
	comment(f, plan.Doc{Paragraphs: []string{
		`New returns a new value of the type with a qualified name, such as "microsoft.graph.call", with or without ` +
			`"#" before it. It reports false if this package has no such type. Abstract types are there too.`,
		"A program that calls New or [UnmarshalAny] links every type of the package.",
	}})
	f.Func().Id("New").Params(jen.Id("odataType").String()).Params(jen.Id("Value"), jen.Bool()).Block(
		jen.Switch(jen.Id("typeName").Call(jen.Id("odataType"))).BlockFunc(func(g *jen.Group) {
			for _, s := range p.Structs {
				g.Case(jen.Lit(s.ODataType)).Block(jen.Return(jen.New(jen.Id(s.Name)), jen.True()))
			}
		}),
		jen.Return(jen.Nil(), jen.False()),
	)
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
