package bench_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/bench"
	"github.com/callgen/callgen/bench/rivals"
)

const seed = "../generated/testdata/seed"

func documents(tb testing.TB) []bench.Document {
	tb.Helper()
	docs, err := bench.Documents(seed)
	require.NoError(tb, err)
	return docs
}

// TestRivalsKeepTheDocuments says who loses something, so that the figures are
// read for what they are.
func TestRivalsKeepTheDocuments(t *testing.T) {
	set := bench.Set(documents(t))
	require.Len(t, set.Documents, 35)
	for _, r := range set.Rivals {
		kept, err := rivals.Kept(set, r)
		require.NoError(t, err)
		t.Logf("%s: %d of %d documents kept whole", r.Name, kept, len(set.Documents))
		switch r.Name {
		case rivals.Callgen, rivals.CallgenStdlib:
			assert.Equal(t, len(set.Documents), kept, "callgen lost something")
		default:
			assert.Positive(t, kept, r.Name)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	set := bench.Set(documents(b))
	for _, r := range set.Rivals {
		b.Run(r.Name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(size(set))
			for b.Loop() {
				for i := range set.Documents {
					if _, err := r.Decode(i); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	set := bench.Set(documents(b))
	for _, r := range set.Rivals {
		b.Run(r.Name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(size(set))
			var values []any
			for i := range set.Documents {
				v, err := r.Decode(i)
				require.NoError(b, err)
				values = append(values, v)
			}
			for b.Loop() {
				for _, v := range values {
					if _, err := r.Encode(v); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func size(set rivals.Set) int64 {
	n := 0
	for _, d := range set.Documents {
		n += len(d)
	}
	return int64(n)
}
