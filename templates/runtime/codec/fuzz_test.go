package codec

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// FuzzUnmarshal compares the decoder with encoding/json: both accept the same documents,
// except where the rules differ, and nothing is lost on the way back.
func FuzzUnmarshal(f *testing.F) {
	for _, doc := range losslessDocuments {
		f.Add([]byte(doc))
	}
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Add([]byte(`{"id":null,"":null}`))
	f.Add([]byte(`{"decimal":""}`))
	f.Add([]byte("{\"a\":\"\xff\"}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, v := range []Value{new(Call), new(Everything), new(Node)} {
			err := Unmarshal(data, v)
			if (err == nil) != acceptable(data) {
				// A duplicate in an object that is decoded is refused, one in what
				// is kept raw is not: only the document's own members are compared.
				if err == nil || !strings.Contains(err.Error(), "twice") {
					t.Fatalf("%T: %v, but acceptable is %v: %q", v, err, acceptable(data), data)
				}
			}
			if err == nil {
				roundTrip(t, data, v)
			}
			err = Unmarshal(data, v, AllowDuplicateNames())
			if (err == nil) != wellFormed(data) {
				t.Fatalf("%T with members named twice: %v, but well-formed is %v: %q", v, err, wellFormed(data), data)
			}
			if err == nil {
				if text := showTest(v).AtMost(200).json(); !json.Valid(text) || len(text) > 4000 {
					t.Fatalf("%T is shown as %q: %q", v, text, data)
				}
				roundTrip(t, data, v) // encoding/json takes the last one, too
			}
		}
	})
}

// acceptable reports whether data is a JSON object in valid UTF-8 that does not nest
// too deep, and names no member twice.
func acceptable(data []byte) bool { return wellFormed(data) && !duplicates(data) }

func wellFormed(data []byte) bool {
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	return len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(data) && bytes.Equal(data, bytes.ToValidUTF8(data, nil)) &&
		depth(data) <= defaultDepth
}

// depth returns how deep valid JSON nests.
func depth(data []byte) int {
	deepest, now := 0, 0
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			now++
			deepest = max(deepest, now)
		case json.Delim('}'), json.Delim(']'):
			now--
		}
	}
}

// duplicates reports whether the outermost object names a member twice.
func duplicates(data []byte) bool {
	var v Everything
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return false
	}
	err := Unmarshal(data, &v)
	return err != nil && strings.HasPrefix(err.Error(), "json: $: the object names")
}

func roundTrip(t *testing.T, data []byte, v Value) {
	out, err := Marshal(v)
	if err != nil {
		t.Fatalf("%T: %v: %q", v, err, data)
	}
	want, got := numbers(t, data), numbers(t, out)
	if !reflect.DeepEqual(want, got) {
		t.Fatalf("%T: %q became %q", v, data, out)
	}
	again := reflect.New(reflect.TypeOf(v).Elem()).Interface().(Value)
	if err := Unmarshal(out, again); err != nil {
		t.Fatalf("%T: %v: %q", v, err, out)
	}
}

func numbers(t *testing.T, data []byte) any {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %q", err, data)
	}
	return v
}
