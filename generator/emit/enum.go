package emit

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// enum emits
//
//	type CallState string
//
//	const (
//		CallStateIncoming CallState = "incoming"
//	)
//
// and the methods of every enum.
func enum(f *printer, e *goir.Enum) {
	comment(f, e.Doc)
	f.Type().Id(e.Name).String()
	f.Line()
	if len(e.Members) > 0 {
		comment(f, goir.Paragraph("Members of ["+e.Name+"]."))
		constants(f, e.Name, e.Members)
	}
	enumMethods(f, e)
}

func constants(f *printer, typeName string, list []goir.Constant) {
	f.Const().DefsFunc(func(g *jen.Group) {
		for _, c := range list {
			comment(g, c.Doc)
			g.Id(c.Name).Id(typeName).Op("=").Lit(c.Value)
		}
	})
	f.Line()
}

func enumMethods(f *printer, e *goir.Enum) {
	method := func() *jen.Statement { return f.Func().Params(jen.Id("e").Id(e.Name)) }

	comment(f, goir.Paragraph("Known reports whether e is one of the members that this package knows, in the letter case of the schema."))
	method().Id("Known").Params().Bool().Add(known(e))
	f.Line()
	comment(f, goir.Paragraph("Is reports whether e is the member m, "+anyCase(e)))
	method().Id("Is").Params(jen.Id("m").Id(e.Name)).Bool().
		Add(compares(e, "enumIs"))
	f.Line()
	if e.OData != "" {
		comment(f, goir.Paragraph(`ODataType returns "`+e.OData+`", which stands before members in URLs of OData 4.0.`))
		f.Func().Params(jen.Id(e.Name)).Id("ODataType").Params().String().Add(oneLine(jen.Return(jen.Lit(e.OData))))
		f.Line()
	}
	if !e.Flags {
		return
	}
	comment(f, goir.Paragraph("Has reports whether the flag m is among those of e, "+anyCase(e)))
	method().Id("Has").Params(jen.Id("m").Id(e.Name)).Bool().
		Add(compares(e, "enumHas"))
	f.Line()
	comment(f, goir.Paragraph("Split returns the flags of e."))
	method().Id("Split").Params().Index().Id(e.Name).
		Add(oneLine(jen.Return(jen.Id("enumSplit").Call(jen.Id("e")))))
	f.Line()
}

func asString(variable string) *jen.Statement { return jen.String().Parens(jen.Id(variable)) }

// known emits the body of Known: flags are checked one by one.
func known(e *goir.Enum) *jen.Statement {
	helper, args := "enumKnown", []jen.Code{asString("e"), members(e)}
	switch {
	case e.Flags:
		helper = "enumAllKnown"
	case e.Between != ",":
		helper, args = "enumKnownBy", append(args, jen.Lit(e.Between))
	}
	result := jen.Return(jen.Id(helper).Call(args...))
	if len(e.Known) > width/2 {
		return jen.Block(result)
	}
	return oneLine(result)
}

// members returns the list of members, on as many lines as needed.
func members(e *goir.Enum) *jen.Statement {
	lines := []string{e.Known}
	if e.Between == "," {
		lines = cut(e.Known, ',')
	}
	list := jen.Lit(lines[0])
	for _, line := range lines[1:] {
		list.Op("+").Line().Lit(line)
	}
	return list
}

// anyCase returns the part of a comment that says how members are compared.
func anyCase(e *goir.Enum) string {
	if e.Twins {
		return "ignoring letter case except between members that differ in nothing else."
	}
	return "ignoring letter case."
}

// compares emits the body of Is and of Has: members that differ only in letter case are
// different.
func compares(e *goir.Enum, helper string) *jen.Statement {
	if e.Twins {
		return oneLine(jen.Return(jen.Id(helper+"Among").Call(asString("e"), asString("m"), members(e), jen.Lit(e.Between))))
	}
	return oneLine(jen.Return(jen.Id(helper).Call(asString("e"), asString("m"))))
}
