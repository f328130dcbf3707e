package client

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
)

// This file is about batches in the format multipart/mixed (OData, "Multipart Batch Format").

// encodeMultipart makes the body of the request for a group. Change sets are parts that consist
// of parts.
func (b *Batch) encodeMultipart(r *request, group []*batchEntry) {
	var body bytes.Buffer // writing to it does not fail
	w := multipart.NewWriter(&body)
	for _, unit := range units(group) {
		if unit[0].group == 0 {
			b.encodePart(w, unit[0])
			continue
		}
		var changes bytes.Buffer
		set := multipart.NewWriter(&changes)
		for _, e := range unit {
			b.encodePart(set, e)
		}
		_ = set.Close()
		part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Type": {"multipart/mixed; boundary=" + set.Boundary()}})
		_, _ = part.Write(changes.Bytes())
	}
	_ = w.Close()
	r.body, r.contentType = body.Bytes(), "multipart/mixed; boundary="+w.Boundary()
	r.accept = "multipart/mixed"
	r.prefer = append(r.prefer, "odata.continue-on-error")
}

// units returns the requests of a group as they are answered: each by itself, those of a change
// set together.
func units(group []*batchEntry) [][]*batchEntry {
	var list [][]*batchEntry
	for i, e := range group {
		if i > 0 && e.group != 0 && group[i-1].group == e.group {
			list[len(list)-1] = append(list[len(list)-1], e)
		} else {
			list = append(list, []*batchEntry{e})
		}
	}
	return list
}

// encodePart writes a request as a part.
func (b *Batch) encodePart(w *multipart.Writer, e *batchEntry) {
	part, _ := w.CreatePart(textproto.MIMEHeader{
		"Content-Type": {"application/http"}, "Content-Transfer-Encoding": {"binary"}, "Content-Id": {e.id},
	})
	header := make(http.Header)
	e.request.setHeader(header)
	fmt.Fprintf(part, "%s %s HTTP/1.1\r\n", e.request.method, b.relative(e))
	for _, name := range slices.Sorted(maps.Keys(header)) {
		fmt.Fprintf(part, "%s: %s\r\n", name, header.Get(name))
	}
	if e.request.body != nil {
		fmt.Fprintf(part, "Content-Length: %d\r\n", len(e.request.body))
	}
	_, _ = part.Write([]byte("\r\n"))
	_, _ = part.Write(e.request.body)
}

// readMultipart records the answers to the requests of a group, which are in the same order. It
// reports false if the answer is of another format.
func readMultipart(a *answer, group []*batchEntry) bool {
	parts := multipartIn(a.resp.Header.Get("Content-Type"), bytes.NewReader(a.data))
	if parts == nil {
		return false
	}
	noteLacking(group)
	for _, unit := range units(group) {
		part, err := parts.NextRawPart()
		if err != nil {
			break
		}
		if set := multipartIn(part.Header.Get("Content-Type"), part); set != nil {
			readSet(set, unit)
			continue
		}
		resp, body, err := readPart(part)
		for _, e := range unit { // a change set that has failed has one answer
			e.notePart(resp, body, err)
		}
	}
	return true
}

// readSet records the answers to the requests of a change set, which may be in any order.
func readSet(parts *multipart.Reader, unit []*batchEntry) {
	for i := range unit {
		part, err := parts.NextRawPart()
		if err != nil {
			return
		}
		e := unit[i]
		if id := part.Header.Get("Content-Id"); id != "" {
			if j := slices.IndexFunc(unit, func(e *batchEntry) bool { return e.id == id }); j >= 0 {
				e = unit[j]
			}
		}
		resp, body, err := readPart(part)
		e.notePart(resp, body, err)
	}
}

// multipartIn returns a reader of parts, or nil if the content is of another type.
func multipartIn(contentType string, from io.Reader) *multipart.Reader {
	if mediaType(contentType) != "multipart/mixed" {
		return nil
	}
	_, params, _ := mime.ParseMediaType(contentType)
	if params["boundary"] == "" {
		return nil
	}
	return multipart.NewReader(from, params["boundary"])
}

// readPart reads the HTTP response in a part.
func readPart(part io.Reader) (*http.Response, []byte, error) {
	data, cut := io.ReadAll(part)
	if !bytes.Contains(data, []byte("\r\n\r\n")) { // some leave out the line that ends the headers
		data = append(data, "\r\n\r\n"...)
	}
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(data)), nil)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, cmp.Or(err, cut)
}

// notePart records the answer to a request.
func (e *batchEntry) notePart(resp *http.Response, body []byte, err error) {
	switch {
	case resp == nil:
		e.err = fmt.Errorf("%w: %w", errUnread, err)
	case resp.StatusCode < 200 || resp.StatusCode > 599:
		e.err = fmt.Errorf("%w: its status is %d", errUnread, resp.StatusCode)
	case err != nil && isSuccess(resp.StatusCode):
		e.err = fmt.Errorf("%w: its content ends early", errUnread)
	default:
		e.err, e.status, e.header, e.body, e.closed = nil, resp.StatusCode, resp.Header, body, true
	}
}
