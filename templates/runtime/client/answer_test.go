package client

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// answering returns the resource /calls of a service that answers 200 and a body.
func answering(body string, opts ...ClientOption) *resource {
	return graph(func(*http.Request) (int, http.Header, string) { return 200, nil, body }, opts...)
}

// job is an entity type with a property error.
type job struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             string               `json:"id,omitempty"`
	Error          *jobError            `json:"error,omitempty"`
}

type jobError struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Code           *string              `json:"code,omitempty"`
}

func (*job) ODataType() string                      { return "test.job" }
func (v *job) UnmarshalJSON(data []byte) error      { return codec.Unmarshal(data, v) }
func (v job) MarshalJSON() ([]byte, error)          { return codec.Marshal(&v) }
func (*jobError) ODataType() string                 { return "test.jobError" }
func (v *jobError) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v jobError) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

// TestErrorsThatAreProperties is about members named error that say nothing of the request.
func TestErrorsThatAreProperties(t *testing.T) {
	fetch := func(body string) (*job, error) {
		return fetched[*job](t.Context(), answering(body), "GET", nil, nil)
	}
	for _, body := range []string{`{"error":{"code":"c"}}`, `{"id":"1","error":{"code":"c"}}`} {
		v, err := fetch(body)
		require.NoError(t, err, "the type declares it")
		assert.Equal(t, "c", *v.Error.Code)
	}
	_, err := fetch(`{"error":"c"}`)
	assert.NoError(t, err, "even if it does not fit")
	_, err = fetch(`{"error":null}`)
	assert.NoError(t, err)

	for _, body := range []string{
		`{"id":"1","error":{"code":"c","message":"m"}}`, `{"@odata.type":"#test.call","error":{"code":"c"}}`,
		`{"@odata.etag":"e","error":{"code":"c"}}`, `{"error":null}`, `{"error":5}`,
	} {
		v, err := get(t, answering(body))
		require.NoError(t, err, "it is there beside what makes an entity: %s", body)
		_, kept := v.AdditionalData.Get("error")
		assert.True(t, kept)
	}
	for _, body := range []string{`{"@odata.context":"c","error":{"code":"c"}}`, `{"error":"c"}`, `{"error":"c","error_description":"m"}`} {
		_, err := get(t, answering(body))
		assert.True(t, HasCode(err, "c"), "%s: %v", body, err)
	}
}

func TestErrorInsideASuccess(t *testing.T) {
	_, err := get(t, answering(`{"error":{"code":"backendFailure","message":"m","innerError":{"request-id":"r9"}}}`))
	e, ok := errors.AsType[*Error](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "GET /calls: 200 OK: backendFailure: m (request-id r9)", e.Error())
	assert.False(t, IsNoContent(err))
}

// TestPagesThatEndInAnError tests what is read from a page before the service fails.
func TestPagesThatEndInAnError(t *testing.T) {
	const failure = `{"error":{"code":"backendFailure","message":"m","innerError":{"request-id":"r9"}}}`
	for body, want := range map[string]string{
		`{"value":[{"id":"1"},{"id":"2"}],"error":{"code":"backendFailure","innerError":{"request-id":"r9"}}}`: "1 2",
		`{"error":{"code":"backendFailure","innerError":{"request-id":"r9"}},"value":[{"id":"1"},{"id":"2"}]}`: "1 2",
		`{"value":[{"id":"1"},{"id":"2"},{"id":"3","subject":null` + failure:                                   "1 2",
		`{"value":[{"id":"1"},{"id":"2"},{"id":"3","subject":"abc` + failure:                                   "1 2",
		`{"@odata.context":"c","@odata.count":9,"value":[{"id":"1"},{"id":"2"},` + failure + `]}`:              "1 2",
		`{"value":[{"id":"1"},{"id":"2"}` + failure + "\r\n":                                                   "1 2",
		`{"value":[{"id":"1"},{"id":"2"}],"@odata.nextLink":"calls` + failure:                                  "1 2",
		`{"value":[{"id":"1","subject":"a {\"error\":{\"code\":\"x\"}}"},{"id":"2"},{"id":` + failure:          "1 2",
		`{"value":[{"id":"1"},{"id":"2","x":[{"error":{"code":"x","message":"y"}}]},{"id":"3","x":[` + failure: "1 2",
		`{"value":[` + failure:         "",
		`{"value":[{"id":"1` + failure: "",
		failure:                        "",
	} {
		r := answering(body)
		var ids []string
		var last error
		for v, err := range each[*models.Call](t.Context(), r, nil, nil) {
			require.NoError(t, last, "it is the last")
			if last = err; err == nil {
				ids = append(ids, v.ID)
			}
		}
		e, ok := errors.AsType[*Error](last)
		require.True(t, ok, "%s: %v", body, last)
		assert.Equal(t, "200 backendFailure r9", strings.Join([]string{"200", e.Code, e.RequestID}, " "))
		assert.Equal(t, want, strings.Join(ids, " "), body)

		page, err := fetchedPage[*models.Call](t.Context(), r, "GET", nil, nil)
		assert.True(t, HasCode(err, "backendFailure"))
		assert.Equal(t, want != "", page != nil && len(page.Value) == 2, body)

		changes := changesOf[*models.Call](r, nil, nil).Since("calls?token=1")
		n := 0
		for _, err := range changes.All(t.Context()) {
			if last = err; err == nil {
				n++
			}
		}
		assert.True(t, HasCode(last, "backendFailure"))
		assert.Equal(t, len(ids), n)
		assert.Equal(t, "calls?token=1", changes.Link(), "to begin with again")
	}
}

func TestItemsOfAPageThatLookLikeErrors(t *testing.T) {
	n := 0
	for _, err := range each[*job](t.Context(), answering(`{"value":[{"id":"1","error":{"code":"c"}},{"error":{"code":"c"}}]}`), nil, nil) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 2, n)
	_, err := fetchedPage[*job](t.Context(), answering(`{"value":[{"id":"1","error":{"code":"c","message":"m"}},`), "GET", nil, nil)
	assert.ErrorAs(t, err, new(*codec.DecodeError), "it breaks off, but the error is not what ends it")
}

// TestAnErrorBeforeTheConnectionEnds is about services that tell the error and hang up.
func TestAnErrorBeforeTheConnectionEnds(t *testing.T) {
	asked := 0
	r := against(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		cut(w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"+`{"value":[{"id":"1"},{"error":{"code":"c"}}`)
	})
	page, err := fetchedPage[*models.Call](t.Context(), r, "GET", nil, nil)
	assert.True(t, HasCode(err, "c"), "%v", err)
	require.NotNil(t, page)
	assert.Len(t, page.Value, 1)
	assert.Equal(t, 1, asked)
}

func TestItemsThatAreNull(t *testing.T) {
	r := answering(`{"value":[{"id":"1"},null,{"id":"3"}],"@odata.deltaLink":"?1"}`)
	check := func(name string, id string, err error, n int) {
		if n == 1 {
			assert.ErrorContains(t, err, "item 1 of the page", name)
			return
		}
		assert.NoError(t, err, name)
		assert.NotEmpty(t, id, name)
	}
	n := 0
	for v, err := range each[*models.Call](t.Context(), r, nil, nil) {
		id := ""
		if v != nil {
			id = v.ID
		}
		check("All", id, err, n)
		n++
	}
	for v, err := range each[models.AnyEntity](t.Context(), r, models.EntityTypes, nil) {
		id := ""
		if v != nil {
			id = v.AsEntity().ID
		}
		check("All, polymorphic", id, err, n%3)
		n++
	}
	page, err := fetchedPage[*models.Call](t.Context(), r, "GET", nil, nil)
	require.NoError(t, err)
	for v, err := range Rest(t.Context(), r.client, page) {
		id := ""
		if v != nil {
			id = v.ID
		}
		check("Rest", id, err, n%3)
		n++
	}
	for c, err := range changesOf[*models.Call](r, nil, nil).All(t.Context()) {
		id := ""
		if c.Value != nil {
			id = c.Value.ID
		}
		check("Changes", id, err, n%3)
		n++
	}
	assert.Equal(t, 12, n, "each goes on after it")
}

func TestByteOrderMarks(t *testing.T) {
	const mark = "\ufeff"
	v, err := get(t, answering(mark+`{"id":"1"}`))
	require.NoError(t, err)
	assert.Equal(t, "1", v.ID)
	page, err := fetchedPage[*models.Call](t.Context(), answering(mark+`{"value":[{"id":"1"}]}`), "GET", nil, nil)
	require.NoError(t, err)
	assert.Len(t, page.Value, 1)
	n, err := fetchResult[int64](t.Context(), answering(mark+`{"value":5}`), "GET", nil, nil)
	require.NoError(t, err)
	assert.Equal(t, int64(5), n)
	to, err := answering(mark+`{"@odata.id":"https://x/1"}`).ref(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, "https://x/1", to)
	assert.Error(t, codec.Unmarshal([]byte(mark+`{"id":"1"}`), new(models.Call)), "which is as strict as JSON")
}

// TestNoContent is about answers that say success and nothing else: an entity without
// properties is something else.
func TestNoContent(t *testing.T) {
	ways := func(r *resource, method string, opts ...RequestOption) map[string]error {
		ctx := context.Background()
		_, one := fetched[*models.Call](ctx, r, method, nil, opts)
		_, anyOf := r.fetchAny(ctx, method, nil, (*models.AnyEntity)(nil), models.EntityTypes, opts)
		_, page := fetchedPage[*models.Call](ctx, r, method, nil, opts)
		_, result := fetchResult[int64](ctx, r, method, nil, opts)
		return map[string]error{"fetched": one, "fetchAny": anyOf, "fetchedPage": page, "fetchResult": result}
	}
	for _, body := range []string{"", " \r\n", "\ufeff"} {
		for _, status := range []int{200, 201, 202, 204} {
			r := graph(func(*http.Request) (int, http.Header, string) { return status, nil, body })
			for _, method := range []string{"GET", "POST"} {
				for way, err := range ways(r, method) {
					assert.True(t, IsNoContent(err), "%s %s %d: %v", method, way, status, err)
				}
			}
			for _, minimal := range []RequestOption{Prefer("return=minimal"), Header("Prefer", "x, Return=Minimal")} {
				v, err := fetched[*models.Call](t.Context(), r, "POST", &models.Call{}, []RequestOption{minimal})
				require.NoError(t, err, "none is promised")
				assert.Empty(t, v.ID)
			}
			_, err := fetched[*models.Call](t.Context(), r, "PATCH", &models.Call{}, nil)
			assert.NoError(t, err, "an update promises none")
			_, err = r.count(t.Context(), nil)
			assert.True(t, IsNoContent(err))
			_, err = r.ref(t.Context(), nil)
			assert.True(t, IsNoContent(err))
			assert.NoError(t, r.send(t.Context(), "POST", nil, nil))
		}
	}
	assert.False(t, IsNoContent(&Error{Status: 404}))
	assert.False(t, IsNoContent(errors.New("x")))
}

func TestLimitsDoNotWrap(t *testing.T) {
	for _, limit := range []int64{math.MaxInt64, math.MaxInt64 - 1, 1 << 40, 10} {
		r := answering(`{"id":"1"}`, WithResponseLimit(limit))
		v, err := fetched[*models.Call](t.Context(), r, "POST", &models.Call{}, nil)
		require.NoError(t, err, limit)
		assert.Equal(t, "1", v.ID)
	}
	_, err := get(t, answering(`{"id":"1"}`, WithResponseLimit(9)))
	assert.ErrorContains(t, err, "more than 9 bytes: raise the limit with WithResponseLimit")
	for _, limit := range []int64{0, -1, math.MinInt64} {
		_, err := get(t, answering(`{"id":"1"}`, WithResponseLimit(limit)))
		assert.ErrorContains(t, err, "pass a positive number to WithResponseLimit", limit)
	}
	data, err := readUpTo(strings.NewReader("abcdef"), 3)
	require.NoError(t, err)
	assert.Equal(t, "abcd", string(data), "one more, to see that there is more")
	data, err = readUpTo(io.LimitReader(strings.NewReader("abcdef"), 6), math.MaxInt64)
	require.NoError(t, err)
	assert.Equal(t, "abcdef", string(data))
}

// FuzzAnswers reads anything as each kind of answer.
func FuzzAnswers(f *testing.F) {
	for _, a := range badAnswers() {
		if len(a.body) < 1000 {
			f.Add(a.body)
		}
	}
	f.Add(`{"responses":[` + made1 + `,{"id":"2","status":503,"body":<p>busy</p>},{"id":"3","status":"200","headers":{"A":[1]},"body":{"error":{"code":"c"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		group := []*batchEntry{{id: "1", err: errUnsent}, {id: "2", err: errUnsent}}
		if readBatch(&answer{data: []byte(body)}, group) {
			for _, e := range group {
				assert.NotErrorIs(t, e.err, errUnsent)
			}
		}
		r := answering(body)
		for range each[*models.Call](t.Context(), r, nil, nil) {
			break
		}
		page, err := fetchedPage[*models.Call](t.Context(), r, "GET", nil, nil)
		assert.False(t, page == nil && err == nil)
		v, err := get(t, r)
		assert.Equal(t, v == nil, err != nil)
	})
}
