package client

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file changes entities that are known by their links, rather than by a request builder.

// UpdateEntity changes the entity v, or the one that v is a link to, to have the properties of
// change (PATCH). If v has an ETag, as what [Follow] returns has if the service sends one, the
// entity is changed only if it still has it ([IfMatch]); otherwise the error is one for which
// [IsPreconditionFailed] reports true. An option IfMatch("*") changes it whatever it is.
//
// UpdateEntity returns the entity as the service answers. If the service answers without
// content, that is a link with the new ETag, which [FollowLink] reads. If the service carries
// out the change later, the error is an [*AcceptedError].
func UpdateEntity[T codec.Value](ctx context.Context, c *Client, v codec.Value, change T, opts ...RequestOption) (T, error) {
	var none T
	link, err := linkToEntity(v)
	if err != nil {
		return none, err
	}
	if etag := textOf(codec.AdditionalOf(v), "@odata.etag"); etag != "" {
		opts = append([]RequestOption{IfMatch(etag)}, opts...)
	}
	a, err := (&resource{client: c}).exchange(ctx, http.MethodPatch, change, append(opts[:len(opts):len(opts)], addressed(link)))
	if err != nil {
		return none, err
	}
	if p := a.pending(); p != nil {
		return none, p
	}
	return entityAt(a, change, link)
}

// CreateEntity adds an entity to a collection that is known by its link (POST), such as one
// without a request builder. It returns the entity as the service answers; without content
// that is a link to it, from the header Location. If the service creates it later, the error
// is an [*AcceptedError].
func CreateEntity[T codec.Value](ctx context.Context, c *Client, collection codec.Value, v T, opts ...RequestOption) (T, error) {
	var none T
	link, err := linkToEntity(collection)
	if err != nil {
		return none, err
	}
	a, err := (&resource{client: c}).exchange(ctx, http.MethodPost, v, append(opts[:len(opts):len(opts)], addressed(link)))
	if err != nil {
		return none, err
	}
	if p := a.pending(); p != nil {
		return none, p
	}
	at := c.location(cameFrom(a.resp), a.resp.Header.Get("Location"))
	if a.isEmpty() && at == "" {
		return none, a.noContent()
	}
	return entityAt(a, v, at)
}

// DeleteEntity deletes the entity v, or the one that v is a link to (DELETE), if it still has
// its ETag; see [UpdateEntity].
func DeleteEntity(ctx context.Context, c *Client, v codec.Value, opts ...RequestOption) error {
	link, err := linkToEntity(v)
	if err != nil {
		return err
	}
	if etag := textOf(codec.AdditionalOf(v), "@odata.etag"); etag != "" {
		opts = append([]RequestOption{IfMatch(etag)}, opts...)
	}
	a, err := (&resource{client: c}).exchange(ctx, http.MethodDelete, nil, append(opts[:len(opts):len(opts)], addressed(link)))
	if err != nil {
		return err
	}
	if p := a.pending(); p != nil {
		return p
	}
	return a.refusal()
}

// linkToEntity returns the link by which an entity is changed.
func linkToEntity(v codec.Value) (string, error) {
	links := LinksOf(v, "")
	switch {
	case links.EditLink != "":
		return links.EditLink, nil
	case links.ID != "":
		return links.ID, nil
	}
	return "", errors.New(`the entity has no "@odata.id": read it first, or pass LinkTo of its link`)
}

// entityAt decodes an answer into a value of the same type as like. Without content that is a
// link; both have the ETag of the answer.
func entityAt[T codec.Value](a *answer, like T, link string) (T, error) {
	var none T
	to := reflect.New(reflect.TypeOf(like).Elem()).Interface().(T)
	if a.isEmpty() {
		if err := a.refusal(); err != nil {
			return none, err
		}
		_ = codec.AdditionalOf(to).Set("@odata.id", link) // a string can always be encoded
	} else if err := a.value(func(data []byte) (codec.Value, error) { return to, codec.Unmarshal(data, to, a.request.decoding...) }); err != nil {
		return none, err
	}
	a.keepETag(to)
	return to, nil
}
