package emit

import (
	"github.com/callgen/callgen/generator/plan"
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
// and the methods that every enum has.
func enum(f *jen.File, e *plan.Enum) {
	comment(f, e.Doc)
	f.Type().Id(e.Name).String()
	f.Line()
	if len(e.Members) > 0 {
		comment(f, paragraph("Members of ["+e.Name+"]."))
		constants(f, e.Name, e.Members)
	}
	enumMethods(f, e)
}

func constants(f *jen.File, typeName string, list []plan.Constant) {
	f.Const().DefsFunc(func(g *jen.Group) {
		for _, c := range list {
			comment(g, c.Doc)
			g.Id(c.Name).Id(typeName).Op("=").Lit(c.Value)
		}
	})
	f.Line()
}

func enumMethods(f *jen.File, e *plan.Enum) {
	method := func() *jen.Statement { return f.Func().Params(jen.Id("e").Id(e.Name)) }

	comment(f, paragraph("Known reports whether e is a member that this package knows, in the schema's letter case."))
	method().Id("Known").Params().Bool().Add(known(e))
	f.Line()
	comment(f, paragraph("Is reports whether e is the member m, in any letter case."))
	method().Id("Is").Params(jen.Id("m").Id(e.Name)).Bool().
		Add(oneLine(jen.Return(jen.Id("enumIs").Call(asString("e"), asString("m")))))
	f.Line()
	if !e.Flags {
		return
	}
	comment(f, paragraph("Has reports whether the flag m is among those of e, in any letter case."))
	method().Id("Has").Params(jen.Id("m").Id(e.Name)).Bool().
		Add(oneLine(jen.Return(jen.Id("enumHas").Call(asString("e"), asString("m")))))
	f.Line()
	comment(f, paragraph("Split returns the flags of e."))
	method().Id("Split").Params().Index().Id(e.Name).
		Add(oneLine(jen.Return(jen.Id("enumSplit").Call(jen.Id("e")))))
	f.Line()
}

func asString(variable string) *jen.Statement { return jen.String().Parens(jen.Id(variable)) }

// known emits the body of Known: flags are known one by one.
func known(e *plan.Enum) *jen.Statement {
	list := jen.Lit(e.Known)
	if lines := cut(e.Known, ','); len(lines) > 1 {
		list = jen.Lit(lines[0])
		for _, line := range lines[1:] {
			list.Op("+").Line().Lit(line)
		}
	}
	helper := "enumKnown"
	if e.Flags {
		helper = "enumAllKnown"
	}
	result := jen.Return(jen.Id(helper).Call(asString("e"), list))
	if len(e.Known) > width/2 {
		return jen.Block(result)
	}
	return oneLine(result)
}
