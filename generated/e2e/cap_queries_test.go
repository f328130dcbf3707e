//go:build e2e

package e2e_test

import (
	"fmt"
	"strings"

	"github.com/callgen/callgen/generated/e2e/archive"
	"github.com/callgen/callgen/generated/e2e/archive/fields"
)

// words creates n words that begin with prefix; each has the first one as parent.
func (c *checks) words(prefix string, n int) archive.RequestOption {
	c.Helper()
	for i := range n {
		word := &archive.Words{Word: fmt.Sprintf("%s%02d", prefix, i), Meaning: new(fmt.Sprint("meaning ", i%3)), Length: new(int32(i))}
		if i > 0 {
			word.ParentWord = new(prefix + "00")
		}
		c.needs(failure(c.client().Words().Create(c.Context(), word)))
	}
	return archive.Where(fields.WordsWord.StartsWith(prefix))
}

// pages: the service gives ten words at a time, with relative links to the rest.
func pages(c *checks) {
	client := c.client()
	mine := c.words("page", 25)
	got := make(map[string]bool)
	for word, err := range client.Words().All(c.Context(), mine) {
		c.needs(err)
		got[word.Word] = true
	}
	c.equal(25, len(got), "on all pages")

	page, err := client.Words().List(c.Context(), mine, archive.IncludeCount())
	c.needs(err)
	c.equal(10, len(page.Value), "on the first page")
	c.equal(int64(25), *page.Count, "count")
	c.equal(true, strings.HasPrefix(page.NextLink, c.url+"/Words?"), "link is made absolute: "+page.NextLink)
	rest := 0
	for _, err := range archive.Rest(c.Context(), client, page) {
		c.needs(err)
		rest++
	}
	c.equal(25, rest, "on this page and the others")

	byPath := c.client(archive.WithLinksByPath())
	rest = 0
	for _, err := range byPath.Words().All(c.Context(), mine, archive.Select(fields.WordsWord)) {
		c.needs(err)
		rest++
	}
	c.equal(25, rest, "with links by path")
}

// queries: options of queries.
func queries(c *checks) {
	client := c.client()
	mine := c.words("query", 8)
	list := func(name string, opts ...archive.RequestOption) []*archive.Words {
		c.Helper()
		page, err := client.Words().List(c.Context(), append(opts, mine)...)
		if !c.succeeds(err, name) {
			return nil
		}
		return page.Value
	}
	names := func(list []*archive.Words) string {
		var names []string
		for _, w := range list {
			names = append(names, strings.TrimPrefix(w.Word, "query"))
		}
		return strings.Join(names, " ")
	}
	c.equal("07 06", names(list("order", archive.OrderBy(fields.WordsLength.Desc()), archive.Top(2))), "order")
	c.equal("02 05 01", names(list("two orders", archive.OrderBy(fields.WordsMeaning.Desc(), fields.WordsWord.Asc()), archive.Top(3))), "two orders")
	c.equal("03 04", names(list("skip", archive.OrderBy(fields.WordsWord.Asc()), archive.Skip(3), archive.Top(2))), "skip")
	c.equal("00 03 06", names(list("search", archive.Search(`"meaning 0"`), archive.OrderBy(fields.WordsWord.Asc()))), "search")

	selected := list("select", archive.Select(fields.WordsLength), archive.Top(1), archive.OrderBy(fields.WordsWord.Asc()))
	c.equal((*string)(nil), selected[0].Meaning, "select")
	c.equal(int32(0), *selected[0].Length, "select")

	count, err := client.Words().Count(c.Context(), mine)
	c.succeeds(err, "$count")
	c.equal(int64(8), count, "$count")

	first, err := client.Words().ByWord("query00").Get(c.Context(), archive.Expand(fields.WordsDerived,
		archive.Where(fields.WordsLength.Gt(2)), archive.OrderBy(fields.WordsLength.Desc()), archive.Top(2),
		archive.Select(fields.WordsWord), archive.Expand(fields.WordsParent, archive.Select(fields.WordsLength))))
	if c.succeeds(err, "expand with options") {
		c.equal("07 06", names(first.Derived), "expand with options")
		c.equal(int32(0), *first.Derived[0].Parent.Length, "expand in expand")
	}
	first, err = client.Words().ByWord("query00").Get(c.Context(), archive.Expand(fields.WordsDerived, archive.IncludeCount()))
	if c.succeeds(err, "expand with count") {
		c.equal(7, len(first.Derived), "expand with count")
	}
	c.equal("01 02 03 04 05 06 07", names(list("path", archive.Where(fields.WordsParent.Path(fields.WordsWord).Eq("query00")),
		archive.OrderBy(fields.WordsWord.Asc()))), "condition on a path")
	c.equal("00", names(list("any", archive.Where(fields.WordsDerived.Any(func(w archive.Property) archive.Condition {
		return w.Path(fields.WordsLength).Eq(5)
	})))), "any")
	c.equal("00 01", names(list("raw", archive.Where(archive.RawCondition("length lt 4 and (length le 1 or contains(word,'x'))")),
		archive.OrderBy(fields.WordsWord.Asc()))), "raw condition")
}

// navigation: from entity to entity.
func navigation(c *checks) {
	client := c.client()
	c.words("nav", 3)
	parent, err := client.Words().ByWord("nav02").Parent().Get(c.Context())
	if c.succeeds(err, "to-one") {
		c.equal("nav00", parent.Word, "to-one")
	}
	parent, err = client.Words().ByWord("nav00").Parent().Get(c.Context())
	c.equal(true, archive.IsNull(err), fmt.Sprint("to-one without entity: ", err))
	c.equal((*archive.Words)(nil), parent, "to-one without entity")
	derived, err := client.Words().ByWord("nav00").Derived().List(c.Context(), archive.OrderBy(fields.WordsWord.Asc()))
	if c.succeeds(err, "to-many") {
		c.equal(2, len(derived.Value), "to-many")
	}
	one, err := client.Words().ByWord("nav00").Derived().ByWord("nav01").Get(c.Context())
	if c.succeeds(err, "key after navigation") {
		c.equal("nav01", one.Word, "key after navigation")
	}
	count, err := client.Words().ByWord("nav00").Derived().Count(c.Context())
	c.succeeds(err, "count after navigation")
	c.equal(int64(2), count, "count after navigation")
	c.succeeds(client.Words().ByWord("nav00").Derived().ByWord("nav01").Delete(c.Context()), "delete after navigation")

	bound := &archive.Words{Word: "nav03"}
	bound.AdditionalData.Bind(fields.WordsParent, "Words('nav00')")
	created, err := client.Words().Create(c.Context(), bound)
	if c.succeeds(err, "bind") {
		c.equal("nav00", *created.ParentWord, "bind")
	}
}

// links: what answers say of themselves.
func links(c *checks) {
	client := c.client()
	c.words("link", 1)
	word, err := client.Words().ByWord("link00").Get(c.Context(), archive.Header("Accept", "application/json;odata.metadata=full;IEEE754Compatible=true"))
	if c.succeeds(err, "with all metadata") {
		c.equal("link00", word.Word, "with all metadata")
	}
	url, err := archive.URLOf(client.Words().ByWord("link00"))
	c.succeeds(err, "URL")
	c.equal(c.url+"/Words(%27link00%27)", url, "URL")
	again, err := archive.Follow[*archive.Words](c.Context(), client, url)
	if c.succeeds(err, "follow") {
		c.equal("link00", again.Word, "follow")
	}
	var response archive.Response
	_, err = client.Words().Create(c.Context(), &archive.Words{Word: "link01"}, archive.ResponseInto(&response))
	c.succeeds(err, "created")
	c.equal(201, response.Status, "created")
	c.equal("4.0", response.Header.Get("OData-Version"), "version of the answer")
	newer := c.client(archive.WithODataVersion("4.01"))
	_, err = newer.Words().ByWord("link01").Get(c.Context())
	c.succeeds(err, "with OData-MaxVersion 4.01")
	older := c.client(archive.WithODataVersion("4.0"))
	_, err = older.Words().ByWord("link01").Get(c.Context())
	c.succeeds(err, "with OData-Version 4.0")
	_, err = older.Words().ByWord("link01").Update(c.Context(), &archive.Words{Length: new(int32(6))}, archive.Prefer("return=minimal"))
	c.equal(true, err == nil || archive.IsNoContent(err), fmt.Sprint("return=minimal: ", err))
}
