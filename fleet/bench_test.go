package fleet_test

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/fleet"
)

// BenchmarkAppend stores notifications of 1.5 KB, many at once, on a server within the process.
func BenchmarkAppend(b *testing.B) {
	f, err := fleet.Start(b.Context(), fleet.Options{Dir: b.TempDir()})
	require.NoError(b, err)
	defer f.Close(b.Context())
	data := bytes.Repeat([]byte("x"), 1500)
	var n atomic.Uint64
	b.SetParallelism(20)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			i := n.Add(1)
			if err := f.Append(b.Context(), fmt.Sprint("call-", i%1000), fmt.Sprint(i), false, data); err != nil {
				b.Error(err)
			}
		}
	})
}
