package codec

import (
	"slices"
	"time"
)

// document decodes the whole input as one object.
func (d *decoder) document(t *typ, obj ref) error {
	d.pos = 0
	err := d.topLevel(t, obj)
	if err != nil {
		return extendPath(err, "$")
	}
	return nil
}

func (d *decoder) topLevel(t *typ, obj ref) error {
	if d.ws() != '{' {
		return d.syntax("a JSON object is expected")
	}
	if d.refused != nil {
		return d.refused
	}
	if err := d.object(t, obj); err != nil {
		return err
	}
	if d.ws(); d.pos < d.end {
		return d.syntax("nothing may follow the document")
	}
	d.ownDeferred()
	return nil
}

// enter counts a level of nesting; leave ends it.
func (d *decoder) enter() error {
	if d.depth >= d.maxDepth {
		return d.tooDeep()
	}
	d.depth++
	return nil
}

func (d *decoder) leave() { d.depth-- }

// objectState is the state of the object being decoded.
type objectState struct {
	seen  bitset
	names nameSet // of undeclared members
	base  int     // where its kept members begin in decoder.members
	last  int     // the declared member decoded last, or the number of fields
	typed bool    // @odata.type was seen
}

// object decodes the object at the cursor, which is at its brace, into the new struct obj.
func (d *decoder) object(t *typ, obj ref) error {
	return d.objectOf(t, obj, t.prefix.at(d.text, d.pos))
}

// objectOf is like object; prefixed reports whether the object begins with t.prefix.
func (d *decoder) objectOf(t *typ, obj ref, prefixed bool) error {
	if err := d.enter(); err != nil {
		return err
	}
	ad := additional(t, obj)
	s := objectState{base: len(d.members), last: len(t.hots) - 1}
	more, err := d.open(t, ad, &s, prefixed)
	for more && err == nil {
		if d.text[d.pos] != '"' && d.ws() != '"' {
			return d.syntax("a member name in quotes is expected")
		}
		if i := d.guess(t, s.last); i < 0 {
			err = d.member(t, obj, ad, &s)
		} else if !d.expected(t, i, obj, &s) {
			start := d.pos
			d.pos += int(t.hots[i].length)
			err = d.declared(t, obj, i, &s, start)
		}
		if err != nil {
			return err
		}
		if d.text[d.pos] == ',' { // what mostly follows
			d.pos++
			continue
		}
		more, err = d.comma('}')
	}
	if err != nil {
		return err
	}
	d.keep(t, ad, &s)
	d.leave()
	return nil
}

// open reads the opening brace, and the @odata.type after it if it is the usual
// one. It returns false if that was the whole object.
func (d *decoder) open(t *typ, ad *AdditionalData, s *objectState, prefixed bool) (bool, error) {
	if prefixed {
		d.pos += t.prefix.length
		ad.odataType = &t.text
		s.typed = true
		return d.comma('}')
	}
	ad.odataType = &noType
	d.pos++
	if d.ws() == '}' {
		d.pos++
		return false, nil
	}
	return true, nil
}

// guess returns the field whose name is at the cursor, without white space after it, if it
// followed the last field in an earlier document; otherwise -1.
func (d *decoder) guess(t *typ, last int) int {
	guesses := t.hots[last].follows.Load()
	for guesses != 0 {
		if i := int(guesses&0xffff) - 1; t.hots[i].at(d.text, d.pos) {
			return i
		}
		guesses >>= 16
	}
	return -1
}

// expected decodes the member of field i at the cursor if it has one of the usual values: null,
// or a string without escapes, a boolean or a time for a field of that kind. Otherwise the
// cursor does not move.
func (d *decoder) expected(t *typ, i int, obj ref, s *objectState) bool {
	h := &t.hots[i]
	start := d.pos + int(h.length)
	bit := uint64(1) << (i % 64)
	if i >= 64*len(s.seen.low) || s.seen.low[i/64]&bit != 0 {
		return false
	}
	end := start
	if h.kind > kindText || d.text[start] != '"' {
		if end = d.expectedOther(t, i, obj, start); end == 0 {
			return false
		}
	} else {
		start++
		end = d.plain(start)
		if d.text[end] != '"' {
			return false
		}
		text := d.text[start:end]
		end++
		if h.kind == kindString {
			*hotSlot[*string](obj, t, i) = d.newString(text)
		} else if text != "" {
			setHotString(obj, t, i, d.own(text))
		} else {
			return false
		}
	}
	s.seen.low[i/64] |= bit
	s.last = i
	d.pos = end
	return true
}

// expectedOther is expected for a value at start other than a string: it returns where the
// value ends, or 0.
func (d *decoder) expectedOther(t *typ, i int, obj ref, start int) int {
	const null, true4, fals = 'n' | 'u'<<8 | 'l'<<16 | 'l'<<24, 't' | 'r'<<8 | 'u'<<16 | 'e'<<24, 'f' | 'a'<<8 | 'l'<<16 | 's'<<24
	switch kind, four := t.hots[i].kind, half(d.text, start); {
	case four == null:
		d.members = append(d.members, member{raw: "null", field: int32(i), role: roleNull})
		return start + 4
	case kind == kindBool && four == true4:
		*hotSlot[*bool](obj, t, i) = new(true)
		return start + 4
	case kind == kindBool && four == fals && d.text[start+4] == 'e':
		*hotSlot[*bool](obj, t, i) = new(false)
		return start + 5
	case kind == kindTime && d.text[start] == '"':
		v, n := utcTime(d.text[start+1:])
		if end := start + 1 + n; n > 0 && d.text[end] == '"' {
			*hotSlot[*time.Time](obj, t, i) = &v
			return end + 1
		}
	}
	return 0
}

// member decodes the member at the cursor, which is at the quote of its name.
func (d *decoder) member(t *typ, obj ref, ad *AdditionalData, s *objectState) error {
	start := d.pos
	name, err := d.name()
	if err != nil {
		return err
	}
	if i := t.find(name); i >= 0 {
		t.expect(s.last, i)
		return d.declared(t, obj, i, s, start)
	}
	if t.isEnvelope {
		if i := t.findControl(name); i >= 0 {
			return d.declared(t, obj, i, s, start)
		}
	}
	if name == odataTypeName {
		return d.control(t, ad, s, start)
	}
	if s.names.add(d.members[s.base:], name) {
		return duplicate(start, name)
	}
	return d.keepRaw(member{name: d.own(name), field: fieldUndeclared, role: roleExtra})
}

// expect makes field i the first guess for the successor of the field last, and the previous
// first guess the second: two indices of 16 bits, plus one each. Documents of one service have
// a stable order, so the next member is usually found with one or two comparisons.
func (t *typ) expect(last, i int) {
	follows := &t.hots[last].follows
	if first := follows.Load() & 0xffff; first != uint32(i+1) { // else there is white space
		follows.Store(uint32(i+1) | first<<16)
	}
}

func duplicate(pos int, name string) error {
	return &DecodeError{Offset: pos, Msg: "the object names the member " + string(appendString(nil, name)) + " twice"}
}

// declared decodes the value of the property with index i.
func (d *decoder) declared(t *typ, obj ref, i int, s *objectState, start int) error {
	f := &t.fields[i]
	if s.seen.add(i) {
		return duplicate(start, f.name)
	}
	s.last = i
	c := d.text[d.pos]
	if c <= ' ' {
		c = d.ws()
	}
	if c == 'n' {
		d.members = append(d.members, member{raw: "null", field: int32(i), role: roleNull})
		return d.literal("null")
	}
	if c == '"' && t.hots[i].kind == kindString {
		text, lossy, err := d.str()
		if err != nil {
			return within(err, f.name)
		}
		if !lossy {
			*hotSlot[*string](obj, t, i) = d.newString(text)
			return nil
		}
		d.pos = start
		if _, err := d.name(); err != nil {
			return err
		}
		d.ws()
	}
	valueStart, depth := d.pos, d.depth
	how, err := f.codec.decode(d, obj, f)
	if err != nil {
		return within(err, f.name)
	}
	if how == fits {
		return nil
	}
	d.depth = depth
	return d.unusual(t, i, how, valueStart)
}

// unusual keeps the text of a value that its field does not hold exactly. If it does not fit
// at all, the cursor is still at the value or behind it.
func (d *decoder) unusual(t *typ, i int, how fit, valueStart int) error {
	f := &t.fields[i]
	if how == misfit && d.strict {
		return within(&DecodeError{Offset: valueStart, Msg: "the value does not fit the declared type"}, f.name)
	}
	if how == misfit && d.pos == valueStart {
		if err := d.skip(); err != nil {
			return within(err, f.name)
		}
	}
	m := member{name: f.name, field: int32(i)}
	if how == misfit && t.hots[i].kind == kindOther && !textIsOwned {
		m.role = roleLate
		d.spans = append(d.spans, span{valueStart, d.pos})
		d.members = append(d.members, m)
		return nil
	}
	m.raw = d.own(d.text[valueStart:d.pos])
	switch how {
	case inexact:
		m.role = roleExact
	case asZero:
		m.role = roleZero
	default:
		m.role = roleMismatch
	}
	d.members = append(d.members, m)
	return nil
}

// keepRaw keeps the text of the value at the cursor.
func (d *decoder) keepRaw(m member) error {
	d.ws()
	start := d.pos
	if err := d.skip(); err != nil {
		return within(err, m.name)
	}
	m.raw = d.own(d.text[start:d.pos])
	d.members = append(d.members, m)
	return nil
}

// control reads the value of @odata.type.
func (d *decoder) control(t *typ, ad *AdditionalData, s *objectState, start int) error {
	if s.typed {
		return duplicate(start, odataTypeName)
	}
	s.typed = true
	if d.ws() == '"' {
		before := d.pos
		text, lossy, err := d.str()
		if err != nil {
			return within(err, odataTypeName)
		}
		if text == t.text {
			ad.odataType = &t.text
			return nil
		}
		if !lossy && text != "" {
			ad.odataType = d.newString(text)
			return nil
		}
		d.pos = before
	}
	return d.keepRaw(member{name: odataTypeName, field: fieldUndeclared, role: roleExtra})
}

// keep moves the object's kept members out of the decoder.
func (d *decoder) keep(t *typ, ad *AdditionalData, s *objectState) {
	list := d.members[s.base:]
	if len(list) == 0 {
		return
	}
	if ad.kept = t.nulls(list); ad.kept == nil {
		ad.kept = t.newKept(list)
		d.noteDeferred(ad.kept)
	}
	clear(list)
	d.members = d.members[:s.base]
}

// nulls returns the shared kept of objects with these members if they are all nulls of
// declared properties, otherwise nil.
func (t *typ) nulls(list []member) *kept {
	hash := uint32(len(list))
	for i := range list {
		if list[i].role != roleNull {
			return nil
		}
		hash = hash*31 + uint32(list[i].field)
	}
	place := &t.onlyNulls[hash%uint32(len(t.onlyNulls))]
	if k := place.Load(); k != nil && slices.EqualFunc(k.members, list, func(a, b member) bool { return a.field == b.field }) {
		return k
	}
	k := t.newKept(list)
	place.Store(k)
	return k
}

// newKept copies members out of the scratch space; a few of them need one allocation. Nulls get
// their names here.
func (t *typ) newKept(list []member) *kept {
	var k *kept
	switch n := len(list); {
	case n <= 2:
		few := new(struct {
			kept
			array [2]member
		})
		k, few.members = &few.kept, few.array[:n:n]
	case n <= 4:
		few := new(struct {
			kept
			array [4]member
		})
		k, few.members = &few.kept, few.array[:n:n]
	default:
		k = &kept{members: make([]member, n)}
	}
	copy(k.members, list)
	for i := range k.members {
		m := &k.members[i]
		k.exact = k.exact || m.role == roleExact
		if m.role == roleNull {
			m.name = t.fields[m.field].name
		}
	}
	return k
}

// bitset records the declared members that an object has had.
type bitset struct {
	low  [4]uint64
	high []uint64 // for types of more than 256 properties
}

// add sets bit i and reports whether it was set.
func (b *bitset) add(i int) bool {
	word := i / 64
	if word < len(b.low) {
		bit := uint64(1) << (i % 64)
		had := b.low[word]&bit != 0
		b.low[word] |= bit
		return had
	}
	word -= len(b.low)
	for len(b.high) <= word {
		b.high = append(b.high, 0)
	}
	bit := uint64(1) << (i % 64)
	had := b.high[word]&bit != 0
	b.high[word] |= bit
	return had
}

// nameSet finds repeated undeclared names: by linear search while there are few, and with a
// map once there are many.
type nameSet struct {
	names map[string]struct{}
}

const fewNames = 16

// add reports whether name is among the undeclared members so far.
func (n *nameSet) add(members []member, name string) bool {
	if n.names == nil {
		if len(members) < fewNames {
			for i := range members {
				if members[i].name == name && members[i].field < 0 { // nulls get their names later
					return true
				}
			}
			return false
		}
		n.names = make(map[string]struct{}, 4*fewNames)
		for i := range members {
			if members[i].field < 0 {
				n.names[members[i].name] = struct{}{}
			}
		}
	}
	_, had := n.names[name]
	n.names[name] = struct{}{}
	return had
}
