package diag_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/spec/diag"
)

func TestFindingsAreSortedAndDistinct(t *testing.T) {
	var l diag.List
	assert.NoError(t, l.Err())
	at := diag.Pos{File: "b.xml", Line: 2, Col: 3}
	l.Add(at, "x", "second %d", 1)
	l.Add(diag.Pos{File: "a.xml"}, "", "first")
	l.Add(at, "x", "second %d", 1)
	l.AddError(nil)
	l.AddError(fmt.Errorf("wrapped: %w", &diag.Error{Findings: []diag.Finding{{Pos: diag.Pos{File: "b.xml", Line: 2}, Msg: "between"}}}))
	l.AddError(errors.New("nowhere"))
	assert.Equal(t, 5, l.Len())
	assert.EqualError(t, l.Err(), "nowhere\na.xml: first\nb.xml:2: between\nb.xml:2:3: x: second 1")
}
