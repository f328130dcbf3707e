package output

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// stage fills a new folder with what the output folder should hold: the new files, and
// links to the unchanged ones.
func (f *folder) stage(staged string, c *changes) error {
	if err := os.Mkdir(staged, 0o755); err != nil {
		return err
	}
	for _, file := range append([]File{c.next.encode()}, c.put...) {
		if err := os.WriteFile(filepath.Join(staged, file.Name), file.Data, 0o644); err != nil {
			return err
		}
	}
	info, err := os.Stat(f.real)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	replaced := map[string]bool{ManifestName: true}
	for _, file := range c.put {
		replaced[file.Name] = true
	}
	for _, name := range c.remove {
		replaced[name] = true
	}
	return mirror(f.real, staged, info, replaced)
}

// mirror makes a folder hold what another does, except for some names.
func mirror(from, to string, info os.FileInfo, except map[string]bool) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if except[e.Name()] {
			continue
		}
		if err := keep(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			return err
		}
	}
	return os.Chmod(to, info.Mode().Perm())
}

// keep makes the file or folder at from appear at path as well.
func keep(from, path string) error {
	info, err := os.Lstat(from)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		if err := os.Mkdir(path, 0o755); err != nil {
			return err
		}
		return mirror(from, path, info, nil)
	case info.Mode()&os.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is neither a file nor a folder: move it out of the output folder", filepath.Base(from))
	}
	return link(from, path)
}

// link makes path a second name of a file, or a copy where hard links are not supported.
func link(from, path string) error {
	if os.Link(from, path) == nil {
		return nil
	}
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, data, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Chtimes(path, info.ModTime(), info.ModTime())
}

// discard removes a staged folder, including the read-only folders that it mirrors.
func discard(staged string) error {
	if os.RemoveAll(staged) == nil {
		return nil
	}
	_ = filepath.WalkDir(staged, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
	return os.RemoveAll(staged)
}
