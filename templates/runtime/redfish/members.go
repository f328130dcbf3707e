package redfish

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
)

// collectionMembers ranges over the members of a collection, page by page (DSP0266, "Resource
// collections"). Collection may be a link to it, as other resources have it; nil has no members.
// Members that are links are followed, a few at the same time. Query options are those of the
// collection: the links to its pages have them already, and members do not get them.
func collectionMembers[C, T codec.Value](ctx context.Context, c *client.Client, collection C, members func(C) []T, opts []client.RequestOption) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if codec.IsNil(collection) {
			return
		}
		page, err := client.FollowLink(ctx, c, collection, opts...)
		opts := append(opts[:len(opts):len(opts)], client.WithoutQuery())
		for seen := make(map[string]bool); err == nil; {
			for v, failed := range client.FollowLinks(ctx, c, members(page), opts...) {
				if !yield(v, failed) {
					return
				}
			}
			next := cmp.Or(client.AdditionalText(page, "Members@odata.nextLink"), client.AdditionalText(page, "@odata.nextLink"))
			if next == "" || ctx.Err() != nil {
				return
			}
			if seen[next] {
				err = fmt.Errorf("the pages of the collection lead in a circle at %s", codec.Printable(next))
				break
			}
			seen[next] = true
			page, err = client.Follow[C](ctx, c, next, opts...)
		}
		if err != nil {
			yield(none, err)
		}
	}
}
