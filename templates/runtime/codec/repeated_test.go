package codec

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAllowDuplicateNames(t *testing.T) {
	for doc, want := range map[string]string{
		`{"subject":"a","subject":"b"}`:                                 `{"subject":"b"}`,
		`{"subject":"a","state":"x","sub\u006aect":null}`:               `{"state":"x","subject":null}`,
		`{"subject":5,"subject":"b","subject":6}`:                       `{"subject":6}`,
		`{"subject":null,"ringing":1,"subject":"b","ringing":"no"}`:     `{"subject":"b","ringing":"no"}`,
		"{ \"x\" : {\"y\":[1, 2]} ,\n\"x\":1,\"\\u0078\":{\"z\":2}}":    `{"x":{"z":2}}`,
		`{"source":{"name":"a","muted":true,"name":"b"}}`:               `{"source":{"name":"b","muted":true}}`,
		`{"source":{"muted":true},"source":{"name":"b"}}`:               `{"source":{"name":"b"}}`,
		`{"targets":[{"name":"a","name":"b"},{"name":"c"}]}`:            `{"targets":[{"name":"b"},{"name":"c"}]}`,
		`{"targets":[{"name":"a"},7],"targets":[{"name":"c"}],"x":1}`:   `{"targets":[{"name":"c"}],"x":1}`,
		`{"x":{"a":1,"b":{"a":1,"a":2},"a":[{"c":1,"c":","}]}}`:         `{"x":{"b":{"a":2},"a":[{"c":","}]}}`,
		`{"":1,"":2,"\ud800":1,"\ud801":2,"\ud800":3}`:                  `{"":2,"\ud801":2,"\ud800":3}`,
		`{"@odata.type":"#test.node","@odata.type":"#test.call"}`:       `{"@odata.type":"#test.call"}`,
		`{"@odata.type":"#test.call","x":1,"@odata.type":7}`:            `{"x":1,"@odata.type":7}`,
		`{"a":"{\"a\":","b":"}],","a":"\\","c":[{"a":"x"},{"a":"\""}]}`: `{"b":"}],","a":"\\","c":[{"a":"x"},{"a":"\""}]}`,
	} {
		var call Call
		assert.ErrorContains(t, Unmarshal([]byte(strings.Replace(doc, `{`, `{"state":1,"state":1,`, 1)), &call), "twice")
		input := []byte(doc)
		require.NoError(t, Unmarshal(input, &call, AllowDuplicateNames()), doc)
		assert.Equal(t, doc, string(input), "the caller's input stays as it is")
		assert.JSONEq(t, want, marshal(t, &call), doc)
	}
	many := strings.Repeat(`"m":{"m":1,"m":2},"n":0,`, 1000)
	var call Call
	require.NoError(t, Unmarshal([]byte(`{`+many+`"m":3}`), &call, AllowDuplicateNames()))
	assert.Equal(t, 2, call.AdditionalData.Len())
}

func TestAllowDuplicateNamesChoosesTheTypeByTheLast(t *testing.T) {
	for range 2 { // once the types are known
		var call Call
		require.NoError(t, Unmarshal([]byte(`{"mediaConfig":{"@odata.type":"#test.mediaConfig","@odata.type":"#test.appHostedMediaConfig"}}`), &call, AllowDuplicateNames()))
		assert.IsType(t, &AppHostedMediaConfig{}, call.MediaConfig)
		v, err := UnmarshalAnyEntity([]byte(`{"@odata.type":"#test.node","@odata.type":"#test.call"}`), AllowDuplicateNames())
		require.NoError(t, err)
		assert.IsType(t, &Call{}, v)
	}
}

func TestAllowDuplicateNamesHidesNoFault(t *testing.T) {
	for _, doc := range []string{
		``, `{`, `""}`, `{"x":1,"x":2}}]`, `[{"a":1,"a":2}]`, `{"x":tru,"x":1}`, `{"x":1,"x":1`, "{\"x\":\"\xff\",\"x\":1}", `{"x":1,"x":2} {}`, `{"x":[1,},"x":1}`, `{"subject":"\q","subject":""}`,
	} {
		var call Call
		plain, ok := errors.AsType[*DecodeError](Unmarshal([]byte(strings.ReplaceAll(doc, `,"x"`, `,"y"`)), &call))
		require.True(t, ok, doc)
		err, ok := errors.AsType[*DecodeError](Unmarshal([]byte(doc), &call, AllowDuplicateNames()))
		require.True(t, ok, doc)
		assert.Equal(t, plain.Msg, err.Msg, doc)
		assert.Equal(t, plain.Offset, err.Offset, doc)
	}
	deep := `{"x":` + strings.Repeat(`[`, 2000) + strings.Repeat(`]`, 2000) + `,"x":1}`
	assert.ErrorContains(t, Unmarshal([]byte(deep), &Call{}, AllowDuplicateNames()), "nests too deep")
	assert.NoError(t, Unmarshal([]byte(deep), &Call{}, AllowDuplicateNames(), MaxDepth(3000)))
}
