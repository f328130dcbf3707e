package output

import (
	"os"
	"path/filepath"
	"runtime"
)

// replace makes the changes, all or none.
//
// A folder cannot be changed in one step, but two folders can be exchanged in one,
// by Linux (renameat2) and macOS (renamex_np). So the new folder is filled beside the
// old one, with hard links to what stays, and takes its place. Then the old one, out
// of sight, is brought up to date, and is exchanged back. Whoever is killed
// whenever, and whoever looks whenever, finds the old files or the new ones; and in
// the end the folder is the one that it was, for the shells and editors that are in it.
//
// A journal with recovery would leave a mixed folder until the next run. It is the
// way out where folders cannot be exchanged (Windows, mount points, some network file
// systems): there the files are replaced one by one, each whole, after the manifest
// has got what is coming. By that the next run knows all of them for its own, and
// finishes the work.
//
// All of it withstands a killed process; against power cuts there is version control.
func (f *folder) replace(c *changes) error {
	staged := f.staged()
	defer discard(staged)
	if err := f.stage(staged, c); err != nil {
		return err
	}
	if _, err := os.Lstat(f.real); os.IsNotExist(err) {
		return os.Rename(staged, f.real)
	}
	if exchange(staged, f.real) != nil {
		return f.replaceEach(staged, c)
	}
	if update(staged, f.real, c) == nil {
		_ = exchange(staged, f.real)
	}
	return nil // the new files are in place, even if the old folder is not
}

// replaceEach replaces the files one by one.
func (f *folder) replaceEach(staged string, c *changes) error {
	journal := *c.old
	journal.About, journal.Writing = about, c.next.Files
	path := filepath.Join(staged, "journal")
	if err := os.WriteFile(path, journal.encode().Data, 0o644); err != nil {
		return err
	}
	if err := put(path, filepath.Join(f.real, ManifestName)); err != nil {
		return err
	}
	return update(f.real, staged, c)
}

// update makes a folder that has the old files hold the new ones, which another has.
// The manifest comes last.
func update(dir, from string, c *changes) error {
	for _, file := range c.put {
		if err := put(filepath.Join(from, file.Name), filepath.Join(dir, file.Name)); err != nil {
			return err
		}
	}
	for _, name := range c.remove {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return put(filepath.Join(from, ManifestName), filepath.Join(dir, ManifestName))
}

// put makes path the file at from, in one step.
func put(from, path string) error {
	next := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".gen-new")
	_ = os.Remove(next) // of a run that was killed
	if err := link(from, next); err != nil {
		return err
	}
	defer os.Remove(next) // stays only if the next line fails
	return os.Rename(next, path)
}

// writable refuses a folder that its owner protects. The superuser could write to it.
func (f *folder) writable() error {
	info, err := os.Lstat(f.real)
	if err != nil || runtime.GOOS == "windows" || info.Mode()&0o200 != 0 { // on Windows the bit means something else
		return nil
	}
	return refusal(f.dir, "the folder is read-only: make it writable, or set out to another folder")
}
