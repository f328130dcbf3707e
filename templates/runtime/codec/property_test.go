package codec

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The Go type of a GUID can be string: the property knows better.
func TestConditionsOfGUIDs(t *testing.T) {
	const text = "112f7296-5fa4-42ca-bae8-6a692b15d4b8"
	id, of := text, Property("id Edm.Guid")
	for want, c := range map[string]Condition{
		"id eq " + text:                of.Eq(text),
		"id ne " + text:                of.Ne(&id),
		"id gt " + text:                of.Gt(GUID(text)),
		"id eq null":                   of.Eq((*string)(nil)),
		"id in (" + text + ",null)":    of.In(text, nil),
		"id eq key":                    of.Eq(Property("key Edm.Guid")),
		"id/any(x:x eq " + text + ")":  of.Any(func(x Property) Condition { return x.Eq(text) }),
		"at/id eq " + text:             Property("at Edm.Guid").Path(of).Eq(text),
		"id/all(x:x/name eq '" + "a')": of.Every(func(x Property) Condition { return x.Path("name").Eq("a") }),
		"startswith(id,'1')":           of.StartsWith("1"),
	} {
		require.NoError(t, c.err)
		assert.Equal(t, want, c.String())
	}
	assert.Error(t, conditionError(of.Eq("x' or 1 eq 1")))
	assert.Error(t, conditionError(of.In(text, "")))
	assert.Equal(t, Order("id"), of.Asc())
	assert.Equal(t, Order("id desc"), of.Desc())
}

// What a property knows of its values is no part of its name.
func TestNamesOfProperties(t *testing.T) {
	assert.Equal(t, "id id a b", fmt.Sprintf("%s %v %s", Property("id Edm.Guid"), Property("id"), Property("a b")))
	var a AdditionalData
	require.NoError(t, a.Set("id Edm.Guid", "x"))
	raw, ok := a.Get("id")
	assert.True(t, ok)
	assert.JSONEq(t, `"x"`, string(raw))
	a.SetNull("id Edm.Guid")
	assert.True(t, a.IsNull("id"))
	a.Delete("id Edm.Guid")
	assert.Zero(t, a.Len())
	a.Bind("owner Edm.Guid", "users/1")
	raw, _ = a.Get("owner@odata.bind")
	assert.JSONEq(t, `"users/1"`, string(raw))
}
