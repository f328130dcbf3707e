package codec

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTypesNamedByAlias(t *testing.T) {
	t.Parallel()
	type anyConfig interface {
		Value
		AsMediaConfig() *MediaConfig
	}
	types := NewTypeList((*MediaConfig)(nil), (*AppHostedMediaConfig)(nil)).WithAliases("self", "test")
	const text = `{"@odata.type":"#self.appHostedMediaConfig","blob":"b"}`
	for range 2 {
		v, err := unmarshalAny([]byte(text), (*anyConfig)(nil), types, nil)
		require.NoError(t, err)
		require.IsType(t, new(AppHostedMediaConfig), v)
		out, err := Marshal(v)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(out))
	}
	u := unionFor(reflect.TypeFor[anyConfig](), nil)
	assert.Len(t, u.known.Load().list, 2, "the base type and the type that was read")

	v, err := unmarshalAny([]byte(`{"@odata.type":"#other.appHostedMediaConfig"}`), (*anyConfig)(nil), types, nil)
	require.NoError(t, err)
	assert.IsType(t, new(MediaConfig), v, "the alias of nothing")
}
