package output

import (
	"os"
	"path/filepath"
	"runtime"
)

// replace makes the changes, all or none.
//
// A folder cannot be changed in one step, but Linux (renameat2) and macOS (renamex_np) can
// exchange two folders in one. So replace fills a new folder beside the old one, with hard
// links to the unchanged files, and exchanges the two. Then it updates the old folder,
// which is now out of sight, and exchanges them back. Whenever the process is killed, and
// whenever someone looks, the folder holds either the old or the new files; and in the end
// it is the original folder again, for the shells and editors that have it open.
//
// A journal with recovery would leave a mixed folder until the next run. It is the fallback
// where folders cannot be exchanged (Windows, mount points, some network file systems):
// there the files are replaced one by one, each atomically, after the manifest has recorded
// what is coming. The next run then recognizes all of them as its own, and completes the
// work.
//
// All this protects against killed processes; against power cuts there is version control.
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

// update makes a folder with the old files hold the new ones from another folder. The
// manifest comes last.
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

// put moves the file at from to path, in one step.
func put(from, path string) error {
	next := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".gen-new")
	_ = os.Remove(next) // left by a killed run
	if err := link(from, next); err != nil {
		return err
	}
	defer os.Remove(next) // in case the next line fails
	return os.Rename(next, path)
}

// writable refuses a folder whose owner has write-protected it. The superuser could write
// to it.
func (f *folder) writable() error {
	info, err := os.Lstat(f.real)
	if err != nil || runtime.GOOS == "windows" || info.Mode()&0o200 != 0 { // on Windows the bit means something else
		return nil
	}
	return refusal(f.dir, "the folder is read-only: make it writable, or set out to another folder")
}
