package generator_test

import (
	"bytes"
	"fmt"
	"go/build"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/callgen/callgen/generator/output"
)

// sameOnAllSystems reports a file that some system does not build, or cannot store.
func sameOnAllSystems(files []output.File) error {
	seen := make(map[string]string)
	for _, f := range files {
		if other, ok := seen[strings.ToLower(f.Name)]; ok {
			return fmt.Errorf("files %s and %s are one where case does not matter", other, f.Name)
		}
		seen[strings.ToLower(f.Name)] = f.Name
		if err := storable(f.Name); err != nil {
			return err
		}
		if isRuntime(f) || !strings.HasSuffix(f.Name, ".go") {
			continue
		}
		if err := builtEverywhere(f); err != nil {
			return err
		}
	}
	return nil
}

// builtEverywhere reports a file that some system does not build: by its name, or by a
// constraint in it.
func builtEverywhere(f output.File) error {
	head, _, _ := bytes.Cut(f.Data, []byte("\npackage "))
	for line := range bytes.Lines(head) {
		if text := strings.TrimSpace(strings.TrimPrefix(string(line), "//")); strings.HasPrefix(text, "go:build") || strings.HasPrefix(text, "+build") {
			return fmt.Errorf("%s has a build constraint: %s", f.Name, text)
		}
	}
	for _, system := range []string{"linux/amd64", "windows/amd64", "darwin/arm64", "linux/386", "js/wasm"} {
		ctx := build.Context{Compiler: "gc", GOROOT: build.Default.GOROOT, ReleaseTags: build.Default.ReleaseTags}
		ctx.GOOS, ctx.GOARCH, _ = strings.Cut(system, "/")
		ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Data)), nil }
		built, err := ctx.MatchFile("", f.Name)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if !built {
			return fmt.Errorf("%s is not built on %s", f.Name, system)
		}
	}
	if bytes.Contains(f.Data, []byte("\n//go:")) || bytes.Contains(f.Data, []byte("\n//line ")) {
		return fmt.Errorf("%s has a directive", f.Name)
	}
	return nil
}

// storable reports a name that some file system does not take.
func storable(name string) error {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	devices := []string{"CON", "PRN", "AUX", "NUL"}
	for i := range 10 {
		devices = append(devices, fmt.Sprintf("COM%d", i), fmt.Sprintf("LPT%d", i))
	}
	switch {
	case slices.Contains(devices, stem):
		return fmt.Errorf("file %s is a device of Windows", name)
	case len(name) > 200:
		return fmt.Errorf("file %s… has a name of %d bytes", name[:40], len(name))
	case strings.HasPrefix(name, "_"), strings.HasPrefix(name, "."):
		return fmt.Errorf("file %s is one that the go command ignores", name)
	case strings.ContainsAny(name, `<>:"/\|?* `), !utf8.ValidString(name):
		return fmt.Errorf("file %q cannot be stored everywhere", name)
	}
	return nil
}
