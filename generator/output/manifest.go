package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"github.com/callgen/callgen/spec/diag"
)

// ManifestName is the file in an output folder that lists the files generated there.
const ManifestName = "gen.manifest.json"

const about = "Written by callgen, which replaces and removes only files that are listed here and unchanged."

// manifest lists generated files with the SHA-256 of their content. It holds no dates,
// versions or paths, so that it changes only with the files.
type manifest struct {
	About   string            `json:"about"`
	Files   map[string]string `json:"files"`             // name → hash, in hexadecimal
	Writing map[string]string `json:"writing,omitempty"` // their replacements while a write is in progress
}

func newManifest(files []File) *manifest {
	m := &manifest{About: about, Files: make(map[string]string, len(files))}
	for _, f := range files {
		m.Files[f.Name] = hash(f.Data)
	}
	return m
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// encode returns the manifest as a file; encoding/json sorts the names.
func (m *manifest) encode() File {
	data, _ := json.MarshalIndent(m, "", "\t") // strings always encode
	return File{Name: ManifestName, Data: append(data, '\n')}
}

// names returns the sorted names in the manifest.
func (m *manifest) names() []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(m.Files)), maps.Keys(m.Writing))
	slices.Sort(all)
	return slices.Compact(all)
}

func (m *manifest) lists(name string) bool {
	_, old := m.Files[name]
	_, next := m.Writing[name]
	return old || next
}

// wrote reports whether data is what the generator wrote to a file.
func (m *manifest) wrote(name string, data []byte) bool {
	h := hash(data)
	return m.Files[name] == h || m.Writing[name] == h
}

// manifest reads the manifest of the folder; a folder without one has an empty one.
func (f *folder) manifest() (*manifest, error) {
	shown := filepath.Join(f.dir, ManifestName)
	data, err := f.read(ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return newManifest(nil), nil
	}
	if err != nil {
		return nil, err
	}
	m := new(manifest)
	if err := json.Unmarshal(data, m); err != nil {
		return nil, refusal(shown, "this is not a manifest (%v): restore the file, for example from version control, then run gen --force", err)
	}
	var found diag.List
	for _, name := range m.names() {
		if !isBase(name) || name == ManifestName {
			found.Add(diag.Pos{File: filepath.ToSlash(shown), Line: lineOf(data, name)}, "",
				"%q is not a generated file of this folder: remove the entry", name)
		}
	}
	return m, found.Err()
}

// lineOf returns the line of a name in a manifest, or 0 if it is spelled differently there.
func lineOf(data []byte, name string) int {
	quoted, _ := json.Marshal(name)
	i := bytes.Index(data, quoted)
	if i < 0 {
		return 0
	}
	return 1 + bytes.Count(data[:i], []byte("\n"))
}
