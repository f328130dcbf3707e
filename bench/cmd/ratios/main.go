// Command ratios compares callgen and its rivals on the documents of the "Create call"
// page: see package rivals. It prints a table of how many times faster than encoding/json
// into any each of them is, and saves the figures to a file.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/rivals"
	"github.com/callgen/callgen/bench/scratch"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("documents", "../generated/testdata/seed", "`folder` of the documents")
	rounds := flag.Int("rounds", 150, "how often each rival gets a slot")
	slot := flag.Duration("slot", 12*time.Millisecond, "length of a slot")
	results := flag.String("results", "results", "`folder` of the figures")
	flag.Parse()
	ratios, err := measure(*dir, *rounds, *slot)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(ratios.Markdown())
	if err := report.Save(*results, "seed.json", ratios); err != nil {
		log.Fatal(err)
	}
}

func measure(dir string, rounds int, slot time.Duration) (report.Ratios, error) {
	tmp, err := os.MkdirTemp("", "ratios-")
	if err != nil {
		return report.Ratios{}, err
	}
	defer os.RemoveAll(tmp)
	program, pure := filepath.Join(tmp, "seed.exe"), filepath.Join(tmp, "seed-purego.exe")
	here := scratch.Module{Dir: "."}
	if _, err := here.Go("build", "-o", program, "./rivals/seed"); err != nil {
		return report.Ratios{}, err
	}
	if _, err := here.Go("build", "-tags", "purego", "-o", pure, "./rivals/seed"); err != nil {
		return report.Ratios{}, err
	}
	programs := []rivals.Program{
		{Args: []string{program, dir}},
		{Args: []string{pure, "-rival", rivals.Callgen, dir}, Name: rivals.CallgenPure},
	}
	standings, figures, err := rivals.Conduct(programs, rounds, slot)
	if err != nil {
		return report.Ratios{}, err
	}
	about := map[string]string{"seed": `documents of the "Create call" page`}
	return report.NewRatios(rounds, slot, about, standings, figures), nil
}
