package codec

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestHotRecords is about what makes them quick: one cache line each, nothing for the garbage
// collector to follow.
func TestHotRecords(t *testing.T) {
	rt := reflect.TypeFor[hot]()
	assert.EqualValues(t, 64, rt.Size())
	for i := range rt.NumField() {
		assert.NotContains(t, []reflect.Kind{reflect.Pointer, reflect.Slice, reflect.String, reflect.Interface}, rt.Field(i).Type.Kind())
	}
}

// TestNamesOfAllLengths looks for names, whole and cut short, at the very end of a document,
// and writes them with nothing behind them.
func TestNamesOfAllLengths(t *testing.T) {
	for n := range 60 {
		name := strings.Repeat("abcdefghij", 6)[:n]
		quoted := `"` + name + `":`
		typ := typ{fields: []field{{name: name, quoted: quoted}}, hots: make([]hot, 2)}
		h := &typ.hots[0]
		h.set(quoted)
		usual := len(quoted) >= 4 && len(quoted) <= 40
		for cut := 0; cut <= len(quoted); cut++ {
			assert.Equal(t, usual && cut == len(quoted), h.at("12345"+quoted[:cut]+padding, 5), "%s in %s", quoted, quoted[:cut])
		}
		assert.Equal(t, usual, h.at("12345"+quoted+"and more"+padding, 5), quoted)
		for i := range quoted {
			assert.False(t, h.at(quoted[:i]+"~"+quoted[i+1:]+padding, 0), quoted)
		}
		assert.Equal(t, "12345,"+quoted, string(typ.appendKey([]byte("12345"), 0)))
		buf := []byte(strings.Repeat("~", 200))
		out := typ.appendStringMember(buf[:5], 0, "text")
		assert.Equal(t, "~~~~~,"+quoted+`"text"`+strings.Repeat("~", 200-len(out)), string(buf))
	}
}
