package notification

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestShapesOfBodies is about bodies that cost a reader more than their sender.
func TestShapesOfBodies(t *testing.T) {
	s := newService(t, nil)
	deep := 100_000
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"deep list":          {`{"value":[{"x":` + strings.Repeat("[", deep), 400},
		"deep list, closed":  {`{"value":[{"resourceData":` + strings.Repeat("[", deep) + strings.Repeat("]", deep) + `}]}`, 400},
		"deep object":        {`{"value":[{"resourceData":` + strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000) + `}]}`, 400},
		"many numbers":       {`{"value":[1` + strings.Repeat(",1", 100_000) + `]}`, 413},
		"many nulls":         {`{"value":[null` + strings.Repeat(",null", 100_000) + `]}`, 413},
		"many tokens":        {`{"validationTokens":["a"` + strings.Repeat(`,"a"`, 2000) + `]}`, 413},
		"a list as token":    {`{"validationTokens":[["genuine"]],"value":[]}`, 202},
		"many members":       {`{"value":[{"a":1` + manyMembers(50_000) + `}]}`, 202},
		"value, twice":       {`{"value":[],"Value":[]}`, 202},
		"not UTF-8":          {"{\"value\":[{\"clientState\":\"\xff\xfe\"}]}", 400},
		"zero bytes":         {strings.Repeat("\x00", 100), 400},
		"something after it": {`{"value":[]}{"value":[]}`, 400},
		"a mark before it":   {"\ufeff{}", 400},
	} {
		w := post(s, []byte(c.text))
		assert.Equal(t, c.want, w.Code, name)
		assert.Empty(t, s.delivered(), name)
	}
}

func manyMembers(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"m%d":1`, i)
	}
	return b.String()
}

// TestBodiesThatAreTooLong are not read to their end.
func TestBodiesThatAreTooLong(t *testing.T) {
	s := newService(t, nil)
	for name, length := range map[string]int64{"told": 100 << 20, "untold": -1} {
		body := &endless{}
		r := httptest.NewRequest(http.MethodPost, "/changes", body)
		r.ContentLength = length
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		assert.Equal(t, 413, w.Code, name)
		assert.LessOrEqual(t, body.read, 5<<20, name)
	}
}

// endless is a body without an end.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += len(p)
	return len(p), nil
}

func TestTypesOfContent(t *testing.T) {
	s := newService(t, nil)
	good := string(body(t, nil, change(nil)))
	for _, c := range []struct {
		contentType, encoding string
		want                  int
	}{
		{"application/json", "", 202}, {"application/json; charset=UTF-8", "", 202}, {"APPLICATION/JSON", "identity", 202},
		{"", "", 415}, {"text/json", "", 415}, {"application/json", "gzip", 415}, {"application/json; charset=utf-16", "", 415},
		{"multipart/form-data", "", 415}, {"application/json, text/plain", "", 415}, {"application/x-www-form-urlencoded", "", 415},
	} {
		r := httptest.NewRequest(http.MethodPost, "/changes", strings.NewReader(good))
		r.Header.Set("Content-Type", c.contentType)
		r.Header.Set("Content-Encoding", c.encoding)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		assert.Equal(t, c.want, w.Code, c)
		assert.Equal(t, c.want == 202, len(s.delivered()) == 1, c)
	}
}

// TestNoTenantIsNoTenant: a notification that names none is not covered by a token that names none.
func TestNoTenantIsNoTenant(t *testing.T) {
	s := newService(t, func(o *ChangeOptions) { o.Verifier = tokens{"genuine": ""} })
	n := rich(t, "cert", &testKeys()[0].PublicKey)
	for _, id := range []any{nil, ""} {
		n["tenantId"] = id
		post(s, body(t, []string{"genuine"}, n))
		assert.Empty(t, s.delivered())
	}
}

// TestMemoryOfABody: a notification keeps the body that it was in, whatever became of the others.
func TestMemoryOfABody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := []any{change(nil)}
		for range 999 {
			all = append(all, change(object{"clientState": "a guess"}))
		}
		data := body(t, nil, all...)
		s := newService(t, func(o *ChangeOptions) { o.HandleFirst, o.MaxQueuedBytes = false, 2*int64(len(data))+100 })
		s.OnEvent(func(ctx context.Context, _ *ChangeEvent) error { <-ctx.Done(); return ctx.Err() })
		assert.Equal(t, 202, post(s, data).Code)
		assert.Equal(t, 202, post(s, data).Code)
		assert.Equal(t, 503, post(s, data).Code)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		assert.ErrorIs(t, s.Shutdown(ctx), context.Canceled)
		synctest.Wait()
	})
}

// vault is a key that is elsewhere.
type vault struct {
	crypto.Decrypter
	fail func() error
}

func (v vault) Decrypt(random io.Reader, message []byte, opts crypto.DecrypterOpts) ([]byte, error) {
	if err := v.fail(); err != nil {
		return nil, err
	}
	return v.Decrypter.Decrypt(random, message, opts)
}

// TestVaultsThatFail: what a vault cannot decrypt at the moment is sent again; what it refuses is not.
func TestVaultsThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		fail func() error
		want int
	}{
		"for a moment": {func() error { return unavailable{} }, 503},
		"in time":      {func() error { return context.DeadlineExceeded }, 503},
		"by a panic":   {func() error { panic("no connection") }, 503},
		"for good":     {func() error { return errors.New("it does not fit") }, 202},
		"not":          {func() error { return nil }, 202},
	} {
		keys := new(ChangeKeyring)
		require.NoError(t, keys.Add("cert", vault{testKeys()[0], c.fail}))
		s := newService(t, func(o *ChangeOptions) { o.Keys = keys })
		assert.Equal(t, c.want, post(s, body(t, []string{"genuine"}, rich(t, "cert", &testKeys()[0].PublicKey))).Code, name)
		assert.Equal(t, name == "not", len(s.delivered()) == 1, name)
	}
}

// TestHandshakesThatAreNone: a request that is only like one is a request like any other.
func TestHandshakesThatAreNone(t *testing.T) {
	s := newService(t, nil)
	for _, query := range []string{"validationtoken=a", "xvalidationToken=a", "validationToken%3Da", "a=validationToken", "validation%54oken=%zz", "validationToken=%zz"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/changes?"+query, http.NoBody))
		assert.Empty(t, w.Body.String(), query)
		assert.NotEqual(t, 200, w.Code, query)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/changes?validationToken=%22%3E%3Cimg%20onerror%3D'x'%26", http.NoBody))
	assert.Equal(t, "&#34;&gt;&lt;img onerror=&#39;x&#39;&amp;", w.Body.String())
}
