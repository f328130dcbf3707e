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
		Add(oneLine(jen.Return(jen.Id("enumIs").Call(jen.Id("e"), jen.Id("m")))))
	f.Line()
	if !e.Flags {
		return
	}
	comment(f, paragraph("Has reports whether the flag m is among those of e, in any letter case."))
	method().Id("Has").Params(jen.Id("m").Id(e.Name)).Bool().
		Add(oneLine(jen.Return(jen.Id("enumHas").Call(jen.Id("e"), jen.Id("m")))))
	f.Line()
	comment(f, paragraph("Split returns the flags of e."))
	method().Id("Split").Params().Index().Id(e.Name).
		Add(oneLine(jen.Return(jen.Id("enumSplit").Call(jen.Id("e")))))
	f.Line()
}

// known emits the body of Known: a switch over the members, unless they are flags,
// which a value can have several of.
func known(e *plan.Enum) *jen.Statement {
	var names []jen.Code
	for _, m := range e.Members {
		names = append(names, jen.Id(m.Name))
	}
	switch {
	case len(names) == 0:
		return oneLine(jen.Return(jen.False()))
	case e.Flags:
		return oneLine(jen.Return(jen.Id("enumKnown").Call(append([]jen.Code{jen.Id("e")}, names...)...)))
	}
	return jen.Block(
		jen.Switch(jen.Id("e")).Block(jen.Case(names...).Block(jen.Return(jen.True()))),
		jen.Return(jen.False()),
	)
}
