package client

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file holds a service that answers in the shapes of OData's specifications, in both
// versions, and the model of its data.

type customer struct {
	AdditionalData codec.AdditionalData `json:"-"`
	codec.Holds[partners]
	ID       string         `json:"ID,omitempty"`
	Name     *string        `json:"Name,omitempty"`
	Balance  *int64         `json:"Balance,omitempty"`
	Limit    *codec.Decimal `json:"Limit,omitempty"`
	Orders   []*order       `json:"Orders,omitempty"`
	Partners []anyCustomer  `json:"Partners,omitempty"`
}

type vipCustomer struct {
	customer
	Club *string `json:"Club,omitempty"`
}

type order struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ID             int32                `json:"ID,omitempty"`
}

type anyCustomer interface {
	codec.Value
	AsCustomer() *customer
}

func (*customer) ODataType() string                    { return "shop.customer" }
func (v *customer) UnmarshalJSON(data []byte) error    { return codec.Unmarshal(data, v) }
func (v customer) MarshalJSON() ([]byte, error)        { return codec.Marshal(&v) }
func (v *customer) AsCustomer() *customer              { return v }
func (*vipCustomer) ODataType() string                 { return "shop.vipCustomer" }
func (v *vipCustomer) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v vipCustomer) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }
func (*order) ODataType() string                       { return "shop.order" }
func (v *order) UnmarshalJSON(data []byte) error       { return codec.Unmarshal(data, v) }
func (v order) MarshalJSON() ([]byte, error)           { return codec.Marshal(&v) }

// TestTheModel keeps the interface with the types that it has.
func TestTheModel(t *testing.T) {
	var v anyCustomer = new(vipCustomer)
	assert.Equal(t, "shop.vipCustomer", v.ODataType())
}

// partners are the types that a property holds.
type partners struct{}

func (partners) Lists() []codec.Held {
	return []codec.Held{{Property: "Partners", Types: codec.NewTypeList((*customer)(nil), (*vipCustomer)(nil))}}
}

var customers = codec.NewTypeList((*customer)(nil), (*vipCustomer)(nil))

// reply40 is what the service says in OData 4.0 to a request.
type reply40 struct {
	status      int // 200 unless it says otherwise
	contentType string
	header      map[string]string
	body        string
}

// shop is the service. A key of its answers is a method and a URL below /service.
type shop struct {
	version string
	answers map[string]reply40
	asked   []string // method, URL and body of each request
	headers []http.Header
}

// ServeHTTP implements [http.Handler].
func (s *shop) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	at := req.Method + " " + strings.TrimPrefix(req.URL.RequestURI(), "/service")
	s.asked = append(s.asked, strings.TrimSpace(at+" "+string(body)))
	s.headers = append(s.headers, req.Header)
	a, ok := s.answers[at]
	if !ok {
		a = reply40{status: 404, body: `{"error":{"code":"NotFound","message":"there is no ` + strings.ReplaceAll(at, `"`, "'") + `"}}`}
	}
	text := strings.ReplaceAll(a.body, "SERVICE", "http://"+req.Host+"/service")
	if s.version == version401 {
		text = strings.ReplaceAll(text, "@odata.", "@")
		text = strings.ReplaceAll(text, `@type":"#shop.`, `@type":"shop.`)
	}
	w.Header().Set("Content-Type", cmp.Or(a.contentType, contentJSON))
	w.Header().Set("OData-Version", s.version)
	for name, value := range a.header {
		w.Header().Set(name, strings.ReplaceAll(value, "SERVICE", "http://"+req.Host+"/service"))
	}
	w.WriteHeader(cmp.Or(a.status, 200))
	_, _ = io.WriteString(w, text)
}

// inBothVersions runs a test against the service in OData 4.0 and 4.01.
func inBothVersions(t *testing.T, answers map[string]reply40, test func(t *testing.T, s *shop, root *resource), opts ...ClientOption) {
	for _, version := range []string{version40, version401} {
		t.Run(version, func(t *testing.T) {
			s := &shop{version: version, answers: answers}
			server := httptest.NewServer(s)
			t.Cleanup(server.Close)
			all := append([]ClientOption{WithBaseURL(server.URL + "/service"), WithRetry(RetryPolicy{}), WithODataVersion(version)}, opts...)
			test(t, s, newClient("", nil, all).root())
		})
	}
}

func json40(body string) reply40 { return reply40{body: body} }

func TestODataHeaders(t *testing.T) {
	answers := map[string]reply40{"GET /Customers": json40(`{"ID":"A"}`), "POST /Customers": json40(`{"ID":"A"}`)}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		_, err := fetched[*customer](t.Context(), root.child("Customers"), "GET", nil, nil)
		require.NoError(t, err)
		_, err = fetched[*customer](t.Context(), root.child("Customers"), "POST", &customer{ID: "A"}, []RequestOption{Header("OData-MaxVersion", "4.0")})
		require.NoError(t, err)
		assert.Equal(t, s.version, s.headers[0].Get("OData-MaxVersion"))
		assert.Equal(t, s.version, s.headers[0].Get("OData-Version"))
		assert.Equal(t, s.version, s.headers[1].Get("OData-Version"))
		assert.Equal(t, "4.0", s.headers[1].Get("OData-MaxVersion"), "the caller's own")
	})
	_, err := get(t, newClient("beta", nil, []ClientOption{WithODataVersion("3.0")}).root())
	assert.EqualError(t, err, `OData has no version "3.0" that can be written: pass "4.0" or "4.01" to WithODataVersion`)
	old := graph(func(*http.Request) (int, http.Header, string) {
		return 200, http.Header{"Odata-Version": {"3.0"}}, `{"odata.metadata":"x","value":[]}`
	})
	_, err = fetchedPage[*customer](t.Context(), old, "GET", nil, nil)
	assert.ErrorContains(t, err, "the answer is in OData version 3.0, which is not supported")
}

func TestODataPages(t *testing.T) {
	const first = `{"@odata.context":"$metadata#Customers","@odata.count":3,"value":[{"@odata.type":"#shop.vipCustomer","ID":"A","Club":"c"},{"ID":"B"}],` +
		`"@odata.nextLink":"Customers?$skiptoken=1"}`
	answers := map[string]reply40{
		"GET /Customers": json40(first), "GET /Regions(1)/Customers": json40(strings.Replace(first, "$metadata", "../$metadata", 1)),
		"GET /Customers?$skiptoken=1": json40(`{"@odata.context":"$metadata#Customers","value":[{"ID":"C","@odata.type":"#shop.vipCustomer"}],"@odata.nextLink":null}`),
	}
	inBothVersions(t, answers, func(t *testing.T, _ *shop, root *resource) {
		page, err := fetchedPageOf[anyCustomer](t.Context(), root.child("Customers"), "GET", nil, customers, nil)
		require.NoError(t, err)
		assert.EqualValues(t, 3, *page.Count)
		assert.IsType(t, (*vipCustomer)(nil), page.Value[0])
		for _, path := range []string{"Customers", "Regions(1)/Customers"} { // the link is relative to the context
			var ids []string
			var last anyCustomer
			for v, err := range each[anyCustomer](t.Context(), root.child(path), customers, nil) {
				require.NoError(t, err)
				ids = append(ids, v.AsCustomer().ID)
				last = v
			}
			assert.Equal(t, []string{"A", "B", "C"}, ids)
			assert.IsType(t, (*vipCustomer)(nil), last)
		}
	})
}

func TestODataLinksThatAreNotUnderstood(t *testing.T) {
	for _, link := range []string{
		`"@odata.nextLink":{"href":"x"}`, `"@nextLink":5`, `"@odata.nextlink":"x"`, `"odata.nextLink":"x"`, `"nextLink":"x"`, `"@odata.deltaLink":["x"]`,
	} {
		r := answering(`{"value":[{"ID":"A"}],` + link + `}`)
		page, err := fetchedPage[*customer](t.Context(), r, "GET", nil, nil)
		assert.ErrorContains(t, err, "has a link to more that is not understood", link)
		require.NotNil(t, page, link)
		assert.Len(t, page.Value, 1)
		n := 0
		for v, err := range each[*customer](t.Context(), r, nil, nil) {
			assert.Equal(t, v == nil, err != nil)
			n++
		}
		assert.Equal(t, 2, n, "the item, then the error")
	}
	for _, link := range []string{`"@odata.nextLink":null`, `"@nextLink":""`, `"@com.example.deltaLink":"x"`, `"@odata.unknown":{}`} {
		_, err := fetchedPage[*customer](t.Context(), answering(`{"value":[],`+link+`}`), "GET", nil, nil)
		assert.NoError(t, err, link)
	}
}

func TestODataReferences(t *testing.T) {
	answers := map[string]reply40{
		"GET /Orders(1)/Customer/$ref":      json40(`{"@odata.context":"SERVICE/$metadata#$ref","@odata.id":"Customers('A')"}`),
		"GET /Orders(2)/Customer/$ref":      {status: 204},
		"GET /Customers('A')/Orders/$ref":   json40(`{"@odata.context":"SERVICE/$metadata#Collection($ref)","value":[{"@odata.id":"Orders(1)"},{"@odata.id":"Orders(2)"}]}`),
		"PUT /Orders(1)/Customer/$ref":      {status: 204},
		"POST /Customers('A')/Orders/$ref":  {status: 204},
		"DELETE /Orders(1)/Customer/$ref":   {status: 204},
		"GET /Orders(3)/Customer":           {status: 204},
		"GET /Customers('A')/Name":          {status: 204},
		"GET /Customers('B')/Name":          json40(`{"@odata.context":"SERVICE/$metadata#Customers('B')/Name","value":"b"}`),
		"POST /Orders(3)/shop.favourite":    {status: 204},
		"PATCH /Customers('A')":             {status: 204},
		"POST /Customers":                   {status: 204, header: map[string]string{"Location": "SERVICE/Customers('N')", "OData-EntityId": "SERVICE/Customers('N')"}},
		"GET /Customers('A')/shop.oldest()": {status: 204},
	}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		ctx := t.Context()
		base := root.client.base.String()
		to, err := root.child("Orders(1)/Customer").ref(ctx, nil)
		require.NoError(t, err)
		assert.Equal(t, base+"/Customers('A')", to)
		var all []string
		for to, err := range root.child("Customers('A')/Orders").refs(ctx, nil) {
			require.NoError(t, err)
			all = append(all, to)
		}
		assert.Equal(t, []string{base + "/Orders(1)", base + "/Orders(2)"}, all)
		require.NoError(t, root.child("Orders(1)/Customer").setRef(ctx, "/Customers('B')", nil))
		require.NoError(t, root.child("Customers('A')/Orders").addRef(ctx, base+"/Orders(3)", nil))
		require.NoError(t, root.child("Orders(1)/Customer").removeRef(ctx, nil))
		assert.Contains(t, s.asked, `PUT /Orders(1)/Customer/$ref {"@odata.id":"`+base+`/Customers('B')"}`)

		// What is null has no content.
		_, err = root.child("Orders(2)/Customer").ref(ctx, nil)
		assert.True(t, IsNull(err) && IsNoContent(err), "%v", err)
		v, err := fetched[*customer](ctx, root.child("Orders(3)/Customer"), "GET", nil, nil)
		assert.True(t, IsNull(err) && v == nil, "%v", err)
		_, err = root.child("Orders(3)/Customer").fetchAny(ctx, "GET", nil, (*anyCustomer)(nil), customers, nil)
		assert.True(t, IsNull(err), "%v", err)
		_, err = fetchResult[string](ctx, root.child("Customers('A')/Name"), "GET", nil, nil)
		assert.True(t, IsNull(err), "%v", err)
		_, err = fetched[*customer](ctx, root.child("Customers('A')/shop.oldest()"), "GET", nil, nil)
		assert.True(t, IsNull(err), "%v", err)
		name, err := fetchResult[string](ctx, root.child("Customers('B')/Name"), "GET", nil, nil)
		require.NoError(t, err)
		assert.Equal(t, "b", name)

		// An action without result, and a creation, are not null.
		_, err = fetched[*customer](ctx, root.child("Orders(3)/shop.favourite"), "POST", nil, nil)
		assert.True(t, IsNoContent(err) && !IsNull(err), "%v", err)
		var response Response
		_, err = fetched[*customer](ctx, root.child("Customers"), "POST", &customer{}, []RequestOption{Prefer("return=minimal"), ResponseInto(&response)})
		require.NoError(t, err)
		assert.Equal(t, base+"/Customers('N')", response.Location)
		assert.Equal(t, base+"/Customers('N')", response.EntityID)
		_, err = fetched[*customer](ctx, root.child("Customers('A')"), "PATCH", &customer{}, nil)
		assert.NoError(t, err)
	})
}

func TestODataBind(t *testing.T) {
	answers := map[string]reply40{"POST /Orders": {status: 204}, "POST /Customers": {status: 204}}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		v := &order{ID: 1}
		v.AdditionalData.Bind("Customer", "Customers('A')")
		v.AdditionalData.BindAll("Items", "Items(1)", "Items(2)")
		require.NoError(t, root.child("Orders").send(t.Context(), "POST", v, nil))
		want := map[string]string{
			version40:  `{"@odata.type":"#shop.order","ID":1,"Customer@odata.bind":"Customers('A')","Items@odata.bind":["Items(1)","Items(2)"]}`,
			version401: `{"@odata.type":"#shop.order","ID":1,"Customer":{"@odata.id":"Customers('A')"},"Items":[{"@odata.id":"Items(1)"},{"@odata.id":"Items(2)"}]}`,
		}
		assert.Equal(t, "POST /Orders "+want[s.version], s.asked[0])

		// What was read in 4.01 is written so that 4.0 knows it.
		var read customer
		require.NoError(t, codec.Unmarshal([]byte(`{"@type":"shop.customer","@etag":"1","ID":"A","Orders@count":2,"@ns.term":1}`), &read))
		require.NoError(t, root.child("Customers").send(t.Context(), "POST", &read, nil))
		assert.Equal(t, `POST /Customers {"ID":"A","@odata.type":"shop.customer","@odata.etag":"1","Orders@odata.count":2,"@ns.term":1}`, s.asked[1])
	})
}

func TestODataNumbersAsStrings(t *testing.T) {
	const body = `{"@odata.type":"#shop.customer","ID":"A","Balance":"9007199254740993","Limit":"0.10"}`
	answers := map[string]reply40{
		"POST /Customers":                json40(body),
		"POST /Customers('A')/shop.rise": json40(`{"value":"9007199254740993"}`),
		"GET /Customers":                 json40(`{"@odata.count":"5","value":[` + body + `]}`),
	}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		balance, limit := int64(9007199254740993), codec.Decimal("0.10")
		v, err := fetched[*customer](t.Context(), root.child("Customers"), "POST", &customer{ID: "A", Balance: &balance, Limit: &limit}, nil)
		require.NoError(t, err)
		assert.Equal(t, "POST /Customers "+body, s.asked[0])
		assert.Equal(t, balance, *v.Balance)
		assert.Equal(t, limit, *v.Limit)
		assert.Equal(t, "application/json;IEEE754Compatible=true", s.headers[0].Get("Accept"))
		assert.Equal(t, "application/json;IEEE754Compatible=true", s.headers[0].Get("Content-Type"))
		params := &struct {
			AdditionalData codec.AdditionalData `json:"-"`
			By             *int64               `json:"by,omitempty"`
		}{By: &balance}
		n, err := fetchResult[int64](t.Context(), root.child("Customers('A')/shop.rise"), "POST", params, nil)
		require.NoError(t, err)
		assert.Equal(t, balance, n)
		assert.Equal(t, `POST /Customers('A')/shop.rise {"by":"9007199254740993"}`, s.asked[1])
		page, err := fetchedPage[*customer](t.Context(), root.child("Customers"), "GET", nil, nil)
		require.NoError(t, err)
		assert.EqualValues(t, 5, *page.Count)
	}, WithIEEE754Compatible())
}

func TestHeadersOfTheCaller(t *testing.T) {
	answers := map[string]reply40{"POST /Customers": json40(`{}`), "PUT /Photo": {status: 204}, "GET /Customers": json40(`{}`)}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		at, ctx := root.child("Customers"), t.Context()
		post := func(opts ...RequestOption) error {
			_, err := fetched[*customer](ctx, at, "POST", &customer{}, opts)
			return err
		}
		require.NoError(t, post(Header("Content-Type", "application/json;odata.metadata=minimal"), Header("Prefer", "a"), Prefer("b"), Header("User-Agent", "mine")))
		assert.Equal(t, "application/json;odata.metadata=minimal", s.headers[0].Get("Content-Type"))
		assert.Equal(t, []string{"a, b"}, s.headers[0].Values("Prefer"))
		assert.Equal(t, "mine", s.headers[0].Get("User-Agent"))
		assert.ErrorContains(t, post(Header("Content-Type", "text/xml")), `the body is JSON, but the header Content-Type is "text/xml"`)
		assert.ErrorContains(t, post(Header("Content-Type", "application/json;IEEE754Compatible=true")), "use WithIEEE754Compatible")
		require.NoError(t, root.child("Photo").upload(ctx, "image/png", strings.NewReader("x"), nil))
		err := root.child("Photo").upload(ctx, "image/png", strings.NewReader("x"), []RequestOption{Header("Content-Type", "image/gif")})
		assert.ErrorContains(t, err, `the content type is given twice, as "image/png" and as the header "image/gif"`)
		require.NoError(t, root.child("Photo").upload(ctx, "", strings.NewReader("x"), []RequestOption{Header("Content-Type", "image/gif")}))
		assert.Equal(t, "image/gif", s.headers[len(s.headers)-1].Get("Content-Type"))
	})
	tokens := answering(`{}`)
	_, err := get(t, tokens, Header("Authorization", "Basic x"))
	assert.ErrorContains(t, err, "the header Authorization is given beside a TokenSource")
	asked := ""
	free := newClient("beta", nil, []ClientOption{WithHTTPClient(&http.Client{Transport: wire(func(req *http.Request) (int, http.Header, string) {
		asked = req.Header.Get("Authorization")
		return 200, nil, `{}`
	})})})
	_, err = get(t, free.root(), Header("Authorization", "Basic x"))
	require.NoError(t, err)
	assert.Equal(t, "Basic x", asked)
}

func TestODataErrors(t *testing.T) {
	const told = `"error":{"code":"err123","message":"Unsupported","target":"query","details":[{"code":"forty-two","target":"$search","message":"m"}],"innererror":{"trace":[]}}`
	for name, a := range map[string]reply40{
		"status 501":            {status: 501, body: `{` + told + `}`},
		"status 200":            {body: `{` + told + `}`},
		"control information":   {body: `{"@odata.context":"x","@odata.error":` + strings.TrimPrefix(told, `"error":`) + `}`},
		"before OData 4.0":      {status: 400, body: `{"odata.` + told[1:] + `}`},
		"trailer":               {header: map[string]string{"Trailer": "OData-Error", http.TrailerPrefix + "OData-Error": strings.TrimPrefix(told, `"error":`)}, body: `{"value":[{"ID":"A"},{"ID":"B"`},
		"trailer, whole":        {header: map[string]string{http.TrailerPrefix + "OData-Error": "{" + told + "}"}, body: `{"value":[{"ID":"A"}]}`},
		"trailer after all":     {header: map[string]string{http.TrailerPrefix + "OData-Error": strings.TrimPrefix(told, `"error":`)}, body: `{"value":[{"ID":"A"}]}`},
		"in place of a page":    {body: `{"value":[{"ID":"A"}],` + told + `}`},
		"in place of the rest":  {body: `{"value":[{"ID":"A"},{` + told + `}`},
		"control beside a page": {body: `{"value":[{"ID":"A"}],"@odata.` + told[1:] + `}`},
	} {
		inBothVersions(t, map[string]reply40{"GET /Customers": a}, func(t *testing.T, _ *shop, root *resource) {
			_, err := fetchedPage[*customer](t.Context(), root.child("Customers"), "GET", nil, nil)
			assert.True(t, HasCode(err, "err123") && HasCode(err, "forty-two"), "%s: %v", name, err)
			n := 0
			for v, err := range each[*customer](t.Context(), root.child("Customers"), nil, nil) {
				if err != nil {
					assert.True(t, HasCode(err, "err123"), "%s: %v", name, err)
					continue
				}
				assert.Equal(t, "A", v.ID)
				n++
			}
			assert.LessOrEqual(t, n, 1, name)
		})
	}
}

func TestODataAnnotationsAreKept(t *testing.T) {
	const body = `{"@odata.context":"SERVICE/$metadata#Customers/$entity","@odata.metadataEtag":"W/1","@odata.id":"Customers('A')","@odata.etag":"W/2",` +
		`"@com.example.highlight":true,"ID":"A","Name@com.example.style":{"bold":true},"Name":"a","Orders@com.example.style#simple":{"order":2},` +
		`"#shop.rise":{},"#shop.remaining(Year)":{"title":"t","target":"Customers('A')/shop.remaining(Year=@Year)"},"#shop.gone":null,` +
		`"Tags@odata.type":"#Collection(String)","Tags":["x"],"Tags@odata.collectionAnnotations":{"0":{"@com.example.a":1}},` +
		`"Dynamic@odata.type":"#Date","Dynamic":"2026-01-01","Name@Core.ValueException":{"value":"aa"}}`
	inBothVersions(t, map[string]reply40{"GET /Customers('A')": json40(body)}, func(t *testing.T, s *shop, root *resource) {
		v, err := fetched[*customer](t.Context(), root.child("Customers('A')"), "GET", nil, nil)
		require.NoError(t, err)
		want := strings.ReplaceAll(body, "SERVICE", root.client.base.String())
		if s.version == version401 {
			want = strings.ReplaceAll(want, "@odata.", "@")
		}
		got, err := codec.Marshal(v)
		require.NoError(t, err)
		assert.JSONEq(t, strings.TrimSuffix(want, "}")+`}`, string(got))
		links := LinksOf(v, "")
		assert.Equal(t, root.client.base.String()+"/Customers('A')", links.ID)
		assert.Equal(t, "W/2", links.ETag)
	})
}

func TestODataResults(t *testing.T) {
	answers := map[string]reply40{
		"GET /name":  json40(`{"@odata.context":"SERVICE/$metadata#Edm.String","value":"Pilar"}`),
		"GET /sizes": json40(`{"@odata.context":"SERVICE/$metadata#Collection(Edm.String)","value":["small","large"]}`),
		"GET /none":  json40(`{"@odata.context":"SERVICE/$metadata#Collection(Edm.String)","value":[]}`),
		"GET /one":   json40(`{"@odata.context":"SERVICE/$metadata#shop.address","Street":"12345 Grant Street","Country@odata.navigationLink":"Countries('US')"}`),
		"GET /all":   json40(`{"@odata.context":"SERVICE/$metadata#Collection(shop.address)","value":[]}`),
	}
	inBothVersions(t, answers, func(t *testing.T, _ *shop, root *resource) {
		name, err := fetchResult[string](t.Context(), root.child("name"), "GET", nil, nil)
		require.NoError(t, err)
		assert.Equal(t, "Pilar", name)
		sizes, err := fetchResult[[]string](t.Context(), root.child("sizes"), "GET", nil, nil)
		require.NoError(t, err)
		assert.Equal(t, []string{"small", "large"}, sizes)
		sizes, err = fetchResult[[]string](t.Context(), root.child("none"), "GET", nil, nil)
		require.NoError(t, err)
		assert.Empty(t, sizes)
		one, err := fetched[*customer](t.Context(), root.child("one"), "GET", nil, nil)
		require.NoError(t, err)
		assert.Equal(t, root.client.base.String()+"/Countries('US')", LinksOf(one, "Country").NavigationLink)
		all, err := fetchedPage[*customer](t.Context(), root.child("all"), "GET", nil, nil)
		require.NoError(t, err)
		assert.Empty(t, all.Value)
	})
}

// idsOf returns the ids of orders, and errors.
func idsOf(list []*order) (ids []int32) {
	for _, v := range list {
		ids = append(ids, v.ID)
	}
	return ids
}

// seen reports whether the service was asked for something.
func (s *shop) seen(request string) bool {
	return slices.ContainsFunc(s.asked, func(asked string) bool { return strings.HasPrefix(asked, request) })
}

func orders(ids ...int) string {
	var list []string
	for _, id := range ids {
		list = append(list, fmt.Sprintf(`{"ID":%d}`, id))
	}
	return "[" + strings.Join(list, ",") + "]"
}
