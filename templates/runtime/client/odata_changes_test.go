package client

import (
	"net/http"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// changesOfCustomers is one page of changes in the shape of each version.
func changesOfCustomers(version string) reply40 {
	items := []string{
		`{"@odata.id":"Customers('B')","Name":"b"}`,
		`{"@odata.context":"#Customers/$deletedLink","source":"Customers('A')","relationship":"Orders","target":"Orders(1)"}`,
		`{"@odata.context":"#Customers/$link","source":"Customers('B')","relationship":"Orders","target":"Orders(2)"}`,
		`{"@odata.context":"#Orders/$entity","@odata.id":"Orders(1)","ID":"1"}`,
	}
	if version == version40 {
		items = append(items, `{"@odata.context":"#Customers/$deletedEntity","reason":"deleted","id":"Customers('D')"}`,
			`{"@odata.context":"#Customers/$deletedEntity","id":"SERVICE/Customers('E')"}`)
	} else {
		items = append(items, `{"@odata.context":"#Customers/$deletedEntity","@odata.removed":{"reason":"deleted","@com.example.by":"m"},"@odata.id":"Customers('D')"}`,
			`{"@odata.removed":{},"ID":"E"}`)
	}
	return json40(`{"@odata.context":"SERVICE/$metadata#Customers/$delta","@odata.count":6,"value":[` + strings.Join(items, ",") + `],` +
		`"@odata.deltaLink":"Customers?$deltatoken=2"}`)
}

func TestODataChanges(t *testing.T) {
	answers := map[string]reply40{
		"GET /Customers": {header: map[string]string{"Preference-Applied": "odata.track-changes"}, body: `{"@odata.context":"SERVICE/$metadata#Customers",` +
			`"value":[{"ID":"A"}],"@odata.nextLink":"Customers?$skiptoken=1"}`},
		"GET /Customers?$skiptoken=1":  json40(`{"@odata.context":"SERVICE/$metadata#Customers","value":[{"ID":"B"}],"@odata.deltaLink":"Customers?$deltatoken=1"}`),
		"GET /Customers?$deltatoken=2": json40(`{"@odata.context":"SERVICE/$metadata#Customers/$delta","value":[],"@odata.deltaLink":"Customers?$deltatoken=3"}`),
		"GET /Untracked":               json40(`{"value":[{"ID":"A"}]}`),
	}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		s.answers["GET /Customers?$deltatoken=1"] = changesOfCustomers(s.version)
		base := root.client.base.String()
		var changes Changes[*customer]
		n := 0
		for _, err := range each[*customer](t.Context(), root.child("Customers"), nil, []RequestOption{TrackChanges(&changes)}) {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, 2, n)
		assert.Equal(t, "odata.track-changes", s.headers[0].Get("Prefer"))
		assert.Equal(t, base+"/Customers?$deltatoken=1", changes.Link())

		seen, failed := watch(t, &changes)
		assert.Len(t, failed, 3, "the links, and the order")
		assert.ErrorContains(t, failed[0], "item 1 of the page from /Customers is a link between entities")
		assert.ErrorContains(t, failed[2], "item 3 of the page from /Customers belongs to the entity set Orders")
		require.Len(t, seen, 3)
		assert.Equal(t, "b", *seen[0].Value.Name)
		assert.Equal(t, base+"/Customers('B')", seen[0].ID)
		assert.Equal(t, "deleted", seen[1].Removed)
		assert.Equal(t, base+"/Customers('D')", seen[1].ID)
		assert.Empty(t, seen[1].Value.ID, "its id is that of OData, not a property")
		assert.Equal(t, "removed", seen[2].Removed)
		if s.version == version401 {
			assert.Equal(t, "E", seen[2].Value.ID)
		} else {
			assert.Equal(t, base+"/Customers('E')", seen[2].ID)
			id, _ := seen[2].Value.AdditionalData.Get("@odata.id")
			assert.Equal(t, `"`+base+`/Customers('E')"`, string(id))
		}
		assert.Equal(t, base+"/Customers?$deltatoken=2", changes.Link())

		_, failed = watch(t, ChangesSince[*customer](root.client, base+"/Customers?$deltatoken=1"))
		assert.Len(t, failed, 3)

		var linked []ChangedLink
		changes.Since(base + "/Customers?$deltatoken=1").OnLink(func(l ChangedLink) { linked = append(linked, l) })
		_, failed = watch(t, &changes)
		assert.Len(t, failed, 1)
		assert.Equal(t, []ChangedLink{
			{Source: base + "/Customers('A')", Relationship: "Orders", Target: base + "/Orders(1)", Removed: true},
			{Source: base + "/Customers('B')", Relationship: "Orders", Target: base + "/Orders(2)"},
		}, linked)
		seen, failed = watch(t, &changes)
		assert.Empty(t, seen)
		assert.Empty(t, failed)
		assert.Equal(t, base+"/Customers?$deltatoken=3", changes.Link())

		var last error
		for _, err := range each[*customer](t.Context(), root.child("Untracked"), nil, []RequestOption{TrackChanges(&changes)}) {
			last = err
		}
		assert.EqualError(t, last, "the last page from /Untracked has no delta link: the service does not track changes")
	})
}

// watch collects changes and errors.
func watch(t *testing.T, changes *Changes[*customer]) (seen []Change[*customer], failed []error) {
	t.Helper()
	for c, err := range changes.All(t.Context()) {
		if err != nil {
			failed = append(failed, err)
			continue
		}
		require.NotNil(t, c.Value)
		seen = append(seen, c)
	}
	return seen, failed
}

func TestODataChangesFromPages(t *testing.T) {
	answers := map[string]reply40{
		"GET /shop.delta()":            json40(`{"@odata.context":"SERVICE/$metadata#Customers","value":[{"ID":"A","@odata.type":"#shop.vipCustomer"}],"@odata.nextLink":"Customers?$skiptoken=1"}`),
		"GET /Customers?$skiptoken=1":  json40(`{"@odata.context":"SERVICE/$metadata#Customers","value":[{"ID":"B"}],"@odata.deltaLink":"Customers?$deltatoken=1"}`),
		"GET /Customers?$deltatoken=1": json40(`{"value":[{"@odata.removed":{"reason":"changed"},"ID":"B"},{"@odata.context":"#Customers/$link"}],"@odata.deltaLink":"Customers?$deltatoken=1"}`),
	}
	inBothVersions(t, answers, func(t *testing.T, _ *shop, root *resource) {
		page, err := fetchedPageOf[anyCustomer](t.Context(), root.child("shop.delta()"), "GET", nil, customers, nil)
		require.NoError(t, err)
		var changes Changes[anyCustomer]
		n := 0
		for _, err := range Rest(t.Context(), root.client, page, TrackChanges(&changes)) {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, 2, n)
		for range 2 {
			var got []string
			for c, err := range changes.All(t.Context()) {
				if err == nil {
					got = append(got, c.Value.AsCustomer().ID+" "+c.Removed)
				}
			}
			assert.Equal(t, []string{"B changed"}, got)
		}

		last, err := fetchedPageOf[anyCustomer](t.Context(), root.child("Customers?$deltatoken=1"), "GET", nil, customers, nil)
		require.NoError(t, err)
		assert.NotEmpty(t, last.DeltaLink)
		var failed []string
		for v, err := range Rest(t.Context(), root.client, last) {
			require.Error(t, err)
			assert.NotNil(t, v)
			failed = append(failed, err.Error())
		}
		assert.Equal(t, []string{
			"item 0 of the page was removed from the collection: read changes with ChangesSince",
			"item 1 of the page is a link between entities, not an entity: read changes with Changes.OnLink",
		}, failed)
		for _, err := range Rest(t.Context(), root.client, last, TrackChanges(&changes)) {
			require.Error(t, err)
		}
		assert.Equal(t, last.DeltaLink, changes.Link())
	})
	var last error
	for _, err := range new(Changes[*customer]).All(t.Context()) {
		last = err
	}
	assert.ErrorContains(t, last, "the changes belong to no collection")
	for _, err := range ChangesSince[*customer](answering("").client, "").All(t.Context()) {
		last = err
	}
	assert.ErrorContains(t, last, "there is no delta link")
	for _, err := range ChangesSince[codec.Value](answering("").client, "x").All(t.Context()) {
		last = err
	}
	assert.ErrorContains(t, last, "does not say which types it can hold")
}

// TestChangesCanBeContinuedByTheirCollection is about a program that starts again and has the
// link stored.
func TestChangesCanBeContinuedByTheirCollection(t *testing.T) {
	asked := ""
	r := graph(func(req *http.Request) (int, http.Header, string) {
		asked = req.URL.RequestURI()
		return 200, nil, `{"value":[{"id":"1"}],"@odata.deltaLink":"calls?next"}`
	})
	changes := new(Changes[*job]).Since("calls?stored")
	_ = each[*job](t.Context(), r, nil, []RequestOption{TrackChanges(changes)}) // nothing is asked for
	assert.Empty(t, asked)
	for c, err := range changes.All(t.Context()) {
		require.NoError(t, err)
		assert.Equal(t, "1", c.Value.ID)
	}
	assert.Equal(t, "/beta/calls?stored", asked)
}

func TestEntitySetsOfContexts(t *testing.T) {
	for context, want := range map[string]string{
		"http://host/service/$metadata#Customers/$delta":    "Customers",
		"#Customers/Sales.Vip/$delta":                       "Customers",
		"$metadata#Customers(ID,Orders(ID))/$delta":         "Customers",
		"#Orders(4711)/Items/$entity":                       "Orders/Items",
		"#Customers('a')/Sales.Vip/Address/Country/$entity": "Customers/Address/Country",
		"#Customers": "",
		"#$delta":    "",
		"http://host/service/$metadata#Employees/Sales.Manager(A+(B))/$delta": "Employees",
	} {
		var v customer
		require.NoError(t, v.AdditionalData.Set("@odata.context", context))
		assert.Equal(t, want, setIn(&v.AdditionalData), context)
	}
}
