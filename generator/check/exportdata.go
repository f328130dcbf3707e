package check

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/callgen/callgen/internal/cache"
)

// remembered is the kind of the cache's entries: where the go command keeps export data.
const remembered = "exports"

// located returns the files of export data of packages of the standard library, and why some
// cannot be imported. To ask the go command takes longer than to generate a small package, so
// the answer is kept while the go command is the same and its files are there.
func located(paths []string) (exports, map[string]string, error) {
	key := toolchain(paths)
	if found := recall(key, paths); found != nil {
		return found, nil, nil
	}
	found, refused, err := ask(paths)
	if err == nil && len(refused) == 0 && key != "" {
		data, _ := json.Marshal(found) // strings
		cache.Put(remembered, key, data)
	}
	return found, refused, err
}

// standardOnly lets the go command see the standard library, whatever the user's module says.
func standardOnly() []string {
	return append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOWORK=off", "GOPACKAGESDRIVER=off")
}

// toolchain returns a name for what the answer depends on, "" without a go command.
func toolchain(paths []string) string {
	cmd := exec.Command("go", "env", "-json", "GOVERSION", "GOROOT", "GOOS", "GOARCH", "GOEXPERIMENT", "GOCACHE", "CGO_ENABLED")
	cmd.Dir, cmd.Env = os.TempDir(), standardOnly()
	settings, err := cmd.Output()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(append(settings, strings.Join(paths, "\n")...))
	return hex.EncodeToString(sum[:])
}

// recall returns what was kept, nil if it is not whole or its files are gone.
func recall(key string, paths []string) exports {
	data, ok := cache.Get(remembered, key)
	if !ok {
		return nil
	}
	var found exports
	if json.Unmarshal(data, &found) != nil || !slices.Equal(slices.Sorted(maps.Keys(found)), paths) {
		return nil
	}
	for _, file := range found {
		if _, err := os.Stat(file); err != nil {
			return nil
		}
	}
	return found
}

// ask asks the go command, which compiles what it has not yet compiled. Compiling the standard
// library from source would take seconds each time.
func ask(paths []string) (exports, map[string]string, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedExportFile,
		Fset: token.NewFileSet(),
		Dir:  os.TempDir(),
		Env:  standardOnly(),
	}, paths...)
	if err != nil {
		return nil, nil, fmt.Errorf("the generated package cannot be checked: is the go command in PATH? %w", err)
	}
	found, refused := make(exports), make(map[string]string)
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			refused[p.PkgPath], _, _ = strings.Cut(p.Errors[0].Msg, " in any of:") // the paths of this machine follow
			continue
		}
		found[p.PkgPath] = p.ExportFile
	}
	return found, refused, nil
}
