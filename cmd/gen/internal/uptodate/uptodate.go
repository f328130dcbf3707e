// Package uptodate tells that a run would change nothing, so that it is over at once: it
// keeps in the user's cache what a package was generated from. Where there is any doubt,
// nothing is taken for up to date.
package uptodate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/generator/simulate"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/internal/cache"
	"github.com/callgen/callgen/spec/diag"
)

// kind is that of runs in the cache.
const kind = "runs"

// Run is a run of gen, by what the package would be generated from.
type Run struct {
	name   string // in the cache
	cfg    *config.Config
	inputs string   // hash of all that the output depends on
	dirs   []string // of the package, and of its simulator if it is wanted
}

// Outcome is what a run is known to have written.
type Outcome struct {
	Files int            // of the package
	Fake  int            // of its simulator
	Types int            // structs and enums
	Notes []diag.Finding // about the description
}

// record is what the cache holds.
type record struct {
	Inputs   string
	Manifest string // hash
	Outcome  Outcome
}

// Of returns the run of a configuration. The second result is false if what the output
// depends on cannot all be known: a description that refers to other files, or one that
// cannot be read.
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
	if cfg.Fake {
		dirs = append(dirs, dir+strings.TrimPrefix(cfg.FakeOut(), cfg.Out))
	}
	return &Run{hex.EncodeToString(name[:]), cfg, inputs, dirs}, true
}

// hashInputs hashes the program that runs, the configuration and the files that it names.
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
	if cfg.Fake { // the simulator imports the package
		importPath, err := simulate.ImportPath(cfg.Out)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, importPath)
	}
	files := []string{program}
	if cfg.SHA256 == "" || !cfg.Remote() { // a pinned URL is what the pin says
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
	f, err := bounded.Open(name) // what can be read once is not known
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

// Current returns what the last run wrote, if it was from the same inputs and all of it
// is still there as it was written.
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
// and nobody knows which were read. It does nothing if the cache cannot be written.
func (r *Run) Keep(outcome Outcome, packages ...[]output.File) {
	if inputs, err := hashInputs(r.cfg); err != nil || inputs != r.inputs {
		return
	}
	// Of the run's own files: another run may have written to the folder since.
	manifests := ""
	for i := range r.dirs {
		manifests += output.ManifestHash(packages[i])
	}
	if data, err := json.Marshal(record{r.inputs, manifests, outcome}); err == nil {
		cache.Put(kind, r.name, data)
	}
}
