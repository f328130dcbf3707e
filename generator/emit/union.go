package emit

import (
	"github.com/callgen/callgen/generator/plan"
	"github.com/dave/jennifer/jen"
)

// union emits
//
//	type AnyMediaConfig interface {
//		Value
//		AsMediaConfig() *MediaConfig
//		anyMediaConfig()
//	}
//
// with the base type's methods, the function that makes a value for a type's name,
// and UnmarshalAnyMediaConfig.
func union(f *jen.File, u *plan.Union) {
	comment(f, u.Doc)
	f.Type().Id(u.Name).Interface(
		jen.Id("Value"),
		jen.Comment("// "+u.As+" returns the part that all of them have; it is never nil."),
		jen.Id(u.As).Params().Op("*").Id(u.Base),
		jen.Id(u.Seal).Params(),
	)
	f.Line()
	comment(f, paragraph(u.As+" implements ["+u.Name+"]."))
	f.Func().Params(jen.Id("v").Op("*").Id(u.Base)).Id(u.As).Params().Op("*").Id(u.Base).
		Add(oneLine(jen.Return(jen.Id("v"))))
	f.Func().Params(jen.Op("*").Id(u.Base)).Id(u.Seal).Params().Block()
	f.Line()
	pick(f, u)
	unmarshal(f, u)
}

// pick emits the function that makes a value for a type's name.
func pick(f *jen.File, u *plan.Union) {
	f.Func().Id(u.Pick).Params(jen.Id("name").String()).Id("Value").BlockFunc(func(g *jen.Group) {
		if len(u.Variants) > 0 {
			g.Switch(jen.Id("name")).BlockFunc(func(g *jen.Group) { cases(g, u.Variants) })
		}
		g.Return(jen.New(jen.Id(u.Base)))
	})
	f.Line()
}

// unmarshal emits
//
//	func UnmarshalAnyMediaConfig(data []byte, opts ...Option) (AnyMediaConfig, error) {
//		v, err := unmarshalPicked(data, newAnyMediaConfig, opts)
//		if err != nil {
//			return nil, err
//		}
//		return v.(AnyMediaConfig), nil
//	}
func unmarshal(f *jen.File, u *plan.Union) {
	comment(f, paragraph(u.Unmarshal+" decodes a JSON object into the type that its @odata.type names, or into *["+
		u.Base+"] if that is absent or unknown. Errors are those of [Unmarshal]."))
	f.Func().Id(u.Unmarshal).Params(jen.Id("data").Index().Byte(), jen.Id("opts").Op("...").Id("Option")).
		Params(jen.Id(u.Name), jen.Error()).Block(
		jen.List(jen.Id("v"), jen.Err()).Op(":=").Id("unmarshalPicked").Call(jen.Id("data"), jen.Id(u.Pick), jen.Id("opts")),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
		jen.Return(jen.Id("v").Assert(jen.Id(u.Name)), jen.Nil()),
	)
	f.Line()
}
