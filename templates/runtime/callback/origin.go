package callback

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/callgen/callgen/templates/runtime/inbound"
)

// CallbackOrigin says how the service sent a notification. Texts are "" where the request has
// no such header, and at most 256 bytes long.
type CallbackOrigin struct {
	MessageID         string `json:"messageId,omitempty"`         // of this request
	OriginalMessageID string `json:"originalMessageId,omitempty"` // of the first request with the same content
	ChainID           string `json:"chainId,omitempty"`           // the call's callChainId
	ScenarioID        string `json:"scenarioId,omitempty"`
	RequestID         string `json:"requestId,omitempty"`
	// Index is the place of the notification in the request, from 0.
	Index int `json:"index,omitempty"`
	// Position is the place of the notification in a log that it was read from, from 1; 0 for
	// one that comes from the service.
	Position uint64 `json:"position,omitempty"`
}

// Message returns what the service calls the notification: the same when it is sent again, as
// far as the service says so, and "" if it says nothing.
func (o CallbackOrigin) Message() string { return cmp.Or(o.OriginalMessageID, o.MessageID) }

// callbackOrigin reads the headers of a request.
func callbackOrigin(header http.Header) CallbackOrigin {
	text := func(names ...string) string {
		for _, name := range names {
			if v := header.Get(name); v != "" {
				return strings.Clone(v[:min(len(v), maxForeignText)])
			}
		}
		return ""
	}
	return CallbackOrigin{
		MessageID:         text("X-Microsoft-Skype-Message-ID"),
		OriginalMessageID: text("X-Microsoft-Skype-Original-Message-ID"),
		ChainID:           text("X-Microsoft-Skype-Chain-ID"),
		ScenarioID:        text("Scenario-Id", "X-Microsoft-Skype-Scenario-ID"),
		RequestID:         text("Client-Request-Id", "Request-Id"),
	}
}

// CallbackRedirect is the error of a function that sends the service to another deployment:
// the request is answered 302. It has no effect with AnswerFirst, and if the same request fails
// otherwise.
type CallbackRedirect struct{ URL string }

// Error says where the service is sent.
func (e *CallbackRedirect) Error() string {
	return "the notification belongs to " + inbound.PrintableText(pathless(e.URL))
}

// pathless cuts what is behind the host off a URL.
func pathless(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}
