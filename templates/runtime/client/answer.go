package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file reads answers: those to single requests, pages, results and items of batches. A
// status below 300 does not mean success: some services answer 200 and report an error in the
// body (OData JSON format, "Error Response" and "In-Stream Errors").

// answer is a response with a status below 300 whose body has been read.
type answer struct {
	client  *Client
	request *request
	resp    *http.Response // whose body has been read
	data    []byte         // the body, without byte order mark
	trailer []byte         // the error that follows the body, if any
}

// errorTrailer returns the error that a service sends after the body (OData JSON Format,
// section 21.2), as the body of an error answer.
func errorTrailer(resp *http.Response) []byte {
	told := resp.Trailer.Get("OData-Error")
	if told == "" {
		return nil
	}
	if isErrorAlone([]byte(told)) { // the whole answer, as the protocol has it
		return []byte(told)
	}
	return []byte(`{"error":` + told + `}`)
}

// interrupted returns the error that interrupts the answer, and what was written before it;
// nil without such an error.
func (a *answer) interrupted() (before, told []byte) {
	if a.trailer != nil {
		return a.data, a.trailer
	}
	return spliced(a.data)
}

// error returns the error that a part of the answer describes.
func (a *answer) error(told []byte) *Error {
	e := newError(a.request, a.resp, a.data, "")
	e.read(told)
	return e
}

func (a *answer) isEmpty() bool { return len(bytes.TrimSpace(a.data)) == 0 }

// content returns the JSON of an answer that should have some. Updates and requests that
// prefer no content may be answered without any; content then returns nothing.
func (a *answer) content() ([]byte, error) {
	if a.trailer != nil {
		return nil, a.error(a.trailer)
	}
	if !a.isEmpty() {
		return a.data, a.isReadable()
	}
	if m := a.request.method; m == http.MethodPatch || m == http.MethodPut || a.request.prefers("return=minimal") {
		return []byte("{}"), nil
	}
	if p := a.pending(); p != nil {
		return nil, p
	}
	return nil, a.noContent()
}

// noContent returns the error for an answer without content.
func (a *answer) noContent() error {
	return newError(a.request, a.resp, a.data, noContentMessage)
}

const noContentMessage = "the answer has no content"

// isReadable returns an error if the answer says that it is not JSON, or that of a version
// before 4.0.
func (a *answer) isReadable() error {
	if version := a.resp.Header.Get("Odata-Version"); isOldVersion(version) {
		return newError(a.request, a.resp, a.data, "the answer is in OData version "+version+", which is not supported")
	}
	if contentType := a.resp.Header.Get("Content-Type"); !a.isEmpty() && !isJSON(contentType) && !a.isMislabelled() {
		return newError(a.request, a.resp, a.data, "the answer is not JSON but "+strconv.Quote(contentType))
	}
	return nil
}

// isMislabelled reports whether an answer that does not say it is JSON is a JSON object all the
// same: some services label everything as text, or as bytes.
func (a *answer) isMislabelled() bool {
	switch mediaType(a.resp.Header.Get("Content-Type")) {
	case "text/plain", "text/json", "application/octet-stream":
		return bytes.HasPrefix(bytes.TrimSpace(a.data), []byte("{"))
	}
	return false
}

// refusal returns an error if the answer, which will not be decoded, describes one.
func (a *answer) refusal() error {
	if isErrorAlone(a.data) {
		return a.error(a.data)
	}
	if _, told := a.interrupted(); told != nil {
		return a.error(told)
	}
	return nil
}

// value decodes the answer into one value. The type may declare a property named error, or be
// open and hold one; the answer is then an error only if it has no other properties.
func (a *answer) value(decode func(data []byte) (codec.Value, error)) error {
	data, err := a.content()
	if err != nil {
		return err
	}
	v, err := decode(data)
	if err != nil {
		return a.undecoded(data, err)
	}
	if hasError(codec.AdditionalOf(v)) && isErrorAlone(data) {
		return a.error(data)
	}
	return nil
}

// envelope decodes the answer into the object around a value or a collection. That object has
// no properties of its own, so a member error always describes an error.
func (a *answer) envelope(to any, listed *codec.TypeList) error {
	data, err := a.content()
	if err != nil {
		return err
	}
	if err := codec.DecodeEnvelope(data, to, listed, a.request.decoding...); err != nil {
		return a.undecoded(data, err)
	}
	if hasError(partOf[codec.AdditionalData](to, "AdditionalData")) {
		return a.error(data)
	}
	return nil
}

// page decodes the answer into a page. If an error interrupts the answer, the page holds what
// came before it.
func (a *answer) page(page any, listed *codec.TypeList) error {
	err := a.envelope(page, listed)
	if err != nil {
		a.salvage(page, listed)
	} else if bytes.Contains(a.data, []byte(`error"`)) {
		err = a.errorAmong(reflect.ValueOf(page).Elem().FieldByName("Value"))
	}
	ad := partOf[codec.AdditionalData](page, "AdditionalData")
	from := linkBase(cameFrom(a.resp), ad)
	for _, name := range []string{"NextLink", "DeltaLink"} {
		link := partOf[string](page, name)
		*link = resolved(from, *link)
	}
	if err == nil {
		err = a.unreadLink(ad)
	}
	if err == nil && reflect.ValueOf(page).Elem().FieldByName("Value").IsNil() {
		err = a.unreadItems(ad)
	}
	return err
}

// unreadItems returns an error if what should be an empty page is something else: it must not
// look as if there were no items.
func (a *answer) unreadItems(ad *codec.AdditionalData) error {
	for name, raw := range ad.All() {
		if !strings.Contains(name, "@") && string(raw) != "null" {
			return fmt.Errorf("the answer from %s is no page: it lacks \"value\" with a list, and has %q: %.100s", a.request.path, name, raw)
		}
	}
	return nil
}

// unreadLink returns an error if a page has a link to more that was not understood: the page
// must not look like the last one.
func (a *answer) unreadLink(ad *codec.AdditionalData) error {
	for name, raw := range ad.All() {
		lower := strings.TrimPrefix(strings.TrimPrefix(lowerASCII(name), "@"), "odata.") // not an annotation of the service
		if (lower == "nextlink" || lower == "deltalink") && string(raw) != "null" && string(raw) != `""` {
			return fmt.Errorf("the answer from %s has a link to more that is not understood: %s is %.100s", a.request.path, codec.Printable(name), raw)
		}
	}
	return nil
}

// salvage decodes the complete items of an interrupted page.
func (a *answer) salvage(page any, listed *codec.TypeList) {
	before, told := a.interrupted()
	if told == nil {
		return
	}
	v := reflect.ValueOf(page).Elem()
	v.SetZero()
	if codec.DecodeEnvelope(wholeItems(before), page, listed, a.request.decoding...) != nil {
		v.SetZero()
	}
}

// errorAmong returns an error that stands in place of an item, and drops the items from there
// on.
func (a *answer) errorAmong(items reflect.Value) error {
	for i := range items.Len() {
		v, ok := items.Index(i).Interface().(codec.Value)
		if !ok || codec.IsNil(v) || !hasError(codec.AdditionalOf(v)) {
			continue
		}
		if item, err := codec.Marshal(v); err == nil && isErrorAlone(item) {
			items.SetLen(i)
			return a.error(item)
		}
	}
	return nil
}

// partOf returns a field of the envelope that v points at.
func partOf[T any](v any, name string) *T {
	part, _ := reflect.ValueOf(v).Elem().FieldByName(name).Addr().Interface().(*T)
	return part
}

// undecoded returns the error for an answer that could not be decoded: the one that it
// describes, if any.
func (a *answer) undecoded(data []byte, err error) error {
	if _, told := a.interrupted(); told != nil {
		return a.error(told)
	}
	return fmt.Errorf("the answer from %s: %w", a.request.path, err)
}

// hasError reports whether a decoded value holds an error that its type does not declare.
func hasError(ad *codec.AdditionalData) bool {
	if ad == nil {
		return false
	}
	for _, name := range errorNames {
		if raw, ok := ad.Get(codec.Property(name)); ok && isErrorValue(raw) && !slices.Contains(ad.Mismatched(), name) {
			return true
		}
	}
	return false
}

// errorNames are the names that services give to the member with an error.
var errorNames = [...]string{"error", "@odata.error", "@error", "odata.error"}

// errorIn returns the value of the member with an error, if any.
func errorIn(members map[string]json.RawMessage) json.RawMessage {
	for _, name := range errorNames {
		if raw := members[name]; isErrorValue(raw) {
			return raw
		}
	}
	return nil
}

// isErrorValue reports whether the value of a member error describes an error.
func isErrorValue(raw []byte) bool {
	return len(raw) > 0 && (raw[0] == '{' || raw[0] == '"' && len(raw) > 2)
}

// isErrorAlone reports whether data is an object with an error and no other properties.
// Annotations are allowed unless they identify an entity.
func isErrorAlone(data []byte) bool {
	var members map[string]json.RawMessage
	if !bytes.Contains(data, []byte(`error"`)) || json.Unmarshal(data, &members) != nil || errorIn(members) == nil {
		return false
	}
	for name := range members {
		term, isAnnotation := strings.CutPrefix(name, "@")
		switch strings.TrimPrefix(term, "odata.") {
		case "type", "id", "etag":
			return false
		}
		if !isAnnotation && name != "error" && name != "odata.error" && name != "error_description" {
			return false
		}
	}
	return true
}

// spliced returns the error that a service appended to a body that it could not complete, and
// what it had written before; nil if it appended no error. Only closing brackets may follow
// the error.
func spliced(data []byte) (before, told []byte) {
	const mostTries = 100
	at := max(0, len(data)-mostOfError)
	if !bytes.Contains(data[at:], []byte(`"error"`)) || json.Valid(data) {
		return nil, nil
	}
	for range mostTries {
		i := bytes.Index(data[at:], []byte(`"error"`))
		if i < 0 {
			break
		}
		brace := len(bytes.TrimRight(data[:at+i], " \t\r\n")) - 1
		if brace >= 0 && data[brace] == '{' {
			if told := lastError(data[brace:]); told != nil {
				return data[:brace], told
			}
		}
		at += i + 1
	}
	return nil, nil
}

// lastError returns the object that data begins with if it is an error followed by nothing but
// closing brackets.
func lastError(data []byte) []byte {
	var object struct {
		Error *struct{ Code, Message json.RawMessage }
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if d.Decode(&object) != nil || object.Error == nil || object.Error.Code == nil && object.Error.Message == nil {
		return nil
	}
	if end := d.InputOffset(); len(bytes.Trim(data[end:], "]} \t\r\n")) == 0 {
		return data[:end]
	}
	return nil
}

// wholeItems returns a page with the complete items of an interrupted one.
func wholeItems(data []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(data))
	whole := []byte{'{'}
	if _, err := d.Token(); err != nil {
		return append(whole, '}')
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			break
		}
		quoted, _ := json.Marshal(name)
		value, closed := wholeValue(d, name)
		if value == nil {
			break
		}
		if len(whole) > 1 {
			whole = append(whole, ',')
		}
		whole = append(append(append(whole, quoted...), ':'), value...)
		if !closed {
			break
		}
	}
	return append(whole, '}')
}

// wholeValue reads the value of a member; of the page's items, those that are complete. It
// returns nil if nothing is complete, and reports whether more can follow.
func wholeValue(d *json.Decoder, name json.Token) (value []byte, closed bool) {
	var raw json.RawMessage
	if name != "value" {
		if d.Decode(&raw) != nil {
			return nil, false
		}
		return raw, true
	}
	if open, err := d.Token(); err != nil || open != json.Delim('[') {
		return nil, false
	}
	var items [][]byte
	for d.More() {
		raw = nil
		if d.Decode(&raw) != nil {
			break
		}
		items = append(items, raw)
	}
	end, err := d.Token()
	return slices.Concat([]byte{'['}, bytes.Join(items, []byte{','}), []byte{']'}), err == nil && end == json.Delim(']')
}
