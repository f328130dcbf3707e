package edits

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestApply(t *testing.T) {
	list := []Edit{{6, 11, "all"}, {0, 0, "- "}, {0, 5, "goodbye"}, {11, 11, "!"}}
	assert.Equal(t, "- goodbye all!", string(Apply([]byte("hello world"), list)))
	assert.Equal(t, Edit{6, 11, "all"}, list[0], "the list stays as it was")
	assert.Equal(t, "same", string(Apply([]byte("same"), nil)))
}
