package codec

import (
	"encoding/binary"
	"slices"
	"sync/atomic"
)

// hot is what most members need of their field, in one cache line: a program that reads many
// kinds of objects has to fetch the descriptors from memory again and again. Records hold no
// pointers.
type hot struct {
	words   [5]uint64     // `"name":` as it is found; zeros follow it
	tail    uint64        // its last eight bytes; of a text of one word a mask of its bytes
	follows atomic.Uint32 // see typ.expect
	offset  uint32        // of the field in the struct
	length  uint32        // of `"name":`
	last    uint8         // index of the last word; unusualName if the words do not have it
	kind    kind
}

const unusualName = 0xff

// set makes the record find a member by its name in quotes, with the colon.
func (h *hot) set(quoted string) {
	h.length = uint32(len(quoted))
	if len(quoted) < 4 || len(quoted) > 8*len(h.words) {
		h.last = unusualName
		return
	}
	h.last = uint8((len(quoted) - 1) / 8)
	padded := quoted + padding
	for i := range int(h.last) + 1 {
		h.words[i] = word(padded, 8*i)
	}
	mask := ^uint64(0) >> (8 * (-len(quoted) & 7))
	h.words[h.last] &= mask
	if h.tail = mask; h.last > 0 {
		h.tail = word(quoted, len(quoted)-8)
	}
}

// at reports whether the member is at position i of a padded text: as long as the words before
// are equal, the next one is within bounds. An unusual name is never found.
func (h *hot) at(text string, i int) bool {
	if h.last == 0 {
		return (word(text, i)^h.words[0])&h.tail == 0
	}
	if h.last > uint8(len(h.words)) {
		return false
	}
	for k, w := range h.words[:h.last] {
		if word(text, i+8*k) != w {
			return false
		}
	}
	return word(text, i+int(h.length)-8) == h.tail
}

// put writes the name in quotes and the colon to the beginning of out, and nothing behind it:
// the last word overlaps the one before.
func (h *hot) put(out []byte) {
	if h.last == 0 {
		h.putShort(out)
		return
	}
	for i, w := range h.words[:h.last] {
		binary.LittleEndian.PutUint64(out[8*i:], w)
	}
	binary.LittleEndian.PutUint64(out[h.length-8:], h.tail)
}

func (h *hot) putShort(out []byte) {
	w := h.words[0]
	binary.LittleEndian.PutUint32(out, uint32(w))
	binary.LittleEndian.PutUint32(out[h.length-4:], uint32(w>>(8*(h.length-4))))
}

// appendKey appends a comma, the name of a field and a colon.
func (t *typ) appendKey(buf []byte, i int) []byte {
	h := &t.hots[i]
	if h.last == unusualName {
		return append(append(buf, ','), t.fields[i].quoted...)
	}
	n := len(buf) + 1
	end := n + int(h.length)
	buf = slices.Grow(buf, 1+int(h.length))[:end]
	buf[n-1] = ','
	h.put(buf[n:])
	return buf
}
