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

	"github.com/callgen/callgen/internal/shared"
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
	data, err := os.ReadFile(shared.Path(t, "metadata", "graph-v1.0.csdl.xml"))
	require.NoError(t, err)
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

// TestWhoMayCreateACall holds what is said of the permissions to create a call against the
// notes of the page.
func TestWhoMayCreateACall(t *testing.T) {
	m := read(t)
	for _, root := range []string{"microsoft.graph.cloudCommunications", "microsoft.graph.commsApplication"} {
		calls := m.Structured(root).NavigationProperty("calls")
		require.NotNil(t, calls, root)
		insert := calls.Annotations.Get("Org.OData.Capabilities.V1.InsertRestrictions")
		require.NotNil(t, insert, root)
		short, long := tidy(insert.Value.Property("Description").Value), tidy(insert.Value.Property("LongDescription").Value)
		for _, what := range []string{"one of these application permissions", "the first is the least privileged", "Delegated permissions are not supported"} {
			assert.Contains(t, short, what, root)
		}
		for _, what := range []string{
			"Calls.Initiate.All is for calling a user or a phone number", "Calls.InitiateGroupCall.All for calling a group",
			"Calls.JoinGroupCall.All for joining a scheduled meeting or one in a channel", "Calls.JoinGroupCallAsGuest.All for joining one as a guest",
			"Calls.JoinGroupCalls.Chat uses resource-specific consent", "Calls.AccessMedia.All in addition", "an application instance that has a phone number",
			"Cloud Video Interop",
		} {
			assert.Contains(t, long, what, root)
		}
	}
}

// TestWhatThePageSays looks for the sentences of the page that nothing but a text can hold.
func TestWhatThePageSays(t *testing.T) {
	texts := map[string]string{}
	for element, annotations := range elements(read(t)) {
		texts[strings.TrimPrefix(element, "microsoft.graph.")] = tidy(annotations.Description() + " " + annotations.LongDescription())
	}
	for element, says := range map[string][]string{
		"call/callbackUri":                  {"In a peer-to-peer call", "notified of changes of the state only", "notified of the roster as well"},
		"call/participants":                 {"only after it has been admitted from the lobby"},
		"call/source":                       {"must be the one that the access token was issued to", "depends on the tenant's settings for the meeting"},
		"call/targets":                      {"at most five VoIP users"},
		"call":                              {"neither chat nor recording"},
		"call/state":                        {"out of order"},
		"participant/isInLobby":             {"until somebody admits it"},
		"appHostedMediaConfig":              {"Calls.AccessMedia.All"},
		"appHostedMediaConfig/blob":         {"audio, video and video-based screen sharing (VBSS)"},
		"cloudCommunications":               {"beta version", "use in production is not supported"},
		"joinMeetingIdMeetingInfo/passcode": {"it is null, and not left out"},
		"communicationsIdentitySet/applicationInstance": {"object id", "the access token was issued to"},
		"communicationsIdentitySet/phone":               {"E.164"},
		"chatInfo":                                      {"come from its onlineMeeting"},
		"onlineMeeting":                                 {"chatInfo", "organizer", "tenantId", "joinMeetingId", "passcode"},
	} {
		for _, text := range says {
			assert.Contains(t, texts[element], text, element)
		}
	}
}

// TestPermissionsAreSaid holds each list of permissions against what is known of it: which,
// the least privileged one first in each kind, that one is enough, and what comes in addition.
func TestPermissionsAreSaid(t *testing.T) {
	const (
		calls   = "Application: Calls.JoinGroupCalls.Chat, Calls.Initiate.All, Calls.InitiateGroupCall.All, Calls.JoinGroupCall.All, Calls.JoinGroupCallAsGuest.All"
		reading = "Application: OnlineMeetings.Read.All, OnlineMeetings.ReadWrite.All; DelegatedWork: OnlineMeetings.Read, OnlineMeetings.ReadWrite"
		writing = "Application: OnlineMeetings.ReadWrite.All; DelegatedWork: OnlineMeetings.ReadWrite"
	)
	got := map[string]string{}
	for element, annotations := range elements(read(t)) {
		for _, a := range annotations {
			term, ok := strings.CutPrefix(a.Term, "Org.OData.Capabilities.V1.")
			if !ok {
				continue
			}
			got[strings.TrimPrefix(element, "microsoft.graph.")+" "+term] = permissionsOf(a)
			if term == "OperationRestrictions" {
				continue // an operation has texts of its own
			}
			text := tidy(a.Value.Property("Description").Value)
			assert.Regexp(t, `one of these|this permission`, text, "%s: is one enough?", element)
			assert.Regexp(t, `[Pp]ersonal`, text, "%s: which accounts?", element)
		}
	}
	assert.Equal(t, map[string]string{
		"cloudCommunications/calls InsertRestrictions":                       calls,
		"commsApplication/calls InsertRestrictions":                          calls,
		"cloudCommunications/onlineMeetings ReadRestrictions":                reading,
		"cloudCommunications/onlineMeetings InsertRestrictions":              writing,
		"cloudCommunications/onlineMeetings UpdateRestrictions":              writing,
		"cloudCommunications/onlineMeetings DeleteRestrictions":              writing,
		"createOrGet(Collection(graph.onlineMeeting)) OperationRestrictions": writing,
	}, got)
}

func permissionsOf(a *edm.Annotation) string {
	var kinds []string
	for _, p := range a.Value.Property("Permissions").Items {
		var scopes []string
		for _, scope := range p.Property("Scopes").Items {
			scopes = append(scopes, scope.Property("Scope").Value)
		}
		kinds = append(kinds, p.Property("SchemeName").Value+": "+strings.Join(scopes, ", "))
	}
	return strings.Join(kinds, "; ")
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
