package callsim

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

//go:embed scenarios/*.yaml
var library embed.FS

// Library returns the names of the scenarios that come with this package.
func Library() []string {
	files, err := fs.Glob(library, "scenarios/*.yaml")
	if err != nil {
		return nil // the pattern is right
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(path.Base(file), ".yaml")
	}
	slices.Sort(files)
	return files
}

// Find reads a scenario by the path of its file, or by its name in [Library].
func Find(name string) (*Scenario, error) {
	s, err := Load(name)
	if !errors.Is(err, os.ErrNotExist) {
		return s, err
	}
	if data, inner := library.ReadFile("scenarios/" + name + ".yaml"); inner == nil {
		return Parse(name+".yaml", data)
	}
	return nil, err
}
