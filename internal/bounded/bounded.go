// Package bounded reads descriptions, and what goes with them, up to a size that none has.
package bounded

import (
	"errors"
	"io"
	"os"
)

// Max is the size of the largest description that is read, in bytes: 256 MB. Graph's own
// has 10 MB.
const Max = 256 << 20

// ErrTooLarge is returned for more than [Max].
var ErrTooLarge = errors.New("it has more than 256 MB")

// ReadAll reads to the end, or until it is too much.
func ReadAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, Max+1))
	if err == nil && len(data) > Max {
		return nil, ErrTooLarge
	}
	return data, err
}

// ReadFile reads a file, and nothing of one that is too large.
func ReadFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > Max {
		return nil, ErrTooLarge
	}
	return ReadAll(f) // a pipe says nothing of its size
}
