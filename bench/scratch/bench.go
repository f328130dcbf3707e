package scratch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// WithBench makes a module like [New], with the requirements of the bench in this folder,
// which its programs can import.
func WithBench(parent, path string) (*Module, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	module, err := New(parent, path)
	if err != nil {
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
	return module, errors.Join(module.Write("go.mod", "module "+path+"\n"+rest), module.Write("go.sum", string(sum)))
}
