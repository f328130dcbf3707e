package codec

// array reads the array at the cursor and calls element at each of its values. If one does not
// fit, the rest is skipped and the array does not fit: nothing is read twice, so nested
// misfits take linear time. A value that is not an array does not fit either, and the cursor
// stays at it.
func (d *decoder) array(element func() (fit, error)) (fit, error) {
	if d.ws() != '[' {
		return misfit, nil
	}
	if err := d.enter(); err != nil {
		return misfit, err
	}
	d.pos++
	if d.ws() == ']' {
		d.pos++
		d.leave()
		return fits, nil
	}
	worst := fits
	for i, more := 0, true; more; i++ {
		how, err := d.element(worst, element)
		if err == nil && how == misfit && d.strict {
			err = &DecodeError{Offset: d.pos, Msg: "the value does not fit the declared type"}
		}
		if err != nil {
			return misfit, withinIndex(err, i)
		}
		worst = max(worst, how)
		if more, err = d.comma(']'); err != nil {
			return misfit, err
		}
	}
	d.leave()
	return worst, nil
}

// element reads one value of an array, or skips it if the array does not fit anyway.
func (d *decoder) element(worst fit, read func() (fit, error)) (fit, error) {
	d.ws()
	if worst == misfit {
		return misfit, d.skip()
	}
	start, depth := d.pos, d.depth
	how, err := read()
	if err != nil || how != misfit {
		return how, err
	}
	d.depth = depth
	if d.pos == start && !d.strict {
		err = d.skip()
	}
	return misfit, err
}

// structCodec is for *S, where S has no derived types.
type structCodec struct{ lazyType }

func (c *structCodec) decode(d *decoder, obj ref, f *field) (fit, error) {
	if d.text[d.pos] != '{' {
		return misfit, nil
	}
	t, err := c.get()
	if err != nil {
		return misfit, err
	}
	s := newStruct(t)
	setStructSlot(obj, f, s)
	return fits, d.object(t, s)
}

func (c *structCodec) encode(e *encoder, buf []byte, obj ref, f *field) ([]byte, error) {
	t, err := c.get()
	if err != nil {
		return nil, err
	}
	return e.object(buf, t, structSlot(obj, f), declaredPosition)
}

func (*structCodec) same(ref, *field, string) bool { return false } // never inexact

// structsCodec is for []*S, where S has no derived types.
type structsCodec struct{ lazyType }

func (c *structsCodec) decode(d *decoder, obj ref, f *field) (fit, error) {
	t, err := c.get()
	if err != nil {
		return misfit, err
	}
	base := len(d.refs)
	how, err := d.array(func() (fit, error) {
		switch d.text[d.pos] {
		case 'n':
			d.refs = append(d.refs, nilRef())
			return fits, d.literal("null")
		case '{':
			s := newStruct(t)
			d.refs = append(d.refs, s)
			return fits, d.object(t, s)
		}
		return misfit, nil
	})
	if err == nil && how != misfit {
		setStructs(obj, f, d.refs[base:])
	}
	clear(d.refs[base:])
	d.refs = d.refs[:base]
	return how, err
}

func (c *structsCodec) encode(e *encoder, buf []byte, obj ref, f *field) ([]byte, error) {
	t, err := c.get()
	if err != nil {
		return nil, err
	}
	buf = append(buf, '[')
	for i := range structsLen(obj, f) {
		if i > 0 {
			buf = append(buf, ',')
		}
		s := structsAt(obj, f, i)
		if isNilRef(s) {
			buf = append(buf, "null"...)
		} else if buf, err = e.object(buf, t, s, declaredPosition); err != nil {
			return nil, withinIndex(err, i)
		}
	}
	return append(buf, ']'), nil
}

func (*structsCodec) same(ref, *field, string) bool { return false } // never inexact
