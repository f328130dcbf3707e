package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pmezard/go-difflib/difflib"
)

// Diff returns how the folder dir differs from what the files would make it, as a
// unified diff, "" if it does not. Files that are generated no more are shown as
// removed.
func Diff(dir string, files []File) (string, error) {
	f, err := open(dir)
	if err != nil {
		return "", err
	}
	changed, err := f.changes(files)
	if err != nil {
		return "", err
	}
	byName := make(map[string][]byte)
	for _, file := range append(files[:len(files):len(files)], manifestFile(files)) {
		byName[file.Name] = file.Data
	}
	var b strings.Builder
	for _, name := range changed {
		path := filepath.ToSlash(filepath.Join(dir, name))
		old, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		text, err := difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
			A: lines(normal(old)), FromFile: "a/" + path,
			B: lines(byName[name]), ToFile: "b/" + path, Context: 3,
		})
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// lines cuts text after each line end.
func lines(text []byte) []string {
	all := strings.SplitAfter(string(text), "\n")
	if last := len(all) - 1; all[last] == "" {
		return all[:last]
	}
	return all
}
