package runtime

import (
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
