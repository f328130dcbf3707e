package output

import "fmt"

// Untouched returns the hash of a folder's manifest if all files in it are as they were
// written, and an error if one is missing or changed.
func Untouched(dir string) (string, error) {
	f, err := locate(dir)
	if err != nil {
		return "", err
	}
	m, err := f.manifest()
	if err != nil {
		return "", err
	}
	if len(m.Files) == 0 || len(m.Writing) > 0 || f.leftovers() {
		return "", fmt.Errorf("%s holds no finished package", dir)
	}
	for name, wrote := range m.Files {
		data, err := f.read(name)
		if err != nil {
			return "", err
		}
		if hash(data) != wrote {
			return "", fmt.Errorf("%s was changed", name)
		}
	}
	return hash(m.encode().Data), nil
}

// Has reports whether a folder has generated files.
func Has(dir string) bool {
	f, err := locate(dir)
	if err != nil {
		return false
	}
	m, err := f.manifest()
	return err == nil && len(m.names()) > 0
}

// ManifestHash returns the hash that [Untouched] returns for a folder with the given files.
func ManifestHash(files []File) string { return hash(newManifest(files).encode().Data) }
