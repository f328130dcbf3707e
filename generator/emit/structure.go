package emit

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// structure emits a struct, its methods, and the interface for values of its type and
// derived types.
func structure(f *printer, s *goir.Struct) {
	comment(f, s.Doc)
	f.Type().Id(s.Name).StructFunc(func(g *jen.Group) { fields(g, s.Embeds, s.Fields) })
	f.Line()
	methods(f, s)
	holds(f, s.Name, s.Fields)
	if s.Union != nil {
		union(f, s.Union)
	}
}

func fields(g *jen.Group, embeds string, list []*goir.Field) {
	if embeds != "" {
		g.Id(embeds)
	} else {
		g.Id("AdditionalData").Id("AdditionalData").Tag(map[string]string{"json": "-"})
	}
	for _, field := range list {
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
func methods(f *printer, s *goir.Struct) {
	comment(f, goir.Paragraph(`ODataType returns "`+s.ODataType+`".`))
	f.Func().Params(jen.Op("*").Id(s.Name)).Id("ODataType").Params().String().
		Add(oneLine(jen.Return(jen.Lit(s.ODataType))))
	f.Func().Params(jen.Id("v").Op("*").Id(s.Name)).Id("UnmarshalJSON").Params(jen.Id("data").Index().Byte()).Error().
		Add(oneLine(jen.Return(jen.Id("Unmarshal").Call(jen.Id("data"), jen.Id("v")))))
	f.Func().Params(jen.Id("v").Id(s.Name)).Id("MarshalJSON").Params().Params(jen.Index().Byte(), jen.Error()).
		Add(oneLine(jen.Return(jen.Id("Marshal").Call(jen.Op("&").Id("v")))))
	f.Line()
}

// holds emits, for the decoder, what the polymorphic properties can hold:
//
//	func (*Call) holds() []held {
//		return []held{{"mediaConfig", &typesOfMediaConfig}}
//	}
func holds(f *printer, name string, fields []*goir.Field) {
	var list []jen.Code
	for _, field := range fields {
		if field.Holds != "" {
			list = append(list, jen.Values(jen.Lit(field.JSON), jen.Op("&").Id(field.Holds)))
		}
	}
	if len(list) == 0 {
		return
	}
	f.Func().Params(jen.Op("*").Id(name)).Id("holds").Params().Index().Id("held").Block(
		jen.Return(jen.Index().Id("held").Add(oneALine(list))),
	)
	f.Line()
}
