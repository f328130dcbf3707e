package overlay

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// inline adds the annotations of a reopened element, except for those about the overlay. It
// returns their number.
func (a *applier) inline(old *edm.Annotations, list edm.Annotations, element string) (count int) {
	reason := list.Get(edm.TermReason)
	for _, annotation := range list {
		if strings.HasPrefix(annotation.Term, "Callgen.") && annotation.Term != edm.TermOneOrMany && annotation.Term != edm.TermSecret {
			continue
		}
		count++
		if a.annotation([]*edm.Annotations{old}, annotation, reason, element) {
			*old = append(*old, annotation)
		}
	}
	return count
}

// external adds Annotations elements to a model that already has the rest of the overlay,
// and reports whether there are any.
func (a *applier) external(fragment *edm.Model) bool {
	any := false
	for _, s := range fragment.Schemas {
		for _, t := range s.External {
			a.target(a.into(s), t)
			any = true
		}
	}
	return any
}

func (a *applier) target(into *edm.Schema, t *edm.AnnotationTarget) {
	element := edm.Shown(t.Target)
	lists := a.model.Targets(t)
	if len(lists) == 0 {
		a.findings.Add(t.Pos, element, "neither the description nor the overlay declares the target: correct it")
		return
	}
	reason := edm.Annotations(t.Annotations).Get(edm.TermReason)
	if reason != nil {
		reason.Qualifier = "" // a qualifier belongs to the other annotations
	}
	var kept []*edm.Annotation
	for _, annotation := range t.Annotations {
		if annotation.Term != edm.TermReason && a.annotation(lists, annotation, reason, element) {
			kept = append(kept, annotation)
		}
	}
	t.Annotations = kept
	into.External = append(into.External, t)
}

// annotation reports whether an annotation should be added to elements. It removes the
// annotations that it replaces.
func (a *applier) annotation(lists []*edm.Annotations, annotation *edm.Annotation, reason *edm.Annotation, element string) bool {
	element += "@" + annotation.Term
	same := func(old *edm.Annotation) bool {
		return old.Term == annotation.Term && old.Qualifier == annotation.Qualifier
	}
	for _, list := range lists {
		for _, old := range slices.Clone(*list) {
			if !same(old) {
				continue
			}
			if old.Value.Equal(annotation.Value) {
				a.notNeeded(annotation.Pos, element)
				return false
			}
			a.remove(list, old)
		}
	}
	return a.reasoned(annotation.Pos, element, &annotation.Annotations, reason)
}

// remove removes an annotation from an element, and from the Annotations element that it
// came from, if any.
func (a *applier) remove(list *edm.Annotations, old *edm.Annotation) {
	is := func(o *edm.Annotation) bool { return o == old }
	*list = slices.DeleteFunc(*list, is)
	if !old.External {
		return
	}
	for _, s := range a.model.Schemas {
		for _, t := range s.External {
			t.Annotations = slices.DeleteFunc(t.Annotations, is)
		}
	}
}
