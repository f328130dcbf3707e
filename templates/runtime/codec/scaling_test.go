package codec

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shapes are documents that a decoder can be slow at, by about their size.
func shapes() map[string]func(size int) []byte {
	repeat := func(before, unit, after string) func(int) []byte {
		return func(size int) []byte {
			n := max(1, size/len(unit))
			return []byte(before + strings.TrimSuffix(strings.Repeat(unit, n), ",") + after)
		}
	}
	nest := func(open, inner, end string) func(int) []byte {
		return func(size int) []byte {
			n := min(max(1, size/len(open+end)), limitDepth/4)
			return []byte(strings.Repeat(open, n) + inner + strings.Repeat(end, n))
		}
	}
	return map[string]func(int) []byte{
		"members": func(size int) []byte {
			var b strings.Builder
			for i := 0; b.Len() < size; i++ {
				fmt.Fprintf(&b, `"m%d":%d,`, i, i)
			}
			return []byte("{" + strings.TrimSuffix(b.String(), ",") + "}")
		},
		"number":              repeat(`{"x":1`, "2", `}`),
		"declared number":     repeat(`{"id":"x","next":{"id":1`, "2", `}}`),
		"string":              repeat(`{"id":"`, "a", `"}`),
		"escapes":             repeat(`{"id":"`, `\n`, `"}`),
		"raw arrays":          nest(`{"x":[`, `1`, `]}`),
		"collection":          repeat(`{"nodes":[`, `{"id":"1"},`, `]}`),
		"type last":           repeat(`{"anys":[`, `{"id":"1","@odata.type":"#test.node"},`, `]}`),
		"type last, nested":   nest(`{"any":`, `{}`, `,"@odata.type":"#test.node"}`),
		"types last, nested":  nest(`{"anys":[`, `{}`, `],"@odata.type":"#test.node"}`),
		"no type, nested":     nest(`{"x":1,"any":`, `{}`, `}`),
		"misfits, nested":     nest(`{"nodes":[`, `{}`, `,5]}`),
		"duplicate far apart": repeat(`{"a":1,"x":[`, `1,`, `],"b":2}`),
	}
}

// TestShapesDecode checks that the benchmark's documents are what they claim to be.
func TestShapesDecode(t *testing.T) {
	for name, make := range shapes() {
		for _, size := range []int{10, 1000, 100_000} {
			doc := make(size)
			var v Node
			if err := Unmarshal(doc, &v, MaxDepth(limitDepth)); err != nil {
				t.Errorf("%s of %d bytes: %v", name, size, err)
			}
			out, err := Marshal(&v)
			if err != nil || len(out) != len(doc) {
				t.Errorf("%s: %d bytes became %d: %v", name, len(doc), len(out), err)
			}
		}
	}
}

// BenchmarkShapes shows the time for a byte at growing sizes: it is flat.
func BenchmarkShapes(b *testing.B) {
	for name, make := range shapes() {
		for _, size := range []int{1_000, 10_000, 100_000, 1_000_000, 10_000_000} {
			doc := make(size)
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				b.SetBytes(int64(len(doc)))
				for b.Loop() {
					if err := Unmarshal(doc, new(Node), MaxDepth(limitDepth)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// TestNestedMisfitsAreKeptOnce is about memory: each level keeps the text of the next.
func TestNestedMisfitsAreKeptOnce(t *testing.T) {
	doc := shapes()["misfits, nested"](500_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var v Node
	require.NoError(t, Unmarshal(doc, &v, MaxDepth(limitDepth)))
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(100*len(doc)))

	inner := &v
	for range 3 { // what fits stays typed as far as it does
		raw, ok := inner.AdditionalData.Get("nodes")
		require.True(t, ok)
		require.Equal(t, []string{"nodes"}, inner.AdditionalData.Mismatched())
		text := strings.TrimSuffix(strings.TrimPrefix(string(raw), "["), ",5]")
		require.Len(t, text, len(raw)-len("[,5]"))
		inner = new(Node)
		require.NoError(t, Unmarshal([]byte(text), inner, MaxDepth(limitDepth)))
	}
}

// TestMisfitsSideBySide has kept texts beside and within each other.
func TestMisfitsSideBySide(t *testing.T) {
	doc := `{"id":"1","next":{"nodes":[{"nodes":[1]},{"nodes":[2],"any":3},4],"x":[5],"next":[6]},"nodes":[{"nodes":[7],"next":8}],"any":{"nodes":[9,{}],"anys":{}},"anys":10}`
	var v Node
	require.NoError(t, Unmarshal([]byte(doc), &v))
	assert.JSONEq(t, doc, marshal(t, &v))
	raw, _ := v.Next.AdditionalData.Get("nodes")
	assert.Equal(t, `[{"nodes":[1]},{"nodes":[2],"any":3},4]`, string(raw))
	raw, _ = v.Nodes[0].AdditionalData.Get("next")
	assert.Equal(t, `8`, string(raw))
	raw, _ = v.Any.(*Entity).AdditionalData.Get("anys")
	assert.Equal(t, `{}`, string(raw))
}
