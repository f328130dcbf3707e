// Package read reads the description that a configuration names, CSDL or OpenAPI.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/internal/fetch"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/fold"
	"github.com/callgen/callgen/spec/openapi"
	"github.com/callgen/callgen/spec/overlay"
)

// Model reads a description and applies the overlays to it. It also returns notes about
// what it repaired or ignored.
func Model(source config.Source) (*edm.Model, []diag.Finding, error) {
	model, notes, err := described(source)
	if err != nil {
		return nil, nil, err
	}
	unneeded, err := overlaid(source, model)
	if len(unneeded) > 0 {
		var found diag.List
		found.AddError(err)
		found.AddError(&diag.Error{Findings: unneeded})
		err = found.Err()
	}
	if err != nil {
		return nil, nil, err
	}
	return model, notes, nil
}

// Other is [Model] for the text of a description other than the one that the overlays were
// written for: entries that it declares itself cause notes. Positions name the file of the
// source.
func Other(source config.Source, data []byte) (*edm.Model, []diag.Finding, error) {
	return Texts(source, []csdl.Document{{Name: source.Shown(), Data: data}})
}

// Texts is [Other] for a description of one or more documents. Positions name these.
func Texts(source config.Source, documents []csdl.Document) (*edm.Model, []diag.Finding, error) {
	model, notes, err := parsed(source, documents)
	if err != nil {
		return nil, nil, err
	}
	unneeded, err := overlaid(source, model)
	return model, append(notes, unneeded...), err
}

// described reads the description: one file, or all files of the source.
func described(source config.Source) (*edm.Model, []diag.Finding, error) {
	files, err := Files(source)
	if err != nil {
		return nil, nil, err
	}
	if len(files) > 1 {
		return several(source, files)
	}
	data, err := text(source, files[0])
	if err != nil {
		return nil, nil, err
	}
	return parsed(source, []csdl.Document{{Name: config.Source{Spec: files[0]}.Shown(), Data: data}})
}

// Files returns the files of a description, in the order of the source; for a folder, its
// XML files by name.
func Files(source config.Source) ([]string, error) {
	if source.Remote() {
		return []string{source.Spec}, nil
	}
	var files []string
	for _, path := range append([]string{source.Spec}, source.More...) {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			files = append(files, path)
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		before := len(files)
		for _, e := range entries {
			if !e.IsDir() && strings.EqualFold(filepath.Ext(e.Name()), ".xml") {
				files = append(files, filepath.Join(path, e.Name()))
			}
		}
		if len(files) == before {
			return nil, finding(path, "the folder has no XML files: name one that holds CSDL, or a file")
		}
	}
	return files, nil
}

// overlaid applies the overlays to a description.
func overlaid(source config.Source, model *edm.Model) (unneeded []diag.Finding, err error) {
	for _, file := range source.Overlays {
		data, err := readFile(file)
		if err != nil {
			return nil, err
		}
		declared, err := overlay.Merge(model, file, data)
		unneeded = append(unneeded, declared...)
		if err != nil {
			return unneeded, err
		}
	}
	return unneeded, nil
}

// parsed reads the texts of a description. The first character tells CSDL from OpenAPI, of
// which there can be one document only.
func parsed(source config.Source, documents []csdl.Document) (*edm.Model, []diag.Finding, error) {
	for _, d := range documents {
		if csdl.IsXML(d.Data) || len(documents) == 1 && len(bytes.TrimSpace(d.Data)) == 0 {
			continue
		}
		switch {
		case len(documents) > 1:
			return nil, nil, finding(d.Name, "a description of several files is CSDL, and this is no XML: leave it out, or name one OpenAPI description alone")
		case source.Versions == config.Fold:
			return nil, nil, finding(d.Name, "versions are folded in CSDL only, and this is OpenAPI: remove the key versions")
		}
		return openapi.Read(d.Name, d.Data, openapi.Options{Refs: source.Refs, Strict: source.Strict})
	}
	return ofCSDL(source, documents)
}

// several reads a CSDL description of several files.
func several(source config.Source, files []string) (*edm.Model, []diag.Finding, error) {
	var documents []csdl.Document
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			return nil, nil, err
		}
		documents = append(documents, csdl.Document{Name: file, Data: data})
	}
	return parsed(source, documents)
}

// ofCSDL reads CSDL and folds its versions if that is wanted. If not, it proposes so where
// that may help.
func ofCSDL(source config.Source, documents []csdl.Document) (*edm.Model, []diag.Finding, error) {
	options := csdl.Options{Refs: source.Refs, Strict: source.Strict}
	if source.Versions == config.Fold {
		options.Change = fold.Versions
	}
	model, notes, err := csdl.ReadAll(documents, options)
	if err == nil && source.Versions == "" {
		notes = append(notes, fold.Proposal(model)...)
	}
	return model, notes, err
}

// text reads the description and checks its hash.
func text(source config.Source, file string) ([]byte, error) {
	if source.Remote() {
		data, err := fetch.Pinned(context.Background(), source.Spec, source.SHA256)
		if changed, ok := errors.AsType[*fetch.ChangedError](err); ok {
			return nil, finding(source.Shown(), changed.Error())
		}
		return data, err
	}
	data, err := readFile(file)
	if err != nil || source.SHA256 == "" || fetch.Hash(data) == source.SHA256 {
		return data, err
	}
	return nil, finding(file, fmt.Sprintf("the description has changed: its SHA-256 is %s, not %s: correct the key sha256 if that is wanted", fetch.Hash(data), source.SHA256))
}

func finding(file, msg string) error {
	return &diag.Error{Findings: []diag.Finding{{Pos: diag.Pos{File: file}, Msg: msg}}}
}

// readFile reads a regular file, unless it is too large for a description.
func readFile(name string) ([]byte, error) {
	data, err := bounded.ReadFile(name)
	switch {
	case errors.Is(err, bounded.ErrTooLarge):
		return nil, finding(name, fmt.Sprintf("the file has more than %d MB: name a description", bounded.Max>>20))
	case errors.Is(err, bounded.ErrNotRegular):
		return nil, finding(name, "it is not a regular file: write what it gives to one, and name that")
	}
	return data, err
}
