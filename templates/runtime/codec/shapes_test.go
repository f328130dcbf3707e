package codec

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// jsonShapes are values of JSON: those that RFC 8259 allows, those that it does not, and
// those that a reader may take or refuse but that must do no harm.
func jsonShapes() (accepted, refused, either []string) {
	accepted = []string{
		`null`, `true`, `false`, `0`, `-0`, `1`, `-1`, `12.5`, `1e2`, `1E+2`, `1e-2`, `0e1`, `1.5E22`, `123456789012345678901234567890`,
		`""`, `" "`, `"a"`, `"\""`, `"\\"`, `"\/"`, `"\b\f\n\r\t"`, `"\u0041"`, `"\u00e9"`, `"\ud83d\ude00"`, `"\u0000"`, `"\u2028"`, "\"\u2028\"", "\"\u007f\"", `"é😀"`, `"/* no comment */"`,
		`[]`, `[ ]`, `[1]`, `[1,2]`, "[\n1\t,\r2 ]", `[[]]`, `[[[]],[]]`, `[null,1,"a",{}]`, `[{"a":[]}]`,
		`{}`, `{ }`, `{"a":1}`, `{"":0}`, `{"a":{"a":{}}}`, `{"a":null,"b":[]}`, `{"\u0061b":1}`, "{\"a\"\t:\n1}", strings.Repeat("[", 100) + strings.Repeat("]", 100),
	}
	refused = []string{
		// words and numbers
		``, ` `, `nul`, `Null`, `tru`, `TRUE`, `nulll`, `undefined`, `NaN`, `-NaN`, `Infinity`, `-Infinity`, `Inf`,
		`+1`, `01`, `-01`, `00`, `-`, `--1`, `.5`, `-.5`, `1.`, `1.e1`, `1.5.2`, `1e`, `1e+`, `1E-`, `1eE2`, `0x1F`, `1_000`, `1 2`, `1,`, "\uff11", `12a`,
		// strings
		`"`, `"a`, `a"`, `'a'`, `"\x41"`, `"\a"`, `"\u12"`, `"\u00g0"`, `"\U0041"`, `"\"`, "\"\n\"", "\"\t\"", "\"\x00\"", "\"\x1f\"", `"a" "b"`, `\u0022a\u0022`,
		// arrays
		`[`, `]`, `[1`, `[1,`, `[,1]`, `[1,]`, `[1,,2]`, `[1 2]`, `[1:2]`, `[1}`, `[]]`, `[1]x`, `["a",`, `[*]`, "[\v1]", "[\f]", "[\u00a01]", `[1,/**/2]`, "[1//\n]",
		// objects
		`{`, `}`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{,"a":1}`, `{"a" 1}`, `{"a",1}`, `{"a"::1}`, `{"a":1 "b":2}`, `{a:1}`, `{'a':1}`, `{1:1}`, `{null:1}`, `{"a":1]`, `{}}`, `{[]:1}`, `{"a":1;"b":2}`,
		// what stands before or after
		"\ufeff1", `1#`, `;`, `<a/>`, strings.Repeat("[", 100), strings.Repeat(`{"a":`, 100),
	}
	either = []string{
		`"\ud800"`, `"\udc00\ud800"`, `"\ud800\u0041"`, "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xe2\x82\"", `1e400`, `-1e400`, `1e-400`, `{"a":1,"a":1}`, `{"a":1,"a":2}`,
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
	}
	return accepted, refused, either
}

// Each shape is tried as the value of members of several types, and of one that is not
// declared: what is accepted comes out as it went in.
func TestShapesOfJSON(t *testing.T) {
	t.Parallel()
	accepted, refused, either := jsonShapes()
	members := []string{"x", "subject", "targets", "mediaConfig", "resource", "untyped", "double", "strings"}
	each := func(shapes []string, check func(doc string, err error)) {
		for _, shape := range shapes {
			for _, member := range members {
				doc := `{"before":1,"` + member + `":` + shape + `,"after":2}`
				for _, v := range []Value{new(Call), new(Everything)} {
					err := Unmarshal([]byte(doc), v)
					check(doc, err)
					if err != nil {
						continue
					}
					out, err := Marshal(v)
					require.NoError(t, err, doc)
					sameJSON(t, doc, string(out))
				}
			}
		}
	}
	each(accepted, func(doc string, err error) { assert.NoError(t, err, doc) })
	each(refused, func(doc string, err error) { assert.Error(t, err, doc) })
	each(either, func(string, error) {})
}

// Bodies of real services hold what their descriptions do not say: nothing of it is lost,
// and numbers and times keep their spelling.
func TestBodiesThatContradictTheirDescription(t *testing.T) {
	t.Parallel()
	for what, doc := range map[string]string{
		"undeclared members":                        `{"id":"1","color":"red","nested":{"a":[1,{"b":null}]}}`,
		"an undeclared member that names a type":    `{"payload":{"@odata.type":"#test.call","id":"7","subject":"s","other":1}}`,
		"undeclared arrays of typed values":         `{"payload":[{"@odata.type":"#test.call","id":"7"},{"@odata.type":"#other.vendor","id":"8"}]}`,
		"another type than the declared one":        `{"targets":[{"@odata.type":"#test.mediaConfig","remove":true,"name":"n"}]}`,
		"members of a derived type on its base":     `{"mediaConfig":{"@odata.type":"#test.mediaConfig","blob":"b"}}`,
		"another case of a declared name":           `{"SUBJECT":"a","Subject":"b","callbackURI":"u"}`,
		"a type without number sign":                `{"@odata.type":"test.call","id":"1"}`,
		"a type without namespace":                  `{"@odata.type":"#call","id":"1"}`,
		"the type after the data":                   `{"@odata.context":"$metadata#x","id":"1","subject":"s","@odata.type":"#test.call"}`,
		"annotations of members":                    `{"targets@odata.count":2,"targets@odata.nextLink":"l","subject@test.note":{"a":1}}`,
		"enum members in another case":              `{"state":"Completed","modalities":["ESTABLISHED","neverHeardOf"]}`,
		"decimals with zeros":                       `{"decimal":0.00,"decimals":[1.10,100,1e2],"double":85.0}`,
		"more digits than a float has":              `{"double":9.33333333333333390001,"x":12345678901234567890}`,
		"numbers as strings":                        `{"int64":"9007199254740993","double":"INF","int32":"5"}`,
		"times with zeros, and another zone":        `{"dateTime":"2024-01-02T03:04:05.1200000Z","dateTimes":["2024-01-02T03:04:05+00:00","0001-01-01T00:00:00Z"]}`,
		"a time without zone":                       `{"dateTime":"2024-01-02T03:04:05"}`,
		"a duration that overflows":                 `{"duration":"P10675199DT2H48M5.4775807S","durations":["PDT1H","PT0S","P1D"]}`,
		"nulls that the description does not allow": `{"id":null,"targets":null,"x":null,"number":null,"strings":null}`,
		"placeholders":                              `{"dateTime":"String (timestamp)","bool":"Boolean","int32":"Integer","binary":"contentBytes-value","date":"date-value"}`,
		"another kind of JSON":                      `{"subject":{"a":1},"targets":"t","mediaConfig":[],"source":7,"strings":{"a":1},"bool":0}`,
		"an entity in a list":                       `{"resource":[{"@odata.type":"#test.call","id":"1"},{"id":"2"}],"value":{"id":"3"}}`,
	} {
		for _, v := range []Value{new(Call), new(Everything)} {
			require.NoError(t, Unmarshal([]byte(doc), v), what)
			sameJSON(t, doc, marshal(t, v))
		}
	}
}
