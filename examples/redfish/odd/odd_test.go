// Package odd_test decodes what controllers send that is not as Redfish wants it.
package odd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/callgen/callgen/examples/redfish/redfish"
)

// TestOddDocuments: each resource is read, members that do not fit are reported, and nothing
// is lost.
func TestOddDocuments(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/odd.txtar")
	require.NoError(t, err)
	documents := 0
	for i := 0; i+1 < len(archive.Files); i += 2 {
		name, ok := strings.CutSuffix(archive.Files[i].Name, ".json")
		require.True(t, ok && archive.Files[i+1].Name == name+".want", name)
		documents++
		t.Run(name, func(t *testing.T) { decodes(t, archive.Files[i].Data, string(archive.Files[i+1].Data)) })
	}
	assert.GreaterOrEqual(t, documents, 30)
}

func decodes(t *testing.T, document []byte, want string) {
	lines := strings.Split(strings.TrimSpace(want), "\n")
	var v redfish.Value
	var err error
	if as, ok := strings.CutPrefix(lines[0], "as "); ok {
		lines = lines[1:]
		v, ok = redfish.New(as)
		require.True(t, ok, as)
		err = redfish.Unmarshal(document, v)
	} else {
		v, err = redfish.UnmarshalAny(document)
	}
	require.NoError(t, err)
	got := []string{"type " + v.ODataType()}
	mismatched(reflect.ValueOf(v), "", &got)
	slices.Sort(got[1:])
	assert.Equal(t, lines, got)

	out, err := redfish.Marshal(v)
	require.NoError(t, err)
	assert.Equal(t, parsed(t, document), parsed(t, out))
}

// parsed returns JSON with its numbers as they are spelled.
func parsed(t *testing.T, text []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

// mismatched collects the JSON pointers of members that do not fit their types.
func mismatched(v reflect.Value, at string, found *[]string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			mismatched(v.Elem(), at, found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			mismatched(v.Index(i), fmt.Sprintf("%s/%d", at, i), found)
		}
	case reflect.Struct:
		if more := v.FieldByName("AdditionalData"); more.IsValid() && more.CanAddr() {
			for _, name := range more.Addr().Interface().(*redfish.AdditionalData).Mismatched() {
				if pointer := at + "/" + name; !slices.Contains(*found, pointer) { // once, though the struct of the base has it, too
					*found = append(*found, pointer)
				}
			}
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || f.Name == "AdditionalData" {
				continue
			}
			below := at
			if !f.Anonymous {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				below += "/" + name
			}
			mismatched(v.Field(i), below, found)
		}
	}
}
