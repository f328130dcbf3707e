// Package bench compares the generated package with other ways to read and write
// the same JSON.
package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/callgen/callgen/generated/communications"
)

// Document is a JSON document of the "Create call" page, compacted.
type Document struct {
	Name         string
	Text         []byte
	Notification bool
	Many         bool // the resource of the notification is an array

	plain reflect.Type
}

// Documents loads the documents of the page from the folder that holds them, and
// repairs the trailing commas of those that are printed with such.
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
		if err := json.Compact(&compact, withoutTrailingCommas(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		d := Document{Name: filepath.Base(f), Text: compact.Bytes(), Notification: strings.Contains(f, "notification")}
		d.Many = bytes.Contains(d.Text, []byte(`"resourceData":[`))
		d.plain = plainFor(&d)
		docs = append(docs, d)
	}
	return docs, nil
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

// New returns what the generated package decodes a document into.
func (d *Document) New() communications.Value {
	if d.Notification {
		return new(communications.CommsNotifications)
	}
	return new(communications.Call)
}

// Plain returns a pointer to a plain struct for the document: see type plain.
func (d *Document) Plain() any { return reflect.New(d.plain).Interface() }
