// Command corpus compares callgen and its rivals on the JSON bodies in Graph's
// documentation, as command ratios does on the seed's. It generates the whole of Graph into
// a module in a temporary folder, with a program that runs the rivals.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/rivals"
	"github.com/callgen/callgen/bench/scratch"
)

//go:embed testdata/main.go.txt
var program string

func main() {
	log.SetFlags(0)
	corpus := flag.String("corpus", "../../shared/corpus/docs-2021.jsonl", "`file` of JSON bodies, one a line")
	description := flag.String("description", "../../shared/metadata/graph-v1.0.csdl.xml", "`file` of Graph's $metadata")
	version := flag.String("version", "v1.0", "of the bodies to take: `v1.0` or beta")
	rounds := flag.Int("rounds", 30, "how often each rival gets a slot")
	slot := flag.Duration("slot", 60*time.Millisecond, "length of a slot")
	results := flag.String("results", "results", "`folder` of the figures")
	flag.Parse()
	for _, file := range []string{*corpus, *description} {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			log.Printf("nothing is measured: there is no file %s; -corpus and -description name others", file)
			return
		}
	}
	ratios, err := measure(*corpus, *description, *version, *rounds, *slot)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(ratios.Markdown())
	if err := report.Save(*results, "corpus.json", ratios); err != nil {
		log.Fatal(err)
	}
}

func measure(corpus, description, version string, rounds int, slot time.Duration) (report.Ratios, error) {
	tmp, err := os.MkdirTemp("", "corpus-")
	if err != nil {
		return report.Ratios{}, err
	}
	defer os.RemoveAll(tmp)
	timed, pure := filepath.Join(tmp, "corpus.exe"), filepath.Join(tmp, "corpus-purego.exe")
	module, err := generate(tmp, description)
	if err != nil {
		return report.Ratios{}, err
	}
	log.Print("building with and without unsafe: a minute if Graph has changed")
	if _, err := module.Go("build", "-trimpath", "-o", timed, "."); err != nil {
		return report.Ratios{}, err
	}
	if _, err := module.Go("build", "-trimpath", "-tags", "purego", "-o", pure, "."); err != nil {
		return report.Ratios{}, err
	}
	programs := []rivals.Program{
		{Args: []string{timed, "-version", version, corpus}},
		{Args: []string{pure, "-rival", rivals.Callgen, "-version", version, corpus}, Name: rivals.CallgenPure},
	}
	standings, figures, err := rivals.Conduct(programs, rounds, slot)
	if err != nil {
		return report.Ratios{}, err
	}
	about := map[string]string{
		"all":   "objects of Graph's documentation, all whose type is in the description of v1.0",
		"plain": "of these objects, those that every rival can decode into plain structs",
	}
	return report.NewRatios(rounds, slot, about, standings, figures), nil
}

// generate makes a module with the program and the package for the whole of Graph. It has
// the requirements of the bench, and uses the bench from here.
func generate(tmp, description string) (*scratch.Module, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	module, err := scratch.New(tmp, "corpus")
	if err != nil {
		return nil, err
	}
	gen, err := scratch.BuildGen(root, tmp)
	if err != nil {
		return nil, err
	}
	if description, err = filepath.Abs(description); err != nil {
		return nil, err
	}
	if _, _, err := module.Run(gen, "--spec", description, "--all", "--models", "--package", "graph", "--out", "graph"); err != nil {
		return nil, err
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		return nil, err
	}
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return nil, err
	}
	// The first line of go.mod is the module path; callgen is replaced.
	_, rest, _ := strings.Cut(string(mod), "\n")
	rest = strings.Replace(rest, "=> ../", "=> "+root, 1)
	rest += fmt.Sprintf("\nrequire github.com/callgen/callgen/bench v0.0.0\n\nreplace github.com/callgen/callgen/bench => %s\n", filepath.Join(root, "bench"))
	return module, errors.Join(module.Write("go.mod", "module corpus\n"+rest), module.Write("go.sum", string(sum)),
		module.Write("main.go", program))
}
