package generator

import (
	"bytes"
	"os"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
	"github.com/callgen/callgen/spec/openapi"
	"github.com/callgen/callgen/spec/overlay"
)

// Read reads the description that the configuration names, CSDL or OpenAPI, and
// applies the overlays to it. The second result has what was repaired in it, or
// passed over.
func Read(cfg *config.Config) (*edm.Model, []diag.Finding, error) {
	data, err := os.ReadFile(cfg.Spec)
	if err != nil {
		return nil, nil, err
	}
	return Parse(cfg, data)
}

// Parse is [Read] for the text of a description that was read already. Positions name
// the file of the configuration.
func Parse(cfg *config.Config, data []byte) (*edm.Model, []diag.Finding, error) {
	model, notes, err := description(cfg, data)
	if err != nil {
		return nil, nil, err
	}
	for _, file := range cfg.Overlays {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		if err := overlay.Apply(model, file, data); err != nil {
			return nil, nil, err
		}
	}
	return model, notes, nil
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
