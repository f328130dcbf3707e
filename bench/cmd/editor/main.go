// Command editor measures what completion after the name of a package takes in an editor: it
// generates all of Graph v1.0, now and at an earlier commit, starts gopls as an editor does,
// and asks for the completion of "graph.".
package main

import (
	"cmp"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/scratch"
)

const (
	goplsCommand = "golang.org/x/tools/gopls"
	goplsVersion = "v0.21.0"
)

func main() {
	log.SetFlags(0)
	description := flag.String("description", "../../shared/metadata/graph-v1.0.csdl.xml", "`file` of Graph's $metadata")
	before := flag.String("before", scratch.LastRelease(".."), "`commit` to compare with")
	gopls := flag.String("gopls", "", "`file` of gopls; by default "+goplsVersion+" is built")
	rounds := flag.Int("rounds", 3, "how often gopls is started for each package")
	results := flag.String("results", "results", "`folder` of the figures")
	note := flag.String("note", "", "`text` above the table, such as what else the machine does")
	flag.Parse()
	if _, err := os.Stat(*description); err != nil {
		log.Printf("nothing is measured: there is no file %s; -description names another", *description)
		return
	}
	editor, err := measure(*description, *before, *gopls, *rounds)
	if err != nil {
		log.Fatal(err)
	}
	editor.Note = *note
	fmt.Print(editor.Markdown())
	if err := report.Save(*results, "editor.json", editor); err != nil {
		log.Fatal(err)
	}
}

func measure(description, before, gopls string, rounds int) (report.Editor, error) {
	editor := report.Editor{Run: report.ThisRun(), Gopls: goplsVersion, Rounds: rounds}
	tmp, err := os.MkdirTemp("", "editor-")
	if err != nil {
		return editor, err
	}
	defer os.RemoveAll(tmp)
	if gopls == "" {
		gopls = filepath.Join(tmp, "gopls")
		here := scratch.Module{Dir: tmp, Env: []string{"GOBIN=" + tmp}}
		if _, err := here.Go("install", goplsCommand+"@"+goplsVersion); err != nil {
			return editor, err
		}
	}
	root, err := filepath.Abs("..")
	if err != nil {
		return editor, err
	}
	earlier, err := scratch.Checkout(root, before, tmp)
	if err != nil {
		return editor, err
	}
	names, modules := []string{"at " + before, "now"}, []*scratch.Module{}
	for _, root := range []string{earlier, root} {
		m, err := generate(tmp, root, description)
		if err != nil {
			return editor, err
		}
		modules = append(modules, m)
	}
	all := make([][]report.Completion, len(modules))
	for range rounds {
		for i, m := range modules {
			c, err := complete(gopls, m.Dir)
			if err != nil {
				return editor, err
			}
			c.Name = names[i]
			all[i] = append(all[i], c)
		}
	}
	for _, list := range all {
		slices.SortFunc(list, func(a, b report.Completion) int { return cmp.Compare(cmp.Or(a.CPU, a.Wall), cmp.Or(b.CPU, b.Wall)) })
		editor.Rows = append(editor.Rows, list[len(list)/2])
	}
	return editor, nil
}

// program is what is edited; the completion is asked for after its last "graph.".
const program = "package main\n\nimport \"editor/graph\"\n\nfunc main() {\n\tgraph.\n}\n"

// The place after it, from 0.
const (
	line      = 5
	character = len("\tgraph.")
)

// generate makes a module with the package, by the generator in root.
func generate(tmp, root, description string) (*scratch.Module, error) {
	m, err := scratch.New(tmp, "editor")
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
	if _, _, err := m.Run(gen, "--spec", description, "--all", "--package", "graph", "--out", "graph"); err != nil {
		return nil, err
	}
	if _, err := m.Go("build", "./graph/..."); err != nil { // as a user's packages mostly are
		return nil, err
	}
	return m, m.Write("main.go", program)
}
