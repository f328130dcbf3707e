package tasks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPageShowsTheTasks compares the Go of docs/from-msgraph-sdk-go.md with the functions that are
// run here: each of them is there, word for word.
func TestPageShowsTheTasks(t *testing.T) {
	page, err := os.ReadFile("../../../docs/from-msgraph-sdk-go.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := make(map[string]bool)
	for _, m := range regexp.MustCompile("(?ms)^<!-- go: [^\n]* -->\n```go\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		shown[m[1]] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	functions := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?ms)^func (\w+)[^\n]* \{\n(.*?)^\}$`).FindAllStringSubmatch(string(text), -1) {
			functions++
			if body := regexp.MustCompile(`(?m)^\t`).ReplaceAllString(m[2], ""); !shown[body] {
				t.Errorf("the page does not show %s as it is", m[1])
			}
		}
	}
	if functions != len(shown) {
		t.Errorf("the page shows %d tasks, there are %d", len(shown), functions)
	}
}
