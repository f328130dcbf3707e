// Package edits replaces parts of texts.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package edits

import (
	"bytes"
	"cmp"
	"slices"
)

// Edit replaces the bytes of a text from Start to before End.
type Edit struct {
	Start, End int
	Text       string
}

// Apply returns a text with edits, which do not overlap. Those at the same place are applied in
// their order.
func Apply(text []byte, list []Edit) []byte {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Edit) int { return cmp.Compare(a.Start, b.Start) })
	var b bytes.Buffer
	from := 0
	for _, e := range list {
		b.Write(text[from:e.Start])
		b.WriteString(e.Text)
		from = e.End
	}
	b.Write(text[from:])
	return b.Bytes()
}
