package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// Error is the answer of a service that refuses a request (OData JSON format, error
// response), or that is not what was asked for. Use [errors.As] to get at it.
//
// A Status below 300 says that the service began well: its answer is an error all the same,
// or turns into one before its end, or lacks its content, see [IsNoContent].
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
	e.read(bytes.TrimPrefix(body, []byte("\ufeff")))
	return e
}

// errorAnswer is the body of an error. Like the structs below it goes by the codec, which
// keeps what does not fit.
type errorAnswer struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Error          json.RawMessage      `json:"error,omitempty"`
	Description    *string              `json:"error_description,omitempty"` // OAuth 2.0, which token services answer with
}

// errorFields are what an error, a detail and an inner error can have.
type errorFields struct {
	AdditionalData  codec.AdditionalData `json:"-"`
	Code            *string              `json:"code,omitempty"`
	Message         *string              `json:"message,omitempty"`
	Target          *string              `json:"target,omitempty"`
	Date            *string              `json:"date,omitempty"`
	RequestID       *string              `json:"request-id,omitempty"`
	ClientRequestID *string              `json:"client-request-id,omitempty"`
	Details         []json.RawMessage    `json:"details,omitempty"`
	Inner           json.RawMessage      `json:"innerError,omitempty"`
	InnerToo        json.RawMessage      `json:"innererror,omitempty"` // as some services spell it
}

// errorText is an error that is text alone.
type errorText struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Value          *string              `json:"value,omitempty"`
}

// read takes what an answer says of the error.
func (e *Error) read(body []byte) {
	var answer errorAnswer
	if codec.DecodeEnvelope(body, &answer, nil) != nil || answer.Error == nil {
		return
	}
	var fields errorFields
	if codec.DecodeEnvelope(answer.Error, &fields, nil) != nil {
		var plain errorText
		if codec.DecodeEnvelope(slices.Concat([]byte(`{"value":`), answer.Error, []byte("}")), &plain, nil) == nil {
			fields.Code, fields.Message = plain.Value, answer.Description
		}
	}
	e.Code, e.Target = fields.text("code", fields.Code), fields.text("target", fields.Target)
	e.Message = cmp.Or(fields.text("message", fields.Message), e.Message)
	for _, detail := range fields.Details {
		var d errorFields
		if codec.DecodeEnvelope(detail, &d, nil) == nil {
			e.Details = append(e.Details, ErrorItem{d.text("code", d.Code), d.text("message", d.Message), d.text("target", d.Target)})
		}
	}
	if e.Inner = fields.cause(0); e.Inner != nil {
		e.RequestID = cmp.Or(e.RequestID, e.Inner.RequestID)
		e.ClientRequestID = cmp.Or(e.ClientRequestID, e.Inner.ClientRequestID)
	}
}

// text is a member as text, whatever it is.
func (f *errorFields) text(name codec.Property, field *string) string {
	if field != nil {
		return *field
	}
	if raw, ok := f.AdditionalData.Get(name); ok && string(raw) != "null" {
		return string(raw)
	}
	return ""
}

// cause reads the inner error, if there is one.
func (f *errorFields) cause(depth int) *ErrorCause {
	data := f.Inner
	if data == nil {
		data = f.InnerToo
	}
	var inner errorFields
	if data == nil || depth > mostInner || codec.DecodeEnvelope(data, &inner, nil) != nil {
		return nil
	}
	return &ErrorCause{
		Code: inner.text("code", inner.Code), Message: inner.text("message", inner.Message), Date: inner.text("date", inner.Date),
		RequestID:       inner.text("request-id", inner.RequestID),
		ClientRequestID: inner.text("client-request-id", inner.ClientRequestID),
		Inner:           inner.cause(depth + 1),
	}
}

// hasStatus reports whether err is an [Error] with a status.
func hasStatus(err error, status int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == status
}

// IsNotModified reports whether err is an [Error] 304: the entity still has the ETag that
// was given with [IfNoneMatch].
func IsNotModified(err error) bool { return hasStatus(err, http.StatusNotModified) }

// IsNoContent reports whether err is an [Error] of an answer that should have content and
// has none. The request was done.
func IsNoContent(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && isSuccess(e.Status) && len(bytes.TrimSpace(e.Body)) == 0
}

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
