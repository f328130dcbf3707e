// Package fold makes one type of all versions of a type: services such as Redfish publish
// each version of a type in a namespace of its own, Chassis.v1_28_0.Chassis, which derives
// from the version before, while documents and programs mean one type, Chassis.Chassis.
//
// A folded type has the properties of all its versions. Where several versions declare the
// same, the newest holds. Revisions tell since which version there is a part.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package fold

import (
	"cmp"
	"slices"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Versions folds the versions in a model: one that is qualified (see
// [edm.Model.QualifyLeniently]) and not linked yet. It returns notes about what the versions
// declare differently.
func Versions(m *edm.Model) []diag.Finding {
	f := &folder{model: m, families: make(map[string]*family), declared: make(map[edm.QName]bool)}
	f.collect()
	m.Rename(f.name)
	f.schemas()
	f.containers()
	f.aliases()
	m.Folded = true
	return f.notes.Findings()
}

// folder folds one model.
type folder struct {
	model    *edm.Model
	order    []*family // as the description has them
	families map[string]*family
	declared map[edm.QName]bool // names that are folded
	notes    diag.List
}

// family is a namespace with its versions.
type family struct {
	namespace string
	schemas   []versioned // from the oldest to the newest, the one without version first
}

// versioned is a schema and its version.
type versioned struct {
	*edm.Schema
	version version
}

// collect sorts the schemas into families, and notes what they declare.
func (f *folder) collect() {
	for _, s := range f.model.Schemas {
		namespace, v := split(s.Namespace)
		fam := f.families[namespace]
		if fam == nil {
			fam = &family{namespace: namespace}
			f.families[namespace] = fam
			f.order = append(f.order, fam)
		}
		fam.schemas = append(fam.schemas, versioned{s, v})
		for _, t := range s.Types {
			f.declared[edm.QName{Namespace: namespace, Name: t.TypeName().Name}] = true
		}
		for _, o := range slices.Concat(s.Actions, s.Functions) {
			f.declared[edm.QName{Namespace: namespace, Name: o.Name.Name}] = true
		}
	}
	for _, c := range containersOf(f.model) {
		f.declared[withoutVersion(c.Name)] = true
	}
	for _, fam := range f.order {
		slices.SortStableFunc(fam.schemas, func(a, b versioned) int { return a.version.compare(b.version) })
	}
}

// name returns the folded name for a name, if there is one in the description: even that of
// a version that it does not have.
func (f *folder) name(q edm.QName) edm.QName {
	if folded := withoutVersion(q); f.declared[folded] {
		return folded
	}
	return q
}

// schemas replaces the schemas of each family by one. Terms stay where they are: annotations
// name them, and nothing in a document does.
func (f *folder) schemas() {
	f.model.Schemas = nil
	for _, fam := range f.order {
		var terms []*edm.Schema
		for _, s := range fam.schemas {
			if len(s.Terms) > 0 && s.version != nil {
				terms = append(terms, &edm.Schema{Namespace: s.Namespace, Alias: s.Alias, Terms: s.Terms, Annotations: s.Annotations, Pos: s.Pos})
				s.Terms = nil
			}
		}
		if len(fam.schemas) == 1 && fam.schemas[0].version == nil {
			f.model.Schemas = append(f.model.Schemas, fam.schemas[0].Schema)
			continue
		}
		if s := f.schema(fam); len(s.Types)+len(s.Actions)+len(s.Functions)+len(s.External) > 0 || len(terms) == 0 {
			f.model.Schemas = append(f.model.Schemas, s)
		}
		f.model.Schemas = append(f.model.Schemas, terms...)
	}
}

// schema makes one schema of a family.
func (f *folder) schema(fam *family) *edm.Schema {
	folded := &edm.Schema{Namespace: fam.namespace, Pos: fam.schemas[0].Pos}
	types := newGroups[edm.Type]()
	operations := newGroups[*edm.Operation]()
	for _, s := range fam.schemas {
		if s.version == nil {
			folded.Alias = s.Alias
		}
		folded.Terms = append(folded.Terms, s.Terms...)
		folded.External = append(folded.External, s.External...)
		for _, t := range s.Types {
			types.add(t.TypeName().Name, s.version, t)
		}
		for _, o := range slices.Concat(s.Actions, s.Functions) {
			o.Name.Namespace = fam.namespace
			operations.add(o.Overload(), s.version, o)
		}
	}
	folded.Annotations = fam.schemas[0].Annotations
	first := fam.first()
	for _, g := range types.list {
		name := edm.QName{Namespace: fam.namespace, Name: g.name}
		folded.Types = append(folded.Types, f.typ(name, g, first))
	}
	for _, g := range operations.list {
		switch o := g.newest(); {
		case o.Function:
			folded.Functions = append(folded.Functions, o)
		default:
			folded.Actions = append(folded.Actions, o)
		}
	}
	return folded
}

// first returns the oldest version of a family, nil if it has none.
func (f *family) first() version {
	for _, s := range f.schemas {
		if s.version != nil {
			return s.version
		}
	}
	return nil
}

// group holds the declarations of one name, from the oldest to the newest version.
type group[T any] struct {
	name     string
	versions []version
	all      []T
}

func (g *group[T]) newest() T { return g.all[len(g.all)-1] }

// oldest returns the oldest version that there is besides a declaration without one, which
// is what the versions have in common.
func (g *group[T]) oldest() version {
	if g.versions[0] == nil && len(g.versions) > 1 {
		return g.versions[1]
	}
	return g.versions[0]
}

// groups holds groups in the order of their first declarations.
type groups[T any] struct {
	list   []*group[T]
	byName map[string]*group[T]
}

func newGroups[T any]() *groups[T] { return &groups[T]{byName: make(map[string]*group[T])} }

// add adds a declaration, unless the same version declares the name a second time.
func (g *groups[T]) add(name string, v version, declared T) {
	one := g.byName[name]
	if one == nil {
		one = &group[T]{name: name}
		g.byName[name] = one
		g.list = append(g.list, one)
	}
	if last := len(one.versions) - 1; last >= 0 && one.versions[last].compare(v) == 0 {
		return
	}
	one.versions, one.all = append(one.versions, v), append(one.all, declared)
}

// containersOf returns the containers of a model.
func containersOf(m *edm.Model) []*edm.EntityContainer {
	if m.Container == nil {
		return m.More
	}
	return append([]*edm.EntityContainer{m.Container}, m.More...)
}

// containers makes one container of the versions of a container.
func (f *folder) containers() {
	if f.model.Container == nil && len(f.model.More) == 0 {
		return
	}
	all := containersOf(f.model)
	versions := make(map[*edm.EntityContainer]version, len(all))
	for _, c := range all {
		_, versions[c] = split(c.Name.Namespace)
		c.Name = withoutVersion(c.Name)
	}
	slices.SortStableFunc(all, func(a, b *edm.EntityContainer) int {
		return cmp.Or(cmp.Compare(a.Name.String(), b.Name.String()), versions[b].compare(versions[a]))
	})
	var folded []*edm.EntityContainer
	for _, c := range all {
		if c.ExtendedName() == c.Name {
			c.Extend(edm.QName{})
		}
		last := len(folded) - 1
		if last < 0 || folded[last].Name != c.Name {
			folded = append(folded, c)
			continue
		}
		newer := folded[last]
		newer.Referenced = newer.Referenced && c.Referenced
		newer.EntitySets = union(newer.EntitySets, c.EntitySets, func(s *edm.EntitySet) string { return s.Name })
		newer.Singletons = union(newer.Singletons, c.Singletons, func(s *edm.Singleton) string { return s.Name })
		newer.ActionImports = union(newer.ActionImports, c.ActionImports, func(i *edm.OperationImport) string { return i.Name })
		newer.FunctionImports = union(newer.FunctionImports, c.FunctionImports, func(i *edm.OperationImport) string { return i.Name })
	}
	f.model.Container, f.model.More = nil, folded
	if main := slices.IndexFunc(folded, func(c *edm.EntityContainer) bool { return !c.Referenced }); main >= 0 {
		f.model.Container = folded[main]
		f.model.More = slices.Delete(folded, main, main+1)
	}
}

// union adds what an older version has beyond a newer one, before it.
func union[T any](newer, older []T, name func(T) string) []T {
	has := make(map[string]bool, len(newer))
	for _, n := range newer {
		has[name(n)] = true
	}
	added := slices.DeleteFunc(slices.Clone(older), func(o T) bool { return has[name(o)] })
	return append(added, newer...)
}

// aliases removes aliases that are namespaces now. The model is qualified, so that nothing else
// than documents needs aliases; those of versions stand for what these are folded into.
func (f *folder) aliases() {
	for _, s := range f.model.Schemas {
		if f.families[s.Alias] != nil {
			s.Alias = ""
		}
	}
	for _, ref := range f.model.References {
		for _, inc := range ref.Includes {
			if f.families[inc.Alias] != nil {
				inc.Alias = ""
			}
			if family, _ := split(inc.Namespace); f.families[family] != nil {
				inc.Namespace = family
			}
		}
	}
}
