package codec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// showTest stands for the generated function Show.
func showTest(v any) Shown {
	return show(v, []string{"test.appHostedMediaConfig/blob", "test.entity/id", "test.call/targets", "test.everything/binary"})
}

func TestShowRedactsWhatTheDescriptionSays(t *testing.T) {
	app := &AppHostedMediaConfig{Blob: new("s3cret"), MediaConfig: MediaConfig{Remove: new(true)}}
	call := &Call{
		Entity: Entity{ID: "s3cret"}, Subject: new("s"), Source: &Participant{Name: new("blob")}, MediaConfig: app,
		MediaConfigs: []AnyMediaConfig{app, nil, &MediaConfig{}}, Targets: []*Participant{{Name: new("s3cret")}},
		Resource: One[AnyEntity](&Entity{ID: "s3cret"}),
	}
	const want = `{"@odata.type":"#test.call","id":"[redacted]","subject":"s","source":{"name":"blob"},"targets":"[redacted]",` +
		`"mediaConfig":{"@odata.type":"#test.appHostedMediaConfig","remove":true,"blob":"[redacted]"},` +
		`"mediaConfigs":[{"@odata.type":"#test.appHostedMediaConfig","remove":true,"blob":"[redacted]"},null,{"@odata.type":"#test.mediaConfig"}],` +
		`"resource":{"@odata.type":"#test.entity","id":"[redacted]"}}`
	assert.Equal(t, want, showTest(call).String())
	assert.Equal(t, want, showTest(*call).String(), "a struct as well as a pointer to it")
	assert.Equal(t, marshal(t, call), showTest(call).WithSecrets().String())
	assert.Equal(t, "s3cret", *app.Blob)

	assert.Equal(t, `[{"@odata.type":"#test.entity","id":"[redacted]"},null]`, showTest([]AnyEntity{&Entity{ID: "s3cret"}, nil}).String())
	assert.Equal(t, `[{"@odata.type":"#test.participant","name":"n"}]`, showTest([]*Participant{{Name: new("n")}}).String())
	assert.Equal(t, `[{"@odata.type":"#test.entity","id":"[redacted]"}]`, showTest(call.Resource).String())
	assert.Equal(t, `{"@odata.type":"#test.everything","binary":"[redacted]"}`, showTest(&Everything{Binary: []byte{1}}).String())
	for v, want := range map[any]string{
		nil: `null`, (*Call)(nil): `null`, 5: `"(int)"`, "s3cret": `"(string)"`, struct{ Call *Call }{call}: `"(struct { Call *codec.Call })"`,
		&foreign{}: `"(*codec.foreign)"`, new(number): `"(*codec.number)"`,
	} {
		assert.Equal(t, want, showTest(v).String())
	}
	assert.Equal(t, `"([]uint8)"`, showTest([]byte("s3cret")).String())
}

// What no type describes may be anything, such as a value of a type that is newer than the
// package.
func TestShowRedactsWhatLooksSecret(t *testing.T) {
	var call Call
	require.NoError(t, Unmarshal([]byte(`{"mediaConfig":{"@odata.type":"#test.newer","Blob":"s3cret","passcode":null,"x":1},
		"newPassword":{"a":"s3cret"},"x":[{"clientSecret" : ["s3cret", {"y":"s3cret"}],"access_token":"s3cret","tok":"t"}],
		"@microsoft.graph.downloadUrl":"https://h/?s3cret","passcode@odata.type":"#String","targets":"s3cret","id":7,
		"subject":5,"ringing":null}`), &call))
	assert.Equal(t, `{"mediaConfig":{"@odata.type":"#test.newer","Blob":"[redacted]","passcode":null,"x":1},`+
		`"newPassword":"[redacted]","x":[{"clientSecret":"[redacted]","access_token":"[redacted]","tok":"t"}],`+
		`"@microsoft.graph.downloadUrl":"[redacted]","passcode@odata.type":"#String","targets":"[redacted]","id":"[redacted]",`+
		`"subject":5,"ringing":null}`, showTest(&call).String())
	sameJSON(t, marshal(t, &call), showTest(&call).WithSecrets().String())

	e := Everything{Untyped: Untyped(`{"password":"s3cret"}`), Geos: []json.RawMessage{json.RawMessage(`{"password":"s3cret"}`)}}
	assert.Equal(t, `{"@odata.type":"#test.everything","untyped":{"password":"[redacted]"},"geos":[{"password":"[redacted]"}]}`, showTest(&e).String())
}

func TestShowIsBounded(t *testing.T) {
	long := strings.Repeat("é", 1e6)
	call := Call{Subject: &long, State: CallState(strings.Repeat("\u202e", 1e6))}
	require.NoError(t, call.AdditionalData.Set(Property(long), long))
	call.Source = &Participant{Name: &long}
	for range 10_000 {
		call.Modalities = append(call.Modalities, "audio")
	}
	wide := &Node{Entity: Entity{ID: "x"}}
	deep := wide
	for range 30 { // 2 to the power of 30 nodes, to those who count
		deep = &Node{Nodes: []*Node{deep, deep}, Any: deep}
	}
	for range 10_000 {
		wide.Anys = append(wide.Anys, &Entity{ID: "1"})
	}
	cycle := &Node{}
	cycle.Nodes = []*Node{cycle, cycle}
	var raw Call
	require.NoError(t, Unmarshal([]byte(`{"x":`+strings.Repeat(`[`, 900)+strings.Repeat(`]`, 900)+`,"y":[`+strings.Repeat(`{"a":1},`, 1e4)+`1],"z":1`+strings.Repeat("0", 1e4)+`}`), &raw))
	list := make([]*Call, 50_000)
	for name, v := range map[string]any{"long": &call, "wide": wide, "deep": deep, "cycle": cycle, "raw": &raw, "list": list, "many": Many(deep, deep)} {
		for _, most := range []int{-1, 0, 10, 1000, 2000, 100_000} {
			text := showTest(v).AtMost(most).String()
			assert.True(t, json.Valid([]byte(text)), "%s: %.3000s", name, text)
			assert.LessOrEqual(t, len(text), max(most, 0)+3000, name)
			assert.Contains(t, text, "…", name)
			assert.NotContains(t, text, "\u202e")
		}
	}
	assert.Equal(t, `{"@odata.type":"#test.call","subject":"`+strings.Repeat("é", 150)+`… (2000000 bytes)","…":"…"}`, showTest(&Call{Subject: &long, Ringing: new(int32(1))}).AtMost(100).String())
	assert.Less(t, len(showTest(&call).String()), 6000)
}

func TestShowHidesNothing(t *testing.T) {
	call := &Call{Subject: new("a\x1b[31m\u202e\u0085\u2028\x7f\n\"\\ é😀\U000e0001\xff"), Ringing: new(int32(5))}
	text := showTest(call).String()
	assert.Equal(t, `{"@odata.type":"#test.call","subject":"a\u001b[31m\u202e\u0085\u2028\u007f\n\"\\ é😀\udb40\udc01`+"\ufffd"+`","ringing":5}`, text)
	var back Call
	require.NoError(t, Unmarshal([]byte(text), &back))
	assert.Equal(t, strings.ToValidUTF8(*call.Subject, "\ufffd"), *back.Subject)

	assert.Equal(t, `{"@odata.type":"#test.everything","decimal":"(json: \"x\" is not a valid Edm.Decimal)","number":1}`,
		showTest(&Everything{Decimal: new(Decimal("x")), Number: 1}).String(), "what is wrong is shown")
	assert.Contains(t, showTest(&Call{MediaConfig: pointerOwner{}}).String(), "only pointers to generated structs can")
}

func TestShowWithFmtAndSlog(t *testing.T) {
	v := showTest(&AppHostedMediaConfig{Blob: new("s3cret")})
	const want = `{"@odata.type":"#test.appHostedMediaConfig","blob":"[redacted]"}`
	for _, verb := range []string{"%v", "%s", "%d", "%#v", "%x"} {
		assert.Equal(t, want, fmt.Sprintf(verb, v), verb)
	}
	assert.Equal(t, want, fmt.Sprint(v))
	assert.Equal(t, fmt.Sprintf("%q", want), fmt.Sprintf("%q", v))
	assert.Equal(t, "{\n  \"@odata.type\": \"#test.appHostedMediaConfig\",\n  \"blob\": \"[redacted]\"\n}", fmt.Sprintf("%+v", v))
	out, err := json.Marshal(map[string]any{"v": v})
	require.NoError(t, err)
	assert.Equal(t, `{"v":`+want+`}`, string(out))

	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "v", v)
	assert.Contains(t, log.String(), `"v":`+want+`}`)
	log.Reset()
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "v", v)
	assert.Contains(t, log.String(), fmt.Sprintf("v=%q", want))
}
