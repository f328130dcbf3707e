// Package stamp remembers, in the user's cache, what a package was generated from, so
// that a run that would change nothing is over at once. A stamp is never needed: where
// there is any doubt there is none.
package stamp

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/diag"
)

// Stamp is what a package would be generated from.
type Stamp struct {
	file   string // in the cache
	inputs string // hash of all that the output depends on
	dir    string // of the package
}

// Outcome is what a run is known to have written.
type Outcome struct {
	Files int            // of the package
	Types int            // structs and enums
	Notes []diag.Finding // about the description
}

// record is what the cache holds.
type record struct {
	Inputs   string
	Manifest string // hash
	Outcome  Outcome
}

// Of returns the stamp of a configuration. The second result is false if what the output
// depends on cannot all be known: a description that refers to other files, or one that
// cannot be read.
func Of(cfg *config.Config) (*Stamp, bool) {
	if cfg.Refs != "" {
		return nil, false
	}
	cache, err := os.UserCacheDir()
	if err != nil {
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
	return &Stamp{filepath.Join(cache, "callgen", "runs", hex.EncodeToString(name[:])+".json"), inputs, dir}, true
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
	files := []string{program}
	if cfg.SHA256 == "" || !cfg.Remote() { // a pinned URL is what the pin says
		files = append(files, cfg.Spec)
	}
	for _, file := range append(files, cfg.Overlays...) {
		if err := hashFile(h, file); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func hashFile(h io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s can be read once", name)
	}
	fmt.Fprintf(h, "%d\n", info.Size())
	_, err = io.Copy(h, f)
	return err
}

// Current returns what the last run wrote, if it was from the same inputs and all of it
// is still there as it was written.
func (s *Stamp) Current() (Outcome, bool) {
	data, err := os.ReadFile(s.file)
	if err != nil {
		return Outcome{}, false
	}
	var r record
	if json.Unmarshal(data, &r) != nil || r.Inputs != s.inputs {
		return Outcome{}, false
	}
	manifest, err := output.Untouched(s.dir)
	return r.Outcome, err == nil && manifest == r.Manifest
}

// Keep remembers what a run has written. It does nothing if the cache cannot be written.
func (s *Stamp) Keep(outcome Outcome) {
	manifest, err := output.Untouched(s.dir)
	if err != nil {
		return
	}
	data, err := json.Marshal(record{s.inputs, manifest, outcome})
	if err != nil || os.MkdirAll(filepath.Dir(s.file), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(s.file), "run-*")
	if err != nil {
		return
	}
	_, err = f.Write(data)
	if closed := f.Close(); err != nil || closed != nil || os.Rename(f.Name(), s.file) != nil {
		_ = os.Remove(f.Name())
	}
}
