package output

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// Diff returns what Write would change in the folder dir, as a unified diff from the
// current to the wanted files; "" means no change. It includes files that were edited by
// hand or are no longer generated. The manifest appears only if nothing else changes.
func Diff(dir string, files []File) (string, error) {
	if err := validate(files); err != nil {
		return "", err
	}
	f, err := locate(dir)
	if err != nil {
		return "", err
	}
	old, err := f.manifest()
	if err != nil {
		return "", err
	}
	next := newManifest(files)
	wanted := append([]File(nil), files...)
	for _, name := range old.names() {
		if _, ok := next.Files[name]; !ok {
			wanted = append(wanted, File{Name: name})
		}
	}
	Sort(wanted)
	diff, err := f.diff(wanted)
	if diff != "" || err != nil {
		return diff, err
	}
	return f.diff([]File{next.encode()})
}

// diff compares files with the folder; nil data means that the file is removed.
func (f *folder) diff(files []File) (string, error) {
	var b strings.Builder
	for _, file := range files {
		data, err := f.read(file.Name)
		missing := errors.Is(err, fs.ErrNotExist)
		if err != nil && !missing {
			return "", err
		}
		if missing == (file.Data == nil) && bytes.Equal(data, file.Data) {
			continue
		}
		path := strings.TrimPrefix(filepath.ToSlash(filepath.Join(f.dir, file.Name)), "/")
		from, to := "a/"+path, "b/"+path
		if missing {
			from = "/dev/null"
		}
		if file.Data == nil {
			to = "/dev/null"
		}
		fmt.Fprintf(&b, "--- %s\n+++ %s\n%s", from, to, unified(lines(data), lines(file.Data)))
	}
	return b.String(), nil
}

// lines splits text after each newline, and marks a last line without one, as diffs do.
func lines(data []byte) []string {
	if len(data) == 0 {
		return nil
	}
	split := strings.SplitAfter(string(data), "\n")
	if last := len(split) - 1; split[last] == "" {
		return split[:last]
	}
	split[len(split)-1] += "\n\\ No newline at end of file\n"
	return split
}
