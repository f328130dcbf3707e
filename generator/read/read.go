// Package read reads the description that a configuration names, CSDL or OpenAPI.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/internal/fetch"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/openapi"
	"github.com/callgen/callgen/spec/overlay"
)

// Model reads a description and applies the overlays to it. The second result has what
// was repaired in it, or passed over.
func Model(source config.Source) (*edm.Model, []diag.Finding, error) {
	data, err := text(source)
	if err != nil {
		return nil, nil, err
	}
	model, notes, unneeded, err := overlaid(source, data)
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

// Other is [Model] for the text of a description that need not be the one that the
// overlays were written for: of their entries, what it declares itself is a note.
// Positions name the file of the source.
func Other(source config.Source, data []byte) (*edm.Model, []diag.Finding, error) {
	model, notes, unneeded, err := overlaid(source, data)
	return model, append(notes, unneeded...), err
}

// overlaid reads the text of a description, and applies the overlays to it.
func overlaid(source config.Source, data []byte) (model *edm.Model, notes, unneeded []diag.Finding, err error) {
	model, notes, err = parsed(source, data)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, file := range source.Overlays {
		data, err := readFile(file)
		if err != nil {
			return nil, nil, nil, err
		}
		declared, err := overlay.Merge(model, file, data)
		unneeded = append(unneeded, declared...)
		if err != nil {
			return nil, nil, unneeded, err
		}
	}
	return model, notes, unneeded, nil
}

// parsed reads the text of a description of either kind: the first character tells.
func parsed(source config.Source, data []byte) (*edm.Model, []diag.Finding, error) {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	if len(text) == 0 || text[0] == '<' {
		model, err := csdl.Read(source.Shown(), data)
		return model, nil, err
	}
	return openapi.Read(source.Shown(), data, openapi.Options{Refs: source.Refs})
}

// text reads the description, which must have the hash that goes with it.
func text(source config.Source) ([]byte, error) {
	if source.Remote() {
		data, err := fetch.Pinned(context.Background(), source.Spec, source.SHA256)
		if changed, ok := errors.AsType[*fetch.ChangedError](err); ok {
			return nil, finding(source.Shown(), changed.Error())
		}
		return data, err
	}
	data, err := readFile(source.Spec)
	if err != nil || source.SHA256 == "" || fetch.Hash(data) == source.SHA256 {
		return data, err
	}
	return nil, finding(source.Spec, fmt.Sprintf("the description has changed: its SHA-256 is %s, not %s: correct the key sha256 if that is wanted", fetch.Hash(data), source.SHA256))
}

func finding(file, msg string) error {
	return &diag.Error{Findings: []diag.Finding{{Pos: diag.Pos{File: file}, Msg: msg}}}
}

// readFile reads a file unless it is too large to be a description, or no file.
func readFile(name string) ([]byte, error) {
	data, err := bounded.ReadFile(name)
	switch {
	case errors.Is(err, bounded.ErrTooLarge):
		return nil, finding(name, fmt.Sprintf("the file has more than %d MB: name a description", bounded.Max>>20))
	case errors.Is(err, bounded.ErrNotRegular):
		return nil, finding(name, "it is no regular file: write what it gives to one, and name that")
	}
	return data, err
}
