package client

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
)

// color is an enum of a service that wants its type in URLs.
type color string

func (color) ODataType() string { return "Sales.color" }

// lines is a server that notes the request lines that it gets, as they are sent.
func lines(t *testing.T, answer string) (base string, got func() string) {
	t.Helper()
	var list []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		list = append(list, strings.TrimSpace(r.Method+" "+r.RequestURI+" "+string(body)))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() string {
		text := strings.Join(list, "\n")
		list = nil
		return text
	}
}

// sent returns the path and query that the resource is requested at.
func sent(t *testing.T, r *resource) string {
	t.Helper()
	text, err := URLOf(&address{r})
	require.NoError(t, err)
	return strings.TrimPrefix(text, "https://h.example/v")
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	odata := service{base: "https://h.example/v", enumTypes: true, qualified: true, namespaces: []string{"Sales"}}
	segments := service{base: "https://h.example/v", segments: true, namespaces: []string{"Sales"}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		of                    func(*resource) *resource
		parentheses, segments string
	}{
		{func(r *resource) *resource { return r.key("it's/a b?#%+\"ü") }, "/s(%27it%27%27s%2Fa%20b%3F%23%25+%22%C3%BC%27)", "/s/it%27s%2Fa%20b%3F%23%25+%22%C3%BC"},
		{func(r *resource) *resource { return r.key("$x@y.z") }, "/s(%27$x@y.z%27)", "/s(%27$x@y.z%27)"},
		{func(r *resource) *resource { return r.keyOf(int32(0)) }, "/s(0)", "/s/0"},
		{func(r *resource) *resource { return r.keyOf(false) }, "/s(false)", "/s/false"},
		{func(r *resource) *resource { return r.keyOf(codec.Decimal("-1.50")) }, "/s(-1.50)", "/s/-1.50"},
		{func(r *resource) *resource { return r.keyOf(1e21) }, "/s(1e21)", "/s/1e21"},
		{func(r *resource) *resource { return r.keyOf(codec.GUID("01234567-89ab-cdef-0123-456789abcdef")) }, "/s(01234567-89ab-cdef-0123-456789abcdef)", "/s/01234567-89ab-cdef-0123-456789abcdef"},
		{func(r *resource) *resource { return r.keyOf(codec.Date{Year: 2026, Month: 1, Day: 2}) }, "/s(2026-01-02)", "/s/2026-01-02"},
		{func(r *resource) *resource { return r.keyOf(codec.TimeOfDay{Hour: 7}) }, "/s(07:00:00)", "/s/07:00:00"},
		{func(r *resource) *resource { return r.keyOf(at) }, "/s(2026-01-02T03:04:05Z)", "/s/2026-01-02T03:04:05Z"},
		{func(r *resource) *resource { return r.keyOf(codec.Duration("P1DT2H")) }, "/s(duration%27P1DT2H%27)", "/s/P1DT2H"},
		{func(r *resource) *resource { return r.keyOf(codec.Binary{0xff, 0xef}) }, "/s(binary%27_-8=%27)", "/s/_-8="},
		{func(r *resource) *resource { return r.keyOf(color("red")) }, "/s(Sales.color%27red%27)", "/s/red"},
		{func(r *resource) *resource { return r.keys(arg{"no", int16(0)}, arg{"rev", ""}) }, "/s(no=0,rev=%27%27)", "/s(no=0,rev=%27%27)"},
		{func(r *resource) *resource { return r.op("Sales.ship") }, "/s/Sales.ship", "/s/ship"},
		{func(r *resource) *resource { return r.op("Other.ship") }, "/s/Other.ship", "/s/Other.ship"},
		{func(r *resource) *resource {
			return r.call("Sales.near", arg{"to", color("red")}, arg{"n", (*int32)(nil)})
		}, "/s/Sales.near(to=Sales.color%27red%27)", "/s/near(to=%27red%27)"},
		{func(r *resource) *resource { return r.imported("near", arg{"n", int32(0)}) }, "/s/near(n=0)", "/s/near(n=0)"},
		{func(r *resource) *resource { return r.cast("Sales.a").cast("Sales.b").child("c") }, "/s/Sales.b/c", "/s/Sales.b/c"},
		{func(r *resource) *resource { return r.cast("Sales.a").key("1").cast("Sales.b") }, "/s/Sales.a(%271%27)/Sales.b", "/s/Sales.a/1/Sales.b"},
		{func(r *resource) *resource {
			return r.call("Sales.f", arg{"p", []string{"a-b"}}).call("Sales.f", arg{"p", &models.Call{Subject: new("x")}})
		}, "/s/Sales.f(p=@p)/Sales.f(p=@p_)?@p=%5B%22a-b%22%5D&@p_=%7B%22@odata.type%22%3A%22%23test.call%22%2C%22subject%22%3A%22x%22%7D", ""},
	} {
		assert.Equal(t, c.parentheses, strings.ReplaceAll(sent(t, c.of(newServiceClient(odata, nil, nil).root().child("s"))), "%40", "@"))
		if c.segments != "" {
			assert.Equal(t, c.segments, sent(t, c.of(newServiceClient(segments, nil, nil).root().child("s"))))
		}
	}
	for _, id := range []string{"", ".", ".."} {
		assert.Equal(t, "/s(%27"+id+"%27)", sent(t, newServiceClient(odata, nil, nil).root().child("s").key(id)))
		_, err := URLOf(&address{newServiceClient(segments, nil, nil).root().child("s").key(id).child("t")})
		assert.ErrorContains(t, err, "cannot be the key of an entity")
	}
	for _, r := range []*resource{
		newServiceClient(odata, nil, nil).root().keyOf(codec.GUID("x")), newServiceClient(odata, nil, nil).root().keyOf(color("")),
		newServiceClient(odata, nil, nil).root().keys(arg{"a", 1}, arg{"b", codec.Decimal("x")}),
	} {
		_, err := URLOf(&address{r})
		assert.Error(t, err, r.path)
	}
}

func TestAddressesCanBeSetAtTheClient(t *testing.T) {
	t.Parallel()
	s := service{base: "https://h.example/v", enumTypes: true, qualified: true, namespaces: []string{"Sales"}}
	c := newServiceClient(s, nil, []ClientOption{WithKeyAsSegments(true), WithQualifiedOperations(false), WithEnumTypes(false)})
	assert.Equal(t, "/s/1/near(to=%27red%27)", sent(t, c.root().child("s").key("1").call("Sales.near", arg{"to", color("red")})))
	graph := newClient("beta", nil, []ClientOption{WithQualifiedOperations(true), WithKeyAsSegments(false), WithBaseURL("https://h.example/v")})
	assert.Equal(t, "/calls(%271%27)/microsoft.graph.answer", sent(t, graph.root().child("calls").key("1").op("answer")))
}

func TestConditionsHaveTheTypesOfEnums(t *testing.T) {
	t.Parallel()
	base, got := lines(t, `{"value":[]}`)
	p := codec.Property("color")
	condition := codec.And(codec.Not(p.Eq(color("red"))), codec.Property("parts").Any(func(x codec.Property) codec.Condition { return x.In(color("a"), color("b")) }))
	for _, types := range []bool{true, false} {
		c := newServiceClient(service{base: base}, nil, []ClientOption{WithEnumTypes(types)})
		_, err := fetchedPage[*models.Call](context.Background(), c.root().child("s"), "GET", nil, []RequestOption{Where(condition), Expand("x", Where(p.Has(color("red"))))})
		require.NoError(t, err)
	}
	text := strings.NewReplacer("%20", " ", "%27", "'", "%28", "(", "%29", ")", "%2C", ",", "%3A", ":", "%2F", "/", "%3D", "=", "%24", "$").Replace(got())
	assert.Equal(t, "GET /s?$filter=(not (color eq Sales.color'red')) and (parts/any(x:x in (Sales.color'a',Sales.color'b')))&$expand=x($filter=color has Sales.color'red')\n"+
		"GET /s?$filter=(not (color eq 'red')) and (parts/any(x:x in ('a','b')))&$expand=x($filter=color has 'red')", text)
}

func TestAServiceHasNoAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	var scopes []string
	tokens := TokenSourceFunc(func(_ context.Context, scope string) (string, error) {
		scopes = append(scopes, scope)
		return "t", nil
	})
	_, err := URLOf(&address{newServiceClient(service{}, tokens, nil).root()})
	assert.ErrorContains(t, err, "pass WithBaseURL to NewClient")
	_, err = get(t, newServiceClient(service{}, tokens, nil).root())
	assert.ErrorContains(t, err, "pass WithBaseURL to NewClient")
	assert.Empty(t, scopes)
	base, got := lines(t, `{}`)
	for _, opts := range [][]ClientOption{{WithBaseURL(base + "/a")}, {WithBaseURL(base + "/a"), WithScope("api://shop/.default")}} {
		_, err = get(t, newServiceClient(service{}, tokens, opts).root().child("s"))
		require.NoError(t, err)
	}
	_, err = get(t, newServiceClient(service{base: base + "/b"}, nil, nil).root().child("s"))
	require.NoError(t, err)
	assert.Equal(t, "GET /a/s\nGET /a/s\nGET /b/s", got())
	assert.Equal(t, []string{"", "api://shop/.default"}, scopes, "no scope of Microsoft Graph")
}

func TestSingleProperties(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	base, got := lines(t, `{"value":5}`)
	c := newServiceClient(service{base: base}, nil, nil)
	b := &address{c.root().child("s").keyOf(1)}
	n, err := GetProperty[int32](ctx, b, "Count")
	require.NoError(t, err)
	assert.Equal(t, int32(5), n)
	require.NoError(t, SetProperty(ctx, b, "Count", int32(0)))
	require.NoError(t, SetProperty(ctx, b, "Name", ""))
	require.NoError(t, SetProperty(ctx, b, "Tags", []string(nil)))
	require.NoError(t, SetProperty(ctx, b, "Color", color("red")))
	require.NoError(t, SetProperty(ctx, b, codec.Property("Address").Path("Info"), &models.Call{Subject: new("x")}))
	assert.ErrorContains(t, SetProperty(ctx, b, "Color", color("")), "ClearProperty sets null")
	require.NoError(t, ClearProperty(ctx, b, "Name"))
	stream, err := OpenProperty(ctx, b, "Name")
	require.NoError(t, err)
	stream.Close()
	require.NoError(t, UploadProperty(ctx, b, "Name", "text/plain", strings.NewReader("abc")))
	assert.Equal(t, `GET /s(1)/Count
PUT /s(1)/Count {"value":0}
PUT /s(1)/Name {"value":""}
PUT /s(1)/Tags {"value":[]}
PUT /s(1)/Color {"value":"red"}
PUT /s(1)/Address/Info {"@odata.type":"#test.call","subject":"x"}
DELETE /s(1)/Name
GET /s(1)/Name/$value
PUT /s(1)/Name/$value abc`, got())
	info, err := GetProperty[*models.Call](ctx, b, "Info")
	require.NoError(t, err)
	assert.NotNil(t, info)
}

func TestReferencesAreRemovedByID(t *testing.T) {
	t.Parallel()
	base, got := lines(t, ``)
	c := newServiceClient(service{base: base + "/v4"}, nil, nil)
	require.NoError(t, c.root().child("s").removeRefTo(context.Background(), "/t(1)", nil))
	assert.Equal(t, "DELETE /v4/s/$ref?$id="+queryEscape(base+"/v4/t(1)"), got())
}

func TestMediaEntitiesAndCasts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	base, got := lines(t, `{"subject":"x","value":[]}`)
	at := newServiceClient(service{base: base}, nil, nil).root().child("s")
	v, err := createdMedia[*models.Call](ctx, at, "image/png", strings.NewReader("png"), nil, nil)
	require.NoError(t, err)
	assert.Equal(t, "x", *v.Subject)
	_, err = castTo[*models.Call](at.keyOf(1).cast("n.x"), nil).Update(ctx, &models.Call{})
	require.NoError(t, err)
	for range castToAll[*models.Call](at.cast("n.x"), nil).All(ctx) {
		t.Error("there are no items")
	}
	assert.Equal(t, "POST /s png\nPATCH /s(1)/n.x {\"@odata.type\":\"#test.call\"}\nGET /s/n.x", got())
}
