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

	"github.com/callgen/callgen/templates/runtime/codec"
)

// Error is an error answer of the service (OData JSON format, "Error Response"), or an answer
// other than the one asked for. Get it with [errors.As].
//
// A Status below 300 means that the service reported success, but the body is or ends with an
// error, or lacks the expected content (see [IsNoContent]).
type Error struct {
	Method     string // of the request
	Path       string // of the request, without query
	Status     int    // HTTP status of the answer
	Code       string // such as "itemNotFound"; "" if the answer has no code
	Message    string
	Target     string
	Details    []ErrorItem
	Inner      *ErrorCause
	RetryAfter time.Duration // 0 if the service did not send one

	RequestID       string // the service's id of the request
	ClientRequestID string // the client's id of the request
	Body            []byte // of the answer, at most 64 KB
}

// ErrorItem is a detail of an [Error].
type ErrorItem struct {
	Code    string
	Message string
	Target  string
}

// ErrorCause is an inner error of an [Error], which says more about its cause.
type ErrorCause struct {
	Code            string
	Message         string
	Date            string // as sent, often without time zone
	RequestID       string
	ClientRequestID string
	Inner           *ErrorCause
}

const (
	mostOfError = 64 << 10 // bytes of an answer
	mostInner   = 32       // levels
)

// Error returns a one-line text with the request and the reason for the failure.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		b.WriteString(": " + codec.Printable(e.Code))
	}
	if e.Message != "" {
		b.WriteString(": " + codec.Printable(e.Message))
	}
	if e.RequestID != "" {
		b.WriteString(" (request-id " + codec.Printable(e.RequestID) + ")")
	}
	return b.String()
}

// newError returns the error for an answer, whatever its body. The message is used if the
// answer has none.
func newError(r *request, resp *http.Response, body []byte, message string) *Error {
	e := &Error{
		Method: r.method, Path: r.path, Status: resp.StatusCode, Message: message,
		RequestID: resp.Header.Get("Request-Id"), ClientRequestID: resp.Header.Get("Client-Request-Id"), Body: body[:min(len(body), mostOfError)],
	}
	e.RetryAfter, _ = retryAfter(resp.Header, time.Now())
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	e.read(body)
	e.readForeign(resp.Header.Get("Content-Type"), body)
	return e
}

// errorAnswer is the body of an error. Like the structs below it is decoded by the codec,
// which keeps members that do not fit.
type errorAnswer struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Error          json.RawMessage      `json:"error,omitempty"`
	Control        json.RawMessage      `json:"@odata.error,omitempty"`
	Earlier        json.RawMessage      `json:"odata.error,omitempty"`       // before OData 4.0
	Description    *string              `json:"error_description,omitempty"` // OAuth 2.0, sent by token services
}

// errorFields are the fields of errors, details and inner errors.
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
	InnerToo        json.RawMessage      `json:"innererror,omitempty"` // the spelling of some services
}

// errorText is an error sent as text alone.
type errorText struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Value          *string              `json:"value,omitempty"`
}

// read fills in the fields from the body of the answer.
func (e *Error) read(body []byte) {
	var answer errorAnswer
	if codec.DecodeEnvelope(body, &answer, nil) != nil {
		return
	}
	for _, other := range []json.RawMessage{answer.Control, answer.Earlier} {
		if answer.Error == nil {
			answer.Error = other
		}
	}
	if answer.Error == nil {
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
	e.extended(&fields.AdditionalData)
	if e.Inner = fields.cause(0); e.Inner != nil {
		e.RequestID = cmp.Or(e.RequestID, e.Inner.RequestID)
		e.ClientRequestID = cmp.Or(e.ClientRequestID, e.Inner.ClientRequestID)
	}
}

// extended takes the messages that Redfish has in place of details, and says what they do where
// the error itself says no more than that there are some (DSP0266, "Error responses").
func (e *Error) extended(kept *codec.AdditionalData) {
	var list []struct {
		MessageID string `json:"MessageId"`
		Message   string
		Related   []string `json:"RelatedProperties"`
	}
	raw, ok := kept.Get("@Message.ExtendedInfo")
	if !ok || len(e.Details) > 0 || json.Unmarshal(raw, &list) != nil {
		return
	}
	var texts []string
	for _, m := range list {
		detail := ErrorItem{Code: m.MessageID, Message: m.Message}
		if len(m.Related) > 0 {
			detail.Target = m.Related[0]
		}
		e.Details = append(e.Details, detail)
		if m.Message != "" {
			texts = append(texts, m.Message)
		}
	}
	if len(texts) > 0 && (e.Message == "" || strings.HasSuffix(e.Code, ".GeneralError") || strings.HasSuffix(e.Code, ".ExtendedError")) {
		e.Message = strings.Join(texts, " ")
	}
}

// text returns a member as text, whatever its type.
func (f *errorFields) text(name codec.Property, field *string) string {
	if field != nil {
		return *field
	}
	raw, ok := f.AdditionalData.Get(name)
	if !ok || string(raw) == "null" {
		return ""
	}
	return cmp.Or(jsonText(raw), string(raw))
}

// cause reads the inner error, if any.
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

// hasStatus reports whether err is an [Error] with the given status.
func hasStatus(err error, status int) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == status
}

// IsNotModified reports whether err is an [*Error] with HTTP status 304 (Not Modified): the
// entity still has the ETag given with [IfNoneMatch].
func IsNotModified(err error) bool { return hasStatus(err, http.StatusNotModified) }

// IsNoContent reports whether err is an [*Error] for an answer without the expected content.
// The service has carried out the request.
func IsNoContent(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && isSuccess(e.Status) && len(bytes.TrimSpace(e.Body)) == 0
}

// IsNull reports whether err is an [*Error] for a GET answered with status 204: there is no
// value, because it is null. That is so for a navigation property without entity, a property
// or a stream that is null, and a function whose result is null. [IsNoContent] reports true, too.
func IsNull(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNoContent && e.Method == http.MethodGet
}

// IsUnauthorized reports whether err is an [*Error] with HTTP status 401 (Unauthorized): the
// token was not accepted.
func IsUnauthorized(err error) bool { return hasStatus(err, http.StatusUnauthorized) }

// IsForbidden reports whether err is an [*Error] with HTTP status 403 (Forbidden), usually
// because a permission is missing.
func IsForbidden(err error) bool { return hasStatus(err, http.StatusForbidden) }

// IsNotFound reports whether err is an [*Error] with HTTP status 404 (Not Found).
func IsNotFound(err error) bool { return hasStatus(err, http.StatusNotFound) }

// IsConflict reports whether err is an [*Error] with HTTP status 409 (Conflict).
func IsConflict(err error) bool { return hasStatus(err, http.StatusConflict) }

// IsGone reports whether err is an [*Error] with HTTP status 410 (Gone), such as for an
// expired delta link.
func IsGone(err error) bool { return hasStatus(err, http.StatusGone) }

// IsPreconditionFailed reports whether err is an [*Error] with HTTP status 412 (Precondition
// Failed): the entity has changed since it had the ETag given with [IfMatch].
func IsPreconditionFailed(err error) bool { return hasStatus(err, http.StatusPreconditionFailed) }

// IsThrottled reports whether err is an [*Error] with HTTP status 429 (Too Many Requests).
func IsThrottled(err error) bool { return hasStatus(err, http.StatusTooManyRequests) }

// HasCode reports whether err is an [*Error] with the given code, in the error itself, a
// detail or an inner error. Letter case is ignored.
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
