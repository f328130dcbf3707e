package codec

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEnums(t *testing.T) {
	assert.True(t, enumIs("completed", "Completed"))
	assert.False(t, enumIs("completed", "complete"))

	assert.Nil(t, enumSplit[CallState](""))
	assert.Equal(t, []CallState{"a", "b"}, enumSplit[CallState]("a, b"))
	assert.True(t, enumHas("a,b", "B"))
	assert.False(t, enumHas("ab", "a"))
	assert.True(t, enumKnown("b", "a,b,c"))
	for _, e := range []string{"", "x", "ab", "a,b", ","} {
		assert.False(t, enumKnown(e, "a,b,c"), e)
	}
	assert.False(t, enumKnown("", ""))
	assert.True(t, enumAllKnown("b, a", "a,b,c"))
	for _, e := range []string{"", "b,x", "b,", ","} {
		assert.False(t, enumAllKnown(e, "a,b,c"), e)
	}
}

// Members that differ in letter case only are different members; others are not.
func TestEnumTwins(t *testing.T) {
	const known, separator = "ok;OK;other", ";"
	assert.True(t, enumIsAmong("ok", "ok", known, separator))
	assert.False(t, enumIsAmong("ok", "OK", known, separator))
	assert.True(t, enumIsAmong("Ok", "OK", known, separator), "one that is not listed may be either")
	assert.True(t, enumIsAmong("OTHER", "other", known, separator))
	assert.True(t, enumHasAmong("other,OK", "OK", known, separator))
	assert.False(t, enumHasAmong("other,OK", "ok", known, separator))
	assert.True(t, enumKnownBy("a,b", "a,b;c", separator), "a member can hold a comma")
	assert.True(t, enumKnownBy("", ";a", separator), "a member can be empty")
	assert.False(t, enumKnown("", ""), "an enum without members knows none")
}
