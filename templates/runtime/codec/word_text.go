package codec

import (
	"encoding/binary"
	"slices"
)

// wordText is a text that is compared and copied eight bytes at a time.
type wordText struct {
	text   string
	list   []uint64 // zeros follow the text
	mask   uint64   // of the bytes of the last word that belong to the text
	tail   uint64   // the last eight bytes, unless the text is shorter
	length int      // of the text
}

func wordTextOf(text string) wordText {
	w := wordText{text: text, length: len(text), mask: ^uint64(0) >> (8 * (-len(text) & 7))}
	padded := text + padding
	for i := 0; i < len(text); i += 8 {
		w.list = append(w.list, word(padded, i))
	}
	w.list[len(w.list)-1] &= w.mask
	if len(text) >= 8 {
		w.tail = word(text, len(text)-8)
	}
	return w
}

// at reports whether the text is at position i of a padded text: as long as the words before
// are equal, the next one is within bounds.
func (w *wordText) at(text string, i int) bool {
	last := len(w.list) - 1
	for _, want := range w.list[:last] {
		if word(text, i) != want {
			return false
		}
		i += 8
	}
	return (word(text, i)^w.list[last])&w.mask == 0
}

// put writes the text to the beginning of out, and nothing behind it: the last word
// overlaps the one before.
func (w *wordText) put(out []byte) {
	if w.length < 8 {
		copy(out, w.text)
		return
	}
	for i, part := range w.list[:len(w.list)-1] {
		binary.LittleEndian.PutUint64(out[8*i:], part)
	}
	binary.LittleEndian.PutUint64(out[w.length-8:], w.tail)
}

// appendTo appends the text.
func (w *wordText) appendTo(buf []byte) []byte {
	n := len(buf)
	buf = slices.Grow(buf, w.length)[:n+w.length]
	w.put(buf[n:])
	return buf
}
