package edm

import "github.com/callgen/callgen/spec/diag"

// linker holds what the steps of linking share.
type linker struct {
	m      *Model
	scope  *scope
	faults diag.List
}

// Link resolves the names in a model and validates it. A modified model can be linked
// again. The error is a [*diag.Error] with all findings; the model is unusable then.
func (m *Model) Link() error {
	l := m.link()
	return l.faults.Strict()
}

// LinkLeniently is [Model.Link] for a description that its readers cannot correct: it
// removes invalid parts of the model, or keeps their JSON unchanged, and adds notes. Link
// would accept the resulting model.
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

// Qualify resolves the aliases in a model that is to be merged into another one, whose
// aliases may differ. Names of the schemas of known need no alias. The error is a
// [*diag.Error] with all findings.
func (m *Model) Qualify(known *Model) error {
	l := &linker{m: m}
	l.scope = newScope(m, &l.faults)
	for _, schema := range known.Schemas {
		l.scope.namespaces[schema.Namespace] = true
	}
	l.qualify()
	return l.faults.Strict()
}

// place is the position of a fault, formatted only if there is a fault.
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

// What happens to faulty elements.
const (
	leftOut    = "it is left out"
	firstHolds = "the first one is used"
	keptRaw    = "its JSON is kept as it is (Edm.Untyped)"
	passedOver = "it is ignored"
)

// fault records a fault that does not stop linking; see [diag.List.Fault].
func (l *linker) fault(at place, fix, done, format string, args ...any) {
	l.faults.Fault(at.pos, at.String(), fix, done, format, args...)
}

// declared records the first declarations of names.
type declared map[string]diag.Pos

// repeats reports whether a name was declared before, and where.
func (d declared) repeats(name string, pos diag.Pos) (diag.Pos, bool) {
	if name == "" {
		return pos, false // reported before
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
