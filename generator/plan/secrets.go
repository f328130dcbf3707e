package plan

import (
	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/spec/edm"
)

// show plans the file with Show.
func (p *planner) show() *goir.File {
	s := &goir.Show{List: listOfSecrets}
	for _, t := range p.in.Types {
		structured, ok := t.(*edm.StructuredType)
		if !ok {
			continue
		}
		for _, property := range structured.Properties {
			if p.in.Cut.Keeps(property) && !isStream(property) && property.IsSecret() {
				s.Secrets = append(s.Secrets, names.Element(structured.Name, property.Name))
			}
		}
	}
	return &goir.File{Name: "show", Decls: []goir.Decl{s}}
}
