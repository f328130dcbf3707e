package codec

import (
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
)

// polymorph is a value of a polymorphic type: a struct and its type.
type polymorph struct {
	box box
	obj ref
}

// union describes a polymorphic type: an interface implemented by a base type and its derived
// types.
type union struct {
	boxer
	types    map[string]reflect.Type // the structs by qualified name
	abstract map[string]reflect.Type
	base     reflect.Type
	names    *typeList // says what documents mean by other names

	// Variants are added when they are first seen, and only from types, so that no input can
	// make the maps grow beyond the schema.
	known atomic.Pointer[variantMaps]
}

type variant struct {
	t        *typ
	box      box
	abstract bool
}

// fewVariants are searched before the maps are used.
const fewVariants = 6

type variantMaps struct {
	byName map[string]*variant
	byBox  map[box]*variant
	list   []*variant // in the order in which they were first seen
	base   *variant   // for an absent or unknown @odata.type
}

var unions sync.Map // reflect.Type of an interface → *union

// unionFor returns the union of an interface type, given typed nil pointers to the structs
// that implement it, the base type first. Without them it returns the union if it is known from
// an earlier use, otherwise nil.
func unionFor(rt reflect.Type, types *typeList) *union {
	if u, ok := unions.Load(rt); ok {
		return u.(*union)
	}
	if types == nil {
		return nil
	}
	list := types.all()
	u, _ := unions.LoadOrStore(rt, &union{
		boxer: boxer{rt}, types: byName(list), abstract: byName(types.allAbstract()), base: reflect.TypeOf(list[0]).Elem(),
		names: types,
	})
	return u.(*union)
}

// lookUp returns the variant for an @odata.type name, the base for a name of no type.
func (u *union) lookUp(name string) (*variant, error) {
	maps, err := u.maps()
	if err != nil {
		return nil, err
	}
	for range 2 {
		if v, ok := maps.byName[name]; ok {
			return v, nil
		}
		if rt, ok := u.types[name]; ok {
			return u.add(rt)
		}
		name = u.names.declared(name)
	}
	return maps.base, nil
}

// boxed returns the variant of a value and the variant of the base type.
func (u *union) boxed(p polymorph) (v, base *variant, err error) {
	maps, err := u.maps()
	if err != nil {
		return nil, nil, err
	}
	for _, v := range maps.list[:min(len(maps.list), fewVariants)] {
		if v.box == p.box {
			return v, maps.base, nil
		}
	}
	v, ok := maps.byBox[p.box]
	if !ok {
		v, err = u.held(u.typeOfBox(p))
	}
	return v, maps.base, err
}

// held returns the variant of a type seen for the first time: a pointer to a struct in types,
// which is added, or a type that a program declares around such a struct, which is not added,
// because documents must not be decoded into it.
func (u *union) held(pointer reflect.Type) (*variant, error) {
	if pointer.Kind() != reflect.Pointer || pointer.Elem().Kind() != reflect.Struct {
		return nil, errorf("a %v cannot be sent: only pointers to generated structs can", pointer)
	}
	t, err := typeFor(pointer.Elem())
	if err != nil {
		return nil, errorf("a %v cannot be sent: %v", pointer, err)
	}
	listed, ok := u.types[t.name]
	switch {
	case !ok: // a name of its own
		return &variant{t: t}, nil
	case listed == t.rtype:
		return u.add(listed)
	}
	embedded, err := typeFor(listed)
	if err == nil && len(embedded.fields) != len(t.fields) {
		err = errorf("a %v has fields that %s does not have: send the generated struct that it embeds", pointer, t.name)
	}
	_, abstract := u.abstract[t.name]
	return &variant{t: t, abstract: abstract}, err
}

func (u *union) maps() (*variantMaps, error) {
	if m := u.known.Load(); m != nil {
		return m, nil
	}
	if _, err := u.add(u.base); err != nil {
		return nil, err
	}
	return u.known.Load(), nil
}

// add adds the variant of a struct type. The first one is the base.
func (u *union) add(rt reflect.Type) (*variant, error) {
	t, err := typeFor(rt)
	if err != nil {
		return nil, err
	}
	_, abstract := u.abstract[t.name]
	v := &variant{t: t, box: u.boxOf(t), abstract: abstract}
	for {
		old := u.known.Load()
		m := &variantMaps{byName: map[string]*variant{t.name: v}, byBox: map[box]*variant{v.box: v}, base: v, list: []*variant{v}}
		if old != nil {
			m.base, m.list = old.base, append(slices.Clone(old.list), v)
			for name, v := range old.byName {
				m.byName[name] = v
			}
			for box, v := range old.byBox {
				m.byBox[box] = v
			}
		}
		if u.known.CompareAndSwap(old, m) {
			return v, nil
		}
	}
}

// object decodes the object at the cursor into the type that the object names.
func (u *union) object(d *decoder) (polymorph, error) {
	v, prefixed, err := u.variantAt(d)
	if err != nil {
		return polymorph{}, err
	}
	p := polymorph{box: v.box, obj: newStruct(v.t)}
	return p, d.objectOf(v.t, p.obj, prefixed)
}

// variantAt returns the variant named by the object at the cursor, and reports whether the
// object begins with the variant's prefix, as most do.
func (u *union) variantAt(d *decoder) (v *variant, prefixed bool, err error) {
	if maps := u.known.Load(); maps != nil {
		for _, v := range maps.list[:min(len(maps.list), fewVariants)] {
			if v.t.prefix.at(d.text, d.pos) {
				return v, true, nil
			}
		}
	}
	v, err = u.lookUp(typeName(d.typeAhead()))
	return v, err == nil && v.t.prefix.at(d.text, d.pos), err
}

// encode appends a value in a position for any of the union's types.
func (u *union) encode(e *encoder, buf []byte, p polymorph) ([]byte, error) {
	if p.box == nil {
		return append(buf, "null"...), nil
	}
	v, base, err := u.boxed(p)
	if err != nil {
		return nil, err
	}
	if isNilRef(p.obj) {
		return append(buf, "null"...), nil
	}
	if v.abstract && e.sending && additional(v.t, p.obj).odataType == nil {
		return nil, errorf("%s is abstract, it was not decoded, and so cannot be sent: use a type derived from it", v.t.name)
	}
	at := openPosition
	if v != base {
		at = basePosition
	}
	return e.object(buf, v.t, p.obj, at)
}

// unionCodec is for AnyX, where X has derived types.
type unionCodec struct{ *union }

func (c *unionCodec) decode(d *decoder, obj ref, f *field) (fit, error) {
	if d.text[d.pos] != '{' {
		return misfit, nil
	}
	p, err := c.object(d)
	if err == nil {
		setUnionSlot(obj, f, p)
	}
	return fits, err
}

func (c *unionCodec) encode(e *encoder, buf []byte, obj ref, f *field) ([]byte, error) {
	return c.union.encode(e, buf, unionSlot(obj, f))
}

func (*unionCodec) same(ref, *field, string) bool { return false } // never inexact

// unionsCodec is for []AnyX.
type unionsCodec struct{ *union }

func (c *unionsCodec) decode(d *decoder, obj ref, f *field) (fit, error) {
	base := len(d.unions)
	how, err := d.array(func() (fit, error) {
		switch d.text[d.pos] {
		case 'n':
			d.unions = append(d.unions, polymorph{})
			return fits, d.literal("null")
		case '{':
			p, err := c.object(d)
			d.unions = append(d.unions, p)
			return fits, err
		}
		return misfit, nil
	})
	if err == nil && how != misfit {
		setUnions(obj, f, d.unions[base:])
	}
	clear(d.unions[base:])
	d.unions = d.unions[:base]
	return how, err
}

func (c *unionsCodec) encode(e *encoder, buf []byte, obj ref, f *field) (_ []byte, err error) {
	buf = append(buf, '[')
	for i := range unionsLen(obj, f) {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf, err = c.union.encode(e, buf, unionsAt(obj, f, i)); err != nil {
			return nil, withinIndex(err, i)
		}
	}
	return append(buf, ']'), nil
}

func (*unionsCodec) same(ref, *field, string) bool { return false } // never inexact

// oneOrManyCodec is for OneOrMany[AnyX].
type oneOrManyCodec struct {
	list         unionsCodec
	rtype        reflect.Type
	values, many field // the parts of the OneOrMany
}

func newOneOrManyCodec(rt reflect.Type, types *typeList) codec {
	return &oneOrManyCodec{list: unionsCodec{unionFor(rt.Field(0).Type.Elem(), types)}, rtype: rt}
}

// bind records the locations of the field's parts.
func (c *oneOrManyCodec) bind(f *field) {
	many, _ := c.rtype.FieldByName("Many")
	c.values = f.within(0, 0, c.rtype.Field(0).Type)
	c.many = f.within(many.Index[0], many.Offset, many.Type)
}

func (c *oneOrManyCodec) decode(d *decoder, obj ref, _ *field) (fit, error) {
	if d.text[d.pos] == '[' {
		how, err := c.list.decode(d, obj, &c.values)
		*slot[bool](obj, &c.many) = how == fits
		return how, err
	}
	if d.text[d.pos] != '{' {
		return misfit, nil
	}
	p, err := c.list.object(d)
	if err == nil {
		d.unions = append(d.unions, p)
		last := len(d.unions) - 1
		setUnions(obj, &c.values, d.unions[last:])
		clear(d.unions[last:])
		d.unions = d.unions[:last]
	}
	return fits, err
}

func (c *oneOrManyCodec) encode(e *encoder, buf []byte, obj ref, _ *field) ([]byte, error) {
	if !*slot[bool](obj, &c.many) && unionsLen(obj, &c.values) == 1 {
		return c.list.union.encode(e, buf, unionsAt(obj, &c.values, 0))
	}
	return c.list.encode(e, buf, obj, &c.values)
}

func (*oneOrManyCodec) same(ref, *field, string) bool { return false } // never inexact
