package emit

import (
	"go/token"
	"path"

	"github.com/callgen/callgen/generator/goir"
	"github.com/dave/jennifer/jen"
)

// Fields prints the package with the names of properties, which imports the package of their
// types under its import path.
func Fields(p *goir.Package, importPath string) ([]File, error) {
	of := p.Fields
	return rendered(token.NewFileSet(), len(of.Files)+1, func(i int) (string, *printer) {
		f := startAs(of.Name, p.Header)
		if i == len(of.Files) {
			packageComment(f, goir.Doc{Paragraphs: of.Doc})
			return "doc", f
		}
		if f.ImportName(importPath, p.Name); path.Base(importPath) != p.Name {
			f.ImportAlias(importPath, p.Name)
		}
		for _, d := range of.Files[i].Decls {
			f.mark(d.Declaration())
			propertyNames(f, d.(*goir.PropertyNames), p.Name, importPath)
		}
		return of.Files[i].Name, f
	})
}

// propertyNames emits the names of the properties that structs declare, as constants.
func propertyNames(f *printer, names *goir.PropertyNames, pkg, importPath string) {
	comment(f, goir.Paragraph("Property names, by the type that declares them."))
	f.Const().DefsFunc(func(g *jen.Group) {
		for _, group := range names.Groups {
			title := goir.Paragraph("[" + pkg + "." + group.Struct + "]")
			comment(g, title)
			for _, c := range group.Constants {
				value := c.Value
				if c.EDM != "" {
					value += " " + c.EDM
				}
				g.Id(c.Name).Qual(importPath, "Property").Op("=").Lit(value)
			}
			f.row(&goir.Declared{Name: group.Struct, Element: group.Type, Type: group.Type}, len(docLines(title))+len(group.Constants))
		}
	})
}
