// Package tokens adapts the token sources of other libraries to generated clients. It is a
// separate module, so that only its users get its dependencies.
package tokens

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"golang.org/x/oauth2"

	"github.com/callgen/callgen/generated/communications"
)

// FromAzure returns a token source for a credential of package azidentity, for example the
// one from azidentity.NewDefaultAzureCredential. Credentials cache their tokens.
func FromAzure(credential azcore.TokenCredential) communications.TokenSource {
	return communications.TokenSourceFunc(func(ctx context.Context, scope string) (string, error) {
		token, err := credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{scope}})
		return token.Token, err
	})
}

// FromOAuth2 returns a token source for a source of package oauth2, for example from
// clientcredentials.Config.TokenSource. The source must be configured with the scope of the
// client's cloud.
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
