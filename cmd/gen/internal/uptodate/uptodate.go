// Package uptodate detects runs that would change nothing, so that they end at once: it
// records in the user's cache what a package was generated from. In doubt, nothing counts
// as up to date.
package uptodate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/internal/cache"
	"github.com/callgen/callgen/internal/gomod"
	"github.com/callgen/callgen/spec/diag"
)

// kind is the kind of the records in the cache.
const kind = "runs"

// Run identifies a run of gen by the inputs of the package.
type Run struct {
	name   string // in the cache
	cfg    *config.Config
	inputs string   // hash of all that the output depends on
	dirs   []string // of the package, of the names of properties, and of its simulator if it is wanted
}

// Outcome is what a run wrote.
type Outcome struct {
	Files int            // of the package and of the names of its properties
	Fake  int            // of its simulator
	Types int            // structs and enums
	Notes []diag.Finding // about the description
}

// record is an entry of the cache.
type record struct {
	Inputs   string
	Manifest string // hash
	Outcome  Outcome
}

// Of returns the run of a configuration. The second result is false if not all inputs can
// be known, because the description refers to other files or cannot be read.
func Of(cfg *config.Config) (*Run, bool) {
	if cfg.Refs != "" {
		return nil, false
	}
	dir, err := filepath.Abs(cfg.Out)
	if err != nil {
		return nil, false
	}
	inputs, err := hashInputs(cfg)
	if err != nil {
		return nil, false
	}
	name := sha256.Sum256([]byte(dir))
	dirs := []string{dir}
	if cfg.Packages == config.Split {
		for _, part := range names.SplitFolders() {
			dirs = append(dirs, dir+strings.TrimPrefix(cfg.BelowOut(part), cfg.Out))
		}
	}
	if _, err := gomod.ImportPath(cfg.Out); err == nil {
		dirs = append(dirs, dir+strings.TrimPrefix(cfg.FieldsOut(), cfg.Out))
	}
	if cfg.Fake {
		dirs = append(dirs, dir+strings.TrimPrefix(cfg.FakeOut(), cfg.Out))
	}
	return &Run{hex.EncodeToString(name[:]), cfg, inputs, dirs}, true
}

// hashInputs hashes the running program, the configuration and the files that it names.
func hashInputs(cfg *config.Config) (string, error) {
	h := sha256.New()
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	keys, err := json.Marshal(cfg)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(h, "%d %s\n", len(keys), keys)
	importPath, err := gomod.ImportPath(cfg.Out) // other packages import the package by it
	if err != nil && !errors.Is(err, gomod.ErrNone) {
		return "", err
	}
	fmt.Fprintln(h, importPath)
	files := []string{program}
	if cfg.SHA256 == "" || !cfg.Remote() { // the hash pins the content of a URL
		described, err := read.Files(cfg.Source)
		if err != nil {
			return "", err
		}
		files = append(files, described...)
	}
	for _, file := range append(files, cfg.Overlays...) {
		if err := hashFile(h, file); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func hashFile(h io.Writer, name string) error {
	f, err := bounded.Open(name) // what can be read only once stays unknown
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(h, "%d\n", info.Size())
	_, err = io.Copy(h, f)
	return err
}

// Current returns the outcome of the last run if it had the same inputs and its files are
// still as it wrote them.
func (r *Run) Current() (Outcome, bool) {
	data, ok := cache.Get(kind, r.name)
	var last record
	if !ok || json.Unmarshal(data, &last) != nil || last.Inputs != r.inputs {
		return Outcome{}, false
	}
	manifests := ""
	for _, dir := range r.dirs {
		manifest, err := output.Untouched(dir)
		if err != nil {
			return Outcome{}, false
		}
		manifests += manifest
	}
	return last.Outcome, manifests == last.Manifest
}

// Keep remembers what a run has made of the inputs, unless they have changed meanwhile,
// and nobody knows which were read. Packages that were not made are nil. It does nothing if the cache cannot be written.
func (r *Run) Keep(outcome Outcome, packages ...[]output.File) {
	if inputs, err := hashInputs(r.cfg); err != nil || inputs != r.inputs {
		return
	}
	// Of the run's own files: another run may have written to the folder since.
	manifests := ""
	for _, files := range packages {
		if files != nil {
			manifests += output.ManifestHash(files)
		}
	}
	if data, err := json.Marshal(record{r.inputs, manifests, outcome}); err == nil {
		cache.Put(kind, r.name, data)
	}
}
