package plain_test

import (
	"encoding/json"
	"go/format"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/bench/plain"
)

func TestSource(t *testing.T) {
	type inner = struct {
		At *time.Time `json:"at,omitempty"`
	}
	of := reflect.TypeFor[struct {
		ID    string      `json:"id"`
		Any   any         `json:"any,omitempty"`
		Raw   json.Number `json:"raw,omitempty"`
		Inner []*inner    `json:"inner,omitempty"`
		Again *inner      `json:"again,omitempty"`
	}]()
	text, err := format.Source([]byte(plain.Source("p", []reflect.Type{of})))
	require.NoError(t, err)
	assert.Equal(t, "package p\n\nimport (\n\t\"encoding/json\"\n\t\"time\"\n)\n\ntype S0 struct {\n\tAt *time.Time `json:\"at,omitempty\"`\n}\n\n"+
		"type T0 struct {\n\tID    string      `json:\"id\"`\n\tAny   any         `json:\"any,omitempty\"`\n\tRaw   json.Number `json:\"raw,omitempty\"`\n"+
		"\tInner []*S0       `json:\"inner,omitempty\"`\n\tAgain *S0         `json:\"again,omitempty\"`\n}\n", string(text))
}
