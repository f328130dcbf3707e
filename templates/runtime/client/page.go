package client

import (
	"context"
	"fmt"
	"iter"
	"net/http"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// each ranges over a collection, page by page.
//
//go:noinline
func each[T any](ctx context.Context, r *resource, types *codec.TypeList, opts []RequestOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		pages := pager{resource: r, opts: opts}
		for more := true; more; {
			page := new(Page[T])
			err := pages.next(ctx, page, types, &page.NextLink)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, v := range page.Value {
				if !yield(v, nil) {
					return
				}
			}
			more = page.NextLink != ""
		}
	}
}

// Rest ranges over the items of a page and of those that follow it.
func Rest[T any](ctx context.Context, c *Client, page *Page[T], opts ...RequestOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range page.Value {
			if !yield(v, nil) {
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

// linked makes a request that of a link in an answer.
func linked(link string) RequestOption { return func(r *request) { r.link = link } }

// typesInPage returns what the items of a page that was decoded can be.
func typesInPage(page any) (*codec.TypeList, error) {
	types, err := codec.EnvelopeTypes(page)
	if err != nil {
		return nil, fmt.Errorf("the page was not decoded by a request: %w", err)
	}
	return types, nil
}

// pager makes the requests for one page after the other.
type pager struct {
	*resource
	opts []RequestOption
	link string
	seen map[string]bool
}

// next decodes the next page, and takes the link to the one after it from link.
func (p *pager) next(ctx context.Context, page any, types *codec.TypeList, link *string) error {
	opts := p.opts
	if p.link != "" {
		opts = append(opts[:len(opts):len(opts)], linked(p.link))
	}
	if err := p.fetchPage(ctx, http.MethodGet, nil, page, types, opts); err != nil {
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

// Changes are the changes of a collection since the last time, or all of it (Graph, "Use
// delta query to track changes").
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

// Change is an item that was added, changed or removed.
type Change[T any] struct {
	Value   T
	Removed string // why it is gone: "changed", "deleted", or "removed" if the service does not say; "" if it is not
}

// Since makes the changes those after an earlier look: link is what [Changes.Link]
// returned then. A link that has expired is an error 410, see [IsGone]: begin again.
func (c *Changes[T]) Since(link string) *Changes[T] {
	c.link = link
	return c
}

// Link returns the link by which the next changes are found. It is a new one once all
// changes were ranged over; before, and after an error, that of the last time. It can be
// stored.
func (c *Changes[T]) Link() string { return c.link }

// All ranges over the changes. After an error it ends.
func (c *Changes[T]) All(ctx context.Context) iter.Seq2[Change[T], error] {
	return func(yield func(Change[T], error) bool) {
		pages := pager{resource: c.at, opts: c.opts, link: c.link}
		for more := true; more; {
			page := new(Page[T])
			if err := pages.next(ctx, page, c.types, &page.NextLink); err != nil {
				yield(Change[T]{}, err)
				return
			}
			for _, v := range page.Value {
				if !yield(Change[T]{v, removedWhy(v)}, nil) {
					return
				}
			}
			if more = page.NextLink != ""; !more && page.DeltaLink != "" {
				c.link = page.DeltaLink
			}
		}
	}
}

// removedWhy returns why an item is gone.
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
