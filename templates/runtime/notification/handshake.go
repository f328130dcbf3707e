package notification

import (
	"html"
	"io"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of the request that creates a subscription, in bytes. Tokens of the service are about
// a hundred bytes long.
const (
	maxHandshakeQuery = 8 << 10
	maxHandshakeToken = 2 << 10
)

// changeHandshake answers the request by which the service checks an address when a subscription is
// created: it sends a token back as plain text, in which no browser can find a script. It reports
// false for other requests.
func changeHandshake(w http.ResponseWriter, r *http.Request) bool {
	if !strings.Contains(r.URL.RawQuery, "validationToken") {
		return false
	}
	if len(r.URL.RawQuery) > maxHandshakeQuery {
		respondChange(w, http.StatusBadRequest)
		return true
	}
	tokens, ok := r.URL.Query()["validationToken"]
	if !ok {
		return false
	}
	if len(tokens) != 1 || !isHandshakeToken(tokens[0]) {
		respondChange(w, http.StatusBadRequest)
		return true
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, html.EscapeString(tokens[0])) // who asked may be gone
	return true
}

// isHandshakeToken reports whether a text is one line of bounded length.
func isHandshakeToken(text string) bool {
	return text != "" && len(text) <= maxHandshakeToken && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}
