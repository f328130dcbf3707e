package runtime

import (
	"reflect"
	"sync/atomic"
)

// polymorph is a value of a polymorphic type: a struct, and what tells its type.
type polymorph struct {
	box box
	obj ref
}

// union is what the codec knows of a polymorphic type: an interface that a base
// type and the types derived from it implement.
type union struct {
	boxer
	pick func(name string) Value // never nil for the type's own fields

	// Variants are added when they are met. Only names that pick knows are, so
	// that no input can make the maps grow beyond the schema.
	known atomic.Pointer[variantMaps]
}

type variant struct {
	t   *typ
	box box
}

type variantMaps struct {
	byName map[string]*variant
	byBox  map[box]*variant
	base   *variant // for an @odata.type that is absent or not known
}

func newUnion(rt reflect.Type, pick func(string) Value) *union {
	return &union{boxer: boxer{rt}, pick: pick}
}

// named returns the variant for an @odata.type name.
func (u *union) named(name string) (*variant, error) {
	maps, err := u.maps()
	if err != nil {
		return nil, err
	}
	if v, ok := maps.byName[name]; ok {
		return v, nil
	}
	v := u.pick(name)
	if v.ODataType() != name {
		return maps.base, nil
	}
	return u.add(reflect.TypeOf(v).Elem())
}

// boxed returns the variant of a value.
func (u *union) boxed(p polymorph) (*variant, error) {
	maps, err := u.maps()
	if err != nil {
		return nil, err
	}
	if v, ok := maps.byBox[p.box]; ok {
		return v, nil
	}
	return u.add(u.typeOfBox(p))
}

func (u *union) maps() (*variantMaps, error) {
	if m := u.known.Load(); m != nil {
		return m, nil
	}
	if _, err := u.add(reflect.TypeOf(u.pick("")).Elem()); err != nil {
		return nil, err
	}
	return u.known.Load(), nil
}

// add makes the variant of a struct type known. The first one is the base.
func (u *union) add(rt reflect.Type) (*variant, error) {
	t, err := typeFor(rt)
	if err != nil {
		return nil, err
	}
	v := &variant{t: t, box: u.boxOf(t)}
	for {
		old := u.known.Load()
		m := &variantMaps{byName: map[string]*variant{t.name: v}, byBox: map[box]*variant{v.box: v}, base: v}
		if old != nil {
			m.base = old.base
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

// object decodes the object at the cursor into the type that it names.
func (u *union) object(d *decoder) (polymorph, error) {
	text, _ := d.typeAhead()
	v, err := u.named(typeName(text))
	if err != nil {
		return polymorph{}, err
	}
	p := polymorph{box: v.box, obj: newStruct(v.t)}
	return p, d.object(v.t, p.obj)
}

// encode encodes a value where any of the union's types may stand.
func (u *union) encode(e *encoder, p polymorph) error {
	if isNilRef(p.obj) {
		e.buf = append(e.buf, "null"...)
		return nil
	}
	v, err := u.boxed(p)
	if err != nil {
		return err
	}
	at := openPosition
	if v.t != u.known.Load().base.t {
		at = basePosition
	}
	return e.object(v.t, p.obj, at)
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

func (c *unionCodec) encode(e *encoder, obj ref, f *field) error {
	return c.union.encode(e, unionSlot(obj, f))
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

func (c *unionsCodec) encode(e *encoder, obj ref, f *field) error {
	e.buf = append(e.buf, '[')
	for i := range unionsLen(obj, f) {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if err := c.union.encode(e, unionsAt(obj, f, i)); err != nil {
			return withinIndex(err, i)
		}
	}
	e.buf = append(e.buf, ']')
	return nil
}

func (*unionsCodec) same(ref, *field, string) bool { return false } // never inexact

// oneOrManyCodec is for OneOrMany[AnyX].
type oneOrManyCodec struct {
	list unionsCodec
	many reflect.StructField
}

func newOneOrManyCodec(rt reflect.Type, pick func(string) Value) codec {
	many, _ := rt.FieldByName("Many")
	return &oneOrManyCodec{unionsCodec{newUnion(rt.Field(0).Type.Elem(), pick)}, many}
}

// parts returns the fields of the OneOrMany that f is.
func (c *oneOrManyCodec) parts(f *field) (values, many field) {
	return f.within(0, 0, reflect.TypeFor[[]Value]()), f.within(c.many.Index[0], c.many.Offset, c.many.Type)
}

func (c *oneOrManyCodec) decode(d *decoder, obj ref, f *field) (fit, error) {
	values, many := c.parts(f)
	if d.text[d.pos] == '[' {
		how, err := c.list.decode(d, obj, &values)
		*slot[bool](obj, &many) = how == fits
		return how, err
	}
	if d.text[d.pos] != '{' {
		return misfit, nil
	}
	p, err := c.list.object(d)
	if err == nil {
		setUnions(obj, &values, []polymorph{p})
	}
	return fits, err
}

func (c *oneOrManyCodec) encode(e *encoder, obj ref, f *field) error {
	values, many := c.parts(f)
	if !*slot[bool](obj, &many) && unionsLen(obj, &values) == 1 {
		return c.list.union.encode(e, unionsAt(obj, &values, 0))
	}
	return c.list.encode(e, obj, &values)
}

func (*oneOrManyCodec) same(ref, *field, string) bool { return false } // never inexact
