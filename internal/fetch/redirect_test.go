package fetch

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRedirectsStayWithHTTPS(t *testing.T) {
	request := func(address string) *http.Request {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		require.NoError(t, err)
		return r
	}
	for _, test := range []struct {
		from, to string
		ok       bool
	}{
		{"https://example.org/a", "https://example.com/b", true},
		{"https://example.org/a", "http://example.org/b", false},
		{"https://example.org/a", "http://127.0.0.1:8080/b", false},
		{"http://127.0.0.1/a", "http://127.0.0.1/b", true},
		{"http://127.0.0.1/a", "http://example.org/b", false},
		{"https://example.org/a", "https://user:secret@example.org/b", false},
	} {
		err := redirect(request(test.to), []*http.Request{request(test.from)})
		assert.Equal(t, test.ok, err == nil, "%s → %s: %v", test.from, test.to, err)
	}
}
