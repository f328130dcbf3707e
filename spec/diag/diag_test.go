package diag_test

import (
	"errors"
	"fmt"
	"strings"
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

func TestFaultsAreErrorsOrNotes(t *testing.T) {
	var l diag.List
	at := diag.Pos{File: "a.xml", Line: 2, Col: 3}
	l.Fault(at, "x/p", "correct it", "it is left out", "undefined %s", "y")
	l.Fault(diag.Pos{File: "a.xml", Line: 1}, "", "remove one", "the first one is used", "twice: here and there")
	assert.NoError(t, l.Err())
	assert.Zero(t, l.Len())
	assert.EqualError(t, l.Strict(), "a.xml:1: twice: here and there; remove one\na.xml:2:3: x/p: undefined y: correct it")
	assert.Equal(t, []diag.Finding{
		{Pos: diag.Pos{File: "a.xml", Line: 1}, Msg: "twice: here and there; the first one is used"},
		{Pos: at, Element: "x/p", Msg: "undefined y: it is left out"},
	}, l.Notes())

	l.Add(at, "", "nothing to build on")
	assert.EqualError(t, l.Err(), "a.xml:2:3: nothing to build on")
	var other diag.List
	assert.NoError(t, other.Strict())
	other.AddFaults(&l)
	assert.Len(t, other.Notes(), 2)
}

func TestByCause(t *testing.T) {
	assert.Empty(t, diag.ByCause(nil))
	assert.Equal(t, []diag.Finding{{Element: "a", Msg: "x (and 2 more like this)"}, {Element: "b", Msg: "y"}},
		diag.ByCause([]diag.Finding{{Element: "a", Msg: "x"}, {Element: "b", Msg: "y"}, {Element: "c", Msg: "x"}, {Element: "d", Msg: "x"}}))
}

// Names, messages and files come from outside.
func TestFindingsHideNothing(t *testing.T) {
	f := diag.Finding{
		Pos: diag.Pos{File: "a\u202exml", Line: 2, Col: 3}, Element: "b\u200d", Msg: "text\u2028with \u0085 and\nlines → here",
	}
	assert.Equal(t, `a\u202exml:2:3: b\u200d: text\u2028with \u0085 and\nlines → here`, f.String())
}

func TestFindingsShowOneLineOfSource(t *testing.T) {
	f := diag.Finding{Msg: "wrong", Source: "3 | \tfunc\n\u202e" + strings.Repeat("x", 200)}
	assert.Equal(t, "wrong\n\t3 |     func\\n\\u202e"+strings.Repeat("x", 100)+"…", f.String())
}

func TestFindingsAreBounded(t *testing.T) {
	var l diag.List
	for i := range 200_000 {
		l.Add(diag.Pos{File: "a.xml", Line: i + 1}, "x", "wrong")
	}
	text := l.Err().Error()
	assert.Equal(t, 101, len(strings.Split(text, "\n")))
	assert.True(t, strings.HasSuffix(text, "a.xml:100: x: wrong\n… and 199900 more"), text[len(text)-100:])
	assert.Less(t, len(diag.Finding{Element: strings.Repeat("x", 1e6), Msg: "wrong"}.String()), 2100)
}
