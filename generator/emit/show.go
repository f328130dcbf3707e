package emit

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// show emits Show and the list of secret properties.
func show(f *printer, s *goir.Show) {
	comment(f, goir.Doc{Paragraphs: []string{
		"Show returns a value, or a slice of values, as it can be printed and logged: fmt and log/slog show JSON of bounded " +
			"length, in which secrets such as passwords and tokens are redacted.",
		"What is secret is what the description says, and what no type declares and has a name like that. Of what is no value " +
			"of this package, only the Go type is shown.",
	}})
	f.Func().Id("Show").Params(jen.Id("v").Any()).Id("Shown").Block(
		jen.Return(jen.Id("show").Call(jen.Id("v"), jen.Id(s.List))),
	)
	f.Line()
	comment(f, goir.Paragraph(s.List+" lists what is secret, each property with the type that declares it."))
	var secrets []jen.Code
	for _, secret := range s.Secrets {
		secrets = append(secrets, jen.Lit(secret))
	}
	f.Var().Id(s.List).Op("=").Index().String().Add(oneALine(secrets))
	f.Line()
}
