package codec

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestValuesOutliveTheInput decodes every document, then overwrites the input and
// whatever a decoder may use again, and expects the values as they were.
func TestValuesOutliveTheInput(t *testing.T) {
	var values []Value
	for _, doc := range losslessDocuments {
		v := newTest(typeNameOf(doc))
		data := []byte(doc)
		require.NoError(t, Unmarshal(data, v))
		copy(data, bytes.Repeat([]byte("!"), len(data)))
		values = append(values, v)
	}
	junk := []byte(`{"x":"` + strings.Repeat("#", 4000) + `"}`)
	for range 20 {
		for _, v := range []Value{new(Call), new(Everything), new(Node)} {
			require.NoError(t, Unmarshal(junk, v))
		}
	}
	for i, doc := range losslessDocuments {
		sameJSON(t, doc, marshal(t, values[i]))
	}
}
