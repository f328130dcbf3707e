package names

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

const graph = "microsoft.graph"

// IsGraph reports whether a description is one of Microsoft Graph.
func IsGraph(m *edm.Model) bool { return m.Schema(graph) != nil }

// MainNamespace returns the service's own namespace, whose types carry no prefix: that
// of most types of its entity sets and singletons; without these, that of the only schema;
// "" if there are several. Where versions are folded, namespaces are what groups of types
// are called: none of several is the main one.
func MainNamespace(m *edm.Model) string {
	if m.Schema(graph) != nil {
		return graph
	}
	counts := make(map[string]int)
	if c := m.Container; c != nil {
		for _, s := range c.EntitySets {
			count(counts, s.Type)
		}
		for _, s := range c.Singletons {
			count(counts, s.Type)
		}
	}
	if len(counts) == 0 {
		return onlyNamespace(m)
	}
	if m.Folded && len(counts) > 1 {
		return ""
	}
	return slices.MinFunc(slices.Collect(maps.Keys(counts)), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

func count(counts map[string]int, t *edm.StructuredType) {
	if t != nil {
		counts[t.Name.Namespace]++
	}
}

// onlyNamespace returns the namespace of the only schema. The contents of schemas do not
// count, lest a new element change the names of others.
func onlyNamespace(m *edm.Model) string {
	if len(m.Schemas) == 1 {
		return m.Schemas[0].Namespace
	}
	return ""
}

// prefix returns the prefix of the Go names of a namespace: none for the main one, and for
// descriptions without namespaces; the rest of a namespace below the main one, such as
// CallRecords for microsoft.graph.callRecords; otherwise the last segment, preceded by the
// one before it if the last is a version.
func (t *Table) prefix(namespace string) string {
	if namespace == t.main || namespace == edm.Unqualified || namespace == "" {
		return ""
	}
	if tail, ok := strings.CutPrefix(namespace, t.main+"."); ok && t.main != "" {
		return Pascal(tail)
	}
	tail, version := lastSegments(namespace)
	return Pascal(tail) + pascalOf(version)
}

// lastSegments returns the segment that characterizes a namespace, and its version if it
// has one.
func lastSegments(namespace string) (tail, version string) {
	segments := strings.Split(namespace, ".")
	last := len(segments) - 1
	if last > 0 && isVersion.MatchString(segments[last]) {
		return segments[last-1], segments[last]
	}
	return segments[last], ""
}

var isVersion = regexp.MustCompile(`^[vV]\d+(_\d+)*$`)

func pascalOf(version string) string {
	if version == "" {
		return ""
	}
	return Pascal(version)
}

// qualified returns the Go name of a type with the prefix of its namespace, unless the two
// are the same: Chassis.Chassis is Chassis, and Chassis.v1_2_0.Chassis is ChassisV1_2_0.
func (t *Table) qualified(name edm.QName, pascal func(string) string) string {
	prefix, own := t.prefix(name.Namespace), pascal(name.Name)
	tail, version := lastSegments(name.Namespace)
	switch {
	case prefix == own:
		return own
	case prefix != "" && version != "" && Pascal(tail) == own:
		return prefix
	}
	return prefix + own
}

// long returns the Go name of a type with its whole namespace.
func long(name edm.QName) string { return Pascal(name.Namespace) + Pascal(name.Name) }
