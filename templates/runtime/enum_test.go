package runtime

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEnums(t *testing.T) {
	assert.True(t, enumIs[CallState]("completed", "Completed"))
	assert.False(t, enumIs[CallState]("completed", "complete"))

	assert.Nil(t, enumSplit[CallState](""))
	assert.Equal(t, []CallState{"a", "b"}, enumSplit[CallState]("a, b"))
	assert.True(t, enumHas[CallState]("a,b", "B"))
	assert.False(t, enumHas[CallState]("ab", "a"))
	assert.True(t, enumKnown[CallState]("b,a", "a", "b", "c"))
	assert.False(t, enumKnown[CallState]("b,x", "a", "b", "c"))
	assert.False(t, enumKnown[CallState]("", "a"))
}
