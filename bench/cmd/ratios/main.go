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
	var with others
	flag.StringVar(&with.before, "before", scratch.LastRelease(".."), "`commit` to compare with; empty for none")
	flag.StringVar(&with.next, "next", "go1.27.4", "`version` of Go to compare with; empty for none")
	note := flag.String("note", "", "`text` above the table, such as what else the machine does")
	flag.Parse()
	ratios, err := measure(*dir, *rounds, *slot, with)
	if err != nil {
		log.Fatal(err)
	}
	ratios.Note = *note
	fmt.Print(ratios.Markdown())
	if err := report.Save(*results, "seed.json", ratios); err != nil {
		log.Fatal(err)
	}
}

// others says what to compare with, beside the rivals.
type others struct{ before, next string }

func measure(dir string, rounds int, slot time.Duration, with others) (report.Ratios, error) {
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
	if with.before != "" {
		program, err := buildBefore(tmp, with.before)
		if err != nil {
			return report.Ratios{}, err
		}
		programs = append(programs, rivals.Program{Args: []string{program, dir}, Name: rivals.Callgen + " at " + with.before})
	}
	if program, err := buildEasy(tmp, dir); err == nil {
		programs = append(programs, rivals.Program{Args: []string{program, dir}, Name: easyName})
	} else {
		log.Printf("not measured: %s: %v", easyName, err)
	}
	about := map[string]string{"seed": `documents of the "Create call" page`}
	if env, name, err := scratch.Toolchain(with.next); with.next != "" && err == nil {
		program := filepath.Join(tmp, "seed-next.exe")
		if _, err := here.With(env).Go("build", "-o", program, "./rivals/seed"); err != nil {
			return report.Ratios{}, err
		}
		for _, rival := range []string{rivals.Reference, rivals.Callgen} {
			programs = append(programs, rivals.Program{Args: []string{program, "-rival", rival, dir}, Set: name})
		}
		about[name] = about["seed"] + ", with " + name
	} else if with.next != "" {
		log.Printf("not measured: %s: %v", with.next, err)
	}
	standings, figures, err := rivals.Conduct(programs, rounds, slot)
	if err != nil {
		return report.Ratios{}, err
	}
	return report.NewRatios(rounds, slot, about, standings, figures), nil
}
