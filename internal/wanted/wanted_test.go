package wanted_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/internal/wanted"
)

// counted is a test that may fail.
type counted struct {
	testing.TB
	failures int
}

func (c *counted) Errorf(string, ...any) { c.failures++ }

func TestFindings(t *testing.T) {
	err := errors.New("a.xml:1:2: x: it is wrong: remove it\nb.xml:3: it is missing; add it")
	for lines, failures := range map[string]int{
		"a.xml:1:2: x: it is wrong\nb.xml:3: it is missing": 0,
		err.Error():                 0,
		"a.xml:1:2: x: it is wrong": 1, // and another one
		"a.xml:1:2: x: it is\nb.xml:3: it is missing":       1, // what is wrong ends elsewhere
		"a.xml:1:3: x: it is wrong\nb.xml:3: it is missing": 1,
		"": 1,
	} {
		c := &counted{TB: t}
		wanted.Findings(c, err, lines)
		assert.Equal(t, failures, c.failures, lines)
	}
	c := &counted{TB: t}
	wanted.Findings(c, nil, "")
	assert.Equal(t, 1, c.failures)
}
