package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/scratch"
)

// subject is a measured package, and how to get it.
type subject struct {
	report.Subject
	of    string                                    // import path of the package
	needs string                                    // a file without which there is nothing to do
	fill  func(s *subject, m *scratch.Module) error // generates the package, or has the go command get it
	style string                                    // suffix of the names of its programs
	call  bool                                      // it has calls
	entry string                                    // argument of the program that links every type
	input string                                    // for that program; "establishing" comes out

	module *scratch.Module
	cache  string // of the last build
}

// Versions of the rivals.
const (
	officialModule  = "github.com/microsoftgraph/msgraph-sdk-go"
	officialVersion = "v1.89.0"
	oapiCommand     = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	oapiVersion     = "v2.8.2"
	oapiRuntime     = "github.com/oapi-codegen/runtime@v1.8.0"
)

// here is the import path of a package generated into a module's folder graph.
const here = "cost/graph"

// aCall is the document that the programs decode.
const aCall = `{"@odata.type":"#microsoft.graph.call","state":"establishing"}`

// descriptions are the files that packages are generated from.
type descriptions struct {
	graph, openAPI, callsOpenAPI string
}

// subjects returns the compared packages. Tools are built into the folder tmp.
func subjects(tmp string, from descriptions, runs int) []*subject {
	return []*subject{
		{
			Subject: report.Subject{Name: "callgen: calls", Short: "callgen, calls only", Ours: true, Runs: runs},
			of:      here, fill: callgen(tmp, "--config", filepath.Join("..", "gen.yaml")),
			style: "callgen", call: true, input: aCall,
		},
		{
			Subject: report.Subject{Name: "callgen: all of Graph v1.0", Short: "callgen, all of Graph v1.0", Ours: true, Runs: runs},
			of:      here, needs: from.graph, fill: callgen(tmp, "--spec", from.graph, "--all", "--models"),
			style: "callgen", call: true, input: aCall,
		},
		{
			Subject: report.Subject{Name: "msgraph-sdk-go " + officialVersion + ": models", Short: "msgraph-sdk-go, models of v1.0", Runs: 1},
			of:      officialModule + "/models", fill: official,
			style: "official", call: true, entry: "Call", input: aCall,
		},
		{
			Subject: report.Subject{Name: "oapi-codegen " + oapiVersion + ": calls", Short: "oapi-codegen, calls only", Runs: runs},
			of:      here, needs: from.callsOpenAPI, fill: oapi(tmp, from.callsOpenAPI, dropDiscriminators),
			style: "oapi", call: true, entry: "MicrosoftGraphCall", input: aCall,
		},
		{
			Subject: report.Subject{Name: "oapi-codegen " + oapiVersion + ": Graph of 2019", Short: "oapi-codegen, Graph of 2019", Runs: runs},
			of:      here, needs: from.openAPI, fill: oapi(tmp, from.openAPI, declareMissing, dropRepeated),
			style: "oapi", entry: "MicrosoftGraphUser", input: `{"displayName":"establishing"}`,
		},
	}
}

// callgen generates a package as often as it is measured.
func callgen(tmp string, args ...string) func(*subject, *scratch.Module) error {
	return func(s *subject, m *scratch.Module) error {
		root, err := filepath.Abs("..")
		if err != nil {
			return err
		}
		gen, err := scratch.BuildGen(root, tmp)
		if err != nil {
			return err
		}
		if args[1], err = filepath.Abs(args[1]); err != nil {
			return err
		}
		args := append(slices.Clone(args), "--package", "graph", "--out", "graph")
		return s.generate(func() (scratch.Usage, error) {
			if err := os.RemoveAll(filepath.Join(m.Dir, "graph")); err != nil {
				return scratch.Usage{}, err
			}
			_, usage, err := m.Run(gen, args...)
			return usage, err
		})
	}
}

// official gets the SDK.
func official(s *subject, m *scratch.Module) error {
	_, err := m.Go("get", officialModule+"@"+officialVersion)
	return err
}

// oapi generates the types of an OpenAPI document, after repairs.
func oapi(tmp, file string, repairs ...func(map[string]any)) func(*subject, *scratch.Module) error {
	return func(s *subject, m *scratch.Module) error {
		document, err := repaired(file, repairs...)
		if err != nil {
			return err
		}
		if err := m.Write("openapi.json", document); err != nil {
			return err
		}
		if err := m.Write(filepath.Join("graph", "doc.go"), "package graph\n"); err != nil {
			return err
		}
		if _, err := m.With("GOBIN="+tmp).Go("install", oapiCommand+"@"+oapiVersion); err != nil {
			return err
		}
		if _, err := m.Go("get", oapiRuntime); err != nil {
			return err
		}
		return s.generate(func() (scratch.Usage, error) {
			_, usage, err := m.Run(filepath.Join(tmp, "oapi-codegen"),
				"-generate", "types,skip-prune", "-package", "graph", "-o", filepath.Join("graph", "graph.gen.go"), "openapi.json")
			return usage, err
		})
	}
}

// generate runs a generator as often as the subject says.
func (s *subject) generate(run func() (scratch.Usage, error)) error {
	usage, err := medianUsage(s.Runs, run)
	s.Generate = &usage
	return err
}

// medianUsage measures several times and returns the run with the median CPU time.
func medianUsage(runs int, run func() (scratch.Usage, error)) (scratch.Usage, error) {
	var all []scratch.Usage
	for range max(runs, 1) {
		usage, err := run()
		if err != nil {
			return usage, err
		}
		all = append(all, usage)
	}
	slices.SortFunc(all, func(a, b scratch.Usage) int { return cmp.Compare(a.CPU, b.CPU) })
	return all[len(all)/2], nil
}

// available returns an error if something is missing.
func (s *subject) available() error {
	if s.needs == "" {
		return nil
	}
	if _, err := os.Stat(s.needs); err != nil {
		return fmt.Errorf("there is no file %s; a flag names another", s.needs)
	}
	return nil
}
