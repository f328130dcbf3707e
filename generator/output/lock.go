package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// stale is the age at which a lock must be that of a process that was killed: no
// write holds it for more than seconds.
const stale = 2 * time.Minute

// lock keeps a second run from writing to the same folder at the same time.
func lock(dir string) (unlock func(), err error) {
	dir = filepath.Clean(dir)
	path := filepath.Join(filepath.Dir(dir), ".gen-lock-"+filepath.Base(dir))
	if info, err := os.Lstat(path); err == nil && time.Since(info.ModTime()) > stale {
		os.Remove(path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("another run is writing to %s: wait for it, or remove %s if there is none", dir, path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written: make its parent folder writable, or choose another --out: %w", dir, err)
	}
	f.Close()
	return func() { os.Remove(path) }, nil
}
