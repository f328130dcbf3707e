// Package spec_test holds the descriptions of this folder against the facts that
// they were written from.
package spec_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

const description = "communications.csdl.xml"

// difference is an element that the description states otherwise than the facts do,
// on purpose.
type difference struct {
	element string
	what    string // the statement of the description
	reason  string
}

const (
	stub     = "entity < microsoft.graph.entity, open"
	outside  = "the facts cut the graph here; something has to resolve"
	alone    = "no path of Graph goes on from what it returns"
	unvalued = "the facts know the order of the members, not their values"
	sent     = "read-only by the documentation, yet requests of its examples send it"
)

var differences = []difference{
	{"microsoft.graph.adhocCall", stub, outside},
	{"microsoft.graph.callRecords.callRecord", stub, outside},
	{"microsoft.graph.engagementConversationMessage", stub, outside},
	{"microsoft.graph.callAiInsight", stub, outside},
	{"microsoft.graph.meetingRegistration", stub, outside},
	{"microsoft.graph.onlineMeetingEngagementConversation", stub, outside},
	{"microsoft.graph.presence", stub, outside},

	{"microsoft.graph.contentModality/audio", "member 0", unvalued},
	{"microsoft.graph.contentModality/video", "member 1", unvalued},
	{"microsoft.graph.contentModality/image", "member 2", unvalued},
	{"microsoft.graph.contentModality/text", "member 3", unvalued},
	{"microsoft.graph.contentModality/multimodal", "member 4", unvalued},
	{"microsoft.graph.contentModality/unknownFutureValue", "member 5", unvalued},
	{"microsoft.graph.detectionSeverity/low", "member 0", unvalued},
	{"microsoft.graph.detectionSeverity/medium", "member 1", unvalued},
	{"microsoft.graph.detectionSeverity/high", "member 2", unvalued},
	{"microsoft.graph.detectionSeverity/unknownFutureValue", "member 3", unvalued},

	{"microsoft.graph.call/direction", "property microsoft.graph.callDirection", sent},
	{"microsoft.graph.call/tenantId", "property Edm.String", sent},

	{
		"microsoft.graph.getAllRecordings(Collection(microsoft.graph.onlineMeeting))",
		"function returns Collection(microsoft.graph.callRecording): meetingOrganizerUserId, startDateTime, endDateTime",
		alone,
	},
	{
		"microsoft.graph.getAllTranscripts(Collection(microsoft.graph.onlineMeeting))",
		"function returns Collection(microsoft.graph.callTranscript): meetingOrganizerUserId, startDateTime, endDateTime",
		alone,
	},

	{
		"microsoft.graph.commsApplication",
		"entity, deprecated: (calls, onlineMeetings)",
		"nothing but the deprecated singleton has this type",
	},
}

func TestDescriptionStatesTheFacts(t *testing.T) {
	known := readFacts(t).statements()
	addMeetings(t, known)
	stated := statements(read(t))
	for element, what := range stated { // of meetings only the documentation says what is read-only
		if isOfMeetings(element) {
			stated[element] = strings.Replace(what, ", computed", "", 1)
		}
	}

	for _, d := range differences {
		require.NotEmpty(t, d.reason, d.element)
		assert.NotEqual(t, d.what, known[d.element], "%s: no difference any more, remove it from the table", d.element)
		known[d.element] = d.what
	}
	for element, what := range known {
		got, ok := stated[element]
		if assert.True(t, ok, "%s is missing: %s", element, what) {
			assert.Equal(t, what, got, element)
		}
	}
	for element, what := range stated {
		_, ok := known[element]
		assert.True(t, ok, "%s is in no fact: %s", element, what)
	}
}

func TestCounts(t *testing.T) {
	m := read(t)
	count := map[string]int{}
	for _, s := range m.Schemas {
		for _, typ := range s.Types {
			if st, ok := typ.(*edm.StructuredType); ok {
				count[st.Kind.String()]++
			} else {
				count["enum type"]++
			}
		}
		count["action"] += len(s.Actions)
		count["function"] += len(s.Functions)
	}
	assert.Equal(t, map[string]int{
		"entity type": 37 + 7, "complex type": 101, "enum type": 42, "action": 34, "function": 6,
	}, count)
}

func TestTypesAreInOrder(t *testing.T) {
	for _, s := range read(t).Schemas {
		var names []string
		for _, typ := range s.Types {
			group := "1 "
			switch typ := typ.(type) {
			case *edm.StructuredType:
				group = "2 "
				if typ.Kind == edm.Entity {
					group = "3 "
				}
				if isStub(typ) {
					group = "4 "
				}
			}
			names = append(names, group+strings.ToLower(typ.TypeName().Name))
		}
		assert.True(t, slices.IsSorted(names), "%s: %q", s.Namespace, names)
	}
}

func isStub(typ *edm.StructuredType) bool {
	return slices.ContainsFunc(differences, func(d difference) bool {
		return d.reason == outside && d.element == typ.Name.String()
	})
}

func read(t *testing.T) *edm.Model {
	t.Helper()
	data, err := os.ReadFile(description)
	require.NoError(t, err)
	m, err := csdl.Read(description, data)
	require.NoError(t, err)
	return m
}

// statements are the elements of a description and what it says of each.
func statements(m *edm.Model) map[string]string {
	all := map[string]string{}
	for _, s := range m.Schemas {
		for _, typ := range s.Types {
			switch typ := typ.(type) {
			case *edm.StructuredType:
				structured(all, typ)
			case *edm.EnumType:
				enum(all, typ)
			default:
				all[typ.TypeName().String()] = fmt.Sprintf("%T", typ)
			}
		}
	}
	for o := range m.Operations() {
		operation(all, o)
	}
	for _, s := range m.Container.Singletons {
		all["singleton "+s.Name] = flags("singleton "+s.Type.Name.String(), "deprecated", deprecated(s.Annotations))
	}
	for _, s := range m.Container.EntitySets {
		all["entity set "+s.Name] = s.TypeName
	}
	return all
}

func structured(all map[string]string, typ *edm.StructuredType) {
	name := typ.Name.String()
	what := strings.TrimSuffix(typ.Kind.String(), " type")
	if typ.Base != nil {
		what += " < " + typ.Base.Name.String()
	}
	what = flags(what, "abstract", typ.Abstract, "open", typ.Open, "deprecated", deprecated(typ.Annotations))
	var own, nav []string
	for _, p := range typ.Properties {
		own = append(own, p.Name)
		all[name+"/"+p.Name] = flags("property "+reference(p.Type),
			"not null", !p.Type.IsNullable(), "key", isKey(typ, p.Name), "computed", computed(p.Annotations))
	}
	for _, n := range typ.Navigation {
		nav = append(nav, n.Name)
		all[name+"/"+n.Name] = flags("navigation "+reference(n.Type), "not null", !n.Type.IsNullable(), "contained", n.ContainsTarget)
	}
	all[name] = what + order(own, nav)
}

func enum(all map[string]string, typ *edm.EnumType) {
	name := typ.Name.String()
	var members []string
	for _, m := range typ.Members {
		members = append(members, m.Name)
		value := "?"
		if m.Value != nil {
			value = fmt.Sprint(*m.Value)
		}
		all[name+"/"+m.Name] = "member " + value
	}
	all[name] = flags("enum", "flags", typ.Flags) + order(members, nil)
}

func operation(all map[string]string, o *edm.Operation) {
	kind, binding := "action", "nothing"
	if o.Function {
		kind = "function"
	}
	if b := o.Binding(); b != nil {
		binding = reference(b.Type)
		if b.Name != "bindingParameter" {
			binding = b.Name + " " + binding
		}
	}
	name := fmt.Sprintf("%s(%s)", o.Name, binding)
	what := flags(kind, "composable", o.Composable)
	if o.Return != nil {
		what += " returns " + reference(o.Return.Type)
	}
	var names []string
	for _, p := range o.Parameters[1:] {
		names = append(names, p.Name)
		all[name+"/"+p.Name] = flags("parameter "+reference(p.Type), "not null", !p.Type.IsNullable(),
			"optional", p.Annotations.Get("Org.OData.Core.V1.OptionalParameter") != nil, "deprecated", deprecated(p.Annotations))
	}
	all[name] = what + order(names, nil)
}

func reference(r edm.TypeRef) string {
	if r.Collection {
		return "Collection(" + r.Name.String() + ")"
	}
	return r.Name.String()
}

func isKey(typ *edm.StructuredType, name string) bool {
	return slices.ContainsFunc(typ.Key, func(k *edm.PropertyRef) bool { return k.Name == name })
}

func computed(a edm.Annotations) bool { return a.Bool("Org.OData.Core.V1.Computed") }

func deprecated(a edm.Annotations) bool {
	return slices.ContainsFunc(a.Revisions(), func(r edm.Revision) bool { return r.Kind == "Deprecated" && r.Description != "" })
}

// flags appends the words whose flag is true: flags("x", "open", true) is "x, open".
func flags(what string, pairs ...any) string {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1].(bool) {
			what += ", " + pairs[i].(string)
		}
	}
	return what
}

func order(own, nav []string) string {
	if len(own)+len(nav) == 0 {
		return ""
	}
	text := ": " + strings.Join(own, ", ")
	if len(nav) > 0 {
		text += "(" + strings.Join(nav, ", ") + ")"
	}
	return text
}

// facts is the part of the facts file that a description can state.
type facts struct {
	Types []struct {
		Name, Kind, Base      string
		Abstract, Open, Flags bool
		Key                   []string
		Members               []struct {
			Name  string
			Value *int64
		}
		Properties []struct {
			Name, Type           string
			Nullable             *bool
			Navigation, Contains bool
			ReadOnly             bool `json:"read_only_per_docs"`
		}
	}
	Operations []struct {
		Kind, Name, Path string
		BoundTo          string `json:"bound_to"`
		Returns          string
		Deprecated       bool
		Parameters       []struct {
			Name, Type string
			Nullable   *bool
			Optional   bool `json:"optional_annotation"`
			Deprecated bool `json:"deprecated_per_docs"`
		}
	}
	Navigation []struct{ Kind, Name, Type string }
}

func readFacts(t *testing.T) *facts {
	t.Helper()
	data, err := os.ReadFile(shared.Path(t, "reference", "communications-beta.json"))
	require.NoError(t, err)
	f := &facts{}
	require.NoError(t, json.Unmarshal(data, f))
	return f
}

func (f *facts) statements() map[string]string {
	all := map[string]string{}
	for _, typ := range f.Types {
		what := typ.Kind
		if typ.Base != "" {
			what += " < " + typ.Base
		}
		var own, nav []string
		for _, p := range typ.Properties {
			notNull := p.Nullable != nil && !*p.Nullable
			if p.Navigation {
				nav = append(nav, p.Name)
				all[typ.Name+"/"+p.Name] = flags("navigation "+p.Type, "not null", notNull, "contained", p.Contains)
				continue
			}
			own = append(own, p.Name)
			all[typ.Name+"/"+p.Name] = flags("property "+p.Type,
				"not null", notNull, "key", slices.Contains(typ.Key, p.Name), "computed", p.ReadOnly)
		}
		for _, m := range typ.Members {
			own = append(own, m.Name)
			value := "?"
			if m.Value != nil {
				value = fmt.Sprint(*m.Value)
			}
			all[typ.Name+"/"+m.Name] = "member " + value
		}
		all[typ.Name] = flags(what, "abstract", typ.Abstract, "open", typ.Open, "flags", typ.Flags) + order(own, nav)
	}
	f.operations(all)
	for _, n := range f.Navigation {
		if n.Kind == "singleton" {
			all["singleton "+n.Name] = flags("singleton "+n.Type, "deprecated", f.deprecated("/"+n.Name))
		}
	}
	return all
}

// operations adds the bound operations, which the facts list once for every path.
func (f *facts) operations(all map[string]string) {
	for _, o := range f.Operations {
		if o.Kind != "action" && o.Kind != "function" {
			continue
		}
		name := fmt.Sprintf("microsoft.graph.%s(%s)", o.Name, o.BoundTo)
		what := o.Kind
		if o.Returns != "" {
			what += " returns " + o.Returns
		}
		var names []string
		for _, p := range o.Parameters {
			names = append(names, p.Name)
			all[name+"/"+p.Name] = flags("parameter "+p.Type,
				"not null", p.Nullable != nil && !*p.Nullable, "optional", p.Optional, "deprecated", p.Deprecated)
		}
		all[name] = what + order(names, nil)
	}
}

// deprecated reports whether the request that reads a path is deprecated.
func (f *facts) deprecated(path string) bool {
	for _, o := range f.Operations {
		if o.Path == path {
			return o.Deprecated
		}
	}
	return false
}
