package codec

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestASmallValueKeepsLittleOfOtherDocuments keeps one short string of each of many documents
// with long ones.
func TestASmallValueKeepsLittleOfOtherDocuments(t *testing.T) {
	if textIsOwned {
		t.Skip("without unsafe, strings are parts of a copy of their own document")
	}
	assert.LessOrEqual(t, reflect.TypeFor[slab]().Size(), uintptr(4096))
	const documents, each = 100, 60_000
	kept := make([]*string, documents)
	before := heap()
	for i := range kept {
		long := strings.Repeat("x", each)
		doc := fmt.Sprintf(`{"subject":"small %d","callbackUri":%q,"extra":%q,"source":{"name":%q}}`, i, long, long, long)
		for range 2 { // the second time, the members are expected
			var v Call
			require.NoError(t, Unmarshal([]byte(doc), &v))
			kept[i] = v.Subject
		}
	}
	assert.Less(t, heap()-before, int64(documents*4096))
	for i, text := range kept {
		assert.Equal(t, fmt.Sprintf("small %d", i), *text)
	}
}

// heap returns the bytes that are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestTextsOfAllLengths decodes strings about as long as what slabs take, and expects none to
// run into another.
func TestTextsOfAllLengths(t *testing.T) {
	var values []*Participant
	var want []string
	for n := range 600 {
		text := strings.Repeat(string(rune('a'+n%26)), n%(longText+5))
		var v Participant
		require.NoError(t, Unmarshal([]byte(`{"name":"`+text+`","`+text+`x":"`+text+`"}`), &v))
		values, want = append(values, &v), append(want, text)
	}
	for i, v := range values {
		require.Equal(t, want[i], *v.Name)
		raw, ok := v.AdditionalData.Get(Property(want[i] + "x"))
		require.True(t, ok)
		require.Equal(t, `"`+want[i]+`"`, string(raw))
	}
	*values[1].Name = "changed"
	assert.Equal(t, want[2], *values[2].Name, "a variable of its own")
}
