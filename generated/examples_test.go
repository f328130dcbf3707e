package generated_test

import (
	"encoding/json"
	"go/doc"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestExamplesSendTheRequestsOfThePage holds what the examples of type Call print first,
// which running them has checked, against the requests of the page, in order.
func TestExamplesSendTheRequestsOfThePage(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("communications", "example_test.go"), nil, parser.ParseComments)
	require.NoError(t, err)
	examples := doc.Examples(file)
	slices.SortFunc(examples, func(a, b *doc.Example) int { return a.Order - b.Order })
	requests := seedDocuments(t, "request")
	require.Len(t, examples, len(requests))
	for i, e := range examples {
		want, got := value(t, requests[i].text), firstValue(t, e.Output)
		diff := typesOnly("$", want, got)
		assert.Empty(t, diff, "%s and %s", e.Name, requests[i].name)
	}
}

// firstValue decodes the JSON that a text begins with.
func firstValue(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	require.NoError(t, d.Decode(&v), text)
	return v
}

// typesOnly returns the paths at which two JSON values differ, except where one of
// them names a type that the schema says anyway, and the other does not.
func typesOnly(path string, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return []string{path}
		}
		return members(path, w, g)
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return []string{path}
		}
		var diff []string
		for i := range w {
			diff = append(diff, typesOnly(path+"[]", w[i], g[i])...)
		}
		return diff
	}
	if want != got {
		return []string{path}
	}
	return nil
}

// needed are the positions at which a request must name the type: the schema leaves
// it open there.
var needed = []string{"$", "$.mediaConfig", "$.meetingInfo", "$.callOptions"}

func members(path string, want, got map[string]any) []string {
	var diff []string
	all := maps.Clone(want)
	maps.Copy(all, got)
	for name := range all {
		w, inWant := want[name]
		g, inGot := got[name]
		if name == "@odata.type" && inWant != inGot && !slices.Contains(needed, path) {
			continue
		}
		// A participantInfo stands where an invitationParticipantInfo is declared.
		if name == "@odata.type" && path == "$.targets[]" {
			continue
		}
		if inWant != inGot {
			diff = append(diff, path+"."+name)
			continue
		}
		diff = append(diff, typesOnly(path+"."+name, w, g)...)
	}
	return diff
}
