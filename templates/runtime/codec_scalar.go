package runtime

import (
	"encoding/json"
	"slices"
)

// pointerCodec is for *T, the field of a single-valued scalar property.
type pointerCodec[T any] struct{ scalar[T] }

func (c pointerCodec[T]) decode(d *decoder, obj ref, f *field) (fit, error) {
	tok, err := d.token()
	if err != nil {
		return misfit, err
	}
	v, how := c.parse(tok)
	if how != misfit {
		*slot[*T](obj, f) = &v
	}
	return how, nil
}

func (c pointerCodec[T]) encode(e *encoder, obj ref, f *field) (err error) {
	e.buf, err = c.print(e.buf, **slot[*T](obj, f))
	return err
}

func (c pointerCodec[T]) same(obj ref, f *field, text string) bool {
	v, how := c.parse(tokenOf(text))
	return how != misfit && c.equal(v, **slot[*T](obj, f))
}

// plainCodec is for T itself: key properties, and byte strings.
type plainCodec[T any] struct{ scalar[T] }

func (c plainCodec[T]) decode(d *decoder, obj ref, f *field) (fit, error) {
	tok, err := d.token()
	if err != nil {
		return misfit, err
	}
	v, how := c.parse(tok)
	if how != misfit {
		*slot[T](obj, f) = v
		if !isSet(obj, f) {
			how = asZero
		}
	}
	return how, nil
}

func (c plainCodec[T]) encode(e *encoder, obj ref, f *field) (err error) {
	e.buf, err = c.print(e.buf, *slot[T](obj, f))
	return err
}

func (c plainCodec[T]) same(obj ref, f *field, text string) bool {
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
	setStringSlot(obj, f, tok.text)
	switch {
	case tok.lossy:
		return inexact, nil
	case tok.text == "":
		return asZero, nil
	}
	return fits, nil
}

func (enumCodec) encode(e *encoder, obj ref, f *field) error {
	e.buf = appendString(e.buf, stringSlot(obj, f))
	return nil
}

func (enumCodec) same(obj ref, f *field, text string) bool {
	return tokenOf(text).text == stringSlot(obj, f)
}

// sliceCodec is for []T, the field of a collection of scalars.
type sliceCodec[T any] struct{ scalar[T] }

func (c sliceCodec[T]) decode(d *decoder, obj ref, f *field) (fit, error) {
	list, how, err := c.list(d)
	if how != misfit {
		*slot[[]T](obj, f) = list
	}
	return how, err
}

// list reads an array. An element that does not fit makes all of it unfit.
func (c sliceCodec[T]) list(d *decoder) ([]T, fit, error) {
	list := []T{}
	worst := fits
	how, err := d.array(func() (fit, error) {
		tok, err := d.token()
		if err != nil {
			return misfit, err
		}
		v, how := c.parse(tok)
		list = append(list, v)
		worst = max(worst, how)
		return how, nil
	})
	return list, max(worst, how), err
}

func (c sliceCodec[T]) encode(e *encoder, obj ref, f *field) (err error) {
	e.buf = append(e.buf, '[')
	for i, v := range *slot[[]T](obj, f) {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if e.buf, err = c.print(e.buf, v); err != nil {
			return withinIndex(err, i)
		}
	}
	e.buf = append(e.buf, ']')
	return nil
}

func (c sliceCodec[T]) same(obj ref, f *field, text string) bool {
	list, how, err := c.list(newDecoder([]byte(text), nil))
	return err == nil && how != misfit && slices.EqualFunc(list, *slot[[]T](obj, f), c.equal)
}

// stringsCodec is for collections of strings and of enums.
type stringsCodec struct{}

func (stringsCodec) decode(d *decoder, obj ref, f *field) (fit, error) {
	list, how, err := sliceCodec[string]{stringScalar}.list(d)
	if how != misfit {
		setStringsSlot(obj, f, list)
	}
	return how, err
}

func (stringsCodec) encode(e *encoder, obj ref, f *field) error {
	e.buf = append(e.buf, '[')
	for i, s := range stringsSlot(obj, f) {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = appendString(e.buf, s)
	}
	e.buf = append(e.buf, ']')
	return nil
}

func (stringsCodec) same(obj ref, f *field, text string) bool {
	list, how, err := sliceCodec[string]{stringScalar}.list(newDecoder([]byte(text), nil))
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

func (rawCodec[T]) encode(e *encoder, obj ref, f *field) error {
	return e.raw(*slot[T](obj, f))
}

func (rawCodec[T]) same(ref, *field, string) bool { return false } // never inexact

// raw appends JSON that the program may have written, and so is checked.
func (e *encoder) raw(text []byte) error {
	if !json.Valid(text) {
		return errorf("the raw value is not valid JSON")
	}
	e.buf = append(e.buf, text...)
	return nil
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

func (rawsCodec[T]) encode(e *encoder, obj ref, f *field) error {
	e.buf = append(e.buf, '[')
	for i, v := range *slot[[]T](obj, f) {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if err := e.raw(v); err != nil {
			return withinIndex(err, i)
		}
	}
	e.buf = append(e.buf, ']')
	return nil
}

func (rawsCodec[T]) same(ref, *field, string) bool { return false } // never inexact
