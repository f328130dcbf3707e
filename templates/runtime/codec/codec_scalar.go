package codec

import (
	"encoding/json"
	"slices"
)

// read reads the scalar at the cursor.
func (s *scalar[T]) read(d *decoder) (v T, how fit, err error) {
	tok, err := d.token()
	if err != nil {
		return v, misfit, err
	}
	if s.keeps {
		tok.text = d.own(tok.text)
	}
	v, how = s.parse(tok)
	return v, how, nil
}

// quoted appends a number as a string.
func (s *scalar[T]) quoted(dst []byte, v T) ([]byte, error) {
	dst, err := s.print(append(dst, '"'), v)
	return append(dst, '"'), err
}

func (s *scalar[T]) isWide() bool { return s.wide }

// isWide reports whether the values of a codec are numbers that JavaScript's numbers cannot
// hold.
func isWide(c codec) bool {
	w, ok := c.(interface{ isWide() bool })
	return ok && w.isWide()
}

// pointerCodec is for *T, the field of a single-valued scalar property.
type pointerCodec[T any] struct{ scalar[T] }

func (c *pointerCodec[T]) decode(d *decoder, obj ref, f *field) (fit, error) {
	v, how, err := c.read(d)
	if err != nil {
		return misfit, err
	}
	if how != misfit {
		*slot[*T](obj, f) = &v
	}
	return how, nil
}

func (c *pointerCodec[T]) encode(e *encoder, buf []byte, obj ref, f *field) ([]byte, error) {
	if c.wide && e.format.quotes() {
		return c.quoted(buf, **slot[*T](obj, f))
	}
	return c.print(buf, **slot[*T](obj, f))
}

func (c *pointerCodec[T]) same(obj ref, f *field, text string) bool {
	v, how := c.parse(tokenOf(text))
	return how != misfit && c.equal(v, **slot[*T](obj, f))
}

// plainCodec is for T itself: key properties, and byte strings.
type plainCodec[T any] struct{ scalar[T] }

func (c *plainCodec[T]) decode(d *decoder, obj ref, f *field) (fit, error) {
	v, how, err := c.read(d)
	if err != nil {
		return misfit, err
	}
	if how != misfit {
		*slot[T](obj, f) = v
		if !isSet(obj, f) {
			how = asZero
		}
	}
	return how, nil
}

func (c *plainCodec[T]) encode(e *encoder, buf []byte, obj ref, f *field) ([]byte, error) {
	if c.wide && e.format.quotes() {
		return c.quoted(buf, *slot[T](obj, f))
	}
	return c.print(buf, *slot[T](obj, f))
}

func (c *plainCodec[T]) same(obj ref, f *field, text string) bool {
	v, how := c.parse(tokenOf(text))
	return how != misfit && c.equal(v, *slot[T](obj, f))
}

// enumCodec is for fields of string kind: enums and string keys.
type enumCodec struct{}

func (enumCodec) decode(d *decoder, obj ref, f *field) (fit, error) {
	tok, err := d.token()
	if err != nil || tok.kind != '"' {
		return misfit, err
	}
	setStringSlot(obj, f, d.own(tok.text))
	switch {
	case tok.lossy:
		return inexact, nil
	case tok.text == "":
		return asZero, nil
	}
	return fits, nil
}

func (enumCodec) encode(_ *encoder, buf []byte, obj ref, f *field) ([]byte, error) {
	return appendString(buf, stringSlot(obj, f)), nil
}

func (enumCodec) same(obj ref, f *field, text string) bool {
	return tokenOf(text).text == stringSlot(obj, f)
}

// sliceCodec is for []T, the field of a collection of scalars.
type sliceCodec[T any] struct{ scalar[T] }

func (c *sliceCodec[T]) decode(d *decoder, obj ref, f *field) (fit, error) {
	list, how, err := c.list(d)
	if how != misfit {
		*slot[[]T](obj, f) = list
	}
	return how, err
}

// list reads an array. If an element does not fit, the whole array does not; nulls, which T
// cannot hold, are left out.
func (c *sliceCodec[T]) list(d *decoder) ([]T, fit, error) {
	list := []T{}
	worst := fits
	how, err := d.array(func() (fit, error) {
		if d.text[d.pos] == 'n' {
			return inexact, d.literal("null")
		}
		v, how, err := c.read(d)
		if err != nil {
			return misfit, err
		}
		list = append(list, v)
		worst = max(worst, how)
		return how, nil
	})
	return list, max(worst, how), err
}

func (c *sliceCodec[T]) encode(e *encoder, buf []byte, obj ref, f *field) (_ []byte, err error) {
	print := c.print
	if c.wide && e.format.quotes() {
		print = c.quoted
	}
	buf = append(buf, '[')
	for i, v := range *slot[[]T](obj, f) {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf, err = print(buf, v); err != nil {
			return nil, withinIndex(err, i)
		}
	}
	return append(buf, ']'), nil
}

func (c *sliceCodec[T]) same(obj ref, f *field, text string) bool {
	d := newDecoder([]byte(text), nil)
	defer d.release()
	list, how, err := c.list(d)
	return err == nil && how != misfit && slices.EqualFunc(list, *slot[[]T](obj, f), c.equal)
}

var stringList = &sliceCodec[string]{stringScalar}

// stringsCodec is for collections of strings and of enums.
type stringsCodec struct{}

func (stringsCodec) decode(d *decoder, obj ref, f *field) (fit, error) {
	list, how, err := stringList.list(d)
	if how != misfit {
		setStringsSlot(obj, f, list)
	}
	return how, err
}

func (stringsCodec) encode(_ *encoder, buf []byte, obj ref, f *field) ([]byte, error) {
	buf = append(buf, '[')
	for i, s := range stringsSlot(obj, f) {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = appendString(buf, s)
	}
	return append(buf, ']'), nil
}

func (stringsCodec) same(obj ref, f *field, text string) bool {
	d := newDecoder([]byte(text), nil)
	defer d.release()
	list, how, err := stringList.list(d)
	return err == nil && how != misfit && slices.Equal(list, stringsSlot(obj, f))
}

// rawCodec is for a value of any JSON kind.
type rawCodec[T ~[]byte] struct{}

func (rawCodec[T]) decode(d *decoder, obj ref, f *field) (fit, error) {
	start := d.pos
	err := d.skip()
	*slot[T](obj, f) = T(d.text[start:d.pos])
	return fits, err
}

func (rawCodec[T]) encode(_ *encoder, buf []byte, obj ref, f *field) ([]byte, error) {
	return appendRaw(buf, *slot[T](obj, f))
}

func (rawCodec[T]) same(ref, *field, string) bool { return false } // never inexact

// appendRaw appends JSON that the program may have written, and so is checked.
func appendRaw(buf, text []byte) ([]byte, error) {
	if !json.Valid(text) {
		return nil, errorf("the raw value is not valid JSON")
	}
	return append(buf, text...), nil
}

// rawsCodec is for a collection of values of any JSON kind.
type rawsCodec[T ~[]byte] struct{}

func (rawsCodec[T]) decode(d *decoder, obj ref, f *field) (fit, error) {
	list := []T{}
	how, err := d.array(func() (fit, error) {
		start := d.pos
		err := d.skip()
		list = append(list, T(d.text[start:d.pos]))
		return fits, err
	})
	if how != misfit {
		*slot[[]T](obj, f) = list
	}
	return how, err
}

func (rawsCodec[T]) encode(_ *encoder, buf []byte, obj ref, f *field) (_ []byte, err error) {
	buf = append(buf, '[')
	for i, v := range *slot[[]T](obj, f) {
		if i > 0 {
			buf = append(buf, ',')
		}
		if buf, err = appendRaw(buf, v); err != nil {
			return nil, withinIndex(err, i)
		}
	}
	return append(buf, ']'), nil
}

func (rawsCodec[T]) same(ref, *field, string) bool { return false } // never inexact
