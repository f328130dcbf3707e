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
