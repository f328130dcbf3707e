package codec

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests of this file are the rows of the table of JSON rules in the README.

func marshal(t *testing.T, v Value) string {
	t.Helper()
	out, err := Marshal(v)
	require.NoError(t, err)
	return string(out)
}

func TestODataTypeChoosesTheGoType(t *testing.T) {
	for doc, want := range map[string]any{
		`{"mediaConfig":{"@odata.type":"#test.appHostedMediaConfig"}}`:                                       &AppHostedMediaConfig{},
		`{"mediaConfig":{"@odata.type":"test.appHostedMediaConfig"}}`:                                        &AppHostedMediaConfig{},
		`{"mediaConfig":{"@odata.type":"https://h/$metadata#test.appHostedMediaConfig"}}`:                    &AppHostedMediaConfig{},
		`{"mediaConfig":{"remove":true,"@odata.type":"#test.appHostedMediaConfig","x":1}}`:                   &AppHostedMediaConfig{},
		`{"mediaConfig":{"remove":true,"@odata.type" : "#test.appHostedMediaConfig"}}`:                       &AppHostedMediaConfig{},
		`{"mediaConfig":{"@odata.type":"#test\u002eappHostedMediaConfig"}}`:                                  &AppHostedMediaConfig{},
		`{"mediaConfig":{"@odata\u002etype":"\u0023test.appHostedMediaConfig"}}`:                             &AppHostedMediaConfig{},
		`{"mediaConfig":{"@odata.type":"https:\/\/h\/$metadata#test.appHostedMediaConfig"}}`:                 &AppHostedMediaConfig{},
		`{"mediaConfig":{"x":1,"\u0040odata.type" :"#test\u002eappHostedMediaConfig","y":2}}`:                &AppHostedMediaConfig{},
		`{"mediaConfig":{"x":"@odata.type","@odata.type":"#test\u002eappHostedMediaConfig"}}`:                &AppHostedMediaConfig{},
		`{"mediaConfig":{"x":{"@odata.type":"#test.call"},"@odata.type":"#test.\u0061ppHostedMediaConfig"}}`: &AppHostedMediaConfig{},
		`{"mediaConfig":{"@odata.type":"#test.appHostedMediaConfig\ud800"}}`:                                 &MediaConfig{},
		`{"mediaConfig":{"@odata.type":"#test.mediaConfig"}}`:                                                &MediaConfig{},
		`{"mediaConfig":{}}`:                              &MediaConfig{},
		`{"mediaConfig":{"@odata.type":"#test.unknown"}}`: &MediaConfig{},
		`{"mediaConfig":{"@odata.type":"#test.call"}}`:    &MediaConfig{},
		`{"mediaConfig":{"@odata.type":7}}`:               &MediaConfig{},
	} {
		var call Call
		require.NoError(t, Unmarshal([]byte(doc), &call), doc)
		assert.IsType(t, want, call.MediaConfig, doc)
		sameJSON(t, doc, marshal(t, &call))
	}
}

func TestUnknownODataTypeIsRemembered(t *testing.T) {
	var call Call
	require.NoError(t, Unmarshal([]byte(`{"mediaConfig":{"@odata.type":"#test.unknown","new":[1]}}`), &call))
	base := call.MediaConfig.AsMediaConfig()
	text, ok := base.AdditionalData.Get("@odata.type")
	assert.True(t, ok)
	assert.Equal(t, `"#test.unknown"`, string(text))
	raw, ok := base.AdditionalData.Get("new")
	assert.True(t, ok)
	assert.Equal(t, `[1]`, string(raw))
}

func TestUnmarshalAny(t *testing.T) {
	v, err := unmarshalNamed([]byte(`{"subject":"s","@odata.type":"#test.call"}`), &allTypes, nil)
	require.NoError(t, err)
	assert.Equal(t, "s", *v.(*Call).Subject)

	_, err = unmarshalNamed([]byte(`{"subject":"s"}`), &allTypes, nil)
	assert.ErrorContains(t, err, `the object has no "@odata.type"`)
	_, err = unmarshalNamed([]byte(`{"@odata.type":"#test.x"}`), &allTypes, nil)
	assert.ErrorContains(t, err, `no type in this package is named "test.x"`)
	_, err = unmarshalNamed([]byte(` [1]`), &allTypes, nil)
	assert.EqualError(t, err, "json: a JSON object is expected (byte 1)")
}

func TestMarshalWritesODataTypeWhereTheReaderNeedsIt(t *testing.T) {
	call := &Call{
		Source:      &Participant{Name: new("n")},
		MediaConfig: &AppHostedMediaConfig{Blob: new("b")},
		Resource:    One[AnyEntity](&Node{Entity: Entity{ID: "1"}}),
	}
	assert.Equal(t, `{"@odata.type":"#test.call","source":{"name":"n"},`+
		`"mediaConfig":{"@odata.type":"#test.appHostedMediaConfig","blob":"b"},`+
		`"resource":{"@odata.type":"#test.node","id":"1"}}`, marshal(t, call))

	// A part that was decoded without @odata.type gets one where it would be lost.
	var app AppHostedMediaConfig
	require.NoError(t, Unmarshal([]byte(`{"blob":"b"}`), &app))
	assert.Equal(t, `{"blob":"b"}`, marshal(t, &app))
	call = &Call{MediaConfig: &app}
	assert.Equal(t, `{"@odata.type":"#test.call","mediaConfig":{"@odata.type":"#test.appHostedMediaConfig","blob":"b"}}`, marshal(t, call))
}

func TestOneOrMany(t *testing.T) {
	for want, r := range map[string]OneOrMany[AnyEntity]{
		`{"@odata.type":"#test.call"}`:                                                  {},
		`{"@odata.type":"#test.call","resource":[]}`:                                    Many[AnyEntity](),
		`{"@odata.type":"#test.call","resource":{"@odata.type":"#test.entity"}}`:        One[AnyEntity](&Entity{}),
		`{"@odata.type":"#test.call","resource":[{"@odata.type":"#test.entity"}]}`:      Many[AnyEntity](&Entity{}),
		`{"@odata.type":"#test.call","resource":[{"@odata.type":"#test.entity"},null]}`: {Values: []AnyEntity{&Entity{}, nil}},
	} {
		assert.Equal(t, want, marshal(t, &Call{Resource: r}))
	}
}

func TestDuplicateMembersAreRefused(t *testing.T) {
	many := strings.Builder{}
	for i := range 100 {
		fmt.Fprintf(&many, `"m%d":%d,`, i, i)
	}
	for doc, want := range map[string]string{
		`{"subject":"a","subject":"b"}`:                           `json: $: the object names the member "subject" twice (byte 15)`,
		`{"subject":null,"subject":null}`:                         `json: $: the object names the member "subject" twice (byte 16)`,
		`{"x":1,"x":1}`:                                           `json: $: the object names the member "x" twice (byte 7)`,
		`{"x":1,"\u0078":1}`:                                      `json: $: the object names the member "x" twice (byte 7)`,
		`{"@odata.type":"#test.call","@odata.type":"#test.call"}`: `json: $: the object names the member "@odata.type" twice (byte 28)`,
		`{"@odata.type":1,"@odata.type":1}`:                       `json: $: the object names the member "@odata.type" twice (byte 17)`,
		`{"source":{"name":"a","name":"b"}}`:                      `json: $.source: the object names the member "name" twice (byte 22)`,
		`{` + many.String() + `"m42":1}`:                          `twice`,
	} {
		call := Call{Subject: new("before")}
		err := Unmarshal([]byte(doc), &call)
		assert.ErrorContains(t, err, want, doc)
		assert.Equal(t, Call{}, call, "nothing half-decoded is returned")
	}
	var call Call
	require.NoError(t, Unmarshal([]byte(`{"x":{"a":1,"a":2},"Subject":1,"subject":"s"}`), &call))
	assert.Equal(t, `{"subject":"s","x":{"a":1,"a":2},"Subject":1}`, marshal(t, &call))
	assert.NoError(t, Unmarshal([]byte(`{`+many.String()+`"m100":1}`), &call))
}

func TestMisfitsAreKeptAndListed(t *testing.T) {
	var call Call
	doc := `{"subject":5,"ringing":"7","targets":[{"name":"a"},true,{"name":"b"}],"source":[],"state":1,"mediaConfig":"x"}`
	require.NoError(t, Unmarshal([]byte(doc), &call))
	assert.Equal(t, []string{"subject", "ringing", "targets", "source", "state", "mediaConfig"}, call.AdditionalData.Mismatched())
	assert.Nil(t, call.Subject)
	assert.Nil(t, call.Targets)
	sameJSON(t, doc, marshal(t, &call))

	// A field set afterwards wins, and is not written twice.
	call.Subject = new("mine")
	call.State = "established"
	sameJSON(t, `{"subject":"mine","ringing":"7","targets":[{"name":"a"},true,{"name":"b"}],"source":[],"state":"established","mediaConfig":"x"}`,
		marshal(t, &call))
}

func TestStrictRefusesMisfitsWithTheirPath(t *testing.T) {
	for doc, want := range map[string]string{
		`{"subject":5}`:                         "json: $.subject: the value does not fit the declared type (byte 11)",
		`{"source":{"muted":"yes"}}`:            "json: $.source.muted: the value does not fit the declared type (byte 19)",
		`{"targets":[{"name":"a"},{"name":1}]}`: "json: $.targets[1].name: the value does not fit the declared type (byte 33)",
		`{"targets":[null,7]}`:                  "json: $.targets[1]: the value does not fit the declared type (byte 17)",
		`{"targets":7}`:                         "json: $.targets: the value does not fit the declared type (byte 11)",
		`{"modalities":["a",7]}`:                "json: $.modalities[1]: the value does not fit the declared type",
	} {
		err := Unmarshal([]byte(doc), &Call{}, Strict())
		assert.ErrorContains(t, err, want)
		assert.NoError(t, Unmarshal([]byte(doc), &Call{}), doc)
	}
	assert.NoError(t, Unmarshal([]byte(`{"subject":null,"unknown":[1],"@odata.type":"#x","resource":[]}`), &Call{}, Strict()))
}

func TestDepth(t *testing.T) {
	nested := func(open, inner, end string, n int) []byte {
		return []byte(strings.Repeat(open, n) + inner + strings.Repeat(end, n))
	}
	for name, doc := range map[string]func(n int) []byte{
		"typed":       func(n int) []byte { return nested(`{"next":`, `{}`, `}`, n-1) },
		"collection":  func(n int) []byte { return nested(`{"nodes":[`, `{}`, `]}`, (n-1)/2) },
		"polymorphic": func(n int) []byte { return nested(`{"any":`, `{}`, `,"@odata.type":"#test.node"}`, n-1) },
		"raw":         func(n int) []byte { return append(append([]byte(`{"x":`), nested(`[`, `1`, `]`, n-1)...), '}') },
	} {
		assert.NoError(t, Unmarshal(doc(1000), &Node{}), name)
		assert.ErrorContains(t, Unmarshal(doc(1003), &Node{}), "the document nests too deep", name)
		assert.NoError(t, Unmarshal(doc(5000), &Node{}, MaxDepth(5001)), name)
		if testing.Short() {
			continue // the rest takes seconds
		}
		deep := doc(100_001)
		var v Node
		require.NoError(t, Unmarshal(deep, &v, MaxDepth(100_001)), name)
		out, err := Marshal(&v)
		require.NoError(t, err, name)
		assert.Len(t, out, len(deep), name)
		assert.Error(t, Unmarshal(doc(400_000), &v, MaxDepth(1<<30)), "MaxDepth has a limit")
	}
}

func TestInvalidDocumentsAreRefusedWithTheirOffset(t *testing.T) {
	for doc, want := range map[string]string{
		``:                           "json: $: the input ends early (byte 0)",
		` `:                          "the input ends early (byte 1)",
		`[]`:                         "a JSON object is expected (byte 0)",
		`null`:                       "a JSON object is expected (byte 0)",
		`{} {}`:                      "nothing may follow the document (byte 3)",
		"{}\x00":                     "nothing may follow the document (byte 2)",
		`{"subject":"a",}`:           "a member name in quotes is expected (byte 15)",
		`{"targets":[{},]}`:          `json: $.targets[1]: a JSON value is expected (byte 15)`,
		`{subject:1}`:                "a member name in quotes is expected (byte 1)",
		`{"subject" 1}`:              `":" is expected after the member name (byte 11)`,
		`{"subject":"a" "x":1}`:      `"," or "}" is expected (byte 15)`,
		`{"subject":"` + "\n" + `"}`: "a control character in a string must be escaped (byte 12)",
		`{"subject":"\x"}`:           "invalid escape sequence in a string (byte 12)",
		`{"subject":"\u12g4"}`:       "invalid escape sequence in a string (byte 12)",
		"{\"subject\":\"a\xff\"}":    "invalid UTF-8 (byte 13)",
		"{\"a\xff\":1}":              "invalid UTF-8 (byte 3)",
		"{\"x\":\"\xed\xa0\x80\"}":   "invalid UTF-8 (byte 6)",
		`{"ringing":01}`:             `"," or "}" is expected (byte 12)`,
		`{"ringing":1.}`:             "a digit is expected after the decimal point (byte 13)",
		`{"ringing":1e+}`:            "a digit is expected in the exponent (byte 14)",
		`{"ringing":-}`:              "a JSON value is expected (byte 11)",
		`{"ringing":nul}`:            "a JSON value is expected (byte 11)",
		`{"x":tru}`:                  "a JSON value is expected (byte 5)",
		`{"x":[1,2}`:                 `"," or "]" is expected (byte 9)`,
		`{"x":{"a":1]}`:              `"," or "}" is expected (byte 11)`,
		"\ufeff{}":                   "a JSON object is expected (byte 0)",
	} {
		call := Call{Subject: new("before")}
		assert.ErrorContains(t, Unmarshal([]byte(doc), &call), want, doc)
		assert.Equal(t, Call{}, call, doc)
	}
}

func TestTruncationAtEveryByteIsRefused(t *testing.T) {
	for _, doc := range losslessDocuments {
		for i := range len(doc) {
			v := newTest(typeNameOf(doc))
			assert.Error(t, Unmarshal([]byte(doc[:i]), v), "%s", doc[:i])
		}
	}
}

func TestMarshalRefusesWhatJSONCannotSay(t *testing.T) {
	cycle := &Node{}
	cycle.Next = &Node{Nodes: []*Node{{Any: cycle}}}
	_, err := Marshal(cycle)
	assert.ErrorContains(t, err, "a test.node contains itself")

	_, err = Marshal(&Everything{Untyped: Untyped(`{`)})
	assert.EqualError(t, err, "json: $.untyped: the raw value is not valid JSON")
	_, err = Marshal(&Everything{Decimals: []Decimal{"1", "x"}})
	assert.EqualError(t, err, `json: $.decimals[1]: "x" is not a valid Edm.Decimal`)
	_, err = Marshal(&Everything{Duration: new(Duration("1h"))})
	assert.ErrorContains(t, err, `"1h" is not a valid Edm.Duration`)
	_, err = Marshal(&Everything{Date: &Date{2026, 2, 30}})
	assert.ErrorContains(t, err, "is not a day of the calendar")
	_, err = Marshal(&Everything{TimeOfDay: &TimeOfDay{Hour: 24}})
	assert.ErrorContains(t, err, "24:00:00 is not a time of day")
	_, err = Marshal(&Everything{DateTime: new(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))})
	assert.ErrorContains(t, err, "the year 10000")

	assert.Equal(t, "null", marshal(t, nil))
	assert.Equal(t, "null", marshal(t, (*Call)(nil)))
	assert.Equal(t, `{"@odata.type":"#test.everything","single":"-INF","double":"NaN"}`,
		marshal(t, &Everything{Single: new(float32(math.Inf(-1))), Double: new(math.NaN())}))
}

func TestExactTextGivesWayToAChangedValue(t *testing.T) {
	var e Everything
	require.NoError(t, Unmarshal([]byte(`{"double":0.10,"int64":"5","dateTime":"2026-01-01T00:00:00.0Z","doubles":[1.0]}`), &e))
	assert.Equal(t, 0.1, *e.Double)
	assert.EqualValues(t, 5, *e.Int64)
	e.Double = new(0.25)
	e.Int64 = nil
	e.Doubles[0] = 2
	assert.Equal(t, `{"double":0.25,"dateTime":"2026-01-01T00:00:00.0Z","doubles":[2]}`, marshal(t, &e))
	*e.DateTime = e.DateTime.Add(time.Second)
	assert.Equal(t, `{"double":0.25,"dateTime":"2026-01-01T00:00:01Z","doubles":[2]}`, marshal(t, &e))
}

func TestEncodingJSONWorksOnValuesAndPointers(t *testing.T) {
	type mine struct {
		Call  Call
		Other *Call
		Any   AnyMediaConfig
	}
	out, err := json.Marshal(mine{Call: Call{Subject: new("<s>")}, Other: &Call{}, Any: &AppHostedMediaConfig{}})
	require.NoError(t, err)
	assert.Equal(t, `{"Call":{"@odata.type":"#test.call","subject":"\u003cs\u003e"},"Other":{"@odata.type":"#test.call"},`+
		`"Any":{"@odata.type":"#test.appHostedMediaConfig"}}`, string(out))
	var back struct {
		Call  Call
		Other *Call
	}
	require.NoError(t, json.Unmarshal(out, &back))
	assert.Equal(t, "<s>", *back.Call.Subject)
}

func TestMalformedGoTypesAreErrors(t *testing.T) {
	assert.ErrorContains(t, Unmarshal([]byte(`{}`), nil), "is not a pointer to a generated struct")
	assert.ErrorContains(t, Unmarshal([]byte(`{}`), (*Call)(nil)), "cannot be decoded into")
	assert.ErrorContains(t, Unmarshal([]byte(`{}`), &foreign{}), "field Extra is not that of a generated struct")
	_, err := Marshal(&foreign{})
	assert.ErrorContains(t, err, "field Extra is not that of a generated struct")
}

// foreign gets the methods of a Value by embedding one.
type foreign struct {
	Call
	Extra string
}

func TestUnmarshalAnyOfAHierarchy(t *testing.T) {
	v, err := UnmarshalAnyEntity([]byte(`{"subject":"s","@odata.type":"#test.call"}`))
	require.NoError(t, err)
	assert.Equal(t, "s", *v.(*Call).Subject)

	for _, doc := range []string{`{"id":"1"}`, `{"@odata.type":"#test.x","id":"1"}`, `{"@odata.type":"#test.participant","id":"1"}`} {
		v, err = UnmarshalAnyEntity([]byte(doc))
		require.NoError(t, err)
		require.IsType(t, (*Entity)(nil), v, doc)
		assert.Equal(t, doc, marshal(t, v))
	}

	v, err = UnmarshalAnyEntity([]byte(`[]`))
	require.EqualError(t, err, "json: a JSON object is expected (byte 0)")
	assert.Nil(t, v)
}
