// Package bounded reads descriptions, and what goes with them, up to a size that none has.
package bounded

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Max is the size of the largest description that is read, in bytes: 256 MB. Graph's own
// has 10 MB.
const Max = 256 << 20

// ErrTooLarge is returned for more than [Max].
var ErrTooLarge = errors.New("it has more than 256 MB")

// ErrNotRegular is returned for what may never end, or never begin.
var ErrNotRegular = errors.New("it is no regular file")

// ReadAll reads to the end, or until it is too much.
func ReadAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, Max+1))
	if err == nil && len(data) > Max {
		return nil, ErrTooLarge
	}
	return data, err
}

// ReadFile reads a regular file, and nothing of one that is too large or of another kind.
// The null device is an empty file.
func ReadFile(name string) ([]byte, error) {
	if name == os.DevNull {
		return nil, nil
	}
	f, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadAll(f)
}

// Open opens a regular file that is not too large.
func Open(name string) (*os.File, error) { return open(name, os.Stat, os.Open) }

// ReadFileIn is [ReadFile] for a file below a folder.
func ReadFileIn(root *os.Root, name string) ([]byte, error) {
	f, err := open(name, root.Stat, root.Open)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadAll(f)
}

// open looks at a file before it is opened, since to open a pipe can take for ever, and
// afterwards, since it may be another one by then.
func open(name string, stat func(string) (fs.FileInfo, error), open func(string) (*os.File, error)) (*os.File, error) {
	info, err := stat(name)
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		failed.Op = "open" // which is what it is for
	}
	if err != nil {
		return nil, err
	}
	if err := check(name, info); err != nil {
		return nil, err
	}
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = check(name, info)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func check(name string, info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return &fs.PathError{Op: "read", Path: name, Err: ErrNotRegular}
	case info.Size() > Max:
		return &fs.PathError{Op: "read", Path: name, Err: ErrTooLarge}
	}
	return nil
}
