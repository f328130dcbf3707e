package generated_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// oddEnglish matches phrases that readers stumble over. There is always a plainer one.
var oddEnglish = regexp.MustCompile(`(?i)\b(leads? on|(is|are) none|none the less|an URL|holds against|` +
	`mend(s|ed|ing)?|passed over|(cannot|to) be had)\b`)

// lineBreak is a line break within a comment or a paragraph.
var lineBreak = regexp.MustCompile(`\n[\t ]*(// )?`)

// TestPlainEnglish looks for odd phrases in the Go and Markdown of the repository. Golden
// cases hold descriptions by others.
func TestPlainEnglish(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case filepath.Ext(path) != ".go" && filepath.Ext(path) != ".md" || d.IsDir() || d.Name() == "english_test.go":
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		text := lineBreak.ReplaceAllString(string(data), " ")
		for _, at := range oddEnglish.FindAllStringIndex(text, -1) {
			context := text[max(0, at[0]-30):min(len(text), at[1]+30)]
			assert.Fail(t, "odd English", "%s: use plainer words for %q in %q", filepath.ToSlash(path), text[at[0]:at[1]], strings.ToValidUTF8(context, ""))
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, files, 500, "the repository")
}
