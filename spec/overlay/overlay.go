// Package overlay merges into a description what documentation and real payloads show
// beyond it. An overlay is a small CSDL document whose schemas reopen those of the
// description:
//
//   - a type with the name of an existing type adds its properties or members and its
//     annotations to that type, and may make it open;
//   - a type with another name is added if it has the annotation Callgen.New;
//   - actions, functions, terms and elements of an entity container are added;
//   - an Annotations element adds annotations, and replaces existing ones with the same
//     term.
//
// Each of these entries states its reason: by the annotation Callgen.Reason on itself, on
// its type, or in its Annotations element. An entry that the description meanwhile declares
// itself is a finding, so that no entry outlives its reason.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package overlay

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Apply merges the overlay in data into a linked model, and links it again. The file name
// is used only for positions. The error is a [*diag.Error] with all findings; the model is
// unusable then.
func Apply(m *edm.Model, file string, data []byte) error {
	unneeded, err := Merge(m, file, data)
	var found diag.List
	found.AddError(err)
	if len(unneeded) > 0 {
		found.AddError(&diag.Error{Findings: unneeded})
	}
	return found.Err()
}

// Merge is [Apply] for a description that may be newer than the overlay: it ignores and
// returns entries that the description declares itself.
func Merge(m *edm.Model, file string, data []byte) (unneeded []diag.Finding, err error) {
	fragment, err := csdl.Parse(file, data)
	if err != nil {
		return nil, err
	}
	if err := fragment.Qualify(m); err != nil {
		return nil, err
	}
	a := &applier{model: m}
	for _, s := range fragment.Schemas {
		a.schema(s)
	}
	if fragment.Container != nil {
		a.container(fragment.Container)
	}
	m.Skipped = append(m.Skipped, fragment.Skipped...)
	a.findings.AddError(m.Link())
	if a.findings.Len() == 0 && a.external(fragment) {
		a.findings.AddError(m.Link())
	}
	return a.unneeded.Findings(), a.findings.Err()
}

// applier merges one overlay.
type applier struct {
	model    *edm.Model
	findings diag.List
	unneeded diag.List
}

func (a *applier) schema(s *edm.Schema) {
	into := a.into(s)
	for _, t := range s.Types {
		a.typ(into, t)
	}
	for _, o := range slices.Concat(s.Actions, s.Functions) {
		a.operation(into, o)
	}
	for _, t := range s.Terms {
		if a.model.Term(t.Name.String()) != nil {
			a.notNeeded(t.Pos, t.Name.String())
		} else if a.reasoned(t.Pos, t.Name.String(), &t.Annotations, nil) {
			into.Terms = append(into.Terms, t)
		}
	}
	a.inline(&into.Annotations, s.Annotations, s.Namespace)
}

// into returns the schema that s reopens, or a new one.
func (a *applier) into(s *edm.Schema) *edm.Schema {
	if old := a.model.Schema(s.Namespace); old != nil {
		return old
	}
	added := &edm.Schema{Namespace: s.Namespace, Pos: s.Pos}
	a.model.Schemas = append(a.model.Schemas, added)
	return added
}

func (a *applier) operation(into *edm.Schema, o *edm.Operation) {
	element := o.Name.String()
	same := func(old *edm.Operation) bool { return old.Overload() == o.Overload() }
	switch {
	case slices.ContainsFunc(a.model.Overloads(o.Name), same):
		a.notNeeded(o.Pos, element)
	case !a.reasoned(o.Pos, element, &o.Annotations, nil):
	case o.Function:
		into.Functions = append(into.Functions, o)
	default:
		into.Actions = append(into.Actions, o)
	}
}

// notNeeded reports an entry that the description declares too.
func (a *applier) notNeeded(pos diag.Pos, element string) {
	a.unneeded.Add(pos, element, "overlay entry no longer needed: remove it")
}

// reasoned reports whether an entry states its reason. It copies the reason from the
// surrounding element to the entry, which then has one wherever it ends up.
func (a *applier) reasoned(pos diag.Pos, element string, own *edm.Annotations, around *edm.Annotation) bool {
	if says(own.Get(edm.TermReason)) {
		return true
	}
	if says(around) {
		*own = append(*own, around)
		return true
	}
	a.findings.Add(pos, element, `overlay entry without a reason: add <Annotation Term="%s" String="…"/>`, edm.TermReason)
	return false
}

// says reports whether a reason is not empty.
func says(reason *edm.Annotation) bool {
	return reason != nil && reason.Value != nil && reason.Value.Kind == "String" && strings.TrimSpace(reason.Value.Value) != ""
}
