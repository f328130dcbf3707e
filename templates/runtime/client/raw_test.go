package client

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hidden is a polymorphic type of which nothing is decoded before TestPolymorphic, unseenBase
// one for TestPolymorphicResultOfALaterAnswer.
type (
	hidden struct {
		AdditionalData codec.AdditionalData `json:"-"`
		ID             string               `json:"ID,omitempty"`
	}
	hiddenSpecial struct {
		hidden
		More *string `json:"More,omitempty"`
	}
	anyHidden interface {
		codec.Value
		AsHidden() *hidden
	}
	unseenBase    struct{ hidden }
	unseenSpecial struct{ unseenBase }
	anyUnseen     interface {
		codec.Value
		AsUnseen() *unseenBase
	}
)

func (*hidden) ODataType() string                        { return "shop.hidden" }
func (v *hidden) UnmarshalJSON(data []byte) error        { return codec.Unmarshal(data, v) }
func (v hidden) MarshalJSON() ([]byte, error)            { return codec.Marshal(&v) }
func (v *hidden) AsHidden() *hidden                      { return v }
func (*hiddenSpecial) ODataType() string                 { return "shop.hiddenSpecial" }
func (v *hiddenSpecial) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v hiddenSpecial) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }
func (*unseenBase) ODataType() string                    { return "shop.unseen" }
func (v *unseenBase) UnmarshalJSON(data []byte) error    { return codec.Unmarshal(data, v) }
func (v unseenBase) MarshalJSON() ([]byte, error)        { return codec.Marshal(&v) }
func (v *unseenBase) AsUnseen() *unseenBase              { return v }
func (*unseenSpecial) ODataType() string                 { return "shop.unseenSpecial" }
func (v *unseenSpecial) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v unseenSpecial) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

var unseen = codec.NewTypeList((*unseenBase)(nil), (*unseenSpecial)(nil))

func unmarshalAnyHidden(data []byte, opts ...codec.Option) (anyHidden, error) {
	v, err := codec.UnmarshalAny(data, (*anyHidden)(nil), codec.NewTypeList((*hidden)(nil), (*hiddenSpecial)(nil)), opts)
	h, _ := v.(anyHidden)
	return h, err
}

// unknownHidden and unknownPartner test what is unknown for the first time only: types stay known.
var unknownHidden, unknownPartner sync.Once

func TestPolymorphic(t *testing.T) {
	requests := 0
	r := graph(func(req *http.Request) (int, http.Header, string) {
		requests++
		switch req.URL.RawQuery {
		case "page=1":
			return 200, nil, `{"value":[{"@odata.type":"#shop.hiddenSpecial","ID":"1"}],"@odata.nextLink":"calls?page=2"}`
		case "page=2":
			return 200, nil, `{"value":[{"ID":"2"}],"@odata.deltaLink":"calls?delta"}`
		}
		return 200, nil, `{"@odata.type":"#shop.hiddenSpecial","ID":"3"}`
	})
	const link = "calls?page=1"
	unknownHidden.Do(func() {
		_, err := Next[anyHidden](t.Context(), r.client, link)
		assert.EqualError(t, err, "the types that anyHidden can hold are not known here: add the option Polymorphic(UnmarshalanyHidden)")
		_, err = Do[*Page[anyHidden]](t.Context(), r.client, "GET", link, nil)
		assert.ErrorContains(t, err, "add the option Polymorphic(UnmarshalanyHidden)")
		for _, err := range Rest(t.Context(), r.client, &Page[anyHidden]{NextLink: link}) {
			assert.ErrorContains(t, err, "add the option Polymorphic(UnmarshalanyHidden)")
		}
	})
	requests = 0

	page, err := Next[anyHidden](t.Context(), r.client, link, Polymorphic(unmarshalAnyHidden))
	require.NoError(t, err)
	require.Len(t, page.Value, 1)
	assert.IsType(t, (*hiddenSpecial)(nil), page.Value[0])
	var ids []string
	for v, err := range Rest(t.Context(), r.client, page) {
		require.NoError(t, err)
		ids = append(ids, v.AsHidden().ID)
	}
	assert.Equal(t, []string{"1", "2"}, ids)
	assert.Equal(t, 2, requests)
	v, err := Do[anyHidden](t.Context(), r.client, "GET", "calls/1", nil)
	require.NoError(t, err)
	assert.IsType(t, (*hiddenSpecial)(nil), v)
	_, err = Next[anyHidden](t.Context(), r.client, "")
	assert.ErrorContains(t, err, "there is no link")
}

func TestFromLink(t *testing.T) {
	var asked []string
	r := graph(func(req *http.Request) (int, http.Header, string) {
		asked = append(asked, req.URL.RequestURI())
		if strings.Contains(req.URL.RawQuery, "skip=2") {
			return 200, nil, `{"value":[{"ID":"2"}]}`
		}
		return 200, nil, `{"value":[{"ID":"1"}],"@odata.nextLink":"https://graph.microsoft.com/beta/calls?skip=2"}`
	})
	var ids []string
	for v, err := range each[*customer](t.Context(), r, nil, []RequestOption{Top(5), FromLink("https://graph.microsoft.com/beta/calls?skip=1")}) {
		require.NoError(t, err)
		ids = append(ids, v.ID)
	}
	assert.Equal(t, []string{"1", "2"}, ids)
	assert.Equal(t, []string{"/beta/calls?skip=1", "/beta/calls?skip=2"}, asked)
	for _, link := range append(hostileLinks(), "") {
		_, err := fetchedPage[*customer](t.Context(), r, "GET", nil, []RequestOption{FromLink(link)})
		assert.Error(t, err, link)
	}
	assert.Len(t, asked, 2)
}

func TestDoSends(t *testing.T) {
	type own struct {
		Name string `json:"name"`
	}
	type parameters struct {
		AdditionalData codec.AdditionalData `json:"-"`
		Days           *int32               `json:"days,omitempty"`
	}
	for name, test := range map[string]struct {
		path  string
		body  any
		opts  []RequestOption
		wants string
	}{
		"path":          {"/me/drive", nil, nil, "/beta/me/drive  "},
		"no slash":      {"me/drive", nil, nil, "/beta/me/drive  "},
		"escapes":       {"/me/drive/root:/a b/é.txt:/children", nil, nil, "/beta/me/drive/root:/a%20b/%C3%A9.txt:/children  "},
		"query":         {"/users?$top=5&$search=\"a b\"", nil, []RequestOption{Select("id")}, "/beta/users?$select=id&$top=5&$search=\"a%20b\"  "},
		"URL":           {"https://graph.microsoft.com/beta/users?$top=1", nil, nil, "/beta/users?$top=1  "},
		"host's case":   {"HTTPS://GRAPH.microsoft.com:443/beta/users", nil, nil, "/beta/users  "},
		"struct":        {"/x", &customer{ID: "1"}, nil, `/beta/x application/json {"@odata.type":"#shop.customer","ID":"1"}`},
		"own struct":    {"/x", own{"a"}, nil, `/beta/x application/json {"name":"a"}`},
		"map":           {"/x", map[string]any{"a": 1}, nil, `/beta/x application/json {"a":1}`},
		"parameters":    {"/x", parameters{Days: new(int32(3))}, nil, `/beta/x application/json {"days":3}`},
		"at parameters": {"/x", &parameters{Days: new(int32(3))}, nil, `/beta/x application/json {"days":3}`},
		"raw":           {"/x", json.RawMessage(`{"b" : 1}`), nil, `/beta/x application/json {"b" : 1}`},
		"bytes":         {"/x", []byte("abc"), nil, `/beta/x application/octet-stream abc`},
		"reader":        {"/x", strings.NewReader("abc"), []RequestOption{Header("Content-Type", "text/plain")}, `/beta/x text/plain abc`},
	} {
		t.Run(name, func(t *testing.T) {
			r := graph(func(req *http.Request) (int, http.Header, string) {
				body := []byte{}
				if req.Body != nil {
					body, _ = io.ReadAll(req.Body)
				}
				assert.NotEmpty(t, req.Header.Get("Authorization"))
				assert.Equal(t, test.wants, req.URL.RequestURI()+" "+req.Header.Get("Content-Type")+" "+string(body))
				return 204, nil, ``
			})
			_, err := Do[struct{}](t.Context(), r.client, "POST", test.path, test.body, test.opts...)
			assert.NoError(t, err)
		})
	}
}

func TestDoReturns(t *testing.T) {
	answer := func(body string) *Client {
		return graph(func(*http.Request) (int, http.Header, string) { return 200, nil, body }).client
	}
	ctx := t.Context()
	v, err := Do[*customer](ctx, answer(`{"ID":"1"}`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.Equal(t, "1", v.ID)
	page, err := Do[*Page[*customer]](ctx, answer(`{"value":[{"ID":"1"}],"@odata.nextLink":"y"}`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.Equal(t, "https://graph.microsoft.com/beta/y", page.NextLink)
	n, err := Do[int32](ctx, answer(`{"value":7}`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.EqualValues(t, 7, n)
	texts, err := Do[[]string](ctx, answer(`{"value":["a"]}`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, texts)
	raw, err := Do[json.RawMessage](ctx, answer(`{"a": 1}`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.Equal(t, `{"a": 1}`, string(raw))
	type own struct{ Name string }
	o, err := Do[own](ctx, answer(`{"name":"a"}`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.Equal(t, "a", o.Name)
	p, err := Do[*own](ctx, answer(`{"name":"a"}`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.Equal(t, "a", p.Name)
	m, err := Do[map[string]any](ctx, answer(`{"name":"a"}`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.Equal(t, "a", m["name"])
	whatever, err := Do[any](ctx, answer(`[1]`), "GET", "/x", nil)
	require.NoError(t, err)
	assert.Equal(t, []any{1.0}, whatever)
	s, err := Do[*Stream](ctx, answer(`csv`), "POST", "/x", nil)
	require.NoError(t, err)
	data, err := io.ReadAll(s)
	require.NoError(t, err)
	assert.Equal(t, "csv", string(data))

	_, err = Do[own](ctx, answer(`{"name":`), "GET", "/x", nil)
	assert.ErrorContains(t, err, "the answer from /x: ")
	_, err = Do[own](ctx, answer(`{"error":{"code":"late"}}`), "GET", "/x", nil)
	assert.True(t, HasCode(err, "late"), err)
	_, err = Do[own](ctx, answer(``), "GET", "/x", nil)
	assert.True(t, IsNoContent(err), err)
}

func TestDoIsRefused(t *testing.T) {
	r := graph(func(req *http.Request) (int, http.Header, string) {
		t.Errorf("sent to %s", req.URL)
		return 200, nil, `{}`
	})
	for _, path := range append(hostileLinks(), "/../v1.0/me", "https://graph.microsoft.com/v1.0/me", "/me#x", "/%zz", "/me\x7f") {
		if !strings.Contains(path, "://") && !strings.Contains(path, "..") && !strings.ContainsAny(path, "#%\x7f\\") {
			continue // a path of the service
		}
		_, err := Do[struct{}](t.Context(), r.client, "GET", path, nil)
		assert.Error(t, err, path)
	}
	_, err := Do[struct{}](t.Context(), r.client, "POST", "/x", (*customer)(nil))
	assert.ErrorContains(t, err, "a nil *client.customer cannot be sent")
	_, err = Do[struct{}](t.Context(), r.client, "POST", "/x", func() {})
	assert.ErrorContains(t, err, "POST /x: json: unsupported type")
	_, err = Do[struct{}](t.Context(), r.client, "G T", "/x", nil)
	assert.ErrorContains(t, err, "invalid method")
	bad := newClient("beta", nil, []ClientOption{WithBaseURL("ftp://x")})
	_, err = Do[struct{}](t.Context(), bad, "GET", "/x", nil)
	assert.ErrorContains(t, err, "is not an http or https URL")
}
