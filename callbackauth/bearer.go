package callbackauth

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// maxToken limits the length of a token, in bytes. Tokens of the service are about 1 kB
// long.
const maxToken = 16 << 10

// bearer returns the one bearer token of a request, in compact serialization.
func bearer(r *http.Request) (string, error) {
	values := r.Header.Values("Authorization")
	switch len(values) {
	case 0:
		return "", refuse("the request has no Authorization header", nil)
	case 1:
	default:
		return "", refuse("the request has more than one Authorization header", nil)
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.Trim(token, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", refuse("the Authorization header holds no bearer token", nil)
	}
	if len(token) > maxToken {
		return "", refuse("the token is too long", nil)
	}
	return token, compact(token)
}

// compact checks that a token has three parts in base64url, in their only valid spelling:
// decoders tolerate more, but a token must not have two spellings.
func compact(token string) error {
	parts := 0
	for part := range strings.SplitSeq(token, ".") {
		parts++
		// Decoders skip line breaks.
		if part == "" || strings.ContainsAny(part, "\r\n") {
			return refuse("the token is not a signed JWT", nil)
		}
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return refuse("the token is not a signed JWT", err)
		}
	}
	if parts != 3 {
		return refuse("the token is not a signed JWT", nil)
	}
	return nil
}
