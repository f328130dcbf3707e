package runtime

import (
	"encoding/binary"
	"slices"
)

// words is a text that is compared and copied eight bytes at a time.
type words struct {
	list   []uint64 // zeros follow the text
	mask   uint64   // of the bytes of the last word that belong to the text
	length int      // of the text
}

func wordsOf(text string) words {
	w := words{length: len(text), mask: ^uint64(0) >> (8 * (-len(text) & 7))}
	padded := text + padding
	for i := 0; i < len(text); i += 8 {
		w.list = append(w.list, word(padded, i))
	}
	w.list[len(w.list)-1] &= w.mask
	return w
}

// at reports whether the text stands at i in another, which padding follows: as long as
// the words before are equal, the next one is within it.
func (w *words) at(text string, i int) bool {
	last := len(w.list) - 1
	for _, want := range w.list[:last] {
		if word(text, i) != want {
			return false
		}
		i += 8
	}
	return (word(text, i)^w.list[last])&w.mask == 0
}

// put writes the text, and up to seven bytes more, to the beginning of out.
func (w *words) put(out []byte) {
	for i, part := range w.list {
		binary.LittleEndian.PutUint64(out[8*i:], part)
	}
}

// appendTo appends the text.
func (w *words) appendTo(buf []byte) []byte {
	n := len(buf) + w.length
	if n+8 > cap(buf) {
		buf = slices.Grow(buf, w.length+8)
	}
	out := buf[:cap(buf)]
	w.put(out[len(buf):])
	return out[:n]
}
