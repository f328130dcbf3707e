// Package inbound is the part of the runtime that handlers of the service's requests have in
// common: reading a body within limits, and texts of strangers in logs.
package inbound

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"
)

// readInbound returns the body of a request, which must be JSON of at most the given size, or
// nothing. With an error it returns the status that answers it.
func readInbound(w http.ResponseWriter, r *http.Request, most int64) (data []byte, status int, err error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, 0, nil
	}
	if r.ContentLength > most {
		w.Header().Set("Connection", "close")
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("the body has %d bytes, more than %d", r.ContentLength, most)
	}
	endOfTime := limitReading(w, r)
	data, err = io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		w.Header().Set("Connection", "close")
		return nil, readStatus(err), fmt.Errorf("the body cannot be read: %w", err)
	}
	endOfTime()
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, 0, nil
	}
	if err := checkInboundType(r.Header); err != nil {
		return nil, http.StatusUnsupportedMediaType, err
	}
	return data, 0, nil
}

// checkInboundType checks that a body is uncompressed JSON in UTF-8.
func checkInboundType(header http.Header) error {
	text := header.Get("Content-Type")
	mediaType, parameters, err := mime.ParseMediaType(text)
	if err != nil || mediaType != "application/json" {
		return fmt.Errorf("content type %.100q, not application/json", text)
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return fmt.Errorf("charset %.100q, not utf-8", charset)
	}
	if coding := header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return fmt.Errorf("content coding %.100q, not identity", coding)
	}
	return nil
}

// limitReading makes reading a body end with the request's context, unless the server has a
// limit of its own. Call lift afterwards: otherwise the limit would end the request's context
// later.
func limitReading(w http.ResponseWriter, r *http.Request) (lift func()) {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	deadline, ok := r.Context().Deadline()
	if !ok || server != nil && server.ReadTimeout > 0 {
		return func() {}
	}
	control := http.NewResponseController(w)
	if control.SetReadDeadline(deadline) != nil {
		return func() {}
	}
	return func() { _ = control.SetReadDeadline(time.Time{}) }
}

// readStatus returns the status for an error of reading a body.
func readStatus(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return http.StatusRequestTimeout
	}
	return http.StatusBadRequest
}
