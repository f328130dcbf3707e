package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file reads the answer to a batch. The service has carried out the requests whatever
// their answers look like, so each answer is read by itself: gateways put markup where JSON
// belongs, and connections end early.

// readBatch records the answers to the requests of a group. It reports false if there is no
// list of answers.
func readBatch(a *answer, group []*batchEntry) bool {
	list, ok := responsesIn(a.data)
	if !ok {
		return false
	}
	noteLacking(group)
	answered := make(map[string]bool)
	for range 4 * len(group) { // any more cannot be ours
		item, rest, ok := nextItem(list)
		if !ok {
			break
		}
		list = rest
		id := string(plainValue(item.members["id"]))
		i := slices.IndexFunc(group, func(e *batchEntry) bool { return e.id == id })
		if i >= 0 && !answered[id] {
			answered[id] = true
			group[i].note(item)
		}
	}
	return true
}

// noteLacking gives requests the error of those that the answer lacks, until one is found.
func noteLacking(group []*batchEntry) {
	for _, e := range group {
		e.err = fmt.Errorf("%w: the answer to the batch does not include it", errUnread)
	}
}

// readRest follows the links of an answer that has only some of the answers (OData JSON Format,
// section 19.5).
func (b *Batch) readRest(ctx context.Context, a *answer, group []*batchEntry, left *budget) error {
	for range group { // each page has one at least
		var page batchPage
		if codec.DecodeEnvelope(a.data, &page, nil) != nil || page.NextLink == "" {
			return nil
		}
		waiting := slices.DeleteFunc(slices.Clone(group), func(e *batchEntry) bool { return e.err == nil })
		if len(waiting) == 0 {
			return nil
		}
		r := b.client.root().request(http.MethodGet, []RequestOption{linked(resolved(cameFrom(a.resp), page.NextLink))})
		r.budget = left
		next, err := b.client.readFinal(ctx, r)
		if err != nil {
			r.left = true // the requests were sent, whatever became of their answers
			noteUnanswered(waiting, r, err)
			return err
		}
		if a = next; !readBatch(a, waiting) {
			return nil
		}
		noteSpliced(a, waiting)
	}
	return nil
}

// batchPage is the answer to a batch, as far as it is one page of several.
type batchPage struct {
	AdditionalData codec.AdditionalData `json:"-"`
	NextLink       string               `json:"@odata.nextLink"`
}

// responsesIn returns the text after the opening bracket of the list of answers.
func responsesIn(data []byte) ([]byte, bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, false
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		if text, _ := name.(string); strings.EqualFold(text, "responses") {
			open, err := d.Token()
			return data[d.InputOffset():], err == nil && open == json.Delim('[')
		}
		var other json.RawMessage
		if d.Decode(&other) != nil {
			return nil, false
		}
	}
	return nil, false
}

// batchAnswer is an item of the list.
type batchAnswer struct {
	members map[string]json.RawMessage // by name in lower case, only those that are JSON
	broken  []byte                     // the rest, from the first byte that is not JSON
	closed  bool                       // the item is complete
}

// nextItem reads the first item of a list and returns the rest of the list.
func nextItem(list []byte) (item batchAnswer, rest []byte, ok bool) {
	list = bytes.TrimLeft(list, ", \t\r\n")
	if len(list) == 0 || list[0] == ']' {
		return item, nil, false
	}
	var raw json.RawMessage
	d := json.NewDecoder(bytes.NewReader(list))
	if d.Decode(&raw) == nil {
		return readItem(raw), list[d.InputOffset():], true
	}
	end := itemEnd(list)
	return readItem(list[:end]), list[end:], true
}

// itemEnd returns the end of an item that is not JSON: the start of the next object that looks
// like an item, or the end of the list.
func itemEnd(list []byte) int {
	const mostTries, mostLooked = 1000, 8 << 10
	at := 1
	for range mostTries {
		i := bytes.IndexByte(list[at:], '{')
		if i < 0 {
			break
		}
		at += i + 1
		before := bytes.TrimRight(list[:at-1], " \t\r\n")
		if !bytes.HasSuffix(before, []byte(",")) {
			continue
		}
		next := readItem(list[at-1 : min(len(list), at+mostLooked)])
		if _, ok := next.status(); ok && next.members["id"] != nil {
			return len(before) - 1
		}
	}
	return len(list)
}

// readItem reads an item up to the first byte that is not JSON.
func readItem(part []byte) batchAnswer {
	item := batchAnswer{members: make(map[string]json.RawMessage)}
	d := json.NewDecoder(bytes.NewReader(part))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return item
	}
	for d.More() {
		begin := d.InputOffset()
		name, err := d.Token()
		if err != nil {
			if rest := part[begin:]; len(bytes.TrimSpace(rest)) > 0 { // or it ends here
				item.broken = rest
			}
			return item
		}
		begin = d.InputOffset()
		var value json.RawMessage
		key, _ := name.(string)
		if d.Decode(&value) != nil {
			item.broken = bytes.TrimLeft(part[begin:], ": \t\r\n")
			return item
		}
		item.members[strings.ToLower(key)] = value
	}
	end, err := d.Token()
	item.closed = err == nil && end == json.Delim('}')
	return item
}

// status returns the status if it is a valid HTTP status.
func (a *batchAnswer) status() (int, bool) {
	status, err := strconv.Atoi(string(plainValue(a.members["status"])))
	return status, err == nil && status >= 200 && status <= 599
}

// note records the answer to a request.
func (e *batchEntry) note(a batchAnswer) {
	status, ok := a.status()
	header := headerIn(a.members["headers"])
	content, err := batchContent(a.members["body"], header.Get("Content-Type"))
	if a.broken != nil {
		content, err = brokenContent(a.broken)
	}
	switch {
	case !ok:
		e.err = fmt.Errorf("%w: its status is %.40q", errUnread, a.members["status"])
	case err != nil && isSuccess(status):
		e.err = fmt.Errorf("%w: %w", errUnread, err)
	default:
		e.err, e.status, e.header, e.body, e.closed = nil, status, header, content, a.closed
	}
}

// brokenContent returns a body that is not JSON, and an error unless it is markup followed by
// the end of the item.
func brokenContent(broken []byte) ([]byte, error) {
	content := bytes.TrimRight(broken, "]}, \t\r\n")
	if content = content[:min(len(content), mostOfError)]; len(content) == 0 || strings.IndexByte(`{["-0123456789`, content[0]) >= 0 || len(content) == len(broken) {
		return content, errors.New("it is cut off or not JSON")
	}
	return content, nil
}

// plainValue returns a JSON value as text: a string without its quotes, null as "".
func plainValue(raw json.RawMessage) []byte {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return raw
	}
	return []byte(s)
}

// headerIn reads the headers of an answer. A value may be a list or no text at all.
func headerIn(raw json.RawMessage) http.Header {
	h := make(http.Header)
	var members map[string]json.RawMessage
	_ = json.Unmarshal(raw, &members) // malformed headers count as absent
	for name, value := range members {
		var list []json.RawMessage
		if json.Unmarshal(value, &list) != nil {
			list = []json.RawMessage{value}
		}
		for _, v := range list {
			if v := plainValue(v); len(v) > 0 {
				h.Add(name, string(v))
			}
		}
	}
	return h
}

// batchContent returns the content of an answer: JSON unchanged, text without its quotes,
// anything else decoded from base64.
func batchContent(body json.RawMessage, contentType string) ([]byte, error) {
	if string(body) == "null" {
		return nil, nil
	}
	var quoted string
	if isJSON(contentType) || json.Unmarshal(body, &quoted) != nil {
		return body, nil
	}
	if strings.HasPrefix(mediaType(contentType), "text/") {
		return []byte(quoted), nil
	}
	standard := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(quoted, "="))
	content, err := base64.RawStdEncoding.DecodeString(standard)
	if err != nil {
		return []byte(quoted), fmt.Errorf("its content of type %.60q is neither base64 nor base64url", contentType)
	}
	return content, nil
}
