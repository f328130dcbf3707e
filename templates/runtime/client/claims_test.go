package client

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// claimant is a source that answers claims challenges.
type claimant struct{ asked []string }

func (c *claimant) Token(context.Context, string) (string, error) {
	c.asked = append(c.asked, "")
	return "old", nil
}

func (c *claimant) TokenWithClaims(_ context.Context, scope, claims string) (string, error) {
	c.asked = append(c.asked, scope+" "+claims)
	return "new", nil
}

const askedClaims = `{"access_token":{"nbf":{"essential":true, "value":"1702682181"}}}`

func challengeOf(encoding *base64.Encoding) string {
	return `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="a, \"b\"", ` +
		`error="insufficient_claims", claims="` + encoding.EncodeToString([]byte(askedClaims)) + `", errorDescription="x"`
}

func TestClaimsChallenge(t *testing.T) {
	for name, header := range map[string][]string{
		"base64":            {challengeOf(base64.StdEncoding)},
		"base64url":         {challengeOf(base64.RawURLEncoding)},
		"after another one": {"Negotiate", `Basic realm="x", ` + challengeOf(base64.StdEncoding)},
		"lower case":        {strings.Replace(challengeOf(base64.StdEncoding), "Bearer", "bearer", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			source, bodies := new(claimant), []string{}
			r := graph(func(req *http.Request) (int, http.Header, string) {
				body, _ := io.ReadAll(req.Body)
				bodies = append(bodies, string(body))
				if req.Header.Get("Authorization") != "Bearer new" {
					return 401, http.Header{"Www-Authenticate": header}, `{"error":{"code":"InvalidAuthenticationToken"}}`
				}
				return 200, nil, `{}`
			})
			r.client.tokens = source
			require.NoError(t, r.send(t.Context(), "POST", &result[*string]{Value: new("x")}, nil))
			assert.Equal(t, []string{"", "https://graph.microsoft.com/.default " + askedClaims}, source.asked)
			assert.Equal(t, []string{`{"value":"x"}`, `{"value":"x"}`}, bodies)
		})
	}
}

func TestClaimsTokenSourceFunc(t *testing.T) {
	var asked []string
	r := graph(func(req *http.Request) (int, http.Header, string) {
		if req.Header.Get("Authorization") != "Bearer new" {
			return 401, http.Header{"Www-Authenticate": {challengeOf(base64.StdEncoding)}}, `{}`
		}
		return 200, nil, `{}`
	})
	r.client.tokens = ClaimsTokenSourceFunc(func(_ context.Context, scope, claims string) (string, error) {
		asked = append(asked, claims)
		return map[string]string{"": "old", askedClaims: "new"}[claims], nil
	})
	require.NoError(t, r.send(t.Context(), "GET", nil, nil))
	assert.Equal(t, []string{"", askedClaims}, asked)
}

func TestClaimsAreAskedForOnce(t *testing.T) {
	source := new(claimant)
	r := graph(func(*http.Request) (int, http.Header, string) {
		return 401, http.Header{"Www-Authenticate": {challengeOf(base64.StdEncoding)}}, `{"error":{"code":"InvalidAuthenticationToken"}}`
	})
	r.client.tokens = source
	err := r.send(t.Context(), "GET", nil, nil)
	assert.True(t, IsUnauthorized(err), err)
	assert.Len(t, source.asked, 2)
}

func TestRefusalsWithoutClaimsAreErrors(t *testing.T) {
	for name, header := range map[string]string{
		"no claims":     `Bearer error="insufficient_claims"`,
		"no object":     `Bearer error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(`null`)) + `"`,
		"no base64":     `Bearer error="insufficient_claims", claims="{}"`,
		"another error": `Bearer error="invalid_token", claims="` + base64.StdEncoding.EncodeToString([]byte(askedClaims)) + `"`,
		"not Bearer":    strings.Replace(challengeOf(base64.StdEncoding), "Bearer", "PoP", 1),
		"no end":        `Bearer error="insufficient_claims", claims="e30`,
		"nothing":       ``,
		"signs":         `==,,"" ="`,
	} {
		t.Run(name, func(t *testing.T) {
			source := new(claimant)
			r := graph(func(*http.Request) (int, http.Header, string) {
				return 401, http.Header{"Www-Authenticate": {header}}, `{}`
			})
			r.client.tokens = source
			assert.True(t, IsUnauthorized(r.send(t.Context(), "GET", nil, nil)))
			assert.Len(t, source.asked, 1)
		})
	}
}

func TestSourceWithoutClaimsGetsNone(t *testing.T) {
	requests := 0
	r := graph(func(*http.Request) (int, http.Header, string) {
		requests++
		return 401, http.Header{"Www-Authenticate": {challengeOf(base64.StdEncoding)}}, `{}`
	})
	assert.True(t, IsUnauthorized(r.send(t.Context(), "GET", nil, nil)))
	assert.Equal(t, 1, requests)
}

// refusing is a source that has no token for claims: a person has to sign in.
type refusing struct{ claimant }

var errSignIn = errors.New("sign in again")

func (*refusing) TokenWithClaims(context.Context, string, string) (string, error) {
	return "", errSignIn
}

func TestSourceThatHasNoTokenForClaims(t *testing.T) {
	r := graph(func(*http.Request) (int, http.Header, string) {
		return 401, http.Header{"Www-Authenticate": {challengeOf(base64.StdEncoding)}}, `{}`
	})
	r.client.tokens = new(refusing)
	assert.ErrorIs(t, r.send(t.Context(), "GET", nil, nil), errSignIn)
}
