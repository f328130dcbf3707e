package client

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// A ClaimsTokenSource is a [TokenSource] that answers claims challenges, too: the service
// refuses a token before it expires, because the user was disabled or has another address now,
// and names the claims that a new token must have (Microsoft identity platform, "Claims
// challenges, claims requests and client capabilities"). The client asks once for each request
// and sends it again, also one of a [Batch]. Without this interface such a refusal is an [*Error] with status 401.
type ClaimsTokenSource interface {
	TokenSource

	// TokenWithClaims returns a token that was issued for the given claims, a JSON object; it
	// must not come from the cache. Later calls of Token should return it.
	TokenWithClaims(ctx context.Context, scope, claims string) (string, error)
}

// A ClaimsTokenSourceFunc is a function used as a [ClaimsTokenSource]. The claims are "" unless
// the service asks for some.
type ClaimsTokenSourceFunc func(ctx context.Context, scope, claims string) (string, error)

// Token returns f(ctx, scope, "").
func (f ClaimsTokenSourceFunc) Token(ctx context.Context, scope string) (string, error) {
	return f(ctx, scope, "")
}

// TokenWithClaims returns f(ctx, scope, claims).
func (f ClaimsTokenSourceFunc) TokenWithClaims(ctx context.Context, scope, claims string) (string, error) {
	return f(ctx, scope, claims)
}

// claims are what the service wants a token to have, with the token once there is one. The
// requests of a batch share them.
type claims struct{ text, token string }

// token returns the access token for a request.
func (c *Client) token(ctx context.Context, r *request) (token string, err error) {
	source, ok := c.tokens.(ClaimsTokenSource)
	if r.claims == nil || !ok {
		return c.tokens.Token(ctx, c.cloud.Scope)
	}
	if r.claims.token == "" {
		r.claims.token, err = source.TokenWithClaims(ctx, c.cloud.Scope, r.claims.text)
	}
	return r.claims.token, err
}

// challenged reports whether a request shall be sent again with a token for the claims that an
// answer asks for.
func (c *Client) challenged(r *request, resp *http.Response) bool {
	if resp == nil || r.claims != nil || r.away != nil || !r.replays() {
		return false
	}
	text := c.claimsFor(resp.StatusCode, resp.Header)
	if text == "" {
		return false
	}
	r.claims = &claims{text: text}
	return true
}

// challenged returns the requests of a batch that shall be sent again with a token for the claims
// that their answers ask for. Requests that succeed or fail together get one token.
func (b *Batch) challenged() []*batchEntry {
	var list []*batchEntry
	for _, e := range b.items {
		if e.err != nil || e.claims != nil {
			continue
		}
		if text := b.client.claimsFor(e.status, e.header); text != "" {
			wanted := b.claims(text)
			for _, o := range b.items {
				if o.isTiedTo(e) {
					o.claims = wanted
				}
			}
			list = append(list, e)
		}
	}
	return list
}

// claims returns the claims with a text, those of an earlier request if there are any.
func (b *Batch) claims(text string) *claims {
	for _, e := range b.items {
		if e.claims != nil && e.claims.text == text {
			return e.claims
		}
	}
	return &claims{text: text}
}

// claimsFor returns the claims that an answer asks for, "" if it asks for none or the token source
// knows nothing of claims.
func (c *Client) claimsFor(status int, h http.Header) string {
	if _, ok := c.tokens.(ClaimsTokenSource); !ok || status != http.StatusUnauthorized {
		return ""
	}
	for _, text := range h.Values("Www-Authenticate") {
		for _, challenge := range challengesIn(text) {
			if claims, ok := challenge.claims(); ok {
				return claims
			}
		}
	}
	return ""
}

// challenge is one of those in a header WWW-Authenticate (RFC 9110, section 11.6.1).
type challenge struct {
	scheme     string
	parameters map[string]string // by name in lower case
}

// claims returns the claims that a challenge asks for.
func (h challenge) claims() (string, bool) {
	if !strings.EqualFold(h.scheme, "Bearer") || h.parameters["error"] != "insufficient_claims" {
		return "", false
	}
	encoded := strings.TrimRight(h.parameters["claims"], "=")
	for _, encoding := range []*base64.Encoding{base64.RawURLEncoding, base64.RawStdEncoding} {
		decoded, err := encoding.DecodeString(encoded)
		var claims map[string]json.RawMessage
		if err == nil && json.Unmarshal(decoded, &claims) == nil && claims != nil {
			return string(decoded), true
		}
	}
	return "", false
}

// challengesIn reads a header WWW-Authenticate. What is malformed ends the list.
func challengesIn(text string) []challenge {
	var list []challenge
	for text != "" {
		text = strings.TrimLeft(text, " \t,")
		word, rest := challengeWord(text)
		if word == "" {
			return list
		}
		after := strings.TrimLeft(rest, " \t")
		if !strings.HasPrefix(after, "=") || len(list) == 0 {
			list = append(list, challenge{word, map[string]string{}})
			text = rest
			continue
		}
		value, end, err := challengeValue(strings.TrimLeft(after[1:], " \t"))
		if err != nil {
			return list
		}
		list[len(list)-1].parameters[lowerASCII(word)] = value
		text = end
	}
	return list
}

// challengeWord returns the token that a text begins with.
func challengeWord(text string) (word, rest string) {
	end := strings.IndexAny(text, " \t,=\"")
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}

// challengeValue returns the value that a text begins with: a token or a quoted string.
func challengeValue(text string) (value, rest string, err error) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, " \t,")
		if end < 0 {
			end = len(text)
		}
		return text[:end], text[end:], nil
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:], nil
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		b.WriteByte(text[i])
	}
	return "", "", fmt.Errorf("a quoted string has no end")
}
