package fold

import (
	"slices"

	"github.com/callgen/callgen/spec/edm"
)

// typ folds the versions of a type. first is the oldest version of its family.
func (f *folder) typ(name edm.QName, g *group[edm.Type], first version) edm.Type {
	g = f.alike(name, g)
	var folded edm.Type
	var annotations *edm.Annotations
	switch g.newest().(type) {
	case *edm.StructuredType:
		t := f.structured(name, versionsOf[*edm.StructuredType](g))
		folded, annotations = t, &t.Annotations
	case *edm.EnumType:
		t := f.enum(name, versionsOf[*edm.EnumType](g))
		folded, annotations = t, &t.Annotations
	case *edm.TypeDefinition:
		d := versionsOf[*edm.TypeDefinition](g).newest()
		d.Name = name
		folded, annotations = d, &d.Annotations
	}
	if oldest := g.versions[0]; first != nil && oldest.compare(first) > 0 {
		since(annotations, oldest, g.newest().Position())
	}
	return folded
}

// alike leaves out the versions of a type that are of another kind than the newest.
func (f *folder) alike(name edm.QName, g *group[edm.Type]) *group[edm.Type] {
	kind := kindOf(g.newest())
	same := &group[edm.Type]{name: g.name}
	for i, t := range g.all {
		if kindOf(t) == kind {
			same.versions, same.all = append(same.versions, g.versions[i]), append(same.all, t)
			continue
		}
		f.notes.Add(g.newest().Position(), name.String(), "it is %s in its newest version, and %s at %v: what is declared there is left out", kind, kindOf(t), t.Position())
	}
	return same
}

func kindOf(t edm.Type) string {
	switch t := t.(type) {
	case *edm.StructuredType:
		if t.Kind == edm.Complex {
			return "a complex type"
		}
		return "an entity type"
	case *edm.EnumType:
		return "an enum type"
	}
	return "a type definition"
}

func versionsOf[T edm.Type](g *group[edm.Type]) *group[T] {
	all := &group[T]{name: g.name, versions: g.versions}
	for _, t := range g.all {
		if t, ok := t.(T); ok {
			all.all = append(all.all, t)
		}
	}
	return all
}

// structured folds the versions of an entity or complex type. Its base type is the newest
// one that is not a version of itself.
func (f *folder) structured(name edm.QName, g *group[*edm.StructuredType]) *edm.StructuredType {
	newest := g.newest()
	folded := &edm.StructuredType{Kind: newest.Kind, Name: name, Abstract: newest.Abstract, Pos: newest.Pos}
	members := &members{folder: f, of: folded, at: make(map[string]*member), gone: make(map[any]bool)}
	for i, t := range g.all {
		if base := t.BaseType(); base != name && base != (edm.QName{}) {
			folded.DeriveFrom(base)
		}
		folded.Open, folded.HasStream = folded.Open || t.Open, folded.HasStream || t.HasStream
		if len(t.Key) > 0 {
			folded.Key = t.Key
		}
		folded.Annotations = newer(folded.Annotations, t.Annotations)
		members.add(t, g.versions[i])
	}
	members.mark(g.oldest())
	return folded
}

// enum folds the versions of an enum type.
func (f *folder) enum(name edm.QName, g *group[*edm.EnumType]) *edm.EnumType {
	newest := g.newest()
	folded := &edm.EnumType{Name: name, Underlying: newest.Underlying, Flags: newest.Flags, Pos: newest.Pos}
	at := make(map[string]int)
	for i, t := range g.all {
		folded.Annotations = newer(folded.Annotations, t.Annotations)
		for _, m := range t.Members {
			place, older := at[m.Name]
			switch {
			case older:
				m.Annotations = newer(folded.Members[place].Annotations, m.Annotations)
				folded.Members[place] = m
				continue
			case g.versions[i].compare(g.oldest()) > 0:
				since(&m.Annotations, g.versions[i], m.Pos)
			}
			at[m.Name] = len(folded.Members)
			folded.Members = append(folded.Members, m)
		}
	}
	return folded
}

// newer returns the annotations of a newer declaration, and those of an older one whose
// terms it does not have.
func newer(older, newer edm.Annotations) edm.Annotations {
	if len(older) == 0 {
		return newer
	}
	all := slices.Clone(newer)
	has := make(map[[2]string]bool, len(newer))
	for _, a := range newer {
		has[[2]string{a.Term, a.Qualifier}] = true
	}
	for _, a := range older {
		if !has[[2]string{a.Term, a.Qualifier}] {
			all = append(all, a)
		}
	}
	return all
}
