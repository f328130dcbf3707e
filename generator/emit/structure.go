package emit

import (
	"github.com/callgen/callgen/generator/plan"
	"github.com/dave/jennifer/jen"
)

// structure emits a struct, its methods, the names of its properties, and the
// interface for what can stand where it is declared.
func structure(f *jen.File, s *plan.Struct) {
	comment(f, s.Doc)
	f.Type().Id(s.Name).StructFunc(func(g *jen.Group) { fields(g, s) })
	f.Line()
	methods(f, s)
	variants(f, s)
	if s.Union != nil {
		union(f, s.Union)
	}
	if len(s.Properties) > 0 {
		comment(f, paragraph("Properties that "+s.Name+" declares."))
		constants(f, "Property", s.Properties)
	}
}

func fields(g *jen.Group, s *plan.Struct) {
	if s.Embeds != "" {
		g.Id(s.Embeds)
	} else {
		g.Id("AdditionalData").Id("AdditionalData").Tag(map[string]string{"json": "-"})
	}
	for _, field := range s.Fields {
		comment(g, field.Doc)
		g.Id(field.Name).Add(typeOf(field.Type)).Tag(map[string]string{"json": field.JSON + ",omitempty"})
	}
}

// methods emits, for the struct Call,
//
//	func (*Call) ODataType() string { return "microsoft.graph.call" }
//	func (v *Call) UnmarshalJSON(data []byte) error { return Unmarshal(data, v) }
//	func (v Call) MarshalJSON() ([]byte, error) { return Marshal(&v) }
//
// MarshalJSON has a value receiver so that encoding/json finds it on values that
// have no address, too.
func methods(f *jen.File, s *plan.Struct) {
	comment(f, paragraph(`ODataType returns "`+s.ODataType+`".`))
	f.Func().Params(jen.Op("*").Id(s.Name)).Id("ODataType").Params().String().
		Add(oneLine(jen.Return(jen.Lit(s.ODataType))))
	f.Func().Params(jen.Id("v").Op("*").Id(s.Name)).Id("UnmarshalJSON").Params(jen.Id("data").Index().Byte()).Error().
		Add(oneLine(jen.Return(jen.Id("Unmarshal").Call(jen.Id("data"), jen.Id("v")))))
	f.Func().Params(jen.Id("v").Id(s.Name)).Id("MarshalJSON").Params().Params(jen.Index().Byte(), jen.Error()).
		Add(oneLine(jen.Return(jen.Id("Marshal").Call(jen.Op("&").Id("v")))))
	f.Line()
}

// variants emits what tells the decoder how to make the values of polymorphic
// properties:
//
//	func (*Call) variants(property string) func(string) Value {
//		switch property {
//		case "mediaConfig":
//			return newAnyMediaConfig
//		}
//		return nil
//	}
//
// The choice belongs to the struct that has the property, so that a program links
// the types that its values can hold, and no others.
func variants(f *jen.File, s *plan.Struct) {
	var cases []jen.Code
	for _, field := range s.Fields {
		if field.Pick != "" {
			cases = append(cases, jen.Case(jen.Lit(field.JSON)).Block(jen.Return(jen.Id(field.Pick))))
		}
	}
	if len(cases) == 0 {
		return
	}
	f.Func().Params(jen.Op("*").Id(s.Name)).Id("variants").Params(jen.Id("property").String()).Add(makes()).Block(
		jen.Switch(jen.Id("property")).Block(cases...),
		jen.Return(jen.Nil()),
	)
	f.Line()
}
