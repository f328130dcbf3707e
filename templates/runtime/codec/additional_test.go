package codec

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAdditionalData(t *testing.T) {
	var call Call
	require.NoError(t, Unmarshal([]byte(`{"@odata.type":"#test.call","a":1,"subject":null,"x@odata.count":2,"b":{"name":"n"},"ringing":"7"}`), &call))
	ad := &call.AdditionalData
	var names []string
	for name := range ad.All() {
		names = append(names, name)
	}
	assert.Equal(t, []string{"@odata.type", "a", "subject", "x@odata.count", "b", "ringing"}, names)
	assert.Equal(t, 6, ad.Len())
	for range ad.All() {
		break // an iterator must stop when told to
	}
	assert.True(t, ad.IsNull("subject"))
	assert.False(t, ad.IsNull("a"))
	assert.Equal(t, []string{"ringing"}, ad.Mismatched())

	var n int
	require.NoError(t, ad.Decode("a", &n))
	assert.Equal(t, 1, n)
	var p Participant
	require.NoError(t, ad.Decode("b", &p))
	assert.Equal(t, "n", *p.Name)
	assert.EqualError(t, ad.Decode("none", &n), `no additional member is named "none"`)
	_, ok := ad.Get("none")
	assert.False(t, ok)

	require.NoError(t, ad.Set("a", []int{1, 2}))
	require.NoError(t, ad.Set("p", &p))
	require.NoError(t, ad.Set("nothing", nil))
	assert.Error(t, ad.Set("bad", make(chan int)))
	ad.Delete("b", "x@odata.count", "never there")
	assert.Equal(t, `{"@odata.type":"#test.call","a":[1,2],"subject":null,"ringing":"7","p":{"name":"n"},"nothing":null}`, marshal(t, &call))
}

func TestSetNullClearsAProperty(t *testing.T) {
	call := &Call{}
	call.AdditionalData.SetNull("subject")
	call.AdditionalData.SetNull("targets")
	assert.Equal(t, `{"@odata.type":"#test.call","subject":null,"targets":null}`, marshal(t, call))
	call.Subject = new("s")
	assert.Equal(t, `{"@odata.type":"#test.call","subject":"s","targets":null}`, marshal(t, call), "a set field wins")
}

func TestSetOfADeclaredPropertyGivesWayToItsField(t *testing.T) {
	call := &Call{}
	require.NoError(t, call.AdditionalData.Set("subject", 5))
	assert.Equal(t, `{"@odata.type":"#test.call","subject":5}`, marshal(t, call))
	call.Subject = new("s")
	assert.Equal(t, `{"@odata.type":"#test.call","subject":"s"}`, marshal(t, call))
}

func TestODataTypeCanBeSetAndDeleted(t *testing.T) {
	call := &Call{}
	require.NoError(t, call.AdditionalData.Set("@odata.type", "#test.newCall"))
	assert.Equal(t, `{"@odata.type":"#test.newCall"}`, marshal(t, call))
	require.NoError(t, call.AdditionalData.Set("@odata.type", 5))
	assert.Equal(t, `{"@odata.type":5}`, marshal(t, call))
	call.AdditionalData.Delete("@odata.type")
	assert.Equal(t, `{}`, marshal(t, call))
}

func TestCopiesShareAdditionalDataUntilItChanges(t *testing.T) {
	var call Call
	require.NoError(t, Unmarshal([]byte(`{"a":1}`), &call))
	other := call
	require.NoError(t, other.AdditionalData.Set("a", 2))
	other.AdditionalData.SetNull("subject")
	assert.Equal(t, `{"a":1}`, marshal(t, &call))
	assert.Equal(t, `{"a":2,"subject":null}`, marshal(t, &other))
}

func TestCloneSharesNothing(t *testing.T) {
	var call Call
	require.NoError(t, Unmarshal([]byte(`{"subject":"s","a":1,"targets":[{"name":"n"}],"mediaConfig":{"@odata.type":"#test.appHostedMediaConfig","blob":"b"},"resource":[]}`), &call))
	before := marshal(t, &call)
	c := Clone(&call)
	*c.Subject = "changed"
	*c.Targets[0].Name = "changed"
	*c.MediaConfig.(*AppHostedMediaConfig).Blob = "changed"
	c.AdditionalData.Delete("a")
	assert.Equal(t, before, marshal(t, &call))
	assert.Contains(t, marshal(t, c), "changed")
	assert.Nil(t, Clone[*Call](nil))
	assert.Nil(t, Clone[AnyMediaConfig](nil))

	cycle := &Node{}
	cycle.Next = cycle
	copied := Clone(cycle)
	assert.Same(t, copied, copied.Next)
	assert.NotSame(t, cycle, copied)
}

// TestNullsOfOneValueAreItsOwn decodes values with the same nulls, which share what is kept
// of them, in every order of two sets of nulls.
func TestNullsOfOneValueAreItsOwn(t *testing.T) {
	const two, other = `{"subject":null,"source":null}`, `{"source":null,"subject":null}`
	var calls [4]Call
	for i, text := range []string{two, two, other, `{"subject":null,"x":null}`} {
		require.NoError(t, Unmarshal([]byte(text), &calls[i]))
	}
	calls[0].AdditionalData.Delete("subject")
	require.NoError(t, calls[0].AdditionalData.Set("source", 1))
	for i, want := range []string{`{"source":1}`, two, other, `{"subject":null,"x":null}`} {
		got, err := Marshal(&calls[i])
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	assert.False(t, calls[0].AdditionalData.IsNull("subject"))
	assert.True(t, calls[1].AdditionalData.IsNull("subject"))
}

// TestManyNulls decodes a struct all of whose properties are null.
func TestManyNulls(t *testing.T) {
	var text strings.Builder
	described, err := typeOfValue(new(Everything))
	require.NoError(t, err)
	for _, f := range described.fields {
		text.WriteString(`,"` + f.name + `":null`)
	}
	document := "{" + text.String()[1:] + "}"
	for range 2 {
		var v Everything
		require.NoError(t, Unmarshal([]byte(document), &v))
		got, err := Marshal(&v)
		require.NoError(t, err)
		assert.Equal(t, document, string(got))
		assert.Equal(t, len(described.fields), v.AdditionalData.Len())
	}
}
