package codec

// This file keeps the texts of values that do not fit their declared type. A collection may
// turn out not to fit after some of its elements kept texts of their own; copying each of them
// at every depth would take quadratic time and memory. So texts are copied at the end, outer
// ones first, of which the inner ones are parts.

// span is a part of the input.
type span struct{ start, end int }

// deferred is a kept member whose text has yet to be copied.
type deferred struct {
	member *member
	span   span
}

// noteDeferred records the members just kept whose text has yet to be copied. Their spans are
// the last ones: objects end from the inside out.
func (d *decoder) noteDeferred(k *kept) {
	for i := len(k.members) - 1; i >= 0 && len(d.spans) > 0; i-- {
		if m := &k.members[i]; m.role == roleLate {
			last := len(d.spans) - 1
			m.role = roleMismatch
			d.deferred = append(d.deferred, deferred{m, d.spans[last]})
			d.spans = d.spans[:last]
		}
	}
}

// ownDeferred copies the texts. In reverse order, outer ones come before inner ones.
func (d *decoder) ownDeferred() {
	var outer span
	var text string
	for i := len(d.deferred) - 1; i >= 0; i-- {
		l := &d.deferred[i]
		if l.span.start < outer.start || l.span.end > outer.end {
			outer, text = l.span, d.own(d.text[l.span.start:l.span.end])
		}
		l.member.raw = text[l.span.start-outer.start : l.span.end-outer.start]
	}
}
