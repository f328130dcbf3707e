// Package bounded reads descriptions and related files up to a limit that none should
// reach.
package bounded

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Max is the maximum size of a description, in bytes: 256 MB. Graph's own has 10 MB.
const Max = 256 << 20

// ErrTooLarge is returned for input of more than [Max] bytes.
var ErrTooLarge = errors.New("it has more than 256 MB")

// ErrNotRegular is returned for files that may block or never end.
var ErrNotRegular = errors.New("it is not a regular file")

// ReadAll reads to the end, or up to the limit.
func ReadAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, Max+1))
	if err == nil && len(data) > Max {
		return nil, ErrTooLarge
	}
	return data, err
}

// ReadFile reads a regular file, and refuses one that is too large or of another kind. The
// null device counts as an empty file.
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

// Open opens a regular file within the limit.
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

// open checks a file before opening it, since opening a pipe can block, and again
// afterwards, since it may be another file by then.
func open(name string, stat func(string) (fs.FileInfo, error), open func(string) (*os.File, error)) (*os.File, error) {
	info, err := stat(name)
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		failed.Op = "open" // the purpose of the call
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
