package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wire is a transport without a network.
type wire func(req *http.Request) (status int, header http.Header, body string)

func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	status, header, body := w(req)
	if header == nil {
		header = http.Header{"Content-Type": {contentJSON}}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

// graph returns the resource /calls of Microsoft Graph, over a wire.
func graph(w wire, opts ...ClientOption) *resource {
	all := append([]ClientOption{WithHTTPClient(&http.Client{Transport: w}), WithRetry(quick)}, opts...)
	return newClient("beta", secret, all).root().child("calls")
}

// hostileLinks lead away from https://graph.microsoft.com/beta, or look like it.
func hostileLinks() []string {
	return []string{
		// other hosts
		"https://evil.example/beta/calls", "//evil.example/beta/calls", "https://graph.microsoft.com.evil.example/beta/calls",
		"https://evilgraph.microsoft.com/beta/calls", "https://sub.graph.microsoft.com/beta/calls", "https://microsoft.com/beta/calls",
		"https://graph.microsoft.com./beta/calls", "https://127.0.0.1/beta/calls", "https://[::1]/beta/calls", "https://graph.microsoft.us/beta/calls",
		// letters that are folded to those of the own host
		"https://graph.micro\u017foft.com/beta/calls", "https://graph.micro%C5%BFoft.com/beta/calls", "https://GRAPH.MICRO\u017fOFT.COM/beta/calls",
		"https://graph.microsoft\u3002com/beta/calls", "https://ｇraph.microsoft.com/beta/calls", "https://grap\u212a.microsoft.com/beta/calls",
		"https://graph.microsoft.c\u043em/beta/calls", "https://gra\u00adph.microsoft.com/beta/calls", "https://xn--graph.microsoft.com/beta/calls",
		"https://graph.micro\u200bsoft.com/beta/calls",
		// other schemes and ports
		"http://graph.microsoft.com/beta/calls", "http://graph.microsoft.com:443/beta/calls", "https://graph.microsoft.com:444/beta/calls",
		"https://graph.microsoft.com:80/beta/calls", "ftp://graph.microsoft.com/beta/calls", "file:///beta/calls", "wss://graph.microsoft.com/beta/calls",
		"javascript:alert(1)", "data:application/json,{}", "https:beta/calls", "https:///beta/calls", "mailto:graph@microsoft.com",
		// a user before the host
		"https://graph.microsoft.com@evil.example/beta/calls", "https://u:p@graph.microsoft.com/beta/calls", "https://graph.microsoft.com:443@evil.example/beta/calls",
		// other paths
		"/", "/v1.0/calls", "/betamax/calls", "/beta/../v1.0/calls", "/beta/%2e%2e/v1.0/calls", "/beta/..", "../../v1.0/calls", "../../../x",
		"/beta/%5c..%5c..%5cx", "/BETA/calls", "https://graph.microsoft.com", "https://graph.microsoft.com?x=1",
		// no links at all
		"%", "https://graph.microsoft.com:port/beta", "https://graph.microsoft.com/beta/\x00", "https://[graph/beta", "https://graph.microsoft.com\\@evil.example/beta",
		" https://evil.example/beta", "https://evil.example\t/beta",
	}
}

func TestHostileLinksReachNobody(t *testing.T) {
	require.GreaterOrEqual(t, len(hostileLinks()), 40)
	for _, link := range hostileLinks() {
		var asked []string
		r := graph(func(req *http.Request) (int, http.Header, string) {
			asked = append(asked, req.URL.String())
			return 200, nil, `{"value":[{"id":"1"}],"@odata.nextLink":` + quote(link) + `}`
		})
		var last error
		for _, err := range each[*models.Call](t.Context(), r, nil, nil) {
			last = err
		}
		assert.Error(t, last, "%q", link)
		for _, err := range changesOf[*models.Call](r, nil, nil).Since(link).All(t.Context()) {
			assert.Error(t, err, "%q", link)
		}
		for _, err := range Rest(t.Context(), r.client, &Page[*models.Call]{NextLink: link}) {
			assert.Error(t, err, "%q", link)
		}
		assert.Equal(t, []string{"https://graph.microsoft.com/beta/calls"}, asked, "%q", link)
	}
}

func quote(text string) string {
	text = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\x00", `\u0000`).Replace(text)
	return `"` + text + `"`
}

func TestAHostThatIsNotASCIIIsItselfOnly(t *testing.T) {
	ok := wire(func(*http.Request) (int, http.Header, string) { return 200, nil, `{}` })
	c := graph(ok, WithBaseURL("https://bücher.example/beta")).client
	require.NoError(t, c.err)
	_, err := c.ownLink(c.base, "https://bücher.EXAMPLE:443/beta/calls")
	assert.NoError(t, err)
	for _, link := range []string{"https://BÜCHER.example/beta/calls", "https://xn--bcher-kva.example/beta/calls", "https://bu\u0308cher.example/beta/calls"} {
		_, err = c.ownLink(c.base, link)
		assert.ErrorContains(t, err, "away from", link)
	}
}

// TestRelativeLinks is about links that OData JSON allows, and that follow from the URL of
// the request.
func TestRelativeLinks(t *testing.T) {
	for link, want := range map[string]string{
		"calls?$skiptoken=2":                      "/beta/calls?$skiptoken=2",
		"/beta/calls?$skiptoken=2":                "/beta/calls?$skiptoken=2",
		"?$skiptoken=2":                           "/beta/calls?$skiptoken=2",
		"./calls?$skiptoken=2#x":                  "/beta/calls?$skiptoken=2",
		"../beta/calls?$skiptoken=2":              "/beta/calls?$skiptoken=2",
		"//graph.microsoft.com/beta/x?a=%2f":      "/beta/x?a=%2f",
		"https://GRAPH.microsoft.com:443/beta/ü?": "/beta/%C3%BC?",
	} {
		var asked []string
		r := graph(func(req *http.Request) (int, http.Header, string) {
			asked = append(asked, req.URL.RequestURI())
			if len(asked)%2 == 0 {
				assert.NotEmpty(t, req.Header.Get("Authorization"))
				return 200, nil, `{"value":[{"id":"2"}],"@odata.deltaLink":"calls?$deltatoken=1"}`
			}
			return 200, nil, `{"value":[{"id":"1"}],"@odata.nextLink":` + quote(link) + `}`
		})
		for _, err := range each[*models.Call](t.Context(), r, nil, nil) {
			require.NoError(t, err, link)
		}
		assert.Equal(t, []string{"/beta/calls", want}, asked)
		page, err := fetchedPage[*models.Call](t.Context(), r, "GET", nil, nil)
		require.NoError(t, err)
		for _, err := range Rest(t.Context(), r.client, page) {
			require.NoError(t, err, link)
		}
		assert.Equal(t, want, asked[3])
		changes := changesOf[*models.Call](r, nil, nil)
		for _, err := range changes.All(t.Context()) {
			require.NoError(t, err)
		}
		assert.Equal(t, "https://graph.microsoft.com/beta/calls?$deltatoken=1", changes.Link())
	}
}

func TestLinksInHeadersAndReferencesAreAbsolute(t *testing.T) {
	r := graph(func(*http.Request) (int, http.Header, string) {
		return 201, http.Header{"Location": {"calls/1"}, "Operation-Location": {"/beta/operations/2"}}, `{"@odata.id":"calls/3"}`
	})
	var response Response
	to, err := r.ref(t.Context(), []RequestOption{ResponseInto(&response)})
	require.NoError(t, err)
	assert.Equal(t, "https://graph.microsoft.com/beta/calls/calls/3", to, "relative to /beta/calls/$ref")
	assert.Equal(t, "https://graph.microsoft.com/beta/calls/calls/1", response.Location)
	assert.Equal(t, "https://graph.microsoft.com/beta/operations/2", response.OperationLocation)

	b := r.client.NewBatch()
	item := AddToBatch(b, func(ctx context.Context) (*models.Call, error) {
		return fetched[*models.Call](ctx, r, "POST", &models.Call{}, []RequestOption{ResponseInto(&response)})
	})
	r.client.http.Transport = wire(func(*http.Request) (int, http.Header, string) {
		return 200, nil, `{"responses":[{"id":"1","status":201,"headers":{"location":"calls/9"},"body":{"id":"9"}}]}`
	})
	require.NoError(t, b.Send(t.Context()))
	_, err = item.Result()
	require.NoError(t, err)
	assert.Equal(t, "https://graph.microsoft.com/beta/calls/9", response.Location)
}

func TestErrorsOfLinksSayTheirPath(t *testing.T) {
	r := graph(func(*http.Request) (int, http.Header, string) { return 404, nil, `` })
	for _, err := range Rest(t.Context(), r.client, &Page[*models.Call]{NextLink: "https://graph.microsoft.com/beta/calls/1/x?private=1"}) {
		assert.EqualError(t, err, "GET /calls/1/x: 404 Not Found")
	}
}

func TestLinksByPath(t *testing.T) {
	for _, link := range []string{
		"http://graph.microsoft.com/beta/calls?page=2", "http://backend:8080/beta/calls?page=2", "https://u:p@evil.example/beta/calls?page=2",
	} {
		var asked []string
		r := graph(func(req *http.Request) (int, http.Header, string) {
			asked = append(asked, req.URL.String())
			if len(asked) > 1 {
				return 200, http.Header{"Location": {link}}, `{"value":[]}`
			}
			return 200, http.Header{"Location": {link}}, `{"value":[],"@odata.nextLink":"` + link + `"}`
		}, WithLinksByPath())
		var response Response
		for _, err := range each[*models.Call](t.Context(), r, nil, []RequestOption{ResponseInto(&response)}) {
			require.NoError(t, err, link)
		}
		assert.Equal(t, []string{"https://graph.microsoft.com/beta/calls", "https://graph.microsoft.com/beta/calls?page=2"}, asked)
		assert.Equal(t, asked[1], response.Location)
	}
	c := graph(nil, WithLinksByPath()).client
	for _, link := range []string{"https://evil.example/v1.0/calls", "javascript:alert(1)", "mailto:a@b"} {
		_, err := c.ownLink(c.base, link)
		assert.ErrorContains(t, err, "away from", link)
	}
}

// target is the target of a redirect, as seen from the service.
type target struct{ base, location, what string }

const (
	ours      = "ours"      // followed with everything
	elsewhere = "elsewhere" // followed bare, if it is a download
	nowhere   = "nowhere"   // not followed
)

func targets() []target {
	const https, plain = "https://graph.microsoft.com", "http://localhost:8080"
	return []target{
		{https, "/beta/x", ours},
		{https, "x?y=1", ours},
		{https, "/v1.0/x", ours},
		{https, "https://GRAPH.microsoft.com:443/beta/x", ours},
		{https, "https://graph.microsoft.com:444/beta/x", elsewhere},
		{https, "https://evil.example/beta/x", elsewhere},
		{https, "//evil.example/beta/x", elsewhere},
		{https, "https://sub.graph.microsoft.com/beta/x", elsewhere},
		{https, "https://graph.micro\u017foft.com/beta/x", elsewhere},
		{https, "https://u:p@graph.microsoft.com/beta/x", elsewhere},
		{https, "https://graph.microsoft.com@evil.example/beta/x", elsewhere},
		{https, "https://127.0.0.1/x", elsewhere},
		{https, "http://graph.microsoft.com/beta/x", nowhere},
		{https, "http://graph.microsoft.com:443/beta/x", nowhere},
		{https, "http://evil.example/x", nowhere},
		{https, "ftp://graph.microsoft.com/x", nowhere},
		{https, "file:///etc/passwd", nowhere},
		{https, "javascript:alert(1)", nowhere},
		{https, "https:///x", nowhere},
		{https, "https://%zz", nowhere},
		{plain, "/beta/x", ours},
		{plain, "http://LOCALHOST:8080/x", ours},
		{plain, "http://localhost:8081/x", elsewhere},
		{plain, "http://127.0.0.1:8080/x", elsewhere},
		{plain, "https://localhost:8080/x", elsewhere},
		{plain, "gopher://localhost:8080/x", nowhere},
	}
}

// TestRedirects tries each target with each status and kind of request. Nothing of the
// request may reach another origin but that something is downloaded, and which part.
func TestRedirects(t *testing.T) {
	tried := 0
	for _, to := range targets() {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for _, method := range []string{"GET", "POST", "PATCH", "DELETE", "upload"} {
				tried++
				t.Run(fmt.Sprint(to.base, " ", status, " ", method, " ", to.location), func(t *testing.T) { redirect(t, to, status, method) })
			}
		}
	}
	require.GreaterOrEqual(t, tried, 60)
}

func redirect(t *testing.T, to target, status int, method string) {
	var asked []*http.Request
	r := graph(func(req *http.Request) (int, http.Header, string) {
		asked = append(asked, req)
		if len(asked) == 1 {
			return status, http.Header{"Location": {to.location}}, ""
		}
		return 200, nil, `{"id":"1"}`
	}, WithBaseURL(to.base+"/beta"), WithUserAgent("passcode"))
	err := perform(t, r, method)

	keeps := method == "GET" || status >= 307 && method != "upload" // which is not read twice
	follows := to.what == ours && keeps || to.what == elsewhere && method == "GET"
	if !follows {
		assert.Error(t, err)
		assert.Len(t, asked, 1, "it is neither followed nor repeated")
		return
	}
	require.NoError(t, err)
	require.Len(t, asked, 2)
	last := asked[1]
	if to.what == ours {
		assert.Equal(t, asked[0].Header.Get("Authorization"), last.Header.Get("Authorization"))
		assert.Equal(t, asked[0].ContentLength, last.ContentLength)
		return
	}
	assert.False(t, hasBody(last))
	assert.Zero(t, last.ContentLength)
	if last.URL.User != nil { // what the redirect itself says, and no secret of ours
		last.Header.Del("Authorization")
	}
	assert.Equal(t, http.Header{"Accept": {contentJSON}, "Range": {"bytes=0-9"}, "If-Range": {"e"}}, last.Header)
}

// perform makes a request that has something to lose.
func perform(t *testing.T, r *resource, method string) error {
	opts := []RequestOption{
		Header("Cookie", "a=1"), Header("Proxy-Authorization", "Basic x"), Header("X-Passcode", "1"), Header("Range", "bytes=0-9"), Header("If-Range", "e"),
		Header("If-Match", "e"), Prefer("p"), Where(codec.RawCondition("subject eq 'private'")),
	}
	switch method {
	case "GET":
		_, err := get(t, r, opts...)
		return err
	case "DELETE":
		return r.send(t.Context(), method, nil, opts)
	case "upload":
		return r.upload(t.Context(), "text/plain", strings.NewReader("private"), opts)
	}
	return r.fetch(t.Context(), method, &models.Call{Subject: new("private")}, new(models.Call), opts)
}

func TestRedirectsThatComeBackStayBare(t *testing.T) {
	var asked []*http.Request
	r := graph(func(req *http.Request) (int, http.Header, string) {
		asked = append(asked, req)
		switch len(asked) {
		case 1:
			return 302, http.Header{"Location": {"https://sub.graph.microsoft.com/x"}}, ""
		case 2:
			return 302, http.Header{"Location": {"https://graph.microsoft.com/beta/other"}}, ""
		}
		return 200, nil, `{}`
	})
	require.NoError(t, perform(t, r, "GET"))
	require.Len(t, asked, 3)
	for _, req := range asked[1:] {
		assert.Equal(t, http.Header{"Accept": {contentJSON}, "Range": {"bytes=0-9"}, "If-Range": {"e"}}, req.Header)
	}
}

// TestTheUsersCheckRedirectAllowsNothing lets the user's HTTP client put everything back.
func TestTheUsersCheckRedirectAllowsNothing(t *testing.T) {
	for location, follows := range map[string]bool{"https://evil.example/x": true, "http://graph.microsoft.com/x": false} {
		var asked []*http.Request
		r := graph(nil, WithHTTPClient(&http.Client{
			Transport: wire(func(req *http.Request) (int, http.Header, string) {
				asked = append(asked, req)
				if len(asked) == 1 {
					return 307, http.Header{"Location": {location}}, ""
				}
				return 200, nil, `{}`
			}),
			CheckRedirect: func(req *http.Request, via []*http.Request) error {
				req.Header = via[0].Header.Clone()
				return nil
			},
		}))
		err := perform(t, r, "GET")
		assert.Equal(t, follows, err == nil, "%v", err)
		for _, req := range asked[1:] {
			assert.Len(t, req.Header, 3, location)
		}
	}
}

func TestRefusedRedirectsSayWhy(t *testing.T) {
	for location, want := range map[string]string{
		"http://graph.microsoft.com/x": "POST /calls: the service redirects it from https to http://graph.microsoft.com, where anyone could read it",
		"https://evil.example/x": "POST /calls: the service redirects the POST to https://evil.example, another origin: only downloads may lead there; " +
			"if that is the service, give its URL with WithBaseURL",
		"ftp://x/y?private=1": "POST /calls: the service redirects it to ftp://x, which is not an http or https URL",
	} {
		r := graph(func(*http.Request) (int, http.Header, string) { return 308, http.Header{"Location": {location}}, "" })
		assert.EqualError(t, perform(t, r, "POST"), want)
	}
}
