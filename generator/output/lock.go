package output

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lock keeps a second run from writing to the same folder at the same time. The
// system takes the lock back from a process that ends, however it ends.
func lock(dir string) (unlock func(), err error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(abs))
	l := flock.New(filepath.Join(os.TempDir(), "callgen-"+hex.EncodeToString(sum[:8])+".lock"))
	locked, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("%s cannot be locked: %w", dir, err)
	}
	if !locked {
		return nil, fmt.Errorf("another run is writing to %s: wait for it to end", dir)
	}
	return func() { l.Unlock() }, nil
}

// stagedPattern names the folders that new files are written to, beside the output.
func stagedPattern(dir string) string { return ".gen-" + filepath.Base(filepath.Clean(dir)) + "-*" }

// sweep removes what runs that were killed left beside the output folder.
func sweep(parent, dir string) {
	left, _ := filepath.Glob(filepath.Join(parent, stagedPattern(dir))) // the pattern is valid
	for _, path := range left {
		os.RemoveAll(path)
	}
}
