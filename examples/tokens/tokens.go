// Package tokens adapts the token sources of other libraries to generated clients. It is a
// separate module, so that only its users get its dependencies.
package tokens

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/callgen/callgen/generated/communications"
)

// FromAzure returns a token source for a credential of package azidentity, for example the
// one from azidentity.NewDefaultAzureCredential. Credentials cache their tokens. It answers
// claims challenges: tokens are valid for longer, and the service can revoke them.
func FromAzure(credential azcore.TokenCredential) communications.ClaimsTokenSource {
	return communications.ClaimsTokenSourceFunc(func(ctx context.Context, scope, claims string) (string, error) {
		token, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}, EnableCAE: true, Claims: claims})
		return token.Token, err
	})
}

// FromOAuth2 returns a token source for a source of package oauth2, which knows no claims. The
// source must be configured with the scope of the client's cloud.
func FromOAuth2(source oauth2.TokenSource) communications.TokenSource {
	cached := oauth2.ReuseTokenSource(nil, source)
	return communications.TokenSourceFunc(func(context.Context, string) (string, error) {
		token, err := cached.Token()
		if err != nil {
			return "", err
		}
		return token.AccessToken, nil
	})
}

// FromClientCredentials returns a token source for an application with a secret, by package
// oauth2, that answers claims challenges. If the configuration names no scopes, the client's
// cloud decides. The source caches its token.
func FromClientCredentials(config clientcredentials.Config) communications.ClaimsTokenSource {
	return &application{config: config}
}

type application struct {
	config clientcredentials.Config
	mu     sync.Mutex
	token  *oauth2.Token
}

// Token implements [communications.TokenSource].
func (a *application) Token(ctx context.Context, scope string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token.Valid() {
		return a.token.AccessToken, nil
	}
	return a.fetch(ctx, scope, "{}")
}

// TokenWithClaims implements [communications.ClaimsTokenSource].
func (a *application) TokenWithClaims(ctx context.Context, scope, claims string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.fetch(ctx, scope, claims)
}

// fetch replaces the token by one with claims.
func (a *application) fetch(ctx context.Context, scope, claims string) (string, error) {
	claims, err := capable(claims)
	if err != nil {
		return "", err
	}
	config := clientcredentials.Config{
		ClientID: a.config.ClientID, ClientSecret: a.config.ClientSecret, TokenURL: a.config.TokenURL, Scopes: a.config.Scopes, AuthStyle: a.config.AuthStyle,
		EndpointParams: url.Values{},
	}
	maps.Copy(config.EndpointParams, a.config.EndpointParams)
	config.EndpointParams.Set("claims", claims)
	if len(config.Scopes) == 0 {
		config.Scopes = []string{scope}
	}
	token, err := config.Token(ctx)
	if err != nil {
		return "", err
	}
	a.token = token
	return token.AccessToken, nil
}

// capable adds to claims that the client can answer claims challenges (Microsoft identity
// platform, "Client capabilities").
func capable(claims string) (string, error) {
	all := map[string]map[string]any{}
	if err := json.Unmarshal([]byte(claims), &all); err != nil {
		return "", fmt.Errorf("the claims are malformed: %w", err)
	}
	if all["access_token"] == nil {
		all["access_token"] = map[string]any{}
	}
	all["access_token"]["xms_cc"] = map[string]any{"values": []string{"cp1"}}
	data, err := json.Marshal(all)
	return string(data), err
}
