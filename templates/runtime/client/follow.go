package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// This file reads entities by the links in answers.

// Follow reads the entity that a link leads to, such as those in [EntityLinks]. T is a pointer
// to a struct, or an interface such as AnyX for the entity and those derived from it, with
// the option [Polymorphic] unless the program has decoded one before. A fragment of the link that is a JSON
// pointer (RFC 6901) leads to a part of the answer. Query options are added to the link.
//
// If the ETag is in the header of the answer only, the entity has it as "@odata.etag", so that
// [UpdateEntity] and [LinksOf] find it.
func Follow[T codec.Value](ctx context.Context, c *Client, link string, opts ...RequestOption) (T, error) {
	var none T
	if link == "" {
		return none, errors.New("there is no link to follow")
	}
	if err := knownTypes[T](); err != nil && reflect.TypeFor[T]().Kind() == reflect.Interface {
		return none, err
	}
	address, pointer, _ := strings.Cut(link, "#")
	a, err := (&resource{client: c}).exchange(ctx, http.MethodGet, nil, append(opts[:len(opts):len(opts)], addressed(address)))
	if err != nil {
		return none, err
	}
	if strings.HasPrefix(pointer, "/") {
		if err := a.narrow(pointer); err != nil {
			return none, err
		}
		return decoded[T](a, nil)
	}
	v, err := decoded[T](a, nil)
	if err != nil {
		return none, err
	}
	a.keepETag(v)
	return v, nil
}

// keepETag gives an entity the ETag in the header of an answer, unless the entity has one.
func (a *answer) keepETag(v codec.Value) {
	etag := a.resp.Header.Get("Etag")
	if ad := codec.AdditionalOf(v); ad != nil && etag != "" && textOf(ad, "@odata.etag") == "" {
		_ = ad.Set("@odata.etag", etag) // a string can always be encoded
	}
}

// narrow reduces an answer to the part that a JSON pointer leads to.
func (a *answer) narrow(pointer string) error {
	data, err := a.content()
	if err != nil {
		return err
	}
	part := json.RawMessage(data)
	for step := range strings.SplitSeq(pointer[1:], "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		if part, err = stepInto(part, step); err != nil {
			return fmt.Errorf("the answer from %s has nothing at %s: %w", a.request.path, codec.Printable(pointer), err)
		}
	}
	a.data = part
	return nil
}

// stepInto returns a member of an object, or an item of an array.
func stepInto(data json.RawMessage, step string) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) == nil {
		if part, ok := members[step]; ok {
			return part, nil
		}
		return nil, fmt.Errorf("there is no member %q", step)
	}
	var items []json.RawMessage
	n, err := strconv.Atoi(step)
	if err != nil || json.Unmarshal(data, &items) != nil || n < 0 || n >= len(items) {
		return nil, fmt.Errorf("there is no item %q", step)
	}
	return items[n], nil
}

// LinkTo returns an entity that consists of a link ("@odata.id"), as requests refer to another
// entity, and as [FollowLink] takes it. T is a pointer to a struct.
func LinkTo[T codec.Value](link string) T {
	var none T
	rt := reflect.TypeFor[T]()
	if rt.Kind() != reflect.Pointer {
		return none
	}
	to := reflect.New(rt.Elem()).Interface().(T)
	if ad := codec.AdditionalOf(to); ad != nil {
		_ = ad.Set("@odata.id", link) // a string can always be encoded
	}
	return to
}

// FollowLink reads the entity that v is a link to: an object with an "@odata.id" and nothing
// else than control information. An entity with more in it is returned as it is, because the
// service has put it in place of the link, such as for $expand. A nil v is an error: the
// service did not send the link. For T see [Follow].
func FollowLink[T codec.Value](ctx context.Context, c *Client, v T, opts ...RequestOption) (T, error) {
	var none T
	link, only := linkIs(v)
	switch {
	case !only && any(v) != nil && !codec.IsNil(v):
		return v, nil
	case link == "":
		return none, errors.New("there is no link to follow: the service did not send it")
	}
	return Follow[T](ctx, c, link, opts...)
}

// linkIs returns the link of a value, and whether the value is nothing but a link, or nothing
// at all.
func linkIs(v codec.Value) (link string, only bool) {
	if v == nil || codec.IsNil(v) {
		return "", true
	}
	ad := codec.AdditionalOf(v)
	if ad == nil {
		return "", false
	}
	for name := range ad.All() {
		if !strings.HasPrefix(name, "@") {
			return "", false
		}
	}
	link = textOf(ad, "@odata.id")
	if from := linkBase(nil, ad); from != nil {
		link = resolved(from, link)
	}
	return link, hasNothing(reflect.ValueOf(v).Elem())
}

// hasNothing reports whether no property of a struct is set.
func hasNothing(v reflect.Value) bool {
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		switch {
		case field.Name == "AdditionalData":
		case field.Anonymous && value.Kind() == reflect.Struct:
			if !hasNothing(value) {
				return false
			}
		case !value.IsZero():
			return false
		}
	}
	return true
}

const defaultAtOnce = 4

// AtOnce sets how many links [FollowLinks] follows at the same time, by default 4; 1 means one
// after the other. Other requests ignore it.
func AtOnce(n int) RequestOption {
	return func(r *request) {
		if r.atOnce = n; n < 1 {
			r.err = fmt.Errorf("%d links at once would never be followed: pass a positive number to AtOnce", n)
		}
	}
}

// FollowLinks reads the entities that some links lead to, as [FollowLink] does, a few at the
// same time (see [AtOnce]), and ranges over them in the order of the links. A link that cannot
// be followed yields an error, and iteration continues until ctx is done. The options are those
// of each request. When the loop ends early, requests under way are cancelled and waited for.
func FollowLinks[T codec.Value](ctx context.Context, c *Client, links []T, opts ...RequestOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var under sync.WaitGroup
		defer under.Wait()
		defer cancel()
		var queue []chan followed[T]
		next := 0
		for begin := func() {
			result := make(chan followed[T], 1)
			link := links[next]
			next, queue = next+1, append(queue, result)
			under.Go(func() {
				v, err := FollowLink(ctx, c, link, opts...)
				result <- followed[T]{v, err}
			})
		}; ; {
			for next < len(links) && len(queue) < c.atOnce(opts) {
				begin()
			}
			if len(queue) == 0 {
				return
			}
			r := <-queue[0]
			queue = queue[1:]
			if !yield(r.v, r.err) || ctx.Err() != nil {
				return
			}
		}
	}
}

// followed is what a link has led to.
type followed[T any] struct {
	v   T
	err error
}

// atOnce returns how many links may be followed at the same time.
func (c *Client) atOnce(opts []RequestOption) int {
	if n := c.root().request(http.MethodGet, opts).atOnce; n > 0 {
		return n
	}
	return defaultAtOnce
}
