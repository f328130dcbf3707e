// Package output writes generated packages to folders, whole or not at all, and
// compares them with what is there.
package output

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// File is a generated file: a base name and what it holds.
type File struct {
	Name string
	Data []byte
}

// Sort sorts files by name.
func Sort(files []File) {
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
}

// ManifestName is the file in an output folder that lists the files generated there.
const ManifestName = "gen.manifest.json"

// manifest lists generated files with the hash of what was written.
type manifest struct {
	About string            `json:"about"`
	Files map[string]string `json:"files"` // name → sha256, in hexadecimal
}

const about = "Written by callgen. It removes and replaces only files that are listed here and still hold what it wrote."

func newManifest(files []File) manifest {
	m := manifest{About: about, Files: make(map[string]string)}
	for _, f := range files {
		m.Files[f.Name] = hash(f.Data)
	}
	return m
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// marker is the line that tells people and tools that a file is generated.
var marker = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// folder is what an output folder holds before a write.
type folder struct {
	dir      string
	exists   bool
	manifest manifest
	foreign  []fs.DirEntry // what is there and not in the manifest
}

// open reads the state of an output folder.
func open(dir string) (*folder, error) {
	f := &folder{dir: dir, manifest: manifest{Files: map[string]string{}}}
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder: choose another --out", dir)
	}
	f.exists = true
	if err := f.readManifest(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if _, ours := f.manifest.Files[e.Name()]; !ours && e.Name() != ManifestName {
			f.foreign = append(f.foreign, e)
		}
	}
	return f, nil
}

func (f *folder) readManifest() error {
	path := filepath.Join(f.dir, ManifestName)
	data, err := regular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &f.manifest); err != nil {
		return fmt.Errorf("%s is not a manifest: restore it, or remove it together with the files generated before: %w", path, err)
	}
	for name := range f.manifest.Files {
		if !isBase(name) {
			return fmt.Errorf("%s names %q, which is not a file of its folder: remove that entry", path, name)
		}
	}
	return nil
}

// isBase reports whether a name cannot lead out of a folder, on any system.
func isBase(name string) bool {
	return name != "" && name != "." && name != ".." && !bytes.ContainsAny([]byte(name), `/\:`)
}

// regular reads a file that is not a link to another.
func regular(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file: remove it, generated files are never written through links", path)
	}
	return os.ReadFile(path)
}

// Options change how files are written.
type Options struct {
	Force bool // replace generated files that were edited by hand
}

// Write makes the folder dir hold the files, and returns the names of those that
// changed, orphans of an earlier write included. When nothing changes no file is
// touched. Other files in the folder stay as they are.
//
// All of it happens or nothing: a new folder is filled beside the old one, with
// hard links to what stays, and takes its place in one step where the system has
// one. A generated file that was edited by hand is an error, unless forced.
func Write(dir string, files []File, opts Options) ([]string, error) {
	unlock, err := lock(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	if err := f.mayReplace(files, opts); err != nil {
		return nil, err
	}
	changed, err := f.changes(files)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	return changed, f.replace(files)
}

// mayReplace checks that what would be replaced or removed was generated.
func (f *folder) mayReplace(files []File, opts Options) error {
	var errs []error
	for _, e := range f.foreign {
		if slices.ContainsFunc(files, func(g File) bool { return g.Name == e.Name() }) {
			errs = append(errs, fmt.Errorf("%s was not generated here, and a generated file has its name: move it away", filepath.Join(f.dir, e.Name())))
		}
	}
	for _, name := range sortedKeys(f.manifest.Files) {
		path := filepath.Join(f.dir, name)
		data, err := regular(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			errs = append(errs, err)
		case opts.Force:
		case hash(normal(data)) != f.manifest.Files[name] || !marker.Match(normal(data)):
			errs = append(errs, fmt.Errorf("%s was edited by hand: undo that, or replace it with --force", path))
		}
	}
	return errors.Join(errs...)
}

// normal undoes what version control does to line ends on Windows.
func normal(data []byte) []byte { return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")) }

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// changes returns the names of files that are to be added, replaced or removed.
func (f *folder) changes(files []File) ([]string, error) {
	var changed []string
	wanted := make(map[string]bool)
	for _, file := range append(slices.Clone(files), manifestFile(files)) {
		wanted[file.Name] = true
		data, err := os.ReadFile(filepath.Join(f.dir, file.Name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err != nil || !bytes.Equal(normal(data), file.Data) {
			changed = append(changed, file.Name)
		}
	}
	for _, name := range sortedKeys(f.manifest.Files) {
		if !wanted[name] {
			changed = append(changed, name)
		}
	}
	return changed, nil
}

func manifestFile(files []File) File {
	data, _ := json.MarshalIndent(newManifest(files), "", "\t") // strings always encode
	return File{ManifestName, append(data, '\n')}
}
