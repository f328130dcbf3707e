// Command builds measures what generating and compiling all of Graph v1.0 takes, in rounds in
// which all variants take turns: types only, with requests, with these split into packages, and
// what an earlier commit made.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/scratch"
)

func main() {
	log.SetFlags(0)
	description := flag.String("description", "../../shared/metadata/graph-v1.0.csdl.xml", "`file` of Graph's $metadata")
	before := flag.String("before", scratch.LastRelease(".."), "`commit` to compare with")
	rounds := flag.Int("rounds", 3, "how often each variant is generated and compiled")
	only := flag.String("only", "", "part of the `name` of what to measure beside the first; keeps no figures")
	results := flag.String("results", "results", "`folder` of the figures")
	note := flag.String("note", "", "`text` above the table, such as what else the machine does")
	flag.Parse()
	if _, err := os.Stat(*description); err != nil {
		log.Printf("nothing is measured: there is no file %s; -description names another", *description)
		return
	}
	builds, err := measure(*description, *before, *rounds, *only)
	if err != nil {
		log.Fatal(err)
	}
	builds.Note = *note
	fmt.Print(builds.Markdown())
	if *only != "" {
		return
	}
	if err := report.Save(*results, "builds.json", builds); err != nil {
		log.Fatal(err)
	}
}

// variant is a way to make a package, or several, of all of Graph.
type variant struct {
	name   string
	root   string // of the module with the generator
	args   []string
	config string // text of gen.yaml
	build  report.Build
	module *scratch.Module
	gen    string
	cache  string // what the packages import
}

func measure(description, before string, rounds int, only string) (report.Builds, error) {
	tmp, err := os.MkdirTemp("", "builds-")
	if err != nil {
		return report.Builds{}, err
	}
	defer os.RemoveAll(tmp)
	root, err := filepath.Abs("..")
	if err != nil {
		return report.Builds{}, err
	}
	earlier, err := scratch.Checkout(root, before, tmp)
	if err != nil {
		return report.Builds{}, err
	}
	all := []*variant{
		{name: "with requests, at " + before, root: earlier},
		{name: "with requests", root: root},
		{name: "with requests, split", root: root, config: "packages: split\n"},
		{name: "types only, at " + before, root: earlier, args: []string{"--models"}},
		{name: "types only", root: root, args: []string{"--models"}},
	}
	var ready []*variant
	for i, v := range all {
		if i > 0 && !strings.Contains(v.name, only) {
			continue
		}
		if err := v.prepare(tmp, description); err != nil {
			log.Printf("not measured: %s: %v", v.name, err)
			continue
		}
		ready = append(ready, v)
	}
	order := slices.Clone(ready)
	for round := range rounds {
		log.Printf("round %d of %d", round+1, rounds)
		rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, v := range order {
			if err := v.round(tmp); err != nil {
				return report.Builds{}, fmt.Errorf("%s: %w", v.name, err)
			}
		}
	}
	builds := report.Builds{Run: report.ThisRun(), Rounds: rounds}
	for _, v := range ready {
		builds.Rows = append(builds.Rows, v.build)
	}
	return builds, nil
}

// prepare builds the generator and fills a cache with what the packages import.
func (v *variant) prepare(tmp, description string) error {
	var err error
	if v.module, err = scratch.New(tmp, "builds"); err != nil {
		return err
	}
	v.build.Name = v.name
	if v.gen, err = scratch.BuildGen(v.root, v.module.Dir); err != nil {
		return err
	}
	if description, err = filepath.Abs(description); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(v.module.Dir, "gen.yaml"), []byte(v.config), 0o644); err != nil {
		return err
	}
	v.args = append([]string{"--spec", description, "--all", "--package", "graph", "--out", "graph"}, v.args...)
	if _, _, err := v.module.Run(v.gen, v.args...); err != nil {
		return err
	}
	if v.build.Lines, err = lines(filepath.Join(v.module.Dir, "graph")); err != nil {
		return err
	}
	list, err := v.module.Go("list", "-deps", "./graph/...")
	if err != nil {
		return err
	}
	imports := slices.DeleteFunc(strings.Fields(list), func(p string) bool { return p == "builds" || strings.HasPrefix(p, "builds/") })
	if v.cache, err = os.MkdirTemp(tmp, "cache-"); err != nil {
		return err
	}
	_, err = v.module.With("GOCACHE=" + v.cache).Go(append([]string{"build", "-trimpath"}, imports...)...)
	return err
}

// lines counts the lines of Go below a folder.
func lines(dir string) (int, error) {
	n := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		n += strings.Count(string(text), "\n")
		return err
	})
	return n, err
}

// round generates and compiles once, with a cache that has only what the packages import.
func (v *variant) round(tmp string) error {
	if err := os.RemoveAll(filepath.Join(v.module.Dir, "graph")); err != nil {
		return err
	}
	_, usage, err := v.module.Run(v.gen, v.args...)
	if err != nil {
		return err
	}
	v.build.Generate = append(v.build.Generate, usage)
	cache, err := os.MkdirTemp(tmp, "cache-")
	if err != nil {
		return err
	}
	if err := os.CopyFS(cache, os.DirFS(v.cache)); err != nil {
		return err
	}
	_, usage, err = v.module.With("GOCACHE="+cache).Run("go", "build", "-trimpath", "./graph/...")
	v.build.Compile = append(v.build.Compile, usage)
	return errors.Join(err, os.RemoveAll(cache))
}
