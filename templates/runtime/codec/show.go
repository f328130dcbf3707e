package codec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/bits"
	"reflect"
	"slices"
	"strings"
)

// Shown is a value to print or log: JSON of bounded length in which secrets are redacted. See
// [Show].
type Shown struct {
	v       any
	secrets []string
	most    int
	all     bool // including secrets
}

// mostShown is the default maximum length, in bytes.
const mostShown = 2000

// show implements the generated function Show. The secrets are the secret properties, each
// with the type that declares it, such as "microsoft.graph.tokenMeetingInfo/token".
func show(v any, secrets []string) Shown { return Shown{v: v, secrets: secrets, most: mostShown} }

// AtMost returns a copy with another maximum length, in bytes. The value being written and
// closing brackets may exceed it.
func (s Shown) AtMost(most int) Shown {
	s.most = most
	return s
}

// WithSecrets returns a copy in which nothing is redacted.
func (s Shown) WithSecrets() Shown {
	s.all = true
	return s
}

// String returns the JSON on one line.
func (s Shown) String() string { return string(s.json()) }

// Format implements [fmt.Formatter]: the verb q quotes the JSON, the flag + indents it.
func (s Shown) Format(f fmt.State, verb rune) {
	text := s.json()
	switch {
	case verb == 'q':
		_, _ = fmt.Fprintf(f, "%q", text)
		return
	case f.Flag('+'):
		var lines bytes.Buffer
		if json.Indent(&lines, text, "", "  ") == nil {
			text = lines.Bytes()
		}
	}
	_, _ = f.Write(text)
}

// LogValue implements [slog.LogValuer]. Handlers that write JSON write an object, others its
// text.
func (s Shown) LogValue() slog.Value { return slog.AnyValue(json.RawMessage(s.json())) }

// MarshalJSON implements [json.Marshaler].
func (s Shown) MarshalJSON() ([]byte, error) { return s.json(), nil }

func (s Shown) json() []byte {
	e := &encoder{shows: &s, depth: deepEncode}
	buf := e.showAny(nil, reflect.ValueOf(s.v))
	return shorten(nil, string(buf), bounds{all: s.most, text: len(buf)}) // long lists
}

// showAny appends values, lists of them, and the Go type of anything else.
func (e *encoder) showAny(buf []byte, v reflect.Value) []byte {
	if !v.IsValid() || (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) && v.IsNil() {
		return append(buf, "null"...)
	}
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	rt := v.Type()
	switch {
	case v.Kind() == reflect.Struct && reflect.PointerTo(rt).Implements(reflect.TypeFor[Value]()):
		p := reflect.New(rt)
		p.Elem().Set(v)
		return e.showAny(buf, p)
	case rt.Implements(reflect.TypeFor[Value]()):
		return e.showValue(buf, v.Interface().(Value))
	case rt.Implements(reflect.TypeFor[interface{ oneOrMany() }]()):
		return e.showAny(buf, v.Field(0))
	case v.Kind() != reflect.Slice || rt.Elem().Kind() == reflect.Uint8:
		return e.showText(buf, "("+rt.String()+")")
	}
	buf = append(buf, '[')
	for i := range v.Len() {
		if i > 0 {
			buf = append(buf, ',')
		}
		if e.isFull(buf) {
			buf = append(buf, `"…"`...)
			break
		}
		buf = e.showAny(buf, v.Index(i))
	}
	return append(buf, ']')
}

func (e *encoder) showValue(buf []byte, v Value) []byte {
	t, ok, err := typeToEncode(v)
	if err != nil || !ok {
		return e.showText(buf, fmt.Sprintf("(%T)", v))
	}
	buf, _ = e.object(buf, t, refOf(v), openPosition) // errors are shown where they are
	return buf
}

// isFull reports whether the maximum length has been reached.
func (e *encoder) isFull(buf []byte) bool { return len(buf) >= e.shows.most }

// redacted replaces a secret.
const redacted = `"[redacted]"`

// showObject is like object for a value that is shown: it shows errors in place.
func (e *encoder) showObject(buf []byte, t *typ, obj ref, at position) []byte {
	defer func() { e.depth-- }()
	if e.isFull(buf) || e.depth > deepEncode+mostNested {
		return append(buf, `{"…":"…"}`...)
	}
	ad := additional(t, obj)
	start := len(buf)
	buf = appendType(buf, t, ad, at)
	whole := true
	for first := 0; first < len(t.fields); first += 64 {
		for set := t.set(obj, first); set != 0; set &= set - 1 {
			if whole = !e.isFull(buf); !whole {
				break
			}
			i := first + bits.TrailingZeros64(set)
			buf = e.showField(t.appendKey(buf, i), t, obj, &t.fields[i])
		}
	}
	if ad.kept != nil {
		buf, whole = e.showKept(buf, t, obj, ad.kept, whole)
	}
	if !whole {
		buf = append(buf, `,"…":"…"`...)
	}
	if len(buf) == start {
		buf = append(buf, '{')
	}
	buf[start] = '{' // in place of the first member's comma
	return append(buf, '}')
}

// showField appends the value of a property that is set.
func (e *encoder) showField(buf []byte, t *typ, obj ref, f *field) []byte {
	if e.shows.declares(t, f) {
		return append(buf, redacted...)
	}
	start, depth := len(buf), e.depth
	out, err := f.codec.encode(e, buf, obj, f)
	e.depth = depth
	if err != nil {
		return e.showText(buf[:start], "("+err.Error()+")")
	}
	switch f.codec.(type) {
	case *structCodec, *structsCodec, *unionCodec, *unionsCodec, *oneOrManyCodec:
		return out // by showObject
	}
	return e.showRaw(out[:start], string(out[start:]))
}

// showKept appends the kept members whose property is not set, and reports whether it
// appended all of them.
func (e *encoder) showKept(buf []byte, t *typ, obj ref, k *kept, whole bool) ([]byte, bool) {
	for i := range k.members {
		m := &k.members[i]
		index := t.find(m.name)
		if m.role == roleExact || index >= 0 && isSet(obj, &t.fields[index]) {
			continue
		}
		if whole = whole && !e.isFull(buf); !whole {
			break
		}
		buf = append(e.showText(append(buf, ','), m.name), ':')
		secret := index < 0 && e.shows.names(m.name) || index >= 0 && e.shows.declares(t, &t.fields[index])
		if secret && m.raw != "null" {
			buf = append(buf, redacted...)
		} else {
			buf = e.showRaw(buf, m.raw)
		}
	}
	return buf, whole
}

// showText appends a string.
func (e *encoder) showText(buf []byte, text string) []byte {
	return e.showRaw(buf, string(appendString(nil, text)))
}

// showRaw appends JSON that no type describes.
func (e *encoder) showRaw(buf []byte, text string) []byte {
	return shorten(buf, text, bounds{e.shows.most, mostText, e.shows.names})
}

// declares reports whether a declared property is secret.
func (s *Shown) declares(t *typ, f *field) bool {
	return !s.all && slices.ContainsFunc(s.secrets, func(secret string) bool {
		slash := len(secret) - len(f.name) - 1
		return slash > 0 && secret[slash] == '/' && secret[slash+1:] == f.name && secret[:slash] == t.declaring(f)
	})
}

// declaring returns the name of the type that declares a property: t or one of its base types.
func (t *typ) declaring(f *field) string {
	rt := t.rtype
	for _, i := range f.index[:len(f.index)-1] {
		rt = rt.Field(i).Type
	}
	if v, ok := reflect.New(rt).Interface().(Value); ok {
		return v.ODataType()
	}
	return ""
}

// names reports whether an undeclared member is treated as a secret: because a secret property
// has the same name, or because of a word in its name.
func (s *Shown) names(member string) bool {
	if s.all {
		return false
	}
	name := strings.ToLower(member[strings.LastIndexByte(member, '@')+1:])
	for _, secret := range s.secrets {
		if strings.EqualFold(secret[strings.LastIndexByte(secret, '/')+1:], name) {
			return true
		}
	}
	for _, word := range []string{
		"password", "passcode", "passphrase", "secret", "token", "credential", "privatekey", "accesskey", "apikey",
		"authorization", "cookie", "downloadurl", "uploadurl",
	} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
