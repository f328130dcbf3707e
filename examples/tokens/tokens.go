// Package tokens shows how the token sources of other libraries become those of a
// generated client. It is a module of its own: its dependencies are nobody else's.
package tokens

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"golang.org/x/oauth2"

	"github.com/callgen/callgen/generated/communications"
)

// FromAzure takes tokens from a credential of package azidentity, such as that of
// azidentity.NewDefaultAzureCredential. Credentials cache their tokens.
func FromAzure(credential azcore.TokenCredential) communications.TokenSource {
	return communications.TokenSourceFunc(func(ctx context.Context, scope string) (string, error) {
		token, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}})
		return token.Token, err
	})
}

// FromOAuth2 takes tokens from a source of package oauth2, such as that of
// clientcredentials.Config.TokenSource. The source knows its scope already: that of
// the client's cloud.
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
