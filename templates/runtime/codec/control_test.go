package codec

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTypesWithoutThePrefix(t *testing.T) {
	for _, doc := range []string{
		`{"@type":"#test.call","id":"1"}`,
		`{"@type":"test.call","id":"1"}`,
		`{"id":"1","@type":"http://host/service/$metadata#test.call"}`,
		`{ "@type" : "#test.call" , "id" : "1" }`,
		`{"\u0040type":"#test.call","id":"1"}`,
		`{"source":{"@type":"#test.node"},"@context":"$metadata#x","@type":"#test.call","id":"1"}`,
		`{"@odata.type":"#test.call","id":"1"}`,
	} {
		v, err := UnmarshalAnyEntity([]byte(doc))
		require.NoError(t, err, doc)
		require.IsType(t, (*Call)(nil), v, doc)
		assert.Equal(t, "1", v.AsEntity().ID)
		assert.JSONEq(t, doc, marshal(t, v), "nothing is lost or added")

		named, err := unmarshalNamed([]byte(doc), &allTypes, nil)
		require.NoError(t, err, doc)
		assert.IsType(t, (*Call)(nil), named, doc)
	}
	doc := `{"mediaConfigs":[{"@type":"#test.appHostedMediaConfig","blob":"x"},{"remove":true,"@type":"test.appHostedMediaConfig"},{}],"any":{"@type":"#test.other"}}`
	var call Call
	require.NoError(t, Unmarshal([]byte(doc), &call))
	require.IsType(t, (*AppHostedMediaConfig)(nil), call.MediaConfigs[0])
	require.IsType(t, (*AppHostedMediaConfig)(nil), call.MediaConfigs[1])
	require.IsType(t, (*MediaConfig)(nil), call.MediaConfigs[2])
	assert.JSONEq(t, doc, marshal(t, &call), "the type that a position needs is there already")
}

func TestControlInformationIsFoundInBothSpellings(t *testing.T) {
	var v Entity
	require.NoError(t, Unmarshal([]byte(`{"@id":"Calls(1)","@odata.etag":"W/1","next@nextLink":"x","next@odata.count":2,"@ns.term":1,"@type":"#test.entity"}`), &v))
	for name, want := range map[Property]string{
		"@odata.id": `"Calls(1)"`, "@id": `"Calls(1)"`, "@etag": `"W/1"`, "@odata.etag": `"W/1"`,
		"next@odata.nextLink": `"x"`, "next@count": "2", "@odata.type": `"#test.entity"`, "@type": `"#test.entity"`, "@ns.term": "1",
	} {
		raw, ok := v.AdditionalData.Get(name)
		assert.True(t, ok, name)
		assert.Equal(t, want, string(raw), name)
	}
	for _, name := range []Property{"@term", "@odata.ns.term", "id@", "@", "other@nextLink", "@odata.context"} {
		_, ok := v.AdditionalData.Get(name)
		assert.False(t, ok, name)
	}
	require.NoError(t, v.AdditionalData.Set("@odata.id", "Calls(2)"))
	require.NoError(t, v.AdditionalData.Set("@type", "#test.other"))
	v.AdditionalData.Delete("@odata.etag", "next@odata.nextLink", "next@count", "@ns.term")
	assert.JSONEq(t, `{"@odata.type":"#test.other","@odata.id":"Calls(2)"}`, marshal(t, &v), "one of each, in the spelling of the program")
}

func TestEnvelopesAreReadInBothSpellings(t *testing.T) {
	type page struct {
		AdditionalData AdditionalData `json:"-"`
		Value          []*Entity      `json:"value"`
		Count          *int64         `json:"@odata.count"`
		NextLink       string         `json:"@odata.nextLink"`
	}
	for _, doc := range []string{
		`{"@odata.count":5,"value":[{"id":"1"}],"@odata.nextLink":"x"}`,
		`{"@count":5,"value":[{"id":"1"}],"@nextLink":"x"}`,
		`{"@count":"5","@nextLink":"x","value":[{"id":"1"}],"@odata.context":"y"}`,
		`{ "@count" : 5 , "value" : [ { "id" : "1" } ] , "@nextLink" : "x" }`,
	} {
		for range 2 { // the second time, the order of the members is known
			var p page
			require.NoError(t, decodeEnvelope([]byte(doc), &p, nil), doc)
			assert.Equal(t, "x", p.NextLink, doc)
			require.NotNil(t, p.Count, doc)
			assert.EqualValues(t, 5, *p.Count, doc)
			assert.Len(t, p.Value, 1)
		}
	}
	var p page
	require.NoError(t, decodeEnvelope([]byte(`{"value":[],"@nextLink":7,"@ns.nextLink":"x","":1}`), &p, nil))
	assert.Equal(t, []string{"@odata.nextLink"}, p.AdditionalData.Mismatched())
	assert.Error(t, decodeEnvelope([]byte(`{"value":[],"@nextLink":"x","@odata.nextLink":"y"}`), &p, nil), "which of them?")
}

func TestBodiesInTheFormatOfTheVersion(t *testing.T) {
	var call Call
	require.NoError(t, Unmarshal([]byte(`{"@type":"#test.call","@etag":"1","source@type":"#x","@ns.term":1,"extra":2}`), &call))
	call.AdditionalData.Bind("manager", "Users('1')")
	call.AdditionalData.BindAll("members", "Users('2')", "Users('3')")
	call.AdditionalData.BindAll("none")
	sent := func(format wireFormat) string {
		data, err := encodeSent(&call, format)
		require.NoError(t, err)
		return string(data)
	}
	kept := `{"@type":"#test.call","@etag":"1","source@type":"#x","@ns.term":1,"extra":2,` +
		`"manager@odata.bind":"Users('1')","members@odata.bind":["Users('2')","Users('3')"],"none@odata.bind":[]}`
	assert.Equal(t, kept, sent(wireFormat{}))
	assert.Equal(t, kept, marshal(t, &call))
	assert.Equal(t, `{"@odata.type":"#test.call","@odata.etag":"1","source@odata.type":"#x","@ns.term":1,"extra":2,`+
		`"manager@odata.bind":"Users('1')","members@odata.bind":["Users('2')","Users('3')"],"none@odata.bind":[]}`, sent(wireFormat{Prefixed: true}))
	assert.Equal(t, `{"@odata.type":"#test.call","@odata.etag":"1","source@odata.type":"#x","@ns.term":1,"extra":2,`+
		`"manager":{"@odata.id":"Users('1')"},"members":[{"@odata.id":"Users('2')"},{"@odata.id":"Users('3')"}],"none":[]}`,
		sent(wireFormat{Prefixed: true, References: true}))

	require.NoError(t, call.AdditionalData.Set("manager@odata.bind", 5))
	assert.Contains(t, sent(wireFormat{Prefixed: true, References: true}), `"manager@odata.bind":5`, "what cannot be a reference stays")
}

func TestNumbersThatJavaScriptCannotHold(t *testing.T) {
	const exact = `{"int64":9007199254740993,"decimal":12345678901234567890.10,"int32":7,"double":1.5,"int64s":[1,9007199254740993],"decimals":[0.10]}`
	const quoted = `{"int64":"9007199254740993","decimal":"12345678901234567890.10","int32":7,"double":1.5,"int64s":["1","9007199254740993"],"decimals":["0.10"]}`
	for _, doc := range []string{exact, quoted} {
		var v Everything
		require.NoError(t, Unmarshal([]byte(doc), &v))
		assert.EqualValues(t, 9007199254740993, *v.Int64)
		assert.Equal(t, Decimal("12345678901234567890.10"), *v.Decimal)
		data, err := encodeSent(&v, wireFormat{Quoted: true})
		require.NoError(t, err)
		assert.JSONEq(t, quoted, string(data))
		assert.JSONEq(t, doc, marshal(t, &v), "as received")
	}
	var v Everything
	require.NoError(t, Unmarshal([]byte(`{"int64":-0,"int64s":["5",null]}`), &v))
	data, err := encodeSent(&v, wireFormat{Quoted: true})
	require.NoError(t, err)
	assert.True(t, json.Valid(data))
	assert.Equal(t, `{"int64":"0","int64s":["5"]}`, string(data))
}
