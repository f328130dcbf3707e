package client

import (
	"io"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestODataExpandedCollections(t *testing.T) {
	answers := map[string]reply40{
		"GET /Customers('A')": json40(`{"@odata.context":"SERVICE/$metadata#Customers/$entity","ID":"A",` +
			`"Orders@odata.count":3,"Orders":` + orders(1, 2) + `,"Orders@odata.nextLink":"Customers('A')/Orders?$skiptoken=2",` +
			`"Partners":[{"@odata.type":"#shop.vipCustomer","ID":"B"}],"Partners@odata.nextLink":"Customers('A')/Partners?$skiptoken=B"}`),
		"GET /Customers('A')/Orders?$skiptoken=2":   json40(`{"value":` + orders(3) + `}`),
		"GET /Customers('A')/Partners?$skiptoken=B": json40(`{"value":[{"ID":"C","@odata.type":"#shop.vipCustomer"}]}`),
	}
	inBothVersions(t, answers, func(t *testing.T, _ *shop, root *resource) {
		v, err := fetched[*customer](t.Context(), root.child("Customers('A')"), "GET", nil, nil)
		require.NoError(t, err)
		page := Expanded(v, "Orders", v.Orders)
		assert.EqualValues(t, 3, *page.Count)
		var all []*order
		for v, err := range Rest(t.Context(), root.client, page) {
			require.NoError(t, err)
			all = append(all, v)
		}
		assert.Equal(t, []int32{1, 2, 3}, idsOf(all))
		var types []string
		for v, err := range Rest(t.Context(), root.client, Expanded(v, "Partners", v.Partners)) {
			require.NoError(t, err)
			types = append(types, v.ODataType())
		}
		assert.Equal(t, []string{"shop.vipCustomer", "shop.vipCustomer"}, types)
		whole := Expanded(&customer{}, "Orders", []*order{{ID: 9}})
		for v, err := range Rest(t.Context(), root.client, whole) {
			require.NoError(t, err)
			assert.EqualValues(t, 9, v.ID)
		}
	})
}

func TestODataStreams(t *testing.T) {
	answers := map[string]reply40{
		"GET /Products(1)": json40(`{"@odata.context":"SERVICE/$metadata#Products/$entity","ID":"1","@odata.editLink":"Products(1)","@odata.readLink":"Mirror(1)",` +
			`"@odata.mediaReadLink":"media/1","@odata.mediaEditLink":"media/edit/1","@odata.mediaContentType":"image/png",` +
			`"Photo@odata.mediaReadLink":"SERVICE/photos/1","Photo@odata.mediaEditLink":"photos/edit/1","Evil@odata.mediaReadLink":"https://evil.example/x"}`),
		"GET /media/1":               {contentType: "image/png", body: "media"},
		"PUT /media/edit/1":          {status: 204},
		"GET /photos/1":              {contentType: "image/png", body: "photo"},
		"PUT /photos/edit/1":         {status: 204},
		"GET /Mirror(1)/Plan":        {contentType: "text/plain", body: "plan"},
		"PUT /Products(1)/Plan":      {status: 204},
		"GET /Products(1)/Photo":     json40(`{"@odata.context":"SERVICE/$metadata#Products(1)/Photo","Photo@odata.mediaReadLink":"photos/1"}`),
		"GET /Products(1)/$value":    json40(`{"@odata.context":"SERVICE/$metadata#Products/$entity","ID":"1","@odata.mediaReadLink":"media/1"}`),
		"GET /Products(1)/Lost":      json40(`{"@odata.context":"SERVICE/$metadata#Products(1)/Lost"}`),
		"GET /Products(1)/None":      {status: 204},
		"GET /Products(1)/Settings":  json40(`{"dark":true}`),
		"GET /Products(1)/BadPhoto":  json40(`{"@odata.context":"SERVICE/$metadata#x","BadPhoto@odata.mediaReadLink":"https://evil.example/x"}`),
		"GET /Products(1)/LongValue": json40(`{"@odata.context":"` + strings.Repeat("x", 100<<10) + `"}`),
	}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		ctx := t.Context()
		text := func(stream *Stream, err error) string {
			t.Helper()
			require.NoError(t, err)
			defer stream.Close()
			data, err := io.ReadAll(stream)
			require.NoError(t, err)
			return string(data)
		}
		v, err := fetched[*customer](ctx, root.child("Products(1)"), "GET", nil, nil)
		require.NoError(t, err)
		c := root.client
		assert.Equal(t, "media", text(OpenStream(ctx, c, v, "")))
		assert.Equal(t, "photo", text(OpenStream(ctx, c, v, "Photo")))
		assert.Equal(t, "plan", text(OpenStream(ctx, c, v, "Plan")), "below the link to read the entity")
		require.NoError(t, UploadStream(ctx, c, v, "", "image/png", strings.NewReader("1")))
		require.NoError(t, UploadStream(ctx, c, v, "Photo", "image/png", strings.NewReader("2")))
		require.NoError(t, UploadStream(ctx, c, v, "Plan", "text/plain", strings.NewReader("3")))
		for _, request := range []string{"PUT /media/edit/1 1", "PUT /photos/edit/1 2", "PUT /Products(1)/Plan 3"} {
			assert.True(t, s.seen(request), request)
		}
		_, err = OpenStream(ctx, c, v, "Evil")
		assert.ErrorContains(t, err, "leads to https://evil.example, away from")
		_, err = OpenStream(ctx, c, &customer{}, "Photo")
		assert.ErrorContains(t, err, "the entity has no link to its stream")
		assert.Equal(t, "image/png", LinksOf(v, "").MediaContentType)

		// By address: JSON around the stream is not the stream.
		at := root.child("Products(1)")
		assert.Equal(t, "photo", text(at.child("Photo").open(ctx, nil)))
		assert.Equal(t, "media", text(at.child("$value").open(ctx, nil)))
		assert.Equal(t, `{"dark":true}`, text(at.child("Settings").open(ctx, nil)), "a stream of JSON")
		assert.Len(t, text(at.child("LongValue").open(ctx, nil)), 100<<10+len(`{"@odata.context":""}`)-map[string]int{version401: 6}[s.version])
		_, err = at.child("Lost").open(ctx, nil)
		assert.ErrorContains(t, err, "the answer is not the stream, but JSON without a link to it")
		_, err = at.child("None").open(ctx, nil)
		assert.True(t, IsNull(err), "%v", err)
		_, err = at.child("BadPhoto").open(ctx, nil)
		assert.ErrorContains(t, err, "away from")
	})
}

// anyPartner is only used here, so that the types that it can hold are not known from other tests.
type anyPartner interface {
	codec.Value
	AsCustomer() *customer
}

func TestPolymorphicTypesAreMadeKnown(t *testing.T) {
	t.Parallel()
	r := answering(`{"@odata.type":"#shop.vipCustomer","value":[]}`)
	unknownPartner.Do(func() {
		_, err := Follow[anyPartner](t.Context(), r.client, "x")
		assert.EqualError(t, err, `the types that anyPartner can hold are not known here: add the option Polymorphic(UnmarshalanyPartner)`)
		for _, err := range ChangesSince[anyPartner](r.client, "x").All(t.Context()) {
			assert.ErrorContains(t, err, "the types that anyPartner can hold are not known here")
		}
	})
	_, err := codec.UnmarshalAny([]byte("{}"), (*anyPartner)(nil), customers, nil)
	require.NoError(t, err)
	v, err := Follow[anyPartner](t.Context(), r.client, "x")
	require.NoError(t, err)
	assert.IsType(t, (*vipCustomer)(nil), v)
	assert.NoError(t, ChangesSince[anyPartner](r.client, "x").err)
}

func TestODataLinksAreFollowed(t *testing.T) {
	answers := map[string]reply40{
		"GET /Orders(1)":      json40(`{"@odata.context":"SERVICE/$metadata#Orders/$entity","ID":1,"Customer@odata.navigationLink":"Buyers('A')","@odata.readLink":"Orders(1)"}`),
		"GET /Buyers('A')":    json40(`{"ID":"A","@odata.type":"#shop.vipCustomer"}`),
		"GET /Customers('A')": json40(`{"value":[{"ID":"A"}]}`),
	}
	inBothVersions(t, answers, func(t *testing.T, _ *shop, root *resource) {
		v, err := fetched[*order](t.Context(), root.child("Orders(1)"), "GET", nil, nil)
		require.NoError(t, err)
		link := LinksOf(v, "Customer").NavigationLink
		assert.Equal(t, root.client.base.String()+"/Buyers('A')", link)
		_, err = fetchedPageOf[anyCustomer](t.Context(), root.child("Customers('A')"), "GET", nil, customers, nil)
		require.NoError(t, err)
		any, err := Follow[anyCustomer](t.Context(), root.client, link)
		require.NoError(t, err)
		assert.IsType(t, (*vipCustomer)(nil), any)
		one, err := Follow[*customer](t.Context(), root.client, "Buyers('A')")
		require.NoError(t, err, "a relative link is relative to the service")
		assert.Equal(t, "A", one.ID)
		_, err = Follow[*customer](t.Context(), root.client, "")
		assert.EqualError(t, err, "there is no link to follow")
		_, err = Follow[*customer](t.Context(), root.client, "https://evil.example/x")
		assert.ErrorContains(t, err, "away from")
		_, err = Follow[codec.Value](t.Context(), root.client, link)
		assert.ErrorContains(t, err, "does not say which types it can hold")
		assert.Equal(t, EntityLinks{}, LinksOf(nil, ""))
		assert.Equal(t, EntityLinks{}, LinksOf((*customer)(nil), "Orders"))
	})
}
