package emit

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// anyType emits New and UnmarshalAny, and the list of all types that they use.
func anyType(f *printer, a *goir.AnyType) {
	all := func() *jen.Statement { return jen.Op("&").Id(a.List) }
	comment(f, goir.Doc{Paragraphs: []string{
		`New returns a new value of the type with the given qualified name, such as "microsoft.graph.call", with or without ` +
			`a leading "#". It reports false if the package has no such type. Abstract types are included.`,
		"A program that calls New or [UnmarshalAny] links every type of the package.",
	}})
	f.Func().Id("New").Params(jen.Id("odataType").String()).Params(jen.Id("Value"), jen.Bool()).Block(
		jen.Return(jen.Id("newNamed").Call(jen.Id("odataType"), all())),
	)
	f.Line()
	comment(f, goir.Doc{Paragraphs: []string{
		"UnmarshalAny decodes a JSON object into the type that its own @odata.type names. " +
			"It returns an error if the type is missing or unknown to [New]; other errors are those of [Unmarshal].",
	}})
	f.Func().Id("UnmarshalAny").Params(jen.Id("data").Index().Byte(), jen.Id("opts").Op("...").Id("Option")).
		Params(jen.Id("Value"), jen.Error()).Block(
		jen.Return(jen.Id("unmarshalNamed").Call(jen.Id("data"), all(), jen.Id("opts"))),
	)
	f.Line()
	typeList(f, a.List, "every type of the package", a.All)
}

// typeList emits a variable that lists types. It is data: a function that makes the same
// list takes the compiler more than ten bytes of code for each type.
//
//	var typesOfEntity = typeList{
//		Types: []Value{
//			(*Entity)(nil), (*Call)(nil),
//		},
//		Lists: []*typeList{
//			&typesOfCommsOperation,
//		},
//	}
func typeList(f *printer, name, what string, types goir.TypeList) {
	comment(f, goir.Paragraph(name+" lists "+what+"."))
	parts := []jen.Code{jen.Id("Types").Op(":").Index().Id("Value").Add(pointers(types.Structs))}
	if len(types.Lists) > 0 {
		var lists []jen.Code
		for _, list := range types.Lists {
			lists = append(lists, jen.Op("&").Id(list.Name))
		}
		parts = append(parts, jen.Id("Lists").Op(":").Index().Op("*").Id("typeList").Add(oneALine(lists)))
	}
	if len(types.Abstract) > 0 {
		parts = append(parts, jen.Id("Abstract").Op(":").Index().Id("Value").Add(pointers(types.Abstract)))
	}
	if len(types.Aliases) > 0 {
		var texts []jen.Code
		for _, text := range types.Aliases {
			texts = append(texts, jen.Lit(text))
		}
		parts = append(parts, jen.Id("Aliases").Op(":").Index().String().Values(texts...))
	}
	if types.Folded {
		parts = append(parts, jen.Id("Folded").Op(":").True())
	}
	f.Var().Id(name).Op("=").Id("typeList").Add(oneALine(parts))
	f.Line()
}

// pointers returns typed nil pointers, as many on a line as fit.
func pointers(names []string) *jen.Statement {
	const around = len("(*)(nil), ")
	var lines, line []jen.Code
	length := 0
	for _, name := range names {
		if length += around + len(name); length > width && len(line) > 0 {
			lines, line, length = append(lines, jen.List(line...)), nil, around+len(name)
		}
		line = append(line, pointer(name))
	}
	if len(lines) == 0 {
		return jen.Values(line...)
	}
	return oneALine(append(lines, jen.List(line...)))
}

// pointer returns a typed nil pointer.
func pointer(name string) *jen.Statement { return jen.Parens(jen.Op("*").Id(name)).Parens(jen.Nil()) }

// oneALine returns a composite literal with one item on each line.
func oneALine(items []jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, items...)
}
