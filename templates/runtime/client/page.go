package client

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// each ranges over a collection, page by page. A null item yields an error, and iteration
// continues; any other error ends it.
//
//go:noinline
func each[T any](ctx context.Context, r *resource, types *codec.TypeList, opts []RequestOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		pages := pager{resource: r, opts: opts}
		for more := true; more; {
			page := new(Page[T])
			failed := pages.next(ctx, page, types, &page.NextLink)
			for i, v := range page.Value {
				if !yield(v, nullItem(v, i, r.path)) {
					return
				}
			}
			if failed != nil {
				var none T
				yield(none, failed)
				return
			}
			more = page.NextLink != ""
		}
	}
}

// nullItem returns an error if an item of a collection is null.
func nullItem(v any, i int, path string) error {
	if value, ok := v.(codec.Value); v != nil && (!ok || !codec.IsNil(value)) {
		return nil
	}
	if path != "" {
		path = " from " + path
	}
	return fmt.Errorf("item %d of the page%s is null: the items after it can be read", i, path)
}

// Rest ranges over the items of a page and of the pages after it. A null item yields an error
// that names its index in its page, and iteration continues. Any other error ends it; an
// [*Error] with a status below 300 means that the service failed in the middle of a page.
func Rest[T any](ctx context.Context, c *Client, page *Page[T], opts ...RequestOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i, v := range page.Value {
			if !yield(v, nullItem(v, i, "")) {
				return
			}
		}
		if page.NextLink == "" {
			return
		}
		types, err := typesInPage(page)
		if err != nil {
			var none T
			yield(none, err)
			return
		}
		at := &resource{client: c}
		for v, err := range each[T](ctx, at, types, append(opts[:len(opts):len(opts)], linked(page.NextLink))) {
			if !yield(v, err) {
				return
			}
		}
	}
}

// linked makes the request follow a link from an answer.
func linked(link string) RequestOption { return func(r *request) { r.link = link } }

// typesInPage returns the possible types of the items of a decoded page.
func typesInPage(page any) (*codec.TypeList, error) {
	types, err := codec.EnvelopeTypes(page)
	if err != nil {
		return nil, fmt.Errorf("the page does not come from a request: %w", err)
	}
	return types, nil
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
func (p *pager) next(ctx context.Context, page any, types *codec.TypeList, link *string) error {
	opts := p.opts
	if p.link != "" {
		opts = append(opts[:len(opts):len(opts)], linked(p.link))
	}
	a, err := p.exchange(ctx, http.MethodGet, nil, opts)
	if err != nil {
		return err
	}
	p.from = cameFrom(a.resp)
	if err := a.page(page, types); err != nil {
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

// Changes fetches the changes of a collection since an earlier look, or the whole collection
// at first (Graph, "Use delta query to track changes").
type Changes[T any] struct {
	at    *resource
	types *codec.TypeList
	opts  []RequestOption
	link  string
}

//go:noinline
func changesOf[T any](r *resource, types *codec.TypeList, opts []RequestOption) *Changes[T] {
	return &Changes[T]{at: r, types: types, opts: opts}
}

// Change is an item of a collection that was added, changed or removed.
type Change[T any] struct {
	Value   T
	Removed string // reason: "changed", "deleted", or "removed" if the service gives none; "" for an item that still exists
}

// Since makes All return the changes after an earlier look; link is what [Changes.Link]
// returned then. If the link has expired the request fails with status 410 (see [IsGone]):
// start again without it.
func (c *Changes[T]) Since(link string) *Changes[T] {
	c.link = link
	return c
}

// Link returns the link to the next changes. It is updated when All has returned every change;
// until then, or after an error, it is the link given to Since. It can be stored.
func (c *Changes[T]) Link() string { return c.link }

// All ranges over the changes. A null item yields an error that names its index in its page,
// and iteration continues. Any other error ends it, and Link keeps its value; an [*Error] with
// a status below 300 means that the service failed in the middle of a page.
func (c *Changes[T]) All(ctx context.Context) iter.Seq2[Change[T], error] {
	return func(yield func(Change[T], error) bool) {
		pages := pager{resource: c.at, opts: c.opts, link: c.link}
		for more := true; more; {
			page := new(Page[T])
			failed := pages.next(ctx, page, c.types, &page.NextLink)
			for i, v := range page.Value {
				if !yield(changed(v, i, c.at.path)) {
					return
				}
			}
			if failed != nil {
				yield(Change[T]{}, failed)
				return
			}
			if more = page.NextLink != ""; !more && page.DeltaLink != "" {
				c.link = page.DeltaLink
			}
		}
	}
}

// changed returns an item as a change, or an error if it is null.
func changed[T any](v T, i int, path string) (Change[T], error) {
	if err := nullItem(v, i, path); err != nil {
		return Change[T]{}, err
	}
	return Change[T]{v, removedWhy(v)}, nil
}

// removedWhy returns the reason for which an item was removed.
func removedWhy(item any) string {
	v, ok := item.(codec.Value)
	if !ok || codec.IsNil(v) {
		return ""
	}
	ad := codec.AdditionalOf(v)
	if ad == nil {
		return ""
	}
	if _, ok := ad.Get("@removed"); !ok {
		return ""
	}
	var why struct{ Reason string }
	if ad.Decode("@removed", &why) != nil || why.Reason == "" {
		return "removed"
	}
	return why.Reason
}
