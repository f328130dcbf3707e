package client

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// each ranges over a collection, page by page. An item that is null or no entity yields an
// error, and iteration continues; any other error ends it.
//
//go:noinline
func each[T any](ctx context.Context, r *resource, listed *codec.TypeList, opts []RequestOption) iter.Seq2[T, error] {
	to := tracking(reflect.TypeFor[T](), r, listed, opts)
	return func(yield func(T, error) bool) {
		pages := pager{resource: r, opts: opts}
		for more := true; more; {
			page := new(Page[T])
			failed := pages.next(ctx, page, listed, &page.NextLink)
			for i, v := range page.Value {
				if !yield(v, itemError(v, i, r.path)) {
					return
				}
			}
			if more = page.NextLink != ""; failed == nil && !more && to != nil {
				failed = to.end(page.DeltaLink)
			}
			if failed != nil {
				var none T
				yield(none, failed)
				return
			}
		}
	}
}

// Rest ranges over the items of a page and of the pages after it. An item that is null, that
// was removed or that is a link yields an error that names its index in its page, and iteration
// continues. Any other error ends it; an [*Error] with a status below 300 means that the service
// failed in the middle of a page.
func Rest[T any](ctx context.Context, c *Client, page *Page[T], opts ...RequestOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i, v := range page.Value {
			if !yield(v, itemError(v, i, "")) {
				return
			}
		}
		at := &resource{client: c}
		listed, err := typesInPage(page)
		if err != nil {
			err = cmp.Or(knownTypes[T](), err)
		}
		if page.NextLink == "" && err == nil {
			if to := tracking(reflect.TypeFor[T](), at, listed, opts); to != nil {
				err = to.end(page.DeltaLink)
			}
		}
		if err != nil && (page.NextLink != "" || page.DeltaLink != "") {
			var none T
			yield(none, err)
		}
		if err != nil || page.NextLink == "" {
			return
		}
		for v, err := range each[T](ctx, at, listed, append(opts[:len(opts):len(opts)], linked(page.NextLink))) {
			if !yield(v, err) {
				return
			}
		}
	}
}

// linked makes the request follow a link from an answer.
func linked(link string) RequestOption { return func(r *request) { r.link = link } }

// addressed makes a request go to a link that names an entity: query options are added to it,
// while those of a link to a page are in it.
func addressed(link string) RequestOption {
	return func(r *request) { r.link, r.extended = link, true }
}

// typesInPage returns the possible types of the items of a decoded page.
func typesInPage(page any) (*codec.TypeList, error) {
	listed, err := codec.EnvelopeTypes(page)
	if err != nil {
		return nil, fmt.Errorf("the page does not come from a request: %w", err)
	}
	return listed, nil
}

// knownTypes returns an error if T is a polymorphic type of which no value has been decoded:
// which types it can hold is data of the functions that decode it, so that a program links only
// those that it uses.
func knownTypes[T any]() error { return knownItems(new(Page[T]), reflect.TypeFor[T]()) }

// knownItems is knownTypes for the items of a page. It is no method of that: each type of page
// would have one, hundreds in all of Graph.
func knownItems(page any, item reflect.Type) error {
	_, err := typesInPage(page)
	switch {
	case err == nil || item.Kind() != reflect.Interface:
		return err
	case !strings.HasPrefix(item.Name(), "Any") && !strings.HasPrefix(item.Name(), "any"):
		return fmt.Errorf("%v does not say which types it can hold: use an interface such as AnyX, or a pointer to a struct", item)
	}
	return fmt.Errorf("the types that %s can hold are not known here: add the option Polymorphic(Unmarshal%s)", item.Name(), item.Name())
}

// itemOf returns the type of the items of a *[Page], nil for another type.
func itemOf(rt reflect.Type) reflect.Type {
	if rt.Kind() != reflect.Pointer || rt.Elem().PkgPath() != reflect.TypeFor[pager]().PkgPath() || !strings.HasPrefix(rt.Elem().Name(), "Page[") {
		return nil
	}
	items, _ := rt.Elem().FieldByName("Value")
	return items.Type.Elem()
}

// pager requests one page after the other.
type pager struct {
	*resource
	opts []RequestOption
	link string
	from *url.URL // the URL of the last page
	seen map[string]bool
}

// next decodes the next page and takes the link to the one after it from link. If it fails,
// the page holds the items before the error.
func (p *pager) next(ctx context.Context, page any, listed *codec.TypeList, link *string) error {
	opts := p.opts
	if p.link != "" {
		opts = append(opts[:len(opts):len(opts)], linked(p.link))
	}
	a, err := p.exchange(ctx, http.MethodGet, nil, opts)
	if err != nil {
		return err
	}
	p.from = cameFrom(a.resp)
	if err := a.page(page, listed); err != nil {
		return err
	}
	if p.seen == nil {
		p.seen = make(map[string]bool)
	}
	if p.link = *link; p.link != "" && p.seen[p.link] {
		return fmt.Errorf("the pages of %s lead in a circle", p.path)
	}
	p.seen[p.link] = true
	return nil
}
