// Command redfish compares callgen and gofish on documents of Redfish, as command corpus does
// with its rivals on Graph's. It generates the whole of Redfish into a module in a temporary
// folder, with a program that runs the rivals.
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/rivals"
	"github.com/callgen/callgen/bench/scratch"
)

//go:embed testdata/main.go.txt
var program string

const gofish = "github.com/stmcginnis/gofish"

func main() {
	log.SetFlags(0)
	corpus := flag.String("corpus", "../../shared/corpus/redfish-mockups.jsonl", "`file` of documents, one a line")
	description := flag.String("description", "../../shared/descriptions/redfish", "`folder` of Redfish's CSDL")
	copied := flag.String("gofish", "", "`folder` with a copy of gofish's repository; without one the go command downloads it")
	rounds := flag.Int("rounds", 30, "how often each rival gets a slot")
	slot := flag.Duration("slot", 60*time.Millisecond, "length of a slot")
	results := flag.String("results", "results", "`folder` of the figures")
	flag.Parse()
	for _, file := range []string{*corpus, *description} {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			log.Printf("nothing is measured: there is no %s; -corpus and -description name others", file)
			return
		}
	}
	ratios, err := measure(*corpus, *description, *copied, *rounds, *slot)
	if errors.Is(err, errNoGofish) {
		log.Printf("nothing is measured, and the recorded figures stand: %v", err)
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(ratios.Markdown())
	if err := report.Save(*results, "redfish.json", ratios); err != nil {
		log.Fatal(err)
	}
}

var errNoGofish = errors.New("the proxy of the go command does not have gofish: -gofish names a copy of its repository")

// standing is what the program says of the documents with the flag -count.
type standing struct {
	Documents, Known, Failed, Kept int
	Members                        int // of the documents that gofish decodes
	GofishMembers, CallgenMembers  int // those that survive a round trip
}

func measure(corpus, description, copied string, rounds int, slot time.Duration) (report.Ratios, error) {
	tmp, err := os.MkdirTemp("", "redfish-")
	if err != nil {
		return report.Ratios{}, err
	}
	defer os.RemoveAll(tmp)
	module, err := generate(tmp, description, copied)
	if err != nil {
		return report.Ratios{}, err
	}
	log.Print("building: half a minute")
	timed := filepath.Join(tmp, "redfish.exe")
	if _, err := module.Go("build", "-trimpath", "-o", timed, "."); err != nil {
		return report.Ratios{}, err
	}
	counted, _, err := module.Run(timed, "-count", absolute(corpus))
	if err != nil {
		return report.Ratios{}, err
	}
	var s standing
	if err := json.Unmarshal([]byte(counted), &s); err != nil {
		return report.Ratios{}, err
	}
	standings, figures, err := rivals.Conduct([]rivals.Program{{Args: []string{timed, absolute(corpus)}}}, rounds, slot)
	if err != nil {
		return report.Ratios{}, err
	}
	share := func(n int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(1, s.Members))) }
	about := map[string]string{
		"all": "documents of DMTF's mock-ups, all whose type the description has",
		"gofish": fmt.Sprintf("of these documents, all that gofish reads (it has no type for %d, and fails on %d; %s of the members survive a round trip through it, and %s one through callgen)",
			s.Documents-s.Known, s.Failed, share(s.GofishMembers), share(s.CallgenMembers)),
	}
	return report.NewRatios(rounds, slot, about, standings, figures), nil
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// generate makes a module with the program, gofish, and the package for the whole of Redfish.
func generate(tmp, description, copied string) (*scratch.Module, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	module, err := scratch.New(tmp, "redfish")
	if err != nil {
		return nil, err
	}
	gen, err := scratch.BuildGen(root, tmp)
	if err != nil {
		return nil, err
	}
	if _, _, err := module.Run(gen, "--spec", absolute(description), "--versions", "fold", "--all", "--models", "--package", "redfish", "--out", "redfish"); err != nil {
		return nil, err
	}
	for _, name := range []string{"serve.go", "cpu_unix.go", "cpu_other.go"} {
		text, err := os.ReadFile(filepath.Join("rivals", name))
		if err == nil {
			err = module.Write("rivals/"+name, string(text))
		}
		if err != nil {
			return nil, err
		}
	}
	folder, err := required(module, copied)
	if err != nil {
		return nil, err
	}
	types, err := typesOf(folder)
	if err != nil {
		return nil, err
	}
	return module, errors.Join(module.Write("types.go", types), module.Write("main.go", program))
}

// required adds gofish to the requirements of the module, and returns its folder.
func required(module *scratch.Module, copied string) (string, error) {
	if copied != "" {
		folder := absolute(copied)
		_, err := module.Go("mod", "edit", "-require="+gofish+"@v0.0.0", "-replace="+gofish+"="+folder)
		return folder, err
	}
	if _, err := module.Go("get", gofish+"@latest"); err != nil {
		return "", fmt.Errorf("%w (%v)", errNoGofish, err)
	}
	out, err := module.Go("list", "-m", "-f", "{{.Dir}}", gofish)
	return firstLine(out), err
}
