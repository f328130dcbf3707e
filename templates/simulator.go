package templates

import (
	"embed"
	"strings"
)

//go:embed simulator/*.go
var simulatorFiles embed.FS

// Simulator returns the files of the package simulator, which is emitted as it stands: what
// follows the package clause of each.
func Simulator() ([]File, error) {
	entries, err := simulatorFiles.ReadDir("simulator")
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".go")
		if strings.HasSuffix(name, "_test") || name == "doc" {
			continue
		}
		data, err := simulatorFiles.ReadFile("simulator/" + e.Name())
		if err != nil {
			return nil, err
		}
		_, rest, _ := strings.Cut(string(data), "\n")
		files = append(files, File{name, []byte(rest)})
	}
	return files, nil
}
