package plan

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/callgen/callgen/generator/goir"
	"github.com/callgen/callgen/internal/visible"
	"github.com/callgen/callgen/spec/edm"
)

// sentence tidies text from a description for a comment: one line, single spaces between
// words, no invisible characters. Package emit ensures that it stays text in the comment.
func sentence(text string) string {
	return strings.Join(strings.Fields(visible.Line(text)), " ")
}

// structDoc returns the doc comment of a struct.
func (p *planner) structDoc(t *edm.StructuredType, name string) goir.Doc {
	doc := goir.Doc{Deprecated: deprecation(t.Annotations)}
	doc.Add(about(name, sentence(t.Annotations.Description())))
	doc.Add(sentence(t.Annotations.LongDescription()))
	doc.Add(facts(t))
	doc.Extend(since(t.Annotations))
	return doc
}

// about joins a name and its description: "Call is an ongoing call".
func about(name, text string) string {
	first, _, _ := strings.Cut(text, " ")
	switch {
	case text == "":
		return ""
	case first == "A" || first == "An" || first == "The":
		return name + " is " + strings.ToLower(first) + text[len(first):]
	case isVerb(first):
		return name + " " + strings.ToLower(first) + text[len(first):]
	}
	return name + ": " + text
}

// isVerb reports whether a description begins with a verb for its subject.
func isVerb(word string) bool {
	switch word {
	case "Represents", "Contains", "Describes", "Specifies", "Defines", "Indicates",
		"Provides", "Identifies", "Holds", "Says", "Tells", "Names", "Lists":
		return true
	}
	return false
}

// facts describes a struct in the words of the schema.
func facts(t *edm.StructuredType) string {
	text := t.Name.String()
	if t.Kind == edm.Entity {
		text = "entity type " + text
	} else {
		text = "complex type " + text
	}
	if t.Abstract {
		text = "abstract " + text
	}
	if t.IsOpen() {
		text += ", open"
	}
	return "OData: " + text + "."
}

// fieldDoc returns the doc comment of a field.
func (p *planner) fieldDoc(annotations edm.Annotations, ref edm.TypeRef) goir.Doc {
	doc := goir.Doc{Deprecated: deprecation(annotations)}
	doc.Add(sentence(annotations.Description()))
	doc.Add(sentence(annotations.LongDescription()))
	if t, ok := ref.Type.(*edm.StructuredType); ok {
		doc.Extend(p.oneOf(t))
	}
	if annotations.Bool("Org.OData.Core.V1.Computed") {
		doc.Extend("Read-only.")
	}
	doc.Extend(since(annotations))
	return doc
}

// oneOf lists the types of a polymorphic value, if there are few.
func (p *planner) oneOf(t *edm.StructuredType) string {
	const few = 6
	var links []string
	if !t.Abstract {
		links = append(links, "["+p.names.Type(t)+"]")
	}
	for _, d := range t.Descendants() {
		if p.in.Has(d) && !d.Abstract {
			links = append(links, "["+p.names.Type(d)+"]")
		}
	}
	if len(t.Derived) == 0 || len(links) < 2 || len(links) > few {
		return ""
	}
	last := len(links) - 1
	return "One of " + strings.Join(links[:last], ", ") + " and " + links[last] + "."
}

// deprecation returns why and since when an element is deprecated, "" if it is not.
func deprecation(annotations edm.Annotations) string {
	for _, r := range annotations.Revisions() {
		if !strings.HasSuffix(r.Kind, "Deprecated") {
			continue
		}
		text := sentence(r.Description)
		if text == "" {
			text = "the service says no more about it."
		}
		if v := version(r); v != "" {
			text = "since version " + v + ": " + text
		}
		if r.RemovalDate != "" {
			text += fmt.Sprintf(" To be removed on %s.", sentence(r.RemovalDate))
		}
		return text
	}
	return ""
}

// since says since which version there is an element, "" if the description does not.
func since(annotations edm.Annotations) string {
	if r, ok := annotations.Added(); ok && version(r) != "" {
		return "Since version " + version(r) + "."
	}
	return ""
}

var isVersion = regexp.MustCompile(`^[vV]?\d+([._]\d+)*$`)

// version returns the version of a revision if it is one of a type: 1.28.0 for "v1_28_0".
// Microsoft Graph states months and reasons in its place.
func version(r edm.Revision) string {
	if !isVersion.MatchString(r.Version) {
		return ""
	}
	return strings.ReplaceAll(strings.TrimLeft(r.Version, "vV"), "_", ".")
}
