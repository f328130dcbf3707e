package edm

import "github.com/callgen/callgen/spec/diag"

// linker carries what the steps of linking share.
type linker struct {
	m      *Model
	scope  *scope
	faults diag.List
}

// Link resolves what a model says by name and checks that it makes sense. A model
// that was changed can be linked again. The error is a [*diag.Error] with every
// finding; the model is of no use then.
func (m *Model) Link() error {
	l := m.link()
	return l.faults.Strict()
}

// LinkLeniently is [Model.Link] for a description that nobody here can correct: what
// makes no sense is left out of the model, or its JSON is kept as it is, and noted.
// The model is what Link has nothing to say about then.
func (m *Model) LinkLeniently() (notes *diag.List) {
	return &m.link().faults
}

func (m *Model) link() *linker {
	l := &linker{m: m}
	l.scope = newScope(m, &l.faults)
	l.qualify()
	l.schemas()
	l.index()
	l.bases()
	l.definitions()
	l.types()
	l.structures()
	l.enums()
	l.operations()
	l.container()
	l.annotations()
	l.oneOrMany()
	return l
}

// Qualify resolves the aliases in a model that is to become part of another one,
// whose aliases may differ. Names of the schemas of known need no alias. The error
// is a [*diag.Error] with every finding.
func (m *Model) Qualify(known *Model) error {
	l := &linker{m: m}
	l.scope = newScope(m, &l.faults)
	for _, schema := range known.Schemas {
		l.scope.namespaces[schema.Namespace] = true
	}
	l.qualify()
	return l.faults.Strict()
}

// place is where a fault is, put into words only when there is one.
type place struct {
	pos   diag.Pos
	owner QName
	part  string // of the owner; may be empty
}

func (p place) String() string {
	if p.part == "" {
		return Shown(p.owner.String())
	}
	return Shown(p.owner.String()) + "/" + Shown(p.part)
}

// What is made of faults.
const (
	leftOut    = "it is left out"
	firstHolds = "the first one holds"
	keptRaw    = "its JSON is kept as it is (Edm.Untyped)"
	passedOver = "it is ignored"
)

// fault records something wrong that linking goes on after; see [diag.List.Fault].
func (l *linker) fault(at place, fix, done, format string, args ...any) {
	l.faults.Fault(at.pos, at.String(), fix, done, format, args...)
}

// declared remembers where names were declared first.
type declared map[string]diag.Pos

// repeats reports whether a name was declared before, and where.
func (d declared) repeats(name string, pos diag.Pos) (diag.Pos, bool) {
	if name == "" {
		return pos, false // reported when it was read
	}
	first, ok := d[name]
	if !ok {
		d[name] = pos
	}
	return first, ok
}

// structured iterates over the entity and complex types in document order.
func (m *Model) structured(yield func(*StructuredType) bool) {
	for _, s := range m.Schemas {
		for _, t := range s.Types {
			if t, ok := t.(*StructuredType); ok && !yield(t) {
				return
			}
		}
	}
}
