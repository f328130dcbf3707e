package client

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// script answers requests by URL without query, the first answer of each first; the last one
// stays. It notes which requests had a token.
type script struct {
	answers map[string][]reply40
	tokens  []string // URLs that got one
	bare    []string // URLs that got none
}

func (s *script) serve(req *http.Request) (int, http.Header, string) {
	at := req.URL.Scheme + "://" + req.URL.Host + req.URL.Path
	if req.Header.Get("Authorization") != "" {
		s.tokens = append(s.tokens, at)
	} else {
		s.bare = append(s.bare, at)
	}
	list := s.answers[at]
	if len(list) == 0 {
		return 404, nil, `{}`
	}
	if len(list) > 1 {
		s.answers[at] = list[1:]
	}
	h := http.Header{"Content-Type": {contentJSON}}
	for name, value := range list[0].header {
		h.Set(name, value)
	}
	return list[0].status, h, list[0].body
}

const onGraphBeta = "https://graph.microsoft.com/beta"

func TestCopyOfADriveItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: map[string][]reply40{
			onGraphBeta + "/calls": {accepted("Location", "https://contoso.sharepoint.com/_api/monitor/1?sig=x", "")},
			"https://contoso.sharepoint.com/_api/monitor/1": {
				{status: 202, body: `{"operation":"ItemCopy","percentageComplete":27.8,"status":"inProgress"}`, header: map[string]string{"Retry-After": "7"}},
				{status: 200, body: `{"percentageComplete":100.0,"resourceId":"01MOWK","status":"completed"}`},
			},
		}}
		r := graph(s.serve, WithRequestOptions(Header("X-Key", "k")))
		begun := time.Now()
		_, err := fetched[*customer](t.Context(), r, "POST", nil, nil)
		m, err := MonitorOf[OperationProgress](r.client, err)
		require.NoError(t, err)
		var seen []OperationProgress
		m.OnProgress = func(p OperationProgress) { seen = append(seen, p) }
		told, err := m.Wait(t.Context())
		require.NoError(t, err)
		assert.Equal(t, OperationProgress{Status: "completed", Percent: 100, ResourceID: "01MOWK"}, told)
		assert.Equal(t, []OperationProgress{{Status: "inProgress", Percent: 27.8}, told}, seen)
		assert.Equal(t, 8*time.Second, time.Since(begun))
		assert.Equal(t, []string{onGraphBeta + "/calls"}, s.tokens, "another host gets no token")

		_, err = NewMonitor[*customer](r.client, m.URL()).Wait(t.Context())
		assert.ErrorContains(t, err, `names its result by the id "01MOWK" alone: Await[OperationProgress] returns it`)
		_, err = NewMonitor[struct{}](r.client, m.URL()).Wait(t.Context())
		assert.NoError(t, err)
	})
}

// TestMonitorElsewhereLeadsBack is about a monitor on another host that redirects to the result
// at the service.
func TestMonitorElsewhereLeadsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: map[string][]reply40{
			"https://other.example/m": {{status: 303, header: map[string]string{"Location": onGraphBeta + "/items/1"}}},
			onGraphBeta + "/items/1":  {{status: 200, body: `{"ID":"A"}`}},
			"https://other.example/c": {{status: 302, header: map[string]string{"Location": "/c"}}},
			"https://other.example/d": {{status: 302, header: map[string]string{"Location": "http://other.example/c"}}},
		}}
		r := graph(s.serve)
		v, err := NewMonitor[*customer](r.client, "https://other.example/m").Wait(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "A", v.ID)
		assert.Equal(t, []string{onGraphBeta + "/items/1"}, s.tokens)
		_, err = NewMonitor[*customer](r.client, "https://other.example/c").Wait(t.Context())
		assert.ErrorContains(t, err, "the monitor was redirected 5 times")
		_, err = NewMonitor[*customer](r.client, "https://other.example/d").Wait(t.Context())
		assert.ErrorContains(t, err, "sent in the clear")
		for _, link := range []string{"", "ftp://other.example/x", "https://user@other.example/x", "https:opaque", "://", "monitor"} {
			_, err = NewMonitor[*customer](r.client, link).Wait(t.Context())
			assert.Error(t, err, link)
		}
		assert.Len(t, s.tokens, 1)
	})
}

// TestHostileMonitorsGetNoToken is about links that look like the service's own.
func TestHostileMonitorsGetNoToken(t *testing.T) {
	for _, link := range hostileLinks() {
		r := graph(func(req *http.Request) (int, http.Header, string) {
			assert.Empty(t, req.Header.Get("Authorization"), link)
			assert.Empty(t, req.Header.Get("Cookie"), link)
			return 404, nil, `{}`
		})
		_, err := NewMonitor[struct{}](r.client, link).Wait(t.Context())
		assert.Error(t, err, link)
	}
}

// TestTeamIsCreated is about monitors by a path that begins at the root of the service.
func TestTeamIsCreated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: map[string][]reply40{
			onGraphBeta + "/calls": {accepted("Location", "/teams('1')/operations('2')", "")},
			onGraphBeta + "/teams('1')/operations('2')": {
				{status: 200, body: `{"id":"2","status":"notStarted","error":null}`}, {status: 200, body: `{"id":"2","status":"inProgress"}`},
				{status: 200, body: `{"id":"2","status":"succeeded","targetResourceId":"1","targetResourceLocation":"/teams('1')","error":null}`},
			},
			onGraphBeta + "/teams('1')": {{status: 200, body: `{"ID":"A"}`}},
		}}
		r := graph(s.serve)
		_, err := fetched[*customer](t.Context(), r, "POST", nil, nil)
		v, err := Await[*customer](t.Context(), r.client, err)
		require.NoError(t, err)
		assert.Equal(t, "A", v.ID)
		assert.Empty(t, s.bare)

		var response Response
		require.NoError(t, r.send(t.Context(), "POST", nil, []RequestOption{ResponseInto(&response)}))
		assert.Equal(t, onGraphBeta+"/teams('1')/operations('2')", response.Location)
	})
}

func TestChangeThatIsCarriedOutLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: map[string][]reply40{
			onGraphBeta + "/calls":     {accepted("Azure-AsyncOperation", "https://other.example/op", "2"), {status: 200, body: `{"ID":"A"}`}},
			"https://other.example/op": {{status: 200, body: `{"status":"Succeeded"}`}},
		}}
		r := graph(s.serve)
		var response Response
		_, err := fetched[*customer](t.Context(), r, "PATCH", nil, []RequestOption{Prefer("respond-async"), ResponseInto(&response)})
		assert.Equal(t, "https://other.example/op", response.OperationLocation)
		v, err := Await[*customer](t.Context(), r.client, err)
		require.NoError(t, err)
		assert.Equal(t, "A", v.ID, "what was changed is the result")
	})
}

// TestPolymorphicResultOfALaterAnswer is about a type of which nothing was decoded before.
func TestPolymorphicResultOfALaterAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: map[string][]reply40{
			onGraphBeta + "/calls": {accepted("Location", "monitor", "")},
			onGraphBeta + "/monitor": {
				{status: 200, body: `{"@odata.type":"#shop.unseenSpecial","ID":"A"}`}, {status: 200, body: `{"value":[{"@odata.type":"#shop.unseenSpecial"}]}`},
			},
		}}
		r := graph(s.serve)
		_, err := r.fetchAny(t.Context(), "POST", nil, (*anyUnseen)(nil), unseen, nil)
		v, err := Await[anyUnseen](t.Context(), r.client, err)
		require.NoError(t, err)
		assert.IsType(t, (*unseenSpecial)(nil), v)
		_, err = fetchedPageOf[anyUnseen](t.Context(), r, "POST", nil, unseen, nil)
		page, err := Await[*Page[anyUnseen]](t.Context(), r.client, err)
		require.NoError(t, err)
		assert.IsType(t, (*unseenSpecial)(nil), page.Value[0])
	})
}

func TestNoCookiesAwayFromTheService(t *testing.T) {
	r := graph(func(req *http.Request) (int, http.Header, string) {
		assert.Empty(t, req.Header.Get("X-Key"))
		return 200, nil, `{}`
	}, WithRequestOptions(Header("X-Key", "k")))
	_, err := NewMonitor[struct{}](r.client, "https://other.example/m").Wait(t.Context())
	require.NoError(t, err)
	r.client.tokens = nil
	for _, name := range []string{"Authorization", "Cookie"} {
		req := r.client.awayRequest("GET", "https://other.example/m", []RequestOption{Header(name, "x")})
		_, err = r.client.read(t.Context(), req)
		assert.ErrorContains(t, err, "the URL is the authorization")
	}
	b := r.client.NewBatch()
	item := AddToBatch(b, func(ctx context.Context) (struct{}, error) {
		return NewMonitor[struct{}](r.client, "https://other.example/m").Wait(ctx)
	})
	assert.NoError(t, b.Send(t.Context()))
	_, err = item.Result()
	assert.ErrorContains(t, err, "cannot be in a batch")
}
