package generator

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/internal/bounded"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/fetch"
	"github.com/callgen/callgen/spec/openapi"
	"github.com/callgen/callgen/spec/overlay"
)

// Read reads the description that the configuration names, CSDL or OpenAPI, and
// applies the overlays to it. The second result has what was repaired in it, or
// passed over.
func Read(cfg *config.Config) (*edm.Model, []diag.Finding, error) {
	data, err := readSpec(cfg)
	if err != nil {
		return nil, nil, err
	}
	model, notes, unneeded, err := described(cfg, data)
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

// Parse is [Read] for the text of a description that need not be the one that the
// overlays were written for: of their entries, what it declares itself is a note.
// Positions name the file of the configuration.
func Parse(cfg *config.Config, data []byte) (*edm.Model, []diag.Finding, error) {
	model, notes, unneeded, err := described(cfg, data)
	return model, append(notes, unneeded...), err
}

// described reads the text of a description, and applies the overlays to it.
func described(cfg *config.Config, data []byte) (model *edm.Model, notes, unneeded []diag.Finding, err error) {
	model, notes, err = description(cfg, data)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, file := range cfg.Overlays {
		data, err := readFile(file)
		if err != nil {
			return nil, nil, nil, err
		}
		more, err := overlay.Merge(model, file, data)
		unneeded = append(unneeded, more...)
		if err != nil {
			return nil, nil, unneeded, err
		}
	}
	return model, notes, unneeded, nil
}

// description reads a description of either kind: the first character tells.
func description(cfg *config.Config, data []byte) (*edm.Model, []diag.Finding, error) {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	if len(text) == 0 || text[0] == '<' {
		model, err := csdl.Read(cfg.Spec, data)
		return model, nil, err
	}
	return openapi.Read(cfg.Spec, data, openapi.Options{Refs: cfg.Refs})
}

// readSpec reads the description, which must have the hash that the configuration gives.
func readSpec(cfg *config.Config) ([]byte, error) {
	if cfg.Remote() {
		data, err := fetch.Pinned(context.Background(), cfg.Spec, cfg.SHA256)
		if changed, ok := errors.AsType[*fetch.ChangedError](err); ok {
			return nil, finding(cfg.Spec, changed.Error())
		}
		return data, err
	}
	data, err := readFile(cfg.Spec)
	if err != nil || cfg.SHA256 == "" || fetch.Hash(data) == cfg.SHA256 {
		return data, err
	}
	return nil, finding(cfg.Spec, fmt.Sprintf("the description has changed: its SHA-256 is %s, not %s: correct the key sha256 if that is wanted", fetch.Hash(data), cfg.SHA256))
}

func finding(file, text string) error {
	return &diag.Error{Findings: []diag.Finding{{Pos: diag.Pos{File: file}, Msg: text}}}
}

// readFile reads a file unless it is too large to be a description.
func readFile(name string) ([]byte, error) {
	data, err := bounded.ReadFile(name)
	if errors.Is(err, bounded.ErrTooLarge) {
		return nil, finding(name, fmt.Sprintf("the file has more than %d MB: name a description", bounded.Max>>20))
	}
	return data, err
}
