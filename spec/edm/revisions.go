package edm

import (
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// Terms for revisions that Redfish defines itself.
const (
	termRedfishRevisions  = "RedfishExtensions.v1_0_0.Revisions"  // like Org.OData.Core.V1.Revisions
	termRedfishDeprecated = "RedfishExtensions.v1_0_0.Deprecated" // String: why
)

// IsRevisions reports whether a term is about revisions: one that [Annotations.Revisions]
// reads.
func IsRevisions(term string) bool {
	return term == TermRevisions || term == termRedfishRevisions || term == termRedfishDeprecated
}

// Revision is an entry of Org.OData.Core.V1.Revisions, or of what Redfish has for it.
type Revision struct {
	Version     string
	Kind        string // "Added", "Modified" or "Deprecated"
	Description string
	ElementName string
	Date        string // start date, "" if not stated
	RemovalDate string // "" if not stated
	Pos         diag.Pos
}

// Revisions returns the entries of Org.OData.Core.V1.Revisions, and of the terms of Redfish.
func (a Annotations) Revisions() []Revision {
	var revisions []Revision
	for _, term := range []string{TermRevisions, termRedfishRevisions} {
		if annotation := a.Get(term); annotation != nil && annotation.Value != nil {
			for _, item := range annotation.Value.Items {
				revisions = append(revisions, item.revision())
			}
		}
	}
	if annotation := a.Get(termRedfishDeprecated); annotation != nil {
		revisions = append(revisions, Revision{Kind: "Deprecated", Description: annotation.Value.text("String"), Pos: annotation.Pos})
	}
	return revisions
}

// Added returns the first revision that says when an element was added.
func (a Annotations) Added() (Revision, bool) {
	all := a.Revisions()
	if i := slices.IndexFunc(all, func(r Revision) bool { return r.Kind == "Added" }); i >= 0 {
		return all[i], true
	}
	return Revision{}, false
}

func (e *Expression) revision() Revision {
	kind := e.Property("Kind").text("EnumMember")
	return Revision{
		Version:     e.Property("Version").text("String"),
		Kind:        kind[strings.LastIndexByte(kind, '/')+1:],
		Description: e.Property("Description").text("String"),
		ElementName: e.Property("ElementName").text("String"),
		Date:        e.Property("Date").text("Date"),
		RemovalDate: e.Property("RemovalDate").text("Date"),
		Pos:         e.Pos,
	}
}
