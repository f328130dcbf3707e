package generator_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
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
