package templates

import (
	"embed"
	"strings"
)

//go:embed simulator/*.go changesim/*.go
var simulatorFiles embed.FS

// Simulator returns the files of the package simulator, which is emitted as it stands: what
// follows the package clause of each.
func Simulator() ([]File, error) { return simulated("simulator") }

// ChangeSimulator returns those of the package changesim.
func ChangeSimulator() ([]File, error) { return simulated("changesim") }

func simulated(folder string) ([]File, error) {
	entries, err := simulatorFiles.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".go")
		if strings.HasSuffix(name, "_test") || name == "doc" {
			continue
		}
		data, err := simulatorFiles.ReadFile(folder + "/" + e.Name())
		if err != nil {
			return nil, err
		}
		_, rest, _ := strings.Cut("\n"+string(data), "\npackage "+folder+"\n")
		files = append(files, File{Name: name, Of: folder, Data: []byte(rest)})
	}
	return files, nil
}
