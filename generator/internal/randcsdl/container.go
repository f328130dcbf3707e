package randcsdl

import "strings"

// container declares the entity container: sets, singletons and imports.
func (g *maker) container() {
	if g.chance(5) {
		return
	}
	c := g.declare("EntityContainer")
	taken := make(map[string]bool)
	for range g.between(1, 5) {
		if t := g.keyed(); t != nil {
			set := c.element.child("EntitySet", "Name", g.names.name(taken), "EntityType", g.refer(&t.named))
			g.describe(set)
			g.restrict(set)
		}
	}
	for range g.between(0, 2) {
		single := c.element.child("Singleton", "Name", g.names.name(taken), "Type", g.refer(&g.someStructured(true).named))
		g.describe(single)
	}
	for _, a := range g.actions {
		c.element.child("ActionImport", "Name", g.names.name(taken), "Action", a.qualified())
	}
	for _, f := range g.functions {
		c.element.child("FunctionImport", "Name", g.names.name(taken), "Function", f.qualified())
	}
}

// keyed returns an entity type with a key, as sets need it, or nil.
func (g *maker) keyed() *structured {
	var list []*structured
	for _, t := range g.structured {
		if t.keyed {
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return pick(g.Rand, list)
}

// restrict annotates a set with restrictions.
func (g *maker) restrict(set *Element) {
	for _, r := range [][2]string{
		{"ReadRestrictions", "Readable"}, {"InsertRestrictions", "Insertable"}, {"UpdateRestrictions", "Updatable"}, {"DeleteRestrictions", "Deletable"},
	} {
		if g.chance(10) {
			set.child("Annotation", "Term", "Org.OData.Capabilities.V1."+r[0]).
				child("Record").child("PropertyValue", "Property", r[1], "Bool", "false")
		}
	}
}

func lastSegment(namespace string) string {
	return namespace[strings.LastIndexByte(namespace, '.')+1:]
}
