// Command cost measures, in one run, what packages for Graph cost their users: generating,
// compiling, linking, running and testing. It prints a table and saves the figures to a
// file. Rivals come through the go command; unavailable ones are listed with the reason.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/scratch"
)

func main() {
	log.SetFlags(0)
	var from descriptions
	flag.StringVar(&from.graph, "description", "../../shared/metadata/graph-v1.0.csdl.xml", "`file` of Graph's $metadata")
	flag.StringVar(&from.openAPI, "openapi", "../../shared/metadata/graph-v1.0-2019.openapi.json", "`file` of Graph's OpenAPI")
	flag.StringVar(&from.callsOpenAPI, "calls-openapi", "../../shared/metadata/communications-v1.0.openapi.json", "`file` of the OpenAPI of calls")
	seed := flag.String("documents", "../generated/testdata/seed", "`folder` of the documents with calls to decode")
	runs := flag.Int("runs", 3, "how often a generator and a compiler run; the official models compile once")
	tests := flag.Int("tests", 7, "how often a warm test runs")
	only := flag.String("only", "", "part of the `name` of what to measure; keeps no figures")
	results := flag.String("results", "results", "`folder` of the figures")
	flag.Parse()
	cost, err := measure(from, *seed, *runs, *tests, *only)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(cost.Markdown())
	if *only != "" {
		return
	}
	if err := report.Save(*results, "cost.json", cost); err != nil {
		log.Fatal(err)
	}
}

func measure(from descriptions, seed string, runs, tests int, only string) (*report.Cost, error) {
	tmp, err := os.MkdirTemp("", "cost-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	cost := &report.Cost{Run: report.ThisRun(), Runs: runs}
	start := time.Now()
	var measured []*subject
	for _, s := range subjects(tmp, from, runs) {
		if !strings.Contains(s.Name, only) {
			continue
		}
		log.Printf("%3.0f s: %s", time.Since(start).Seconds(), s.Name)
		switch err := s.measure(tmp); {
		case err == nil:
		case s.Ours && s.available() == nil:
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		default:
			s.Missing = err.Error()
		}
		measured = append(measured, s)
	}
	log.Printf("%3.0f s: decoding calls", time.Since(start).Seconds())
	if err := speeds(tmp, seed, measured, cost); err != nil {
		return nil, err
	}
	log.Printf("%3.0f s: warm tests", time.Since(start).Seconds())
	if err := testAll(tmp, tests, measured, cost); err != nil {
		return nil, err
	}
	for _, s := range measured {
		cost.Subjects = append(cost.Subjects, s.Subject)
	}
	log.Printf("%3.0f s: done", time.Since(start).Seconds())
	return cost, nil
}

// testAll runs the warm tests of the subjects, and of a package that imports net/http.
func testAll(tmp string, rounds int, measured []*subject, cost *report.Cost) error {
	plain, err := scratch.New(tmp, "nethttp")
	if err != nil {
		return err
	}
	all := []*warm{{module: plain, style: "nethttp", took: &cost.NetHTTPTest}}
	for _, s := range measured {
		if s.Missing == "" {
			all = append(all, &warm{module: s.module.With("GOCACHE=" + s.cache), style: s.style, of: s.of, took: &s.Test})
		}
	}
	return warmTests(rounds, all)
}
