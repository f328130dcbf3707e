package tokens_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"golang.org/x/oauth2"

	"github.com/callgen/callgen/examples/tokens"
	"github.com/callgen/callgen/generated/communications"
)

// credential is what azidentity has many of.
type credential struct{ scopes []string }

func (c *credential) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	c.scopes = o.Scopes
	return azcore.AccessToken{Token: "of azure"}, nil
}

// sent returns the Authorization of a request that a client makes with a source.
func sent(t *testing.T, source communications.TokenSource) string {
	t.Helper()
	got := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	client := communications.NewClient(source, communications.WithBaseURL(server.URL))
	if err := client.Communications().Calls().ByID("1").KeepAlive(t.Context()); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFromAzure(t *testing.T) {
	c := new(credential)
	if got := sent(t, tokens.FromAzure(c)); got != "Bearer of azure" {
		t.Errorf("got %q", got)
	}
	if len(c.scopes) != 1 || c.scopes[0] != "https://graph.microsoft.com/.default" {
		t.Errorf("asked for %v", c.scopes)
	}
}

func TestFromOAuth2(t *testing.T) {
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "of oauth2"})
	if got := sent(t, tokens.FromOAuth2(source)); got != "Bearer of oauth2" {
		t.Errorf("got %q", got)
	}
}
