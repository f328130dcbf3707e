//go:build e2e

package e2e_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/callgen/callgen/generated/e2e/archive"
	"github.com/callgen/callgen/generated/e2e/archive/fields"
)

// order has items with parts.
func order(id int32, items int) *archive.Orders {
	o := &archive.Orders{ID: new(id), Title: new("first"), Address: &archive.Addresses{City: new("Ulm")}}
	for i := range items {
		o.Items = append(o.Items, &archive.Items{
			ID: new(int32(i)), Name: new(fmt.Sprint("item ", i)), Price: new(archive.Decimal("2.50")),
			Parts: []*archive.Parts{{Name: new("left")}, {Name: new("right")}},
		})
	}
	return o
}

// etags: changes need the ETag of what they change.
func etags(c *checks) {
	client := c.client()
	created, err := client.Orders().Create(c.Context(), order(0, 0))
	c.needs(err)
	etag := archive.LinksOf(created, "").ETag
	c.equal(true, etag != "", "ETag of a created entity")
	one := client.Orders().ByID(0)
	_, err = one.Get(c.Context(), archive.IfNoneMatch(etag))
	c.equal(true, archive.IsNotModified(err), fmt.Sprint("304: ", err))
	_, err = one.Update(c.Context(), &archive.Orders{Title: new("second")})
	c.refused(428, err, "without If-Match")
	_, err = one.Update(c.Context(), &archive.Orders{Title: new("second")}, archive.IfMatch(`W/"999"`))
	c.equal(true, archive.IsPreconditionFailed(err), fmt.Sprint("412: ", err))
	changed, err := one.Update(c.Context(), &archive.Orders{Title: new("second")}, archive.IfMatch(etag))
	c.needs(err)
	c.equal("second", *changed.Title, "with the right ETag")
	newer := archive.LinksOf(changed, "").ETag
	c.equal(true, newer != etag, "another ETag after the change")
	_, err = one.Get(c.Context(), archive.IfNoneMatch(etag))
	c.succeeds(err, "an older ETag")
	c.refused(412, one.Delete(c.Context(), archive.IfMatch(etag)), "delete with an older ETag")
	c.refused(428, one.Delete(c.Context()), "delete without ETag")
	c.succeeds(one.Delete(c.Context(), archive.IfMatch("*")), "delete whatever it is")
	_, err = one.Get(c.Context())
	c.refused(404, err, "deleted")
}

// compositions: an entity is created, changed and deleted with what belongs to it.
func compositions(c *checks) {
	client := c.client()
	created, err := client.Orders().Create(c.Context(), order(21, 3))
	c.needs(err)
	c.equal(3, len(created.Items), "items of the answer")
	read, err := client.Orders().ByID(21).Get(c.Context(), archive.Expand(fields.OrdersItems, archive.Expand(fields.ItemsParts)),
		archive.Expand(fields.OrdersAddress))
	c.needs(err)
	c.equal(3, len(read.Items), "items")
	c.equal(2, len(read.Items[0].Parts), "parts of an item")
	c.equal("Ulm", *read.Address.City, "to-one")
	item, err := client.Orders().ByID(21).Items().ByKey(0, 21).Get(c.Context())
	if c.succeeds(err, "an item of the order") {
		c.equal("item 0", *item.Name, "an item with key 0")
	}
	address, err := client.Orders().ByID(21).Address().Get(c.Context())
	if c.succeeds(err, "address") {
		c.equal("Ulm", *address.City, "address")
	}
	box, err := client.Orders().ByID(21).Box().Get(c.Context())
	c.equal(true, archive.IsNull(err) && box == nil, fmt.Sprint("no box: ", err))
	added, err := client.Orders().ByID(21).Items().Create(c.Context(), &archive.Items{ID: new(int32(9)), Name: new("added"), Price: new(archive.Decimal("1"))})
	if c.succeeds(err, "add an item") {
		c.equal(int32(21), *added.OrderID, "of the order")
	}
	items, err := client.Orders().ByID(21).Items().ByKey(0, 21).Parts().List(c.Context(), archive.OrderBy(fields.PartsName.Asc()))
	if c.succeeds(err, "parts") {
		c.equal("left", *items.Value[0].Name, "parts")
	}
	_, err = client.Orders().ByID(21).Update(c.Context(), &archive.Orders{Items: []*archive.Items{{ID: new(int32(1)), Name: new("only")}}}, archive.IfMatch("*"))
	c.succeeds(err, "deep update")
	left, err := client.Orders().ByID(21).Get(c.Context(), archive.Expand(fields.OrdersItems))
	if c.succeeds(err, "after a deep update") && len(left.Items) == 1 {
		c.equal("only", *left.Items[0].Name, "after a deep update")
	} else {
		c.equal(1, len(left.Items), "items after a deep update")
	}
	c.succeeds(client.Orders().ByID(21).Delete(c.Context(), archive.IfMatch("*")), "delete the order")
	count, err := client.Items().Count(c.Context(), archive.Where(fields.ItemsOrderID.Eq(21)))
	c.succeeds(err, "count items")
	c.equal(int64(0), count, "items are deleted as well")
}

// streams: up and down.
func streams(c *checks) {
	client := c.client()
	content := bytes.Repeat([]byte{0, 0xff, '\r', '\n', 'x'}, 20000)
	_, err := client.Pictures().Create(c.Context(), &archive.Pictures{ID: new(int32(0)), Name: new("picture")})
	c.needs(err)
	one := client.Pictures().ByID(0)
	_, err = one.Content(c.Context())
	c.equal(true, archive.IsNull(err), fmt.Sprint("no content yet: ", err))
	c.succeeds(one.SetContent(c.Context(), "image/png", bytes.NewReader(content)), "upload")
	stream, err := one.Content(c.Context())
	if c.succeeds(err, "download") {
		got, err := io.ReadAll(stream)
		c.succeeds(err, "download")
		c.succeeds(stream.Close(), "close")
		c.equal(true, bytes.Equal(content, got), fmt.Sprint("bytes: ", len(got)))
		c.equal("image/png", stream.ContentType, "media type")
	}
	picture, err := one.Get(c.Context())
	if c.succeeds(err, "entity") {
		c.equal("image/png", *picture.Type, "media type in the entity")
		_, err := archive.OpenStream(c.Context(), client, picture, "content")
		c.equal(true, err != nil && strings.Contains(err.Error(), "no link to its stream"), fmt.Sprint("the server gives no links: ", err))
	}
	c.succeeds(one.SetContent(c.Context(), "text/plain", strings.NewReader("text")), "replace")
	stream, err = one.Content(c.Context())
	if c.succeeds(err, "download again") {
		got, _ := io.ReadAll(stream)
		_ = stream.Close()
		c.equal("text", string(got), "replaced")
	}
	c.succeeds(one.DeleteContent(c.Context()), "delete the stream")
	_, err = one.Content(c.Context())
	c.equal(true, archive.IsNull(err), fmt.Sprint("no content any more: ", err))
}

// drafts: a project is edited in a draft, which becomes the project.
func drafts(c *checks) {
	client := c.client()
	draft, err := client.Projects().Create(c.Context(), &archive.Projects{Name: new("plan"), Tasks: []*archive.Tasks{{Name: new("task")}}})
	c.needs(err)
	c.equal(false, *draft.IsActiveEntity, "created as a draft")
	as := func(active bool) *archive.ProjectsRequestBuilder { return client.Projects().ByKey(draft.ID, active) }
	changed, err := as(false).Update(c.Context(), &archive.Projects{Name: new("better plan")})
	if c.succeeds(err, "change the draft") {
		c.equal("better plan", *changed.Name, "change the draft")
	}
	_, err = as(true).Get(c.Context())
	c.refused(404, err, "not active yet")
	task, err := as(false).Tasks().Create(c.Context(), &archive.Tasks{Name: new("another")})
	c.succeeds(err, "a task of the draft")
	active, err := as(false).DraftActivate(c.Context())
	if c.succeeds(err, "activate") {
		c.equal(true, *active.IsActiveEntity, "activate")
		c.equal("better plan", *active.Name, "activate")
	}
	read, err := as(true).Get(c.Context(), archive.Expand(fields.ProjectsTasks))
	if c.succeeds(err, "active") {
		c.equal(2, len(read.Tasks), "tasks")
		c.equal(false, *read.HasDraftEntity, "no draft")
	}
	if task != nil {
		one, err := as(true).Tasks().ByKey(task.ID, true).Get(c.Context())
		if c.succeeds(err, "a task of the project") {
			c.equal("another", *one.Name, "a task of the project")
		}
	}
	again, err := as(true).DraftEdit(c.Context(), archive.ProjectsDraftEditParameters{PreserveChanges: new(true)})
	if c.succeeds(err, "edit") {
		c.equal(false, *again.IsActiveEntity, "edit")
		c.equal(true, *again.HasActiveEntity, "edit")
	}
	sibling, err := as(false).SiblingEntity().Get(c.Context())
	if c.succeeds(err, "sibling") {
		c.equal(true, *sibling.IsActiveEntity, "sibling")
	}
	list, err := client.Projects().List(c.Context(), archive.Where(fields.ProjectsIsActiveEntity.Eq(false)))
	if c.succeeds(err, "all drafts") {
		c.equal(1, len(list.Value), "all drafts")
	}
	_, err = as(false).DraftPrepare(c.Context(), archive.ProjectsDraftPrepareParameters{SideEffectsQualifier: new("")})
	c.succeeds(err, "prepare")
	c.succeeds(as(false).Delete(c.Context()), "discard the draft")
	_, err = as(false).Get(c.Context())
	c.refused(404, err, "discarded")
	c.succeeds(as(true).Delete(c.Context()), "delete the project")
}

// singleton: read and changed.
func singleton(c *checks) {
	client := c.client()
	settings, err := client.Settings().Get(c.Context())
	c.needs(err)
	c.equal("en", *settings.Language, "singleton")
	c.equal(int32(0), *settings.Limit, "singleton")
	settings, err = client.Settings().Update(c.Context(), &archive.Settings{Language: new("de"), Limit: new(int32(5))})
	if c.succeeds(err, "change a singleton") {
		c.equal("de", *settings.Language, "change a singleton")
	}
	settings, err = client.Settings().Get(c.Context(), archive.Select(fields.SettingsLimit))
	if c.succeeds(err, "select of a singleton") {
		c.equal(int32(5), *settings.Limit, "select of a singleton")
		c.equal((*string)(nil), settings.Language, "select of a singleton")
	}
}
