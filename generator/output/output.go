// Package output writes generated packages to folders, completely or not at all, and
// compares them with existing folders.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package output

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/callgen/callgen/spec/diag"
)

// File is a generated file: a base name and the content.
type File struct {
	Name string
	Data []byte
}

// Sort sorts files by name.
func Sort(files []File) {
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
}

// Options control how files are written.
type Options struct {
	Force bool // replace generated files that were edited by hand
}

// Write makes the folder dir hold the files, and returns the names of the files that it
// added, replaced or, because they are no longer generated, removed. If nothing changes, it
// touches no file. Other files in the folder are left alone: a file is replaced or removed
// only if the manifest lists it, it carries the marker line, and, unless opts.Force is set,
// it is unchanged since it was written. All reasons to refuse are findings of one
// [*diag.Error].
//
// A process that is killed while it writes leaves either the old or the new files; replace
// explains how.
func Write(dir string, files []File, opts Options) (changed []string, err error) {
	if err := validate(files); err != nil {
		return nil, err
	}
	f, err := locate(dir)
	if err != nil {
		return nil, err
	}
	if changes, err := f.compare(files, opts); err == nil && changes.none() && !f.leftovers() {
		return nil, nil // the usual case needs no lock and no write permission
	}
	unlock, err := f.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := discard(f.staged()); err != nil { // left by a killed run
		return nil, err
	}
	changes, err := f.compare(files, opts)
	if err != nil || changes.none() {
		return nil, err
	}
	if err := f.replace(changes); err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", f.dir, err)
	}
	return changes.names(), nil
}

// marker matches the line by which people and tools recognize a generated file.
var marker = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// validate rejects files that could not be told from others, or would be written elsewhere.
func validate(files []File) error {
	var found diag.List
	seen := make(map[string]string) // Windows and macOS ignore case
	for _, file := range files {
		at := diag.Pos{File: file.Name}
		if !isBase(file.Name) || file.Name == ManifestName {
			found.Add(at, "", "%q cannot be the name of a generated file", file.Name)
		}
		if other, ok := seen[strings.ToLower(file.Name)]; ok {
			found.Add(at, "", "%s and %s are the same file on Windows and macOS", other, file.Name)
		}
		seen[strings.ToLower(file.Name)] = file.Name
		if !marker.Match(file.Data) {
			found.Add(at, "", "a generated file needs the line %q", "// Code generated … DO NOT EDIT.")
		}
	}
	return found.Err()
}

// isBase reports whether a name stays within its folder on every system.
func isBase(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\\:\x00")
}

// folder is an output folder.
type folder struct {
	dir  string // as given, for messages
	real string // absolute, without symbolic links
}

// locate returns the output folder at a path, which need not exist.
func locate(dir string) (*folder, error) {
	dir = filepath.Clean(dir)
	if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
		return nil, refusal(dir, "%s, not a folder: set out to another folder", kind(info))
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if filepath.Dir(abs) == abs {
		return nil, refusal(dir, "the root of a file system cannot be the output folder: set out to another folder")
	}
	path, err := resolve(abs)
	if err != nil {
		return nil, err
	}
	return &folder{dir: dir, real: path}, nil
}

// resolve follows the symbolic links in the existing part of a path: otherwise the exchange
// of folders would replace a link.
func resolve(abs string) (string, error) {
	path, err := filepath.EvalSymlinks(abs)
	if !errors.Is(err, os.ErrNotExist) || filepath.Dir(abs) == abs {
		return path, err
	}
	parent, err := resolve(filepath.Dir(abs))
	return filepath.Join(parent, filepath.Base(abs)), err
}

// beside returns the path of a hidden sibling of the folder, on the same file system.
func (f *folder) beside(suffix string) string {
	return filepath.Join(filepath.Dir(f.real), "."+filepath.Base(f.real)+suffix)
}

func (f *folder) staged() string   { return f.beside(".gen-new") }
func (f *folder) lockFile() string { return f.beside(".gen-lock") }

// leftovers reports whether another run is in progress or was killed.
func (f *folder) leftovers() bool {
	_, errStaged := os.Lstat(f.staged())
	_, errLock := os.Lstat(f.lockFile())
	return errStaged == nil || errLock == nil
}

// refusal returns the error for a folder or file that must not be written.
func refusal(path, format string, args ...any) error {
	var found diag.List
	found.Add(diag.Pos{File: filepath.ToSlash(path)}, "", format, args...)
	return found.Err()
}

// kind names the kind of something that is not a regular file.
func kind(info os.FileInfo) string {
	switch {
	case info.IsDir():
		return "a folder"
	case info.Mode()&os.ModeSymlink != 0:
		return "a symbolic link"
	}
	return "something other than a folder"
}
