package codec

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sameJSON compares two JSON texts as values; numbers by their spelling.
func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	assert.Equal(t, jsonValue(t, want), jsonValue(t, got), "want %s\ngot  %s", want, got)
}

func jsonValue(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v), "%s", text)
	return v
}

// losslessDocuments must come out of a decode and an encode as they went in.
var losslessDocuments = []string{
	`{}`,
	`{"@odata.type":"#test.call"}`,
	`{"@odata.type":"test.call"}`,
	`{"@odata.type":"https://graph.microsoft.com/beta/$metadata#test.call","id":"1"}`,
	`{"id":"1","@odata.type":"#test.call"}`,
	`{"@odata.context":"c","id":"1","@odata.type":"#test.call","subject":"s"}`,
	`{"@odata.type":"#test.unheardOf","x":[1,{"a":0.00}]}`,
	`{"@odata.type":5,"subject":"x"}`,
	`{"@odata.type":null}`,
	`{"@odata.type":""}`,
	`{"@odata.type":"\ud800"}`,
	`{"id":"","subject":""}`,
	`{"id":null,"subject":null,"targets":null,"mediaConfig":null,"state":null,"resource":null}`,
	`{"state":"","modalities":["","a"]}`,
	`{"state":"completed","subject":"\u00e9\"\\\/\b\f\n\r\t\u2028 é 日本 😀 \ud83d\ude00"}`,
	`{"subject":"\ud800","state":"\udc00x","modalities":["a","\ud800"]}`,
	`{"\ud800":1,"\ud801":2,"\udfff":3}`,
	`{"":1,"a\"b":2,"\u0000":3}`,
	`{"Subject":"case","SUBJECT":2,"subject":"s"}`,
	`{"subject":5,"state":[],"targets":{},"source":"x","mediaConfig":[1],"ringing":"7","modalities":["a",null],"id":{}}`,
	`{"subject@odata.count":3,"x@odata.type":"#Collection(String)","x":["a"]}`,
	`{"targets":[null,{"name":"a"},null,{}]}`,
	`{"targets":[{"@odata.type":"#test.call","name":"n","id":"i"},{"name":"a"}]}`,
	`{"targets":[{"name":"a"},5,{"name":"a"}],"subject":"after"}`,
	`{"targets":[]}`,
	`{"mediaConfig":{"@odata.type":"#test.appHostedMediaConfig","blob":"b","remove":false}}`,
	`{"mediaConfig":{"blob":"b","remove":false}}`,
	`{"mediaConfig":{"blob":"b","@odata.type":"#test.appHostedMediaConfig"}}`,
	`{"mediaConfig":{"x":{"@odata.type":"#test.call"},"@odata.type":"#test.appHostedMediaConfig","blob":"b"}}`,
	`{"mediaConfig":{"@odata.type":"#test.unheardOf","blob":"b"}}`,
	`{"mediaConfigs":[{"@odata.type":"#test.mediaConfig"},null,{"@odata.type":"#test.appHostedMediaConfig","blob":"b"}]}`,
	`{"resource":{"@odata.type":"#test.call","subject":"s"}}`,
	`{"resource":[{"@odata.type":"#test.call","subject":"s"}]}`,
	`{"resource":[{"@odata.type":"#test.call"},{"@odata.type":"#test.node"},{"id":"x"}]}`,
	`{"resource":[]}`,
	`{"resource":"text"}`,
	`{"resource":[1]}`,
	`{"ringing":-0,"unknown":-0}`,
	`{"ringing":1.0}`,
	`{"ringing":1e2}`,
	`{"ringing":2147483648}`,
	`{"@odata.type":"#test.everything","bool":true,"byte":255,"sbyte":-128,"int16":-32768,"int32":0,"int64":9223372036854775807,
	  "single":1.5,"double":2.5,"decimal":0.00,"guid":"G","date":"2026-02-28","timeOfDay":"10:00:00","dateTime":"2026-02-28T10:00:00Z",
	  "duration":"PT1H","binary":"AQID","untyped":{"a":[1.0,null]},"geo":{"type":"Point"},"number":7}`,
	`{"@odata.type":"#test.everything","bool":"true","byte":256,"sbyte":-129,"int16":1.5,"int32":true,"int64":"x",
	  "single":1e99,"double":1e999,"decimal":"INF","guid":1,"date":"2026-02-30","timeOfDay":"25:00","dateTime":"yesterday",
	  "duration":"PDT1H","binary":"*","number":"7"}`,
	`{"@odata.type":"#test.everything","int64":"42","single":9.3333333333333339,"double":0.10,"decimal":"0.10","date":"2026-2-3",
	  "timeOfDay":"10:00:00.0000000","dateTime":"2026-02-28T10:00:00.0000000Z","duration":"P10675199DT2H48M5.4775807S","binary":"_-8","number":0}`,
	`{"@odata.type":"#test.everything","double":"INF","single":"NaN","timeOfDay":"10:00","dateTime":"2026-02-28T10:00:00+00:00"}`,
	`{"@odata.type":"#test.everything","double":1E5,"single":-0.0,"dateTime":"2026-02-28T10:00:00.123456789012+02:00","binary":"","untyped":null,"number":-0}`,
	`{"@odata.type":"#test.everything","double":1e21,"single":1e-7,"doubles":[1e21,0.10,1.0,-0],"int64s":["1",2,-0],"bools":[true,false],"int32s":[]}`,
	`{"@odata.type":"#test.everything","strings":["a",""],"decimals":[0.00,1,"2"],"dates":["2026-01-01"],"times":["10:00"],"dateTimes":["2026-01-01T00:00:00.0Z"],
	  "durations":["PT0S"],"binaries":["AQ=="],"untypeds":[1,null,{}],"geos":[[]]}`,
	`{"@odata.type":"#test.node","next":{"next":{"any":{"id":"1","@odata.type":"#test.node","anys":[{"id":"2","@odata.type":"#test.call"}]}}}}`,
}

func TestRoundTripIsLossless(t *testing.T) {
	for _, doc := range losslessDocuments {
		v := newTest(typeNameOf(doc))
		require.NoError(t, Unmarshal([]byte(doc), v), "%s", doc)
		got, err := Marshal(v)
		require.NoError(t, err, "%s", doc)
		sameJSON(t, doc, string(got))

		// Through encoding/json, with white space, and from a clone.
		w := newTest(typeNameOf(doc))
		require.NoError(t, json.Unmarshal([]byte(doc), w))
		through, err := json.Marshal(w)
		require.NoError(t, err)
		sameJSON(t, doc, string(through))
		var spaced bytes.Buffer
		require.NoError(t, json.Indent(&spaced, []byte(doc), " ", "\t"))
		u := newTest(typeNameOf(doc))
		require.NoError(t, Unmarshal(spaced.Bytes(), u), "%s", doc)
		cloned, err := Marshal(Clone(u))
		require.NoError(t, err)
		sameJSON(t, doc, string(cloned))
	}
}

// typeNameOf returns the type that a document's reader expects: the document's own, or a
// call.
func typeNameOf(doc string) string {
	for _, name := range []string{"test.everything", "test.node"} {
		if strings.HasPrefix(doc, `{"@odata.type":"#`+name+`"`) {
			return name
		}
	}
	return "test.call"
}

func TestUnmarshalSetsGoTypes(t *testing.T) {
	var call Call
	require.NoError(t, Unmarshal([]byte(`{"id":"7","subject":"s","state":"x","ringing":3,"modalities":["a"],
		"source":{"name":"n","muted":true},"targets":[{"name":"t"},null],
		"mediaConfig":{"remove":true,"@odata.type":"#test.appHostedMediaConfig","blob":"b"},
		"resource":{"@odata.type":"test.node","id":"8"}}`), &call))
	assert.Equal(t, "7", call.ID)
	assert.Equal(t, "s", *call.Subject)
	assert.Equal(t, CallState("x"), call.State)
	assert.EqualValues(t, 3, *call.Ringing)
	assert.Equal(t, []CallState{"a"}, call.Modalities)
	assert.Equal(t, "n", *call.Source.Name)
	assert.True(t, *call.Source.Muted)
	assert.Equal(t, "t", *call.Targets[0].Name)
	assert.Nil(t, call.Targets[1])
	app, ok := call.MediaConfig.(*AppHostedMediaConfig)
	require.True(t, ok, "%T", call.MediaConfig)
	assert.Equal(t, "b", *app.Blob)
	assert.True(t, *call.MediaConfig.AsMediaConfig().Remove)
	require.Len(t, call.Resource.Values, 1)
	assert.IsType(t, &Node{}, call.Resource.Values[0])
	assert.False(t, call.Resource.Many)
	assert.Equal(t, reflect.TypeFor[*Call](), reflect.TypeOf(&call))
}
