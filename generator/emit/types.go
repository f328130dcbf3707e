package emit

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// typeOf returns new code for a type: jennifer's statements must not be reused.
func typeOf(t goir.Type) *jen.Statement {
	s := jen.Op(t.Prefix)
	if t.Import != "" {
		s.Qual(t.Import, t.Name)
	} else {
		s.Id(t.Name)
	}
	if len(t.Args) > 0 {
		var args []jen.Code
		for _, a := range t.Args {
			args = append(args, typeOf(a))
		}
		s.Index(jen.List(args...))
	}
	return s
}

// oneLine returns a function body on one line.
func oneLine(body jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{", Close: "}"}, body)
}
