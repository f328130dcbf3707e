package released

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Version is the version that [Publish] gives to modules.
const Version = "v0.1.0"

// Publish puts the module in a folder into the folder of a module proxy, which [URL] makes a
// GOPROXY.
func Publish(proxy, path, dir string) error {
	versions := filepath.Join(proxy, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil {
		return err
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	if bytes.Contains(mod, []byte("replace")) {
		return fmt.Errorf("%s has a replace: go install refuses such modules", path)
	}
	var packed bytes.Buffer
	if err := zip.CreateFromDir(&packed, module.Version{Path: path, Version: Version}, dir); err != nil {
		return err
	}
	for name, data := range map[string][]byte{
		"list": []byte(Version + "\n"), Version + ".info": []byte(`{"Version":"` + Version + `","Time":"2026-01-01T00:00:00Z"}`),
		Version + ".mod": mod, Version + ".zip": packed.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(versions, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// URL returns a folder as an element of GOPROXY.
func URL(dir string) string {
	return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(dir), "/")}).String()
}
