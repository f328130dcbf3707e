package emit

import (
	"path"

	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// structure emits a struct, its methods, and the interface for values of its type and
// derived types.
func structure(f *printer, s *goir.Struct) {
	comment(f, s.Doc)
	f.Type().Id(s.Name).StructFunc(func(g *jen.Group) {
		fields(g, s.Embeds, s.Fields, s.Holder)
	})
	f.Line()
	methods(f, s)
	holds(f, s.Name, s.Fields, s.Holder)
	if s.Union != nil {
		union(f, s.Union)
	}
}

// fields emits what a struct begins with, and its fields. What it embeds for the codec comes
// second: the codec wants the AdditionalData first, and an empty struct at the end would need space.
func fields(g *jen.Group, embeds string, list []*goir.Field, by *goir.Holder) {
	if embeds != "" {
		g.Id(embeds)
	} else {
		g.Id("AdditionalData").Id("AdditionalData").Tag(map[string]string{"json": "-"})
	}
	if by != nil {
		g.Id(by.Name)
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
func holds(f *printer, name string, fields []*goir.Field, by *goir.Holder) {
	var list []jen.Code
	for _, field := range fields {
		switch {
		case field.Holds == "":
		case by != nil:
			list = append(list, jen.Values(jen.Id("Property").Op(":").Lit(field.JSON), jen.Id("Types").Op(":").Op("&").Id(field.Holds)))
		default:
			list = append(list, jen.Values(jen.Lit(field.JSON), jen.Op("&").Id(field.Holds)))
		}
	}
	if len(list) == 0 {
		return
	}
	if by != nil {
		holder(f, name, by, list)
		return
	}
	f.Func().Params(jen.Op("*").Id(name)).Id("holds").Params().Index().Id("held").Block(
		jen.Return(jen.Index().Id("held").Add(oneALine(list))),
	)
	f.Line()
}

// holder emits the same for a codec in another package:
//
//	type holdsOfCall = codec.Holds[listsOfCall]
//
//	type listsOfCall struct{}
//
//	func (listsOfCall) Lists() []codec.Held {
//		return []codec.Held{{Property: "mediaConfig", Types: &typesOfMediaConfig}}
//	}
func holder(f *printer, name string, by *goir.Holder, list []jen.Code) {
	f.ImportName(by.Import, path.Base(by.Import))
	comment(f, goir.Paragraph(by.Name+" tells the codec what the polymorphic properties of ["+name+"] can hold."))
	f.Type().Id(by.Name).Op("=").Qual(by.Import, "Holds").Index(jen.Id(by.Lists))
	f.Line()
	f.Type().Id(by.Lists).Struct()
	f.Line()
	f.Func().Params(jen.Id(by.Lists)).Id("Lists").Params().Index().Qual(by.Import, "Held").Block(
		jen.Return(jen.Index().Qual(by.Import, "Held").Add(oneALine(list))),
	)
	f.Line()
}
