package codec

import (
	"reflect"
	"strings"
	"time"
)

// Clone returns a deep copy of v. It shares no memory with v or with the document that v was
// decoded from.
func Clone[T Value](v T) T {
	c := cloner{seen: make(map[any]reflect.Value)}
	var out T
	c.clone(reflect.ValueOf(&out).Elem(), reflect.ValueOf(&v).Elem())
	return out
}

// cloner records the copied pointers, so that shared and recursive values stay so in the copy.
type cloner struct{ seen map[any]reflect.Value }

func (c *cloner) clone(dst, src reflect.Value) {
	switch src.Kind() {
	case reflect.Pointer:
		c.clonePointer(dst, src)
	case reflect.Interface:
		if !src.IsNil() {
			v := reflect.New(src.Elem().Type()).Elem()
			c.clone(v, src.Elem())
			dst.Set(v)
		}
	case reflect.Slice:
		if !src.IsNil() {
			dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
			for i := range src.Len() {
				c.clone(dst.Index(i), src.Index(i))
			}
		}
	case reflect.Struct:
		c.cloneStruct(dst, src)
	case reflect.String:
		dst.SetString(strings.Clone(src.String()))
	default:
		dst.Set(src)
	}
}

func (c *cloner) clonePointer(dst, src reflect.Value) {
	if src.IsNil() {
		return
	}
	if done, ok := c.seen[src.Interface()]; ok {
		dst.Set(done)
		return
	}
	p := reflect.New(src.Type().Elem())
	c.seen[src.Interface()] = p
	c.clone(p.Elem(), src.Elem())
	dst.Set(p)
}

func (c *cloner) cloneStruct(dst, src reflect.Value) {
	switch v := src.Interface().(type) {
	case AdditionalData:
		// A copy decoded without @odata.type, or with the usual one, says so alike.
		dst.Set(reflect.ValueOf(v.clone()))
	case time.Time:
		dst.Set(src)
	default:
		dst.Set(src) // fields of the program's own that have no exported name
		for i := range src.NumField() {
			if dst.Field(i).CanSet() {
				c.clone(dst.Field(i), src.Field(i))
			}
		}
	}
}
