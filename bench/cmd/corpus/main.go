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
	"slices"
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
	var with others
	flag.StringVar(&with.before, "before", scratch.LastRelease(".."), "`commit` to compare with; empty for none")
	note := flag.String("note", "", "`text` above the table, such as what else the machine does")
	flag.Parse()
	for _, file := range []string{*corpus, *description} {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			log.Printf("nothing is measured: there is no file %s; -corpus and -description name others", file)
			return
		}
	}
	ratios, err := measure(*corpus, *description, *version, *rounds, *slot, with)
	if err != nil {
		log.Fatal(err)
	}
	ratios.Note = *note
	fmt.Print(ratios.Markdown())
	if err := report.Save(*results, "corpus.json", ratios); err != nil {
		log.Fatal(err)
	}
}

// others says what to compare with, beside the rivals.
type others struct{ before string }

func measure(corpus, description, version string, rounds int, slot time.Duration, with others) (report.Ratios, error) {
	tmp, err := os.MkdirTemp("", "corpus-")
	if err != nil {
		return report.Ratios{}, err
	}
	defer os.RemoveAll(tmp)
	list, err := programs(tmp, corpus, description, version, with)
	if err != nil {
		return report.Ratios{}, err
	}
	standings, figures, err := rivals.Conduct(list, rounds, slot)
	if err != nil {
		return report.Ratios{}, err
	}
	about := map[string]string{
		"all":   "objects of Graph's documentation, all whose type is in the description of v1.0",
		"plain": "of these objects, those that every rival can decode into plain structs",
	}
	return report.NewRatios(rounds, slot, about, standings, figures), nil
}

// generate makes a module with the program and the package for the whole of Graph, by the
// generator in root. It uses the bench from here.
func generate(tmp, root, description string) (*scratch.Module, error) {
	module, err := scratch.WithBench(tmp, "corpus")
	if err != nil {
		return nil, err
	}
	gen, err := scratch.BuildGen(root, module.Dir)
	if err != nil {
		return nil, err
	}
	if description, err = filepath.Abs(description); err != nil {
		return nil, err
	}
	_, _, err = module.Run(gen, "--spec", description, "--all", "--models", "--package", "graph", "--out", "graph")
	return module, errors.Join(err, module.Write("main.go", program))
}

// programs builds the programs of a measurement.
func programs(tmp, corpus, description, version string, with others) ([]rivals.Program, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	module, err := generate(tmp, root, description)
	if err != nil {
		return nil, err
	}
	var list []rivals.Program
	build := func(m *scratch.Module, name string, flags []string, args ...string) error {
		file := filepath.Join(tmp, name+".exe")
		_, err := m.Go(slices.Concat([]string{"build", "-trimpath", "-o", file}, flags, []string{"."})...)
		list = append(list, rivals.Program{Args: slices.Concat([]string{file, "-version", version}, args, []string{corpus})})
		return err
	}
	last := func() *rivals.Program { return &list[len(list)-1] }
	log.Print("building with and without unsafe, and for others to compare with: minutes if Graph has changed")
	if err := build(module, "corpus", nil); err != nil {
		return nil, err
	}
	if err := build(module, "corpus-purego", []string{"-tags", "purego"}, "-rival", rivals.Callgen); err != nil {
		return nil, err
	}
	last().Name = rivals.CallgenPure
	if with.before == "" {
		return list, nil
	}
	if root, err = scratch.Checkout(root, with.before, tmp); err != nil {
		return nil, err
	}
	if module, err = generate(tmp, root, description); err != nil {
		return nil, err
	}
	if err := build(module, "corpus-before", nil, "-rival", rivals.Callgen); err != nil {
		return nil, err
	}
	last().Name = rivals.Callgen + " at " + with.before
	return list, nil
}
