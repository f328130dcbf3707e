// Package bench compares the generated package with other ways to read and write the same
// JSON, and with other packages for the same API.
package bench

import (
	"bytes"
	jsonv1 "encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/callgen/callgen/bench/plain"
	"github.com/callgen/callgen/bench/rivals"
	"github.com/callgen/callgen/generated/communications"
)

// Document is a JSON document of the "Create call" page, compacted.
type Document struct {
	Name         string
	Text         []byte
	Notification bool

	plain reflect.Type
}

// Documents loads the documents of the page from a folder, and repairs the trailing commas
// that some are printed with.
func Documents(dir string) ([]Document, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no documents in %s: %v", dir, err)
	}
	var docs []Document
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var compact bytes.Buffer
		if err := jsonv1.Compact(&compact, withoutTrailingCommas(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		d := Document{Name: filepath.Base(f), Text: compact.Bytes(), Notification: strings.Contains(f, "notification")}
		docs = append(docs, d)
	}
	return docs, setPlain(docs)
}

// setPlain sets the plain struct types: one for all calls, and one for each notification,
// as its data may be of any type.
func setPlain(docs []Document) error {
	var calls []any
	for i := range docs {
		v := docs[i].New()
		if err := communications.Unmarshal(docs[i].Text, v); err != nil {
			return fmt.Errorf("%s: %w", docs[i].Name, err)
		}
		if docs[i].Notification {
			docs[i].plain = plain.TypeOf(v)
		} else {
			calls = append(calls, v)
		}
	}
	call := plain.TypeOf(calls...)
	for i := range docs {
		if !docs[i].Notification {
			docs[i].plain = call
		}
	}
	return nil
}

func withoutTrailingCommas(text []byte) []byte {
	var out []byte
	for i, c := range text {
		if rest := bytes.TrimSpace(text[i+1:]); c == ',' && len(rest) > 0 && (rest[0] == '}' || rest[0] == ']') {
			continue
		}
		out = append(out, c)
	}
	return out
}

// New returns a value for the generated package to decode a document into.
func (d *Document) New() communications.Value {
	if d.Notification {
		return new(communications.CommsNotifications)
	}
	return new(communications.Call)
}

// Plain returns the plain struct type of the document.
func (d *Document) Plain() reflect.Type { return d.plain }

// Set returns the documents with all ways to read and write them.
func Set(docs []Document) rivals.Set {
	texts, types := make([][]byte, len(docs)), make([]reflect.Type, len(docs))
	for i, d := range docs {
		texts[i], types[i] = d.Text, d.plain
	}
	return rivals.Set{Name: "seed", Documents: texts, Rivals: slices.Concat(rivals.Any(texts), rivals.Plain(texts, types), []rivals.Rival{
		{Name: rivals.Callgen, Decode: func(i int) (any, error) {
			v := docs[i].New()
			return v, communications.Unmarshal(docs[i].Text, v)
		}, Encode: func(v any) ([]byte, error) { return communications.Marshal(v.(communications.Value)) }},
		{Name: rivals.CallgenStdlib, Decode: func(i int) (any, error) {
			v := docs[i].New()
			return v, jsonv1.Unmarshal(docs[i].Text, v)
		}, Encode: jsonv1.Marshal},
	})}
}
