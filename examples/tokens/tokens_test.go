package tokens_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/callgen/callgen/examples/tokens"
	"github.com/callgen/callgen/generated/communications"
)

// credential is what azidentity has many of.
type credential struct{ asked []policy.TokenRequestOptions }

func (c *credential) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	c.asked = append(c.asked, o)
	return azcore.AccessToken{Token: "of azure" + o.Claims}, nil
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
	if len(c.asked) != 1 || c.asked[0].Scopes[0] != "https://graph.microsoft.com/.default" || !c.asked[0].EnableCAE {
		t.Errorf("asked for %+v", c.asked)
	}
}

const wanted = `{"access_token":{"nbf":{"essential":true,"value":"1702682181"}}}`

// challenged makes a request with a source at a service that wants claims, and returns the
// Authorization headers that it got.
func challenged(t *testing.T, source communications.TokenSource) []string {
	t.Helper()
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got = append(got, r.Header.Get("Authorization")); len(got) == 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="", error="insufficient_claims", claims="`+base64.StdEncoding.EncodeToString([]byte(wanted))+`"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	client := communications.NewClient(source, communications.WithBaseURL(server.URL))
	if err := client.Communications().Calls().ByID("1").KeepAlive(t.Context()); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFromAzureAnswersChallenges(t *testing.T) {
	got := challenged(t, tokens.FromAzure(new(credential)))
	if len(got) != 2 || got[0] != "Bearer of azure" || got[1] != "Bearer of azure"+wanted {
		t.Errorf("got %q", got)
	}
}

func TestFromClientCredentials(t *testing.T) {
	var asked []url.Values
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		asked = append(asked, r.PostForm)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"number %d","token_type":"Bearer","expires_in":3600}`, len(asked))
	}))
	defer issuer.Close()
	source := tokens.FromClientCredentials(clientcredentials.Config{ClientID: "app", ClientSecret: "s", TokenURL: issuer.URL, AuthStyle: oauth2.AuthStyleInParams})
	if got := challenged(t, source); len(got) != 2 || got[0] != "Bearer number 1" || got[1] != "Bearer number 2" {
		t.Errorf("got %q", got)
	}
	if token, err := source.Token(t.Context(), ""); token != "number 2" || err != nil {
		t.Errorf("the new token is not cached: %s, %v", token, err)
	}
	for i, want := range []string{
		`{"access_token":{"xms_cc":{"values":["cp1"]}}}`,
		`{"access_token":{"nbf":{"essential":true,"value":"1702682181"},"xms_cc":{"values":["cp1"]}}}`,
	} {
		if got := asked[i].Get("claims"); got != want {
			t.Errorf("asked for %s", got)
		}
		if got := asked[i].Get("scope"); got != "https://graph.microsoft.com/.default" {
			t.Errorf("scope %s", got)
		}
	}
}

func TestFromOAuth2(t *testing.T) {
	source := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "of oauth2"})
	if got := sent(t, tokens.FromOAuth2(source)); got != "Bearer of oauth2" {
		t.Errorf("got %q", got)
	}
}
