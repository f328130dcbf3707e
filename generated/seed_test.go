// Package generated_test proves the generated packages on the documents of the
// "Create call" page of the Microsoft Graph beta reference.
package generated_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
)

// document is a JSON document of the page.
type document struct {
	name string
	text []byte
}

// seedDocuments loads the documents. Fifteen of them are printed with trailing
// commas, which are no JSON, and are repaired here and nowhere else.
func seedDocuments(t testing.TB, kind string) []document {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "seed", "ex*-"+kind+"*.json"))
	require.NoError(t, err)
	var docs []document
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		docs = append(docs, document{strings.TrimSuffix(filepath.Base(f), ".json"), withoutTrailingCommas(text)})
	}
	return docs
}

// withoutTrailingCommas removes commas that only white space parts from a closing
// bracket. No string of the documents holds such a comma.
func withoutTrailingCommas(text []byte) []byte {
	var out []byte
	for i, c := range text {
		if c == ',' {
			rest := bytes.TrimLeft(text[i+1:], " \n\r\t")
			if len(rest) > 0 && (rest[0] == '}' || rest[0] == ']') {
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

func TestSeedIsWhole(t *testing.T) {
	docs := seedDocuments(t, "")
	assert.Len(t, docs, 35)
	assert.Len(t, seedDocuments(t, "request"), 12)
	assert.Len(t, seedDocuments(t, "response"), 12)
	assert.Len(t, seedDocuments(t, "notification"), 11)
	repaired := 0
	for _, d := range docs {
		assert.True(t, json.Valid(d.text), d.name)
		printed, err := os.ReadFile(filepath.Join("testdata", "seed", d.name+".json"))
		require.NoError(t, err)
		if !bytes.Equal(printed, d.text) {
			repaired++
			_, err := communications.UnmarshalAny(printed)
			assert.Error(t, err, "%s: the decoder itself repairs nothing", d.name)
		}
	}
	assert.Equal(t, 15, repaired)
}

func value(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v))
	return v
}

func TestSeedRoundTripsWithoutLoss(t *testing.T) {
	for _, d := range seedDocuments(t, "") {
		v, err := communications.UnmarshalAny(d.text)
		require.NoError(t, err, d.name)
		out, err := communications.Marshal(v)
		require.NoError(t, err, d.name)
		assert.Equal(t, value(t, d.text), value(t, out), d.name)

		again := reflect.New(reflect.TypeOf(v).Elem()).Interface().(communications.Value)
		require.NoError(t, json.Unmarshal(d.text, again), d.name)
		through, err := json.Marshal(again)
		require.NoError(t, err, d.name)
		assert.Equal(t, value(t, d.text), value(t, through), "%s through encoding/json", d.name)
	}
}

// outsiders are the places where a document names a type that cannot stand there:
// they hold the declared type, and remember the name.
var outsiders = map[string]reflect.Type{
	"ex03-request.targets[1]": reflect.TypeFor[*communications.InvitationParticipantInfo](),
	"ex04-request.targets[1]": reflect.TypeFor[*communications.InvitationParticipantInfo](),
}

// walker compares a JSON value with the Go value that it was decoded to.
type walker struct {
	t           *testing.T
	polymorphic int // values of abstract properties in their derived type
	outsiders   int
	kept        map[string]int // members in AdditionalData, by name
}

func (w *walker) object(path string, doc map[string]any, got reflect.Value) {
	require.Equal(w.t, reflect.Pointer, got.Kind(), path)
	require.False(w.t, got.IsNil(), path)
	if name, ok := doc["@odata.type"].(string); ok {
		want, known := communications.New(name)
		require.True(w.t, known, "%s: %s", path, name)
		wantType := reflect.TypeOf(want)
		if declared, ok := outsiders[path]; ok {
			wantType = declared
			w.outsiders++
		}
		assert.Equal(w.t, wantType, got.Type(), path)
	}
	ad := additional(got)
	for name, member := range doc {
		field, ok := fieldNamed(got.Elem(), name)
		if !ok || member == nil {
			raw, kept := ad.Get(communications.Property(name))
			assert.True(w.t, kept, "%s.%s", path, name)
			assert.Equal(w.t, member, value(w.t, raw), "%s.%s", path, name)
			if !ok {
				w.kept[name]++
			}
			continue
		}
		w.value(path+"."+name, member, field)
	}
	assert.Empty(w.t, ad.Mismatched(), path)
}

func (w *walker) value(path string, doc any, got reflect.Value) {
	if many, ok := got.Interface().(communications.OneOrMany[communications.AnyEntity]); ok {
		w.resource(path, doc, many)
		return
	}
	switch doc := doc.(type) {
	case map[string]any:
		if got.Kind() == reflect.Interface {
			switch got.Type() {
			case reflect.TypeFor[communications.AnyMediaConfig](), reflect.TypeFor[communications.AnyMeetingInfo](), reflect.TypeFor[communications.AnyCallOptions]():
				w.polymorphic++
			}
			got = got.Elem()
		}
		w.object(path, doc, got)
	case []any:
		require.Equal(w.t, len(doc), got.Len(), path)
		for i := range doc {
			w.value(path+"["+string(rune('0'+i))+"]", doc[i], got.Index(i))
		}
	default:
		out, err := json.Marshal(got.Interface())
		require.NoError(w.t, err, path)
		assert.Equal(w.t, doc, value(w.t, out), path)
	}
}

func (w *walker) resource(path string, doc any, got communications.OneOrMany[communications.AnyEntity]) {
	list, many := doc.([]any)
	assert.Equal(w.t, many, got.Many, path)
	if !many {
		list = []any{doc}
	}
	require.Len(w.t, got.Values, len(list), path)
	for i, item := range list {
		w.object(path, item.(map[string]any), reflect.ValueOf(got.Values[i]))
	}
}

func additional(v reflect.Value) *communications.AdditionalData {
	return v.Elem().FieldByName("AdditionalData").Addr().Interface().(*communications.AdditionalData)
}

// fieldNamed finds the field of a JSON name in a struct or its bases.
func fieldNamed(v reflect.Value, name string) (reflect.Value, bool) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			if found, ok := fieldNamed(v.Field(i), name); ok {
				return found, true
			}
		}
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name && name != "-" {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func TestSeedDecodesToTheRightTypesAtEveryLevel(t *testing.T) {
	w := &walker{t: t, kept: make(map[string]int)}
	for _, d := range seedDocuments(t, "") {
		v, err := communications.UnmarshalAny(d.text)
		require.NoError(t, err, d.name)
		w.object(d.name, value(t, d.text).(map[string]any), reflect.ValueOf(v))
	}
	assert.Equal(t, 24+14+1, w.polymorphic, "values of mediaConfig, meetingInfo and callOptions")
	assert.Equal(t, len(outsiders), w.outsiders)
	delete(w.kept, "@odata.type")
	assert.Equal(t, map[string]int{"@odata.context": 12}, w.kept, "members that no type declares")
}

func TestSeedNotificationsHaveTypedResources(t *testing.T) {
	typed := 0
	for _, d := range seedDocuments(t, "notification") {
		var envelope communications.CommsNotifications
		require.NoError(t, communications.Unmarshal(d.text, &envelope, communications.Strict()), d.name)
		require.NotEmpty(t, envelope.Value, d.name)
		for _, n := range envelope.Value {
			require.NotEmpty(t, n.ResourceData.Values, d.name)
			for _, r := range n.ResourceData.Values {
				switch r := r.(type) {
				case *communications.Call:
					assert.NotEmpty(t, r.State, d.name)
				case *communications.Participant:
					assert.NotNil(t, r.Info, d.name)
				case *communications.DeltaParticipants:
					assert.NotEmpty(t, r.Participants, d.name)
				case *communications.ContentSharingSession:
					assert.NotEmpty(t, r.ID, d.name)
				default:
					t.Errorf("%s: %T", d.name, r)
				}
			}
		}
		typed++
	}
	assert.Equal(t, 11, typed)
}

func TestSeedMediaSessionBlob(t *testing.T) {
	escaped, err := os.ReadFile(filepath.Join("testdata", "seed", "ex02-blob.txt"))
	require.NoError(t, err)
	text := `{"@odata.type":"#microsoft.graph.appHostedMediaConfig","blob":"` + strings.TrimSpace(string(escaped)) + `"}`
	v, err := communications.UnmarshalAnyMediaConfig([]byte(text))
	require.NoError(t, err)
	blob := v.(*communications.AppHostedMediaConfig).Blob
	assert.Contains(t, *blob, `{"mpUri":"net.tcp://bot.contoso.com:18732/MediaProcessor"`)
	out, err := communications.Marshal(&communications.AppHostedMediaConfig{Blob: blob})
	require.NoError(t, err)
	assert.Equal(t, value(t, []byte(text)), value(t, out))
}
