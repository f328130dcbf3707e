package codec

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestConcurrentUse decodes and encodes on several goroutines, which share the
// descriptors of types and the scratch space; run it with the race detector.
func TestConcurrentUse(t *testing.T) {
	want := make([]string, len(losslessDocuments))
	for i, doc := range losslessDocuments {
		v := newTest(typeNameOf(doc))
		assert.NoError(t, Unmarshal([]byte(doc), v))
		want[i] = marshal(t, v)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for n := range 40 * len(losslessDocuments) {
				i := (n + g*7) % len(losslessDocuments)
				v := newTest(typeNameOf(losslessDocuments[i]))
				if err := Unmarshal([]byte(losslessDocuments[i]), v); err != nil {
					t.Error(err)
					return
				}
				out, err := Marshal(v)
				if err != nil || string(out) != want[i] {
					t.Errorf("%v: %s became %s", err, want[i], out)
					return
				}
			}
		})
	}
	wg.Wait()
}
