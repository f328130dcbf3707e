package spec_test

import (
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/edm"
)

const (
	longestDescription     = 400
	longestLongDescription = 600
)

func TestEveryElementIsDescribed(t *testing.T) {
	for element, annotations := range elements(read(t)) {
		short, long := tidy(annotations.Description()), tidy(annotations.LongDescription())
		assert.NotEmpty(t, short, "%s has no Core.Description", element)
		assert.LessOrEqual(t, len(short), longestDescription, element)
		assert.LessOrEqual(t, len(long), longestLongDescription, element)
		for _, text := range append(revisionTexts(annotations), short, long) {
			assert.True(t, text == "" || strings.HasSuffix(text, "."), "%s: no period at the end of %q", element, text)
		}
	}
}

func TestEveryTypeHasADescriptionOfItsOwn(t *testing.T) {
	seen := map[string]string{}
	for _, s := range read(t).Schemas {
		for _, typ := range s.Types {
			name, text := typ.TypeName().String(), tidy(typeAnnotations(typ).Description())
			assert.Empty(t, seen[text], "%s has the description of another type", name)
			seen[text] = name
			assert.Regexp(t, `^(A|An|The) `, text, "%s: it is to go on from the type's name", name)
		}
	}
}

// TestTextsAreOurOwn looks for sentences of this description in Microsoft's.
func TestTextsAreOurOwn(t *testing.T) {
	const theirs = "../../shared/metadata/graph-v1.0.csdl.xml"
	data, err := os.ReadFile(theirs)
	if err != nil {
		t.Skipf("%s is not there: the texts are not compared with it", theirs)
	}
	taken := map[string]bool{}
	for _, match := range regexp.MustCompile(`String="([^"]*)"`).FindAllSubmatch(data, -1) {
		for s := range sentences(string(match[1])) {
			taken[s] = true
		}
	}
	for element, annotations := range elements(read(t)) {
		for s := range sentences(annotations.Description() + " " + annotations.LongDescription()) {
			assert.False(t, taken[s], "%s: %q", element, s)
		}
	}
}

func TestAppIsDeprecated(t *testing.T) {
	m := read(t)
	revisions := map[string]int{}
	for _, s := range m.Container.Singletons {
		for _, r := range s.Annotations.Revisions() {
			revisions[s.Name]++
			assert.Equal(t, "Deprecated", r.Kind)
			assert.Contains(t, r.Description, "/communications", "what to use in its place")
		}
	}
	assert.Equal(t, map[string]int{"app": 1}, revisions)
}

// spelling is a name that the "Create call" page also prints in another way. When a source
// contradicts itself, authority decides, not position: the name that the service knows.
type spelling struct {
	name    string // as here
	printed string // as the page also prints it
	reason  string
}

var spellings = []spelling{
	{"Calls.JoinGroupCalls.Chat", "Calls.JoinGroupCall.Chat",
		"the note and example 5 of the page have the plural, as manifests and lists of consents do; the table has a slip"},
	{"Calls.JoinGroupCall.All", "Calls.JoinGroupCalls.All",
		"the table of the page has the singular, as the reference of permissions does; examples 5 and 9 have a slip"},
	{"Calls.JoinGroupCallAsGuest.All", "Calls.JoinGroupCallsAsGuest.All",
		"the table of the page has the singular, as the reference of permissions does; example 10 has a slip"},
	{"Calls.InitiateGroupCall.All", "Calls.InitiateGroupCalls.All",
		"the table of the page has the singular, as the reference of permissions does; examples 3 and 4 have a slip"},
}

// TestSpellingsOfPermissions holds every text of this project that names permissions to the
// names that the service knows. The differences from the page are listed for people, too.
func TestSpellingsOfPermissions(t *testing.T) {
	differences, err := os.ReadFile("../docs/create-call.md")
	require.NoError(t, err)
	files := []string{
		"communications.csdl.xml", "communications.overlay.xml", "communications.openapi.yaml",
		"../README.md", "../examples/bot/README.md", "../examples/bot/real.go",
	}
	for _, pattern := range []string{"../generated/*/*.go", "../generator/feature/*/*.go"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		files = append(files, found...)
	}
	for _, s := range spellings {
		require.NotEmpty(t, s.reason, s.name)
		assert.Contains(t, string(differences), "| `"+s.printed+"` | `"+s.name+"` |")
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.NotContains(t, string(text), s.printed, "%s: the name is %s", file, s.name)
		}
	}
}

func TestPermissionsToCreateACall(t *testing.T) {
	m := read(t)
	want := []string{
		"Calls.JoinGroupCalls.Chat", // the least privileged one
		"Calls.Initiate.All", "Calls.InitiateGroupCall.All", "Calls.JoinGroupCall.All", "Calls.JoinGroupCallAsGuest.All",
	}
	for _, root := range []string{"microsoft.graph.cloudCommunications", "microsoft.graph.commsApplication"} {
		calls := m.Structured(root).NavigationProperty("calls")
		require.NotNil(t, calls, root)
		insert := calls.Annotations.Get("Org.OData.Capabilities.V1.InsertRestrictions")
		require.NotNil(t, insert, root)

		permissions := insert.Value.Property("Permissions")
		require.Len(t, permissions.Items, 1, root)
		assert.Equal(t, "Application", permissions.Items[0].Property("SchemeName").Value)
		var scopes []string
		for _, scope := range permissions.Items[0].Property("Scopes").Items {
			scopes = append(scopes, scope.Property("Scope").Value)
		}
		assert.Equal(t, want, scopes, root)
		assert.Contains(t, tidy(insert.Value.Property("LongDescription").Value), "Calls.AccessMedia.All", root)
	}
	for element, annotations := range elements(m) {
		for _, a := range annotations {
			if strings.HasPrefix(a.Term, "Org.OData.Capabilities.") {
				assert.True(t, strings.HasSuffix(element, "/calls"), "%s: permissions are known for creating calls only", element)
			}
		}
	}
}

// elements iterates over what a description can describe, binding parameters excepted.
func elements(m *edm.Model) iter.Seq2[string, edm.Annotations] {
	return func(yield func(string, edm.Annotations) bool) {
		for _, s := range m.Schemas {
			for _, typ := range s.Types {
				name := typ.TypeName().String()
				if !yield(name, typeAnnotations(typ)) {
					return
				}
				for member, annotations := range members(typ) {
					if !yield(name+"/"+member, annotations) {
						return
					}
				}
			}
		}
		for o := range m.Operations() {
			name := o.Name.String() + "(" + o.Binding().Type.Text + ")"
			ok := yield(name, o.Annotations)
			for _, p := range o.Parameters[1:] {
				ok = ok && yield(name+"/"+p.Name, p.Annotations)
			}
			if o.Return != nil {
				ok = ok && yield(name+" return", o.Return.Annotations)
			}
			if !ok {
				return
			}
		}
		for _, s := range m.Container.Singletons {
			if !yield(s.Name, s.Annotations) {
				return
			}
		}
	}
}

func typeAnnotations(typ edm.Type) edm.Annotations {
	switch typ := typ.(type) {
	case *edm.StructuredType:
		return typ.Annotations
	case *edm.EnumType:
		return typ.Annotations
	}
	return nil
}

func members(typ edm.Type) map[string]edm.Annotations {
	all := map[string]edm.Annotations{}
	switch typ := typ.(type) {
	case *edm.StructuredType:
		for _, p := range typ.Properties {
			all[p.Name] = p.Annotations
		}
		for _, n := range typ.Navigation {
			all[n.Name] = n.Annotations
		}
	case *edm.EnumType:
		for _, m := range typ.Members {
			all[m.Name] = m.Annotations
		}
	}
	return all
}

func revisionTexts(a edm.Annotations) []string {
	var texts []string
	for _, r := range a.Revisions() {
		texts = append(texts, tidy(r.Description))
	}
	return texts
}

// sentences iterates over the sentences of a text that are long enough to be
// somebody's own.
func sentences(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, s := range strings.Split(tidy(text)+" ", ". ") {
			if strings.Count(s, " ") >= 4 && !yield(strings.ToLower(s)) {
				return
			}
		}
	}
}

// tidy undoes the line breaks of the file.
func tidy(text string) string { return strings.Join(strings.Fields(text), " ") }
