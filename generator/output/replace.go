package output

import (
	"fmt"
	"os"
	"path/filepath"
)

// replace fills a new folder beside the old one and puts it in its place.
func (f *folder) replace(files []File) error {
	parent := filepath.Dir(filepath.Clean(f.dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	sweep(parent, f.dir)
	staged, err := os.MkdirTemp(parent, stagedPattern(f.dir))
	if err != nil {
		return fmt.Errorf("the new files cannot be written beside %s: make its parent folder writable, or choose another --out: %w", f.dir, err)
	}
	defer os.RemoveAll(staged) // holds the old folder after the exchange
	if err := f.fill(staged, files); err != nil {
		return err
	}
	if !f.exists {
		return os.Rename(staged, f.dir)
	}
	return exchange(staged, f.dir)
}

// fill writes the new files to the staged folder, and links to it what stays.
func (f *folder) fill(staged string, files []File) error {
	mode := os.FileMode(0o755)
	if info, err := os.Stat(f.dir); err == nil {
		mode = info.Mode().Perm()
		if mode&0o200 == 0 {
			return fmt.Errorf("%s is read-only: make it writable, or choose another --out", f.dir)
		}
	}
	if err := os.Chmod(staged, mode); err != nil {
		return err
	}
	for _, e := range f.foreign {
		if err := keep(filepath.Join(f.dir, e.Name()), filepath.Join(staged, e.Name())); err != nil {
			return err
		}
	}
	for _, file := range append(files[:len(files):len(files)], manifestFile(files)) {
		if err := f.put(staged, file); err != nil {
			return err
		}
	}
	return nil
}

// put writes a file, or links the old one if it is the same, which keeps its time.
func (f *folder) put(staged string, file File) error {
	if !isBase(file.Name) {
		return fmt.Errorf("%q is not the name of a file in the output folder", file.Name)
	}
	path, old := filepath.Join(staged, file.Name), filepath.Join(f.dir, file.Name)
	if data, err := regular(old); err == nil && string(normal(data)) == string(file.Data) && os.Link(old, path) == nil {
		return nil
	}
	return os.WriteFile(path, file.Data, 0o644)
}

// keep makes what is at old appear at path: files by a hard link, folders and
// symbolic links by what they are made of.
func keep(old, path string) error {
	info, err := os.Lstat(old)
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return keepFolder(old, path, info)
	case info.Mode()&os.ModeSymlink != 0:
		target, err := os.Readlink(old)
		if err != nil {
			return err
		}
		return os.Symlink(target, path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is neither a file nor a folder: move it out of the output folder", old)
	}
	if os.Link(old, path) == nil {
		return nil
	}
	data, err := os.ReadFile(old) // no hard links here
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, data, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Chtimes(path, info.ModTime(), info.ModTime())
}

func keepFolder(old, path string, info os.FileInfo) error {
	if err := os.Mkdir(path, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(old)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := keep(filepath.Join(old, e.Name()), filepath.Join(path, e.Name())); err != nil {
			return err
		}
	}
	return os.Chmod(path, info.Mode().Perm())
}
