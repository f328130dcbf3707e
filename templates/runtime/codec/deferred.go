package codec

// This file keeps the texts of values that do not fit their declared type. A
// collection shows it only after some of its elements were decoded, and these can
// have kept texts that do not fit, too: copying each, depth times, would take time
// and memory that grow with the square of the input. So they are copied at the end,
// the outer ones first, of which the inner ones are parts.

// span is a part of the input.
type span struct{ start, end int }

// deferred is a kept member whose text is still to be copied.
type deferred struct {
	member *member
	span   span
}

// noteDeferred notes the members among those just kept whose text is still to be copied.
// Their spans are the last ones: objects end from the inside out.
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

// ownDeferred copies the texts. Backwards, an outer one comes before the inner ones.
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
