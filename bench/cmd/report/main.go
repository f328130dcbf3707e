// Command report draws the tables of the README and the plot from the figures that the
// other commands save. It measures nothing. Tables without figures stay unchanged.
package main

import (
	"errors"
	"flag"
	"io/fs"
	"log"
	"os"

	"github.com/callgen/callgen/bench/report"
)

func main() {
	log.SetFlags(0)
	results := flag.String("results", "results", "`folder` of the figures")
	readme := flag.String("readme", "README.md", "`file` with the markers")
	plot := flag.String("plot", "comparison.svg", "`file` of the plot")
	flag.Parse()
	if err := draw(*results, *readme, *plot); err != nil {
		log.Fatal(err)
	}
}

func draw(results, readme, plot string) error {
	seed, err := load[report.Ratios](results, "seed.json")
	if err != nil {
		return err
	}
	corpus, err := load[report.Ratios](results, "corpus.json")
	if err != nil {
		return err
	}
	redfish, err := load[report.Ratios](results, "redfish.json")
	if err != nil {
		return err
	}
	cost, err := load[report.Cost](results, "cost.json")
	if err != nil {
		return err
	}
	callbacks, err := load[report.Callbacks](results, "load.json")
	if err != nil {
		return err
	}
	builds, err := load[report.Builds](results, "builds.json")
	if err != nil {
		return err
	}
	editor, err := load[report.Editor](results, "editor.json")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	document := string(text)
	for _, table := range []struct {
		name  string
		there bool
		text  string
	}{
		{"seed", len(seed.Sets) > 0, seed.Markdown()},
		{"corpus", len(corpus.Sets) > 0, corpus.Markdown()},
		{"redfish", len(redfish.Sets) > 0, redfish.Markdown()},
		{"cost", len(cost.Subjects) > 0, cost.Markdown()},
		{"builds", len(builds.Rows) > 0, builds.Markdown()},
		{"editor", len(editor.Rows) > 0, editor.Markdown()},
		{"load", len(callbacks.Rows) > 0, callbacks.Markdown()},
	} {
		if !table.there {
			continue
		}
		if document, err = report.Insert(document, table.name, table.text); err != nil {
			return err
		}
	}
	if err := os.WriteFile(readme, []byte(document), 0o666); err != nil {
		return err
	}
	if len(cost.Subjects) == 0 || len(corpus.Sets) == 0 {
		log.Print("there are not figures enough for the plot")
		return nil
	}
	return os.WriteFile(plot, report.SVG(report.Panels(cost, corpus)), 0o666)
}

// load reads figures; missing ones are empty.
func load[T any](dir, name string) (T, error) {
	figures, err := report.Load[T](dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		log.Printf("%s is not there: nothing drawn from it", name)
		return figures, nil
	}
	return figures, err
}
