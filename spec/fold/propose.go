package fold

import (
	"fmt"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Proposal returns a note for a linked model in which versions of types derive from each
// other, and nil for any other.
func Proposal(m *edm.Model) []diag.Finding {
	var first *edm.StructuredType
	types, versions := 0, make(map[edm.QName]bool)
	for _, s := range m.Schemas {
		for _, t := range s.Types {
			if _, isName := t.(*edm.TypeDefinition); isName {
				continue // nothing in Go
			}
			types++
			versions[withoutVersion(t.TypeName())] = true
			t, ok := t.(*edm.StructuredType)
			if ok && first == nil && t.Base != nil && t.Base.Name.Namespace != s.Namespace && withoutVersion(t.Base.Name) == withoutVersion(t.Name) {
				first = t
			}
		}
	}
	if first == nil {
		return nil
	}
	return []diag.Finding{{Pos: first.Pos, Element: edm.Shown(first.Name.String()), Msg: fmt.Sprintf(
		"it is a version of %s: \"versions: fold\" in the configuration, or --versions fold, makes one type of all versions, %d instead of %d; \"versions: apart\" keeps them, without this note",
		edm.Shown(first.Base.Name.String()), len(versions), types)}}
}
