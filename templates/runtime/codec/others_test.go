package codec

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Structs that a program declares around generated ones, which gives them their methods.

type plainOwner struct{ AppHostedMediaConfig }

type deepOwner struct{ plainOwner }

type taggedOwner struct {
	AppHostedMediaConfig
	Note *string `json:"note,omitempty"`
}

type privateOwner struct {
	AppHostedMediaConfig
	seen []string
}

type pointerOwner struct{ *AppHostedMediaConfig }

type lateOwner struct {
	Note string
	AppHostedMediaConfig
}

type anyOwner struct{ AnyMediaConfig }

type renamed struct{ AppHostedMediaConfig }

func (*renamed) ODataType() string { return "mine.config" }

// number is no struct at all.
type number int

func (number) ODataType() string            { return "test.mediaConfig" }
func (number) MarshalJSON() ([]byte, error) { return nil, nil }
func (number) UnmarshalJSON([]byte) error   { return nil }
func (number) AsMediaConfig() *MediaConfig  { return nil }

func TestStructsOfTheProgramStayOutOfTheTables(t *testing.T) {
	app := AppHostedMediaConfig{Blob: new("b")}
	const sent = `{"@odata.type":"#test.appHostedMediaConfig","blob":"b"}`
	for _, tt := range []struct {
		value AnyMediaConfig
		want  string // or the error
	}{
		{&plainOwner{app}, sent},
		{&deepOwner{plainOwner{app}}, sent},
		{&taggedOwner{app, new("n")}, "$.mediaConfig: a *codec.taggedOwner has fields that test.appHostedMediaConfig does not have: send the generated struct that it embeds"},
		{&privateOwner{app, nil}, "$.mediaConfig: a *codec.privateOwner cannot be sent: codec.privateOwner: field seen is not that of a generated struct"},
		{&lateOwner{"n", app}, "$.mediaConfig: a *codec.lateOwner cannot be sent"},
		{&pointerOwner{&app}, "$.mediaConfig: a *codec.pointerOwner cannot be sent"},
		{&pointerOwner{}, "$.mediaConfig: a *codec.pointerOwner cannot be sent"},
		{pointerOwner{&app}, "$.mediaConfig: a codec.pointerOwner cannot be sent: only pointers to generated structs can"},
		{pointerOwner{}, "$.mediaConfig: a codec.pointerOwner cannot be sent"},
		{anyOwner{&app}, "$.mediaConfig: a codec.anyOwner cannot be sent"},
		{anyOwner{}, "$.mediaConfig: a codec.anyOwner cannot be sent"},
		{&anyOwner{&app}, "$.mediaConfig: a *codec.anyOwner cannot be sent"},
		{&anyOwner{}, "$.mediaConfig: a *codec.anyOwner cannot be sent"},
		{number(1), "$.mediaConfig: a codec.number cannot be sent"},
		{new(number), "$.mediaConfig: a *codec.number cannot be sent"},
		{&renamed{app}, `{"@odata.type":"#mine.config","blob":"b"}`},
	} {
		for range 2 {
			out, err := Marshal(&Call{MediaConfig: tt.value})
			if err == nil {
				assert.Equal(t, `{"@odata.type":"#test.call","mediaConfig":`+tt.want+`}`, string(out), "%T", tt.value)
			} else {
				assert.ErrorContains(t, err, tt.want, "%T", tt.value)
			}
			_, inList := Marshal(&Call{MediaConfigs: []AnyMediaConfig{nil, tt.value}})
			assert.Equal(t, err == nil, inList == nil, "%T", tt.value)

			for _, name := range []string{"#test.appHostedMediaConfig", "#mine.config"} {
				var call Call
				require.NoError(t, Unmarshal([]byte(`{"mediaConfig":{"@odata.type":"`+name+`","blob":"x"}}`), &call))
				if name == "#mine.config" {
					assert.IsType(t, &MediaConfig{}, call.MediaConfig, "after %T", tt.value)
				} else {
					assert.IsType(t, &AppHostedMediaConfig{}, call.MediaConfig, "after %T", tt.value)
				}
			}
		}
	}
	out, err := Marshal(&Call{MediaConfig: (*plainOwner)(nil), MediaConfigs: []AnyMediaConfig{(*AppHostedMediaConfig)(nil)}})
	require.NoError(t, err)
	assert.Equal(t, `{"@odata.type":"#test.call","mediaConfig":null,"mediaConfigs":[null]}`, string(out))
}

// A struct of the program's own on its own: its fields with JSON names are members like
// the generated ones.
func TestStructsOfTheProgramOnTheirOwn(t *testing.T) {
	v := taggedOwner{AppHostedMediaConfig{Blob: new("b")}, new("n")}
	assert.Equal(t, `{"@odata.type":"#test.appHostedMediaConfig","blob":"b","note":"n"}`, marshal(t, &v))
	var back taggedOwner
	require.NoError(t, Unmarshal([]byte(`{"note":"n","blob":"b"}`), &back))
	assert.Equal(t, "n", *back.Note)

	out, err := json.Marshal(&v)
	require.NoError(t, err)
	assert.JSONEq(t, `{"@odata.type":"#test.appHostedMediaConfig","blob":"b"}`, string(out), "encoding/json asks the embedded one")

	for _, v := range []Value{&anyOwner{}, &pointerOwner{}, anyOwner{}, pointerOwner{}, number(1), new(number)} {
		_, err := Marshal(v)
		assert.Error(t, err, "%T", v)
		assert.Error(t, Unmarshal([]byte(`{}`), v), "%T", v)
	}
}

func TestCloneOfStructsOfTheProgram(t *testing.T) {
	v := &Call{MediaConfig: &privateOwner{AppHostedMediaConfig{Blob: new("b")}, []string{"s"}}}
	c := Clone(v).MediaConfig.(*privateOwner)
	assert.Equal(t, []string{"s"}, c.seen, "copied as an assignment does")
	assert.Equal(t, "b", *c.Blob)
	assert.NotSame(t, v.MediaConfig.(*privateOwner).Blob, c.Blob)
}
