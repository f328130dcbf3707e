package runtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Error is the answer of a service that refuses a request (OData JSON format, error
// response). Use [errors.As] to get at it.
type Error struct {
	Method     string // of the request
	Path       string // of the request, without query
	Status     int    // of HTTP
	Code       string // such as "itemNotFound"; "" when the answer has none
	Message    string
	Target     string
	Details    []ErrorItem
	Inner      *ErrorCause
	RetryAfter time.Duration // 0 when the service does not say

	RequestID       string // by which the service knows the request
	ClientRequestID string // by which the client knows it
	Body            []byte // of the answer, the first 64 KB
}

// ErrorItem is a part of an error.
type ErrorItem struct {
	Code    string
	Message string
	Target  string
}

// ErrorCause is what the service knows of an error below its surface.
type ErrorCause struct {
	Code            string
	Message         string
	Date            string // as sent, often without a time zone
	RequestID       string
	ClientRequestID string
	Inner           *ErrorCause
}

const (
	mostOfError = 64 << 10 // bytes of an answer
	mostInner   = 32       // levels
)

// Error returns what was refused and why.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		b.WriteString(": " + oneLine(e.Code))
	}
	if e.Message != "" {
		b.WriteString(": " + oneLine(e.Message))
	}
	if e.RequestID != "" {
		b.WriteString(" (request-id " + oneLine(e.RequestID) + ")")
	}
	return b.String()
}

// oneLine makes text of a service fit for a log: short, and without characters that end
// a line, control a terminal or turn the direction of text.
func oneLine(text string) string {
	const most = 1000
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text[:min(len(text), 4*most)])
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// newError makes an error of an answer, whatever its body. A message stands for one that
// the answer itself does not have.
func newError(r *request, resp *http.Response, body []byte, message string) *Error {
	e := &Error{
		Method: r.method, Path: r.path, Status: resp.StatusCode, Message: message,
		RequestID: resp.Header.Get("Request-Id"), ClientRequestID: resp.Header.Get("Client-Request-Id"), Body: body[:min(len(body), mostOfError)],
	}
	e.RetryAfter, _ = retryAfter(resp.Header, time.Now())
	var answer struct {
		Error       json.RawMessage
		Description looseText `json:"error_description"` // OAuth 2.0, which token services answer with
	}
	if json.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &answer) != nil || answer.Error == nil {
		return e
	}
	var fields struct {
		Code, Message, Target looseText
		Details               json.RawMessage
		InnerError            json.RawMessage
	}
	if json.Unmarshal(answer.Error, &fields) != nil {
		fields.Message = answer.Description
		_ = json.Unmarshal(answer.Error, &fields.Code)
	}
	if message := string(fields.Message); message != "" {
		e.Message = message
	}
	e.Code, e.Target, e.Details = string(fields.Code), string(fields.Target), errorItems(fields.Details)
	e.Inner = innerError(fields.InnerError, 0)
	if e.Inner != nil {
		if e.RequestID == "" {
			e.RequestID = e.Inner.RequestID
		}
		if e.ClientRequestID == "" {
			e.ClientRequestID = e.Inner.ClientRequestID
		}
	}
	return e
}

// errorItems reads the details that are what they should be.
func errorItems(data json.RawMessage) []ErrorItem {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil {
		return nil
	}
	var items []ErrorItem
	for _, item := range list {
		var fields struct{ Code, Message, Target looseText }
		if json.Unmarshal(item, &fields) == nil {
			items = append(items, ErrorItem{string(fields.Code), string(fields.Message), string(fields.Target)})
		}
	}
	return items
}

// innerError reads an inner error, which some services name innererror.
func innerError(data json.RawMessage, depth int) *ErrorCause {
	if len(data) == 0 || depth > mostInner {
		return nil
	}
	var fields struct {
		Code, Message, Date looseText
		RequestID           looseText       `json:"request-id"`
		ClientRequestID     looseText       `json:"client-request-id"`
		Inner               json.RawMessage `json:"innerError"` // in any letter case
	}
	if json.Unmarshal(data, &fields) != nil {
		return nil
	}
	return &ErrorCause{
		Code: string(fields.Code), Message: string(fields.Message), Date: string(fields.Date),
		RequestID: string(fields.RequestID), ClientRequestID: string(fields.ClientRequestID),
		Inner: innerError(fields.Inner, depth+1),
	}
}

// looseText is a string that may as well be something else.
type looseText string

// UnmarshalJSON takes any JSON value.
func (t *looseText) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = looseText(s)
	} else if string(data) != "null" {
		*t = looseText(data)
	}
	return nil
}

// hasStatus reports whether err is an [Error] with a status.
func hasStatus(err error, status int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == status
}

// IsNotModified reports whether err is an [Error] 304: the entity still has the ETag that
// was given with [IfNoneMatch].
func IsNotModified(err error) bool { return hasStatus(err, http.StatusNotModified) }

// IsUnauthorized reports whether err is an [Error] 401: the token was not accepted.
func IsUnauthorized(err error) bool { return hasStatus(err, http.StatusUnauthorized) }

// IsForbidden reports whether err is an [Error] 403: a permission is missing.
func IsForbidden(err error) bool { return hasStatus(err, http.StatusForbidden) }

// IsNotFound reports whether err is an [Error] 404.
func IsNotFound(err error) bool { return hasStatus(err, http.StatusNotFound) }

// IsConflict reports whether err is an [Error] 409.
func IsConflict(err error) bool { return hasStatus(err, http.StatusConflict) }

// IsGone reports whether err is an [Error] 410: a delta link that has expired, among others.
func IsGone(err error) bool { return hasStatus(err, http.StatusGone) }

// IsPreconditionFailed reports whether err is an [Error] 412: the entity has changed since
// the ETag that was given with [IfMatch].
func IsPreconditionFailed(err error) bool { return hasStatus(err, http.StatusPreconditionFailed) }

// IsThrottled reports whether err is an [Error] 429: too many requests.
func IsThrottled(err error) bool { return hasStatus(err, http.StatusTooManyRequests) }

// HasCode reports whether err is an [Error] with a code, at the surface, in a detail or
// in an inner error, in any letter case.
func HasCode(err error, code string) bool {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	if strings.EqualFold(e.Code, code) {
		return true
	}
	if slices.ContainsFunc(e.Details, func(d ErrorItem) bool { return strings.EqualFold(d.Code, code) }) {
		return true
	}
	for inner := e.Inner; inner != nil; inner = inner.Inner {
		if strings.EqualFold(inner.Code, code) {
			return true
		}
	}
	return false
}
