package client

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// Changes fetches the changes of a collection since an earlier look, or the whole collection
// at first (Graph, "Use delta query to track changes"; OData, "Requesting Changes").
type Changes[T any] struct{ changesState }

// changesState is the part of [Changes] that requests know. They do not name the type itself: a
// package would contain its methods once for each type of item.
type changesState struct {
	item  reflect.Type
	at    *resource
	types *codec.TypeList
	opts  []RequestOption
	link  string
	links func(ChangedLink)
	err   error
}

//go:noinline
func changesOf[T any](r *resource, listed *codec.TypeList, opts []RequestOption) *Changes[T] {
	return &Changes[T]{changesState{at: r, types: listed, opts: opts}}
}

// ChangesSince returns the changes of a collection after an earlier look, whose delta link may
// have come with a page, from an iteration with [TrackChanges], or from where it was stored. T
// is as for [Follow].
func ChangesSince[T any](c *Client, link string, opts ...RequestOption) *Changes[T] {
	changes := changesOf[T](&resource{client: c}, nil, append([]RequestOption{Prefer("odata.track-changes")}, opts...))
	if link == "" {
		changes.err = errors.New("there is no delta link: the service sends it on the last page of a collection whose changes it tracks")
	} else {
		changes.err = knownTypes[T]()
	}
	return changes.Since(link)
}

// TrackChanges asks the service to track the changes of a collection (Prefer:
// odata.track-changes). Once an iteration with this option has ended, to.All returns what has
// changed since, and to.Link the link to it. A service that does not track the changes makes
// the iteration end with an error. Before it has ended, even before it has begun, to.Since
// continues from a link that was stored.
func TrackChanges[T any](to *Changes[T]) RequestOption {
	return func(r *request) {
		r.prefer = append(r.prefer, "odata.track-changes")
		if to != nil {
			to.item = reflect.TypeFor[T]()
			r.track = &to.changesState
		}
	}
}

// tracking returns the changes given with [TrackChanges] for items of a type, bound to the
// collection, or nil.
func tracking(item reflect.Type, r *resource, listed *codec.TypeList, opts []RequestOption) *changesState {
	to := r.request("", opts).track
	if to == nil || to.item != item {
		return nil
	}
	to.at, to.types, to.opts = r, listed, opts
	return to
}

// end records the link on the last page.
func (c *changesState) end(link string) error {
	if link == "" {
		return fmt.Errorf("the last page%s has no delta link: the service does not track changes", fromPath(c.at.path))
	}
	c.link = link
	return nil
}

func fromPath(path string) string {
	if path == "" {
		return ""
	}
	return " from " + path
}

// Change is an item of a collection that was added, changed or removed.
type Change[T any] struct {
	Value   T      // of an item that was removed, what the service says of it
	Removed string // reason: "changed", "deleted", or "removed" if the service gives none; "" for an item that still exists
	ID      string // the URL that identifies the item, "" if the service does not give it
	Set     string // its entity set if that is another one than the collection's; All yields it with an error
}

// ChangedLink is a relation between two entities that was added or removed. The entities are
// identified by their URLs.
type ChangedLink struct {
	Source       string
	Relationship string // the navigation property
	Target       string
	Removed      bool
}

// Since makes All return the changes after an earlier look; link is what [Changes.Link]
// returned then. If the link has expired the request fails with status 410 (see [IsGone]):
// start again without it.
func (c *Changes[T]) Since(link string) *Changes[T] {
	c.link = link
	return c
}

// OnLink makes All call f for each relation that was added or removed, which is no item of the
// collection. Without it such a change yields an error.
func (c *Changes[T]) OnLink(f func(ChangedLink)) *Changes[T] {
	c.links = f
	return c
}

// Link returns the link to the next changes. It is updated when All has returned every change;
// until then, or after an error, it is the link given to Since. It can be stored.
func (c *Changes[T]) Link() string { return c.link }

// All ranges over the changes. An item that is null, that belongs to another entity set, or that
// is a link for which there is no [Changes.OnLink], yields an error that names its index in its
// page, and iteration continues. Any other error ends it, and Link keeps its value; an [*Error] with a status below 300 means
// that the service failed in the middle of a page.
func (c *Changes[T]) All(ctx context.Context) iter.Seq2[Change[T], error] {
	return func(yield func(Change[T], error) bool) {
		if c.at == nil && c.err == nil {
			c.err = errors.New("the changes belong to no collection: pass them to TrackChanges, or use ChangesSince")
		}
		if c.err != nil {
			yield(Change[T]{}, c.err)
			return
		}
		pages := pager{resource: c.at, opts: c.opts, link: c.link}
		for more := true; more; {
			page := new(Page[T])
			failed := pages.next(ctx, page, c.types, &page.NextLink)
			if !c.yield(page, pages.from, yield) {
				return
			}
			if more = page.NextLink != ""; failed == nil && !more {
				failed = c.end(page.DeltaLink)
			}
			if failed != nil {
				yield(Change[T]{}, failed)
				return
			}
		}
	}
}

// yield yields the changes on a page. It returns false if there shall be no more.
func (c *Changes[T]) yield(page *Page[T], from *url.URL, yield func(Change[T], error) bool) bool {
	from = linkBase(from, &page.AdditionalData)
	for i, v := range page.Value {
		if kind := kindOf(v); kind == linkItem || kind == linkRemovedItem {
			link, err := linkIn(v, from)
			if err == nil && c.links != nil {
				c.links(link)
				continue
			}
			if !yield(Change[T]{}, cmp.Or(err, itemError(v, i, c.at.path))) {
				return false
			}
			continue
		}
		change, err := changed(v, i, c.at.path, from)
		if change.Set = otherSet(&page.AdditionalData, v); err == nil && change.Set != "" {
			err = fmt.Errorf("item %d of the page%s belongs to the entity set %s: see Change.Set", i, fromPath(c.at.path), codec.Printable(change.Set))
		}
		if !yield(change, err) {
			return false
		}
	}
	return true
}

// itemKind is what an item of a collection is.
type itemKind int

const (
	existingItem    itemKind = iota
	nullItem                 // null
	removedItem              // an entity that is no longer in the collection
	linkItem                 // a relation that was added
	linkRemovedItem          // a relation that was removed
)

// kindOf returns what an item is. OData 4.01 marks one that was removed with "@removed", 4.0
// with the context of the item (OData JSON Format, "Delta Payload").
func kindOf(item any) itemKind {
	v, ok := item.(codec.Value)
	switch {
	case ok && codec.IsNil(v) || item == nil:
		return nullItem
	case !ok:
		return existingItem
	}
	ad := codec.AdditionalOf(v)
	if ad == nil {
		return existingItem
	}
	if context := textOf(ad, "@odata.context"); context != "" {
		switch context[strings.LastIndexAny(context, "/#")+1:] {
		case "$deletedEntity":
			return removedItem
		case "$link":
			return linkItem
		case "$deletedLink":
			return linkRemovedItem
		}
	}
	if _, removed := ad.Get("@odata.removed"); removed {
		return removedItem
	}
	return existingItem
}

// otherSet returns the entity set of an item, if it is another one than that of its page: the
// changes of a collection that was expanded include those of the related entities.
func otherSet(page *codec.AdditionalData, item any) string {
	v, ok := item.(codec.Value)
	if !ok || codec.IsNil(v) {
		return ""
	}
	own, other := setIn(page), setIn(codec.AdditionalOf(v))
	if own == "" || other == own {
		return ""
	}
	return other
}

// setIn returns the entity set that the context of a change names, without keys, types and
// selected properties, or "".
func setIn(ad *codec.AdditionalData) string {
	if ad == nil {
		return ""
	}
	_, fragment, _ := strings.Cut(textOf(ad, "@odata.context"), "#")
	path, _, more := strings.Cut(fragment, "/$")
	if !more {
		return ""
	}
	var b strings.Builder
	depth := 0
	for _, c := range path {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0:
			b.WriteRune(c)
		}
	}
	segments := slices.DeleteFunc(strings.Split(b.String(), "/"), func(s string) bool { return strings.Contains(s, ".") })
	return strings.Join(segments, "/")
}

// itemError returns an error if an item of a collection is null or no entity that exists.
func itemError(v any, i int, path string) error {
	path = fromPath(path)
	switch kindOf(v) {
	case nullItem:
		return fmt.Errorf("item %d of the page%s is null: the items after it can be read", i, path)
	case removedItem:
		return fmt.Errorf("item %d of the page%s was removed from the collection: read changes with ChangesSince", i, path)
	case linkItem, linkRemovedItem:
		return fmt.Errorf("item %d of the page%s is a link between entities, not an entity: read changes with Changes.OnLink", i, path)
	}
	return nil
}

// changed returns an item as a change, or an error if it is null.
func changed[T any](v T, i int, path string, from *url.URL) (Change[T], error) {
	kind := kindOf(v)
	if kind == nullItem {
		return Change[T]{}, itemError(v, i, path)
	}
	value, ok := any(v).(codec.Value)
	if !ok {
		return Change[T]{Value: v}, nil
	}
	ad := codec.AdditionalOf(value)
	if ad == nil {
		return Change[T]{Value: v}, nil
	}
	if kind == removedItem {
		return removed(v, value, ad, from)
	}
	return Change[T]{Value: v, ID: resolved(from, textOf(ad, "@odata.id"))}, nil
}

// removed returns an item that was removed as a change. In OData 4.0 it is an object of its
// own, with the id of the entity in a member that is named like a property; the value gets it
// as control information, as in 4.01.
func removed[T any](v T, value codec.Value, ad *codec.AdditionalData, from *url.URL) (Change[T], error) {
	from = linkBase(from, ad)
	var why struct{ Reason string }
	if _, ok := ad.Get("@odata.removed"); ok {
		_ = ad.Decode("@odata.removed", &why) // a reason that cannot be read is left empty
		return Change[T]{Value: v, Removed: cmp.Or(why.Reason, "removed"), ID: resolved(from, textOf(ad, "@odata.id"))}, nil
	}
	var members struct {
		Context string `json:"@odata.context"`
		Plain   string `json:"@context"`
		ID      string `json:"id"`
		Reason  string `json:"reason"`
	}
	data, err := codec.Marshal(value)
	if err == nil {
		err = json.Unmarshal(data, &members)
	}
	fresh, ok := reflect.New(reflect.TypeOf(value).Elem()).Interface().(T)
	if err != nil || !ok {
		return Change[T]{}, fmt.Errorf("an item that was removed cannot be read: %w", err)
	}
	kept := codec.AdditionalOf(any(fresh).(codec.Value))
	_ = kept.Set("@odata.context", cmp.Or(members.Context, members.Plain)) // strings can always be encoded
	_ = kept.Set("@odata.id", members.ID)
	return Change[T]{Value: fresh, Removed: cmp.Or(members.Reason, "removed"), ID: resolved(from, members.ID)}, nil
}

// linkIn returns the relation that an item describes.
func linkIn(item any, from *url.URL) (ChangedLink, error) {
	value, _ := item.(codec.Value)
	var members struct{ Source, Relationship, Target, TargetID string }
	data, err := codec.Marshal(value)
	if err == nil {
		err = json.Unmarshal(data, &members)
	}
	if err != nil {
		return ChangedLink{}, fmt.Errorf("a changed link cannot be read: %w", err)
	}
	from = linkBase(from, codec.AdditionalOf(value))
	return ChangedLink{
		Source: resolved(from, members.Source), Relationship: members.Relationship,
		Target:  resolved(from, cmp.Or(members.Target, members.TargetID)),
		Removed: kindOf(item) == linkRemovedItem,
	}, nil
}
