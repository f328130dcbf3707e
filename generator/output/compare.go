package output

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/callgen/callgen/spec/diag"
)

// changes lists what a write has to do.
type changes struct {
	files   []File    // all wanted files, except for the manifest
	put     []File    // those that are missing or different
	remove  []string  // files that are no longer generated
	old     *manifest // the current one
	next    *manifest // the next one
	listing bool      // the manifest changes
}

func (c *changes) none() bool { return len(c.put) == 0 && len(c.remove) == 0 && !c.listing }

// names returns the sorted names of the changed files; the manifest only if nothing else
// changes.
func (c *changes) names() []string {
	sorted := make([]File, 0, len(c.put)+len(c.remove))
	sorted = append(sorted, c.put...)
	for _, name := range c.remove {
		sorted = append(sorted, File{Name: name})
	}
	Sort(sorted)
	names := make([]string, len(sorted))
	for i, f := range sorted {
		names[i] = f.Name
	}
	if len(names) == 0 && c.listing {
		return []string{ManifestName}
	}
	return names
}

// compare returns the changes that make the folder hold the files, and refuses forbidden
// ones.
func (f *folder) compare(files []File, opts Options) (*changes, error) {
	old, err := f.manifest()
	if err != nil {
		return nil, err
	}
	c := &changes{files: files, old: old, next: newManifest(files)}
	var found diag.List
	for _, file := range files {
		data, err := f.read(file.Name)
		switch {
		case err == nil && bytes.Equal(data, file.Data):
			continue
		case err == nil:
			err = f.mayReplace(old, file.Name, data, opts)
		case errors.Is(err, fs.ErrNotExist):
			err = nil
		}
		found.AddError(err)
		c.put = append(c.put, file)
	}
	for _, name := range old.names() {
		if _, wanted := c.next.Files[name]; wanted {
			continue
		}
		data, err := f.read(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = f.mayReplace(old, name, data, opts)
		}
		found.AddError(err)
		c.remove = append(c.remove, name)
	}
	listing, err := f.read(ManifestName)
	c.listing = err != nil || !bytes.Equal(listing, c.next.encode().Data)
	return c, found.Err()
}

// mayReplace returns why a file of the folder must not be replaced or removed, or nil.
func (f *folder) mayReplace(m *manifest, name string, data []byte, opts Options) error {
	shown := filepath.Join(f.dir, name)
	switch {
	case !m.lists(name):
		return refusal(shown, "a generated file would replace this one, which %s does not list: move it away or remove it", ManifestName)
	case !marker.Match(data):
		return refusal(shown, "this file lacks the line %q and so is not ours: rename it to keep it, or remove it", "// Code generated … DO NOT EDIT.")
	case !opts.Force && !m.wrote(name, data):
		return refusal(shown, "this generated file was edited by hand: undo the edit, or run gen --force to replace it")
	}
	return nil
}

// read returns the content of a file of the folder, with the line ends that it was written
// with: version control changes them on Windows. It does not follow links.
func (f *folder) read(name string) ([]byte, error) {
	path := filepath.Join(f.real, name)
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, refusal(filepath.Join(f.dir, name), "%s is in the place of a generated file: move it away or remove it", kind(info))
	}
	data, err := os.ReadFile(path)
	return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), err
}
