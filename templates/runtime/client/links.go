package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file is about links in answers (OData JSON Format, sections 4.5.7 to 4.5.12). They take
// precedence over URLs built by convention.

// EntityLinks are the links that a service gives with an entity, or with one of its properties;
// those that it does not give are "". Relative ones are relative to the context of the entity,
// if it has one, otherwise to the service. See [LinksOf].
type EntityLinks struct {
	ID              string // identifies the entity
	EditLink        string // to change or delete the entity
	ReadLink        string // to read the entity
	NavigationLink  string // to read the entities of a navigation property
	AssociationLink string // to read the references of a navigation property
	MediaReadLink   string // to read the stream
	MediaEditLink   string // to replace or delete the stream
	NextLink        string // to the items after those of an expanded collection
	DeltaLink       string // to the changes of the entity

	ETag             string
	MediaETag        string
	MediaContentType string
}

// LinksOf returns the links of an entity, or of a property if its name is not "". The answer
// has all of them if the request has [Header] Accept with odata.metadata=full; otherwise a
// service sends those that differ from what the conventions of OData say.
func LinksOf(v codec.Value, property codec.Property) EntityLinks {
	if v == nil || codec.IsNil(v) {
		return EntityLinks{}
	}
	ad := codec.AdditionalOf(v)
	if ad == nil {
		return EntityLinks{}
	}
	from := linkBase(nil, ad)
	text := func(name codec.Property) string { return textOf(ad, codec.Property(property.String())+name) }
	link := func(name codec.Property) string { return resolved(from, text(name)) }
	return EntityLinks{
		ID: link("@odata.id"), EditLink: link("@odata.editLink"), ReadLink: link("@odata.readLink"), NavigationLink: link("@odata.navigationLink"), AssociationLink: link("@odata.associationLink"),
		MediaReadLink: link("@odata.mediaReadLink"), MediaEditLink: link("@odata.mediaEditLink"), NextLink: link("@odata.nextLink"), DeltaLink: link("@odata.deltaLink"),
		ETag: text("@odata.etag"), MediaETag: text("@odata.mediaEtag"), MediaContentType: text("@odata.mediaContentType"),
	}
}

// textOf returns a member that is a string, or "".
func textOf(ad *codec.AdditionalData, name codec.Property) string {
	raw, ok := ad.Get(name)
	if !ok {
		return ""
	}
	var text string
	_ = json.Unmarshal(raw, &text) // anything but a string counts as absent
	return text
}

// linkBase returns the URL that relative links in an object refer to: its context, if it has
// one, otherwise the URL of the request (OData JSON Format, "Relative URLs"). It is nil if
// neither is known.
func linkBase(from *url.URL, ad *codec.AdditionalData) *url.URL {
	if ad == nil {
		return from
	}
	context := textOf(ad, "@odata.context")
	if context == "" {
		return from
	}
	u, err := url.Parse(context)
	switch {
	case err != nil || from == nil && !u.IsAbs():
		return from
	case from != nil:
		u = from.ResolveReference(u)
	}
	u.Fragment, u.RawFragment, u.RawQuery = "", "", ""
	return u
}

// Expanded returns an expanded collection of an entity as a page: items is the field for the
// property. [Rest] ranges over it and the items that the service left out.
func Expanded[T any](v codec.Value, property codec.Property, items []T) *Page[T] {
	page := &Page[T]{Value: items}
	if v == nil || codec.IsNil(v) {
		return page
	}
	page.NextLink = LinksOf(v, property).NextLink
	if ad := codec.AdditionalOf(v); ad != nil {
		var count int64
		if ad.Decode(codec.Property(property.String()+"@odata.count"), &count) == nil {
			page.Count = &count
		}
	}
	return page
}

// OpenStream reads a stream of an entity from the link that the service gave with the entity,
// or else from the address that the conventions of OData say. The property is "" for the
// stream of an entity that is itself a stream.
func OpenStream(ctx context.Context, c *Client, v codec.Value, property codec.Property, opts ...RequestOption) (*Stream, error) {
	links := LinksOf(v, property)
	link, err := streamLink(v, property, cmp.Or(links.MediaReadLink, links.MediaEditLink), LinksOf(v, "").ReadLink)
	if err != nil {
		return nil, err
	}
	return (&resource{client: c}).open(ctx, append(opts[:len(opts):len(opts)], linked(link)))
}

// UploadStream replaces a stream of an entity at the link that the service gave with the
// entity, or else at the address that the conventions of OData say. The property is "" for the
// stream of an entity that is itself a stream.
func UploadStream(
	ctx context.Context, c *Client, v codec.Value, property codec.Property, contentType string, content io.Reader, opts ...RequestOption,
) error {
	link, err := streamLink(v, property, LinksOf(v, property).MediaEditLink, LinksOf(v, "").EditLink)
	if err != nil {
		return err
	}
	return (&resource{client: c}).upload(ctx, contentType, content, append(opts[:len(opts):len(opts)], linked(link)))
}

// streamLink returns the link of a stream: the one given, or the conventional one, below the
// link of the entity.
func streamLink(v codec.Value, property codec.Property, given, entity string) (string, error) {
	if given != "" {
		return given, nil
	}
	links := LinksOf(v, "")
	for _, link := range []string{entity, links.EditLink, links.ID} {
		if link == "" {
			continue
		}
		if property == "" {
			property = "$value"
		}
		return strings.TrimSuffix(link, "/") + "/" + property.String(), nil
	}
	return "", errors.New("the entity has no link to its stream: use the method of its request builder, or fetch it with the header Accept: application/json;odata.metadata=full")
}

// streamElsewhere returns the link in an answer that is not the stream that was asked for, but
// the JSON around it, or "". An answer that was read to find out can be read again.
func streamElsewhere(r *request, resp *http.Response) (string, error) {
	if resp.Header.Get("Odata-Version") == "" || mediaType(resp.Header.Get("Content-Type")) != contentJSON {
		return "", nil
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, mostOfError))
	body := resp.Body
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), failedReader{err}, body), body}
	var around streamAround
	if err != nil || codec.DecodeEnvelope(head, &around, nil) != nil {
		return "", nil
	}
	if _, ok := around.AdditionalData.Get("@odata.context"); !ok {
		return "", nil
	}
	body.Close()
	at := strings.TrimSuffix(r.path, "/$value")
	for _, property := range []string{at[strings.LastIndexByte(at, '/')+1:], ""} {
		if link := textOf(&around.AdditionalData, codec.Property(property+"@odata.mediaReadLink")); link != "" {
			return resolved(linkBase(cameFrom(resp), &around.AdditionalData), link), nil
		}
	}
	return "", newError(r, resp, head, "the answer is not the stream, but JSON without a link to it")
}

// streamAround is JSON in which a stream would be.
type streamAround struct {
	AdditionalData codec.AdditionalData `json:"-"`
}

// failedReader is a reader that returns an error, if there is one.
type failedReader struct{ err error }

// Read implements [io.Reader].
func (f failedReader) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
