package plan

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/spec/edm"
)

// entityRequests plans the requests for an entity itself.
func (r *requests) entityRequests(b *goir.Builder, t *edm.StructuredType, known *reached) {
	anyUse := func(use) bool { return true }
	item, list := r.entity(t)
	value := goir.Param{Name: "v", Type: item}
	if known.allows(t, readRestrictions, "Readable", anyUse) {
		m := request(goir.Fetch, "Get", item)
		m.HTTP, m.List = "GET", list
		m.Doc = r.requestDoc("Get reads the entity.", "GET", known.item, known.readingByKey())
		r.add(b, m)
	}
	if known.allows(t, updateRestrictions, "Updatable", anyUse) {
		m := request(goir.Fetch, "Update", item, value)
		m.HTTP, m.List, m.Body = "PATCH", list, goir.Body{Param: "v"}
		m.Doc = r.requestDoc("Update changes the properties that are set in v and returns the entity; the result is empty if the service answers without content.",
			"PATCH", known.item, known.restriction(updateRestrictions))
		r.add(b, m)
	}
	if r.replaces(known) && known.allows(t, updateRestrictions, "Updatable", anyUse) {
		m := request(goir.Fetch, "Replace", item, value)
		m.HTTP, m.List, m.Body = "PUT", list, goir.Body{Param: "v"}
		m.Doc = r.requestDoc("Replace replaces the entity by v, so that properties that are not set in v have their default values, and returns it; the result is empty if the service answers without content.",
			"PUT", known.item, known.restriction(updateRestrictions))
		r.add(b, m)
	}
	ofCollection := func(u use) bool { return u.contained && !(u.root && !u.collection) }
	if known.allows(t, deleteRestrictions, "Deletable", ofCollection) {
		m := request(goir.Send, "Delete", goir.Type{})
		m.HTTP = "DELETE"
		m.Doc = r.requestDoc("Delete deletes the entity.", "DELETE", known.item, known.restriction(deleteRestrictions))
		r.add(b, m)
	}
	if t.IsMedia() {
		m := request(goir.Open, "Value", goir.Type{})
		m.Path = []goir.Segment{{Text: "$value"}}
		up := r.upload("SetValue", "replaces the content of the media entity", t, under(known.item, "$value"))
		up.Path = m.Path
		m.Doc = r.requestDoc("Value reads the content of the media entity.", "GET", under(known.item, "$value"), restriction{})
		r.add(b, m, up)
	}
	r.references(b, known)
}

// replaces reports whether an entity can be replaced: where the description says so, and at
// services other than Graph anywhere.
func (r *requests) replaces(known *reached) bool {
	return !r.dialect.graph || slices.ContainsFunc(known.uses, func(u use) bool {
		a := u.annotations.Get(capabilities + updateRestrictions)
		if a == nil {
			return false
		}
		method := a.Value.Property("UpdateMethod")
		return method != nil && slices.Contains(strings.Fields(method.Value), capabilities+"HttpMethod/PUT")
	})
}

// references plans the requests for a reference to an entity.
func (r *requests) references(b *goir.Builder, known *reached) {
	single := slices.ContainsFunc(known.uses, func(u use) bool { return !u.contained && !u.collection })
	if single {
		get := request(goir.GetRef, "GetRef", goir.Type{})
		get.HTTP = "GET"
		get.Doc = r.requestDoc("GetRef returns the URL of the entity that the navigation property refers to, without reading the entity.",
			"GET", "…/$ref", restriction{})
		set := request(goir.SetRef, "SetRef", goir.Type{})
		set.Doc = r.requestDoc("SetRef makes the navigation property refer to the entity with the given URL, which may be relative to the service root.",
			"PUT", "…/$ref", restriction{})
		r.add(b, get, set)
	}
	if single || slices.ContainsFunc(known.uses, func(u use) bool { return !u.contained }) {
		m := request(goir.RemoveRef, "RemoveRef", goir.Type{})
		m.Doc = r.requestDoc("RemoveRef removes the reference to the entity; it does not delete the entity.", "DELETE", "…/$ref", restriction{})
		r.add(b, m)
	}
}

// collectionRequests plans the requests for a collection.
func (r *requests) collectionRequests(b *goir.Builder, t *edm.StructuredType, known *reached) {
	anyUse := func(use) bool { return true }
	item, list := r.entity(t)
	if known.allows(t, readRestrictions, "Readable", anyUse) {
		reading := known.restriction(readRestrictions)
		page, all := request(goir.FetchPage, "List", item), request(goir.Iterate, "All", item)
		page.HTTP, page.List, all.HTTP, all.List = "GET", list, "GET", list
		page.Doc = r.requestDoc("List reads one page of the collection. If the service fails within the page, List returns the items read so far together with the error.", "GET", known.collection, reading)
		all.Doc = r.requestDoc("All iterates over the collection, reading page after page. A null item yields an error, after which the iteration continues; any other error ends it.", "GET", known.collection, reading)
		r.add(b, page, all)
		if known.allows(t, "CountRestrictions", "Countable", anyUse) {
			count := request(goir.Count, "Count", goir.Type{})
			count.Doc = r.requestDoc("Count returns the number of entities in the collection.", "GET", under(known.collection, "$count"), reading)
			r.add(b, count)
		}
	}
	owned := func(u use) bool { return u.collection && u.contained && !u.cast }
	if known.allows(t, insertRestrictions, "Insertable", owned) {
		m := request(goir.Fetch, "Create", item, goir.Param{Name: "v", Type: item})
		m.HTTP, m.List, m.Body = "POST", list, goir.Body{Param: "v"}
		m.Doc = r.requestDoc("Create adds an entity to the collection and returns it as the service created it.", "POST", known.collection, known.restriction(insertRestrictions))
		r.add(b, m)
	}
	if t.IsMedia() && !r.dialect.graph && known.allows(t, insertRestrictions, "Insertable", owned) {
		m := request(goir.Media, "CreateMedia", item)
		m.List = list
		m.Doc = r.requestDoc("CreateMedia adds a media entity with the given content to the collection and returns it as the service created it.", "POST", known.collection, restriction{})
		r.add(b, m)
	}
	if slices.ContainsFunc(known.uses, func(u use) bool { return u.collection && !u.contained }) {
		refs, m := request(goir.ListRefs, "Refs", goir.Type{}), request(goir.AddRef, "AddRef", goir.Type{})
		refs.HTTP = "GET"
		refs.Doc = r.requestDoc("Refs iterates over the URLs of the entities in the collection, reading page after page, without reading the "+
			"entities.", "GET", "…/$ref", restriction{})
		m.Doc = r.requestDoc("AddRef adds a reference to the entity with the given URL, which may be relative to the service root.", "POST", "…/$ref", restriction{})
		remove := request(goir.RemoveRefTo, "RemoveRef", goir.Type{})
		remove.Doc = r.requestDoc("RemoveRef removes the reference to the entity with the given URL, which may be relative to the service root; it does not delete the entity.",
			"DELETE", "…/$ref?$id={url}", restriction{})
		r.add(b, refs, m, remove)
	}
}
