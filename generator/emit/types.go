package emit

import (
	"github.com/callgen/callgen/generator/plan"
	"github.com/dave/jennifer/jen"
)

// typeOf returns new code for a type; jennifer's statements must not be reused.
func typeOf(t plan.Type) *jen.Statement {
	s := jen.Op(t.Prefix)
	if t.Import != "" {
		s.Qual(t.Import, t.Name)
	} else {
		s.Id(t.Name)
	}
	if t.Arg != "" {
		s.Index(jen.Id(t.Arg))
	}
	return s
}

// oneLine is a function body on one line.
func oneLine(body jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}"}, body)
}
