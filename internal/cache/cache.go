// Package cache stores data in the user's cache folder. Nobody depends on it: where the
// folder cannot be read or written, the cache is empty.
package cache

import (
	"os"
	"path/filepath"
)

// file returns the path of an entry, "" without a cache.
func file(kind, name string) string {
	dir, err := os.UserCacheDir()
	if err != nil || name == "." || !filepath.IsLocal(name) || filepath.Base(name) != name {
		return ""
	}
	return filepath.Join(dir, "callgen", kind, name)
}

// Get returns an entry. It may have been tampered with.
func Get(kind, name string) ([]byte, bool) {
	path := file(kind, name)
	if path == "" {
		return nil, false
	}
	data, err := os.ReadFile(path)
	return data, err == nil
}

// Put stores an entry completely or not at all.
func Put(kind, name string, data []byte) {
	path := file(kind, name)
	if path == "" || os.MkdirAll(filepath.Dir(path), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return
	}
	_, err = f.Write(data)
	if closed := f.Close(); err != nil || closed != nil || os.Rename(f.Name(), path) != nil {
		_ = os.Remove(f.Name())
	}
}
