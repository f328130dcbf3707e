package generator_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"go.yaml.in/yaml/v3"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/shared"
)

// Every text of the description that ships stands in the package that is made of it: in a
// comment, from its third word on, since a comment may begin with the name of what it is about.
func TestEveryTextReachesGo(t *testing.T) {
	cfg := ours(t)
	result, err := generator.Generate(cfg, nil)
	require.NoError(t, err)
	var comments strings.Builder
	for _, f := range result.Files {
		comments.WriteString(commentsOf(f.Data))
	}
	said := comments.String()
	texts := descriptionTexts(t, cfg.Spec)
	require.Greater(t, len(texts), 500)
	for _, text := range texts {
		if text == "Id of the tenant that the application instance belongs to." {
			continue // the overlay declares the property for the base type, in words of its own
		}
		assert.True(t, strings.Contains(said, tail(text)), "%q is not said", text)
	}
}

// commentsOf returns the words of a file's comments, a blank between them.
func commentsOf(source []byte) string {
	var b strings.Builder
	for line := range bytes.Lines(source) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "//"); ok {
			for _, word := range strings.Fields(text) {
				b.WriteString(word + " ")
			}
		}
	}
	return b.String()
}

// tail returns the words of a text but for the first two.
func tail(text string) string {
	words := strings.Fields(text)
	return strings.Join(words[min(2, len(words)-1):], " ")
}

// descriptionTexts returns the texts of Description and LongDescription in CSDL, wherever
// they are: of elements, and of what restrictions say of requests.
func descriptionTexts(t *testing.T, file string) []string {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	var texts []string
	isText := false
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			if name := token.Name.Local; name != "String" {
				isText = saysText(token)
			}
			for _, a := range token.Attr {
				if isText && a.Name.Local == "String" {
					texts = append(texts, a.Value)
				}
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); isText && text != "" {
				texts = append(texts, text)
			}
		}
	}
}

func saysText(e xml.StartElement) bool {
	for _, a := range e.Attr {
		if a.Name.Local == "Term" || a.Name.Local == "Property" {
			return strings.HasSuffix(a.Value, "Description")
		}
	}
	return false
}

// Every summary, description and link of a slice that Graph publishes stands in the package
// that is made of it, but for what says nothing beyond the path.
func TestEveryTextOfASliceReachesGo(t *testing.T) {
	file := shared.Path(t, "descriptions", "openapi", "graph-ps-beta-CloudCommunications.yml")
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	result, err := generator.Generate(&config.Config{
		Source:  config.Source{Spec: file},
		Choice:  config.Choice{All: true},
		Package: config.Package{Name: "slice", Out: "slice", APIVersion: "beta"},
	}, nil)
	require.NoError(t, err)
	var comments strings.Builder
	for _, f := range result.Files {
		comments.WriteString(commentsOf(f.Data))
	}
	said := comments.String()
	var root yaml.Node
	require.NoError(t, yaml.Unmarshal(data, &root))
	counts := make(map[string]int)
	var missing []string
	yamlTexts(&root, nil, func(path []string, text string) {
		key := path[len(path)-1]
		if isExcepted(path, text) {
			return
		}
		counts[key]++
		if !strings.Contains(said, tail(text)) {
			missing = append(missing, strings.Join(path, "/")+": "+text)
		}
	})
	assert.Empty(t, missing)
	assert.Greater(t, counts["description"], 50)
	assert.Greater(t, counts["url"], 20)
}

// isExcepted reports whether a text of a slice need not reach Go.
func isExcepted(path []string, text string) bool {
	switch {
	case path[0] == "info", path[0] == "servers", path[0] == "tags":
		return true // of the document, not of a part of the API
	case slices.Contains(path, "responses") && !slices.Contains(path, "schemas"):
		return true // "Success", "Retrieved entity": each answer has one
	case slices.Contains(path, "parameters"):
		return true // of keys and query options, which are the same for all
	case slices.Contains(path, "requestBodies"), slices.Contains(path, "requestBody"):
		return true // "New property values", "Action parameters"
	case len(path) > 1 && strings.HasPrefix(path[1], "/users/"):
		return true // the second path to what has its texts from /communications: an element has one set of them
	case slices.ContainsFunc([]string{"/organizer_v2", "/meetingAttendanceReport", "/registration"}, func(s string) bool { return len(path) > 1 && strings.Contains(path[1], s) }):
		return true // the schemas declare no such properties, so there is no request to say it at
	case path[len(path)-1] == "description" && len(path) > 1 && path[len(path)-2] == "externalDocs":
		return false
	}
	if strings.Contains(text, " for the navigation property ") || strings.Contains(text, " in communications") {
		return true // made from the path by the converter
	}
	for _, start := range []string{
		"Invoke ", "Get ", "Create new navigation property to ", "Update the navigation property ", "Delete navigation property ", "Get the number of the resource",
		"Provides operations to ",
	} {
		if strings.HasPrefix(text, start) {
			return true // made from the path by the converter
		}
	}
	return false
}

// yamlTexts ranges over summaries, descriptions and URLs of external documentation.
func yamlTexts(n *yaml.Node, path []string, yield func(path []string, text string)) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i].Value, n.Content[i+1]
			at := append(slices.Clone(path), key)
			inProperties := len(path) > 0 && path[len(path)-1] == "properties"
			isText := key == "summary" || key == "description" || key == "url" && len(path) > 0 && path[len(path)-1] == "externalDocs"
			if isText && !inProperties && value.Kind == yaml.ScalarNode {
				yield(at, value.Value)
				continue
			}
			yamlTexts(value, at, yield)
		}
	default:
		for _, child := range n.Content {
			yamlTexts(child, path, yield)
		}
	}
}
