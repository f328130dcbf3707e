package emit

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// union emits
//
//	type AnyMediaConfig interface {
//		Value
//		AsMediaConfig() *MediaConfig
//	}
//
// with the base type's methods, the list of implementing types, and
// UnmarshalAnyMediaConfig.
func union(f *printer, u *goir.Union) {
	comment(f, u.Doc)
	f.Type().Id(u.Name).InterfaceFunc(func(g *jen.Group) {
		g.Id("Value")
		comment(g, goir.Paragraph(u.As+" returns the embedded ["+u.Base+"], which is never nil."))
		g.Id(u.As).Params().Op("*").Id(u.Base)
	})
	f.Line()
	comment(f, goir.Paragraph(u.As+" implements ["+u.Name+"]."))
	f.Func().Params(jen.Id("v").Op("*").Id(u.Base)).Id(u.As).Params().Op("*").Id(u.Base).
		Add(oneLine(jen.Return(jen.Id("v"))))
	f.Line()
	typeList(f, u.List, "what ["+u.Name+"] can hold, the base type first", u.Types)
	unmarshal(f, u)
}

// unmarshal emits
//
//	func UnmarshalAnyMediaConfig(data []byte, opts ...Option) (AnyMediaConfig, error) {
//		v, err := unmarshalAny(data, (*AnyMediaConfig)(nil), &typesOfMediaConfig, opts)
//		m, _ := v.(AnyMediaConfig)
//		return m, err
//	}
func unmarshal(f *printer, u *goir.Union) {
	comment(f, goir.Paragraph(u.Unmarshal+" decodes a JSON object into the type that its @odata.type names, or into *["+
		u.Base+"] if that is absent or unknown. Errors are those of [Unmarshal]."))
	f.Func().Id(u.Unmarshal).Params(jen.Id("data").Index().Byte(), jen.Id("opts").Op("...").Id("Option")).
		Params(jen.Id(u.Name), jen.Error()).Block(
		jen.List(jen.Id("v"), jen.Err()).Op(":=").Id("unmarshalAny").Call(jen.Id("data"), pointer(u.Name), jen.Op("&").Id(u.List), jen.Id("opts")),
		jen.List(jen.Id("m"), jen.Id("_")).Op(":=").Id("v").Assert(jen.Id(u.Name)),
		jen.Return(jen.Id("m"), jen.Err()),
	)
	f.Line()
}
