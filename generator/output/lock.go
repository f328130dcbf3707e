package output

import (
	"os"
	"path/filepath"
	"time"
)

// patience is how long a run waits for another one that writes to the same folder;
// a write takes far less than a second.
const patience = 20 * time.Second

// lock keeps other runs from writing to the folder until unlock is called. The
// system drops the lock of a process that is killed.
func (f *folder) lock() (unlock func(), err error) {
	if err := f.writable(); err != nil {
		return nil, err
	}
	path := f.lockFile()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, f.unprepared(err)
	}
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		unlock, err := lockFile(path)
		switch {
		case err != nil:
			return nil, f.unprepared(err)
		case unlock != nil:
			return unlock, nil
		case time.Since(start) > patience:
			return nil, refusal(f.dir, "another run of gen is writing to this folder: wait for it or stop it, then try again")
		}
	}
}

// unprepared is the error of a parent folder in which nothing can be written.
func (f *folder) unprepared(err error) error {
	return refusal(filepath.Join(f.dir, ".."), "this folder must be writable to prepare new files (%v): make it writable, or set out to another folder", err)
}

// lockFile creates and locks a file. It returns neither a function nor an error when
// another process has it.
func lockFile(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	locked, err := tryLock(file)
	if err != nil || !locked || !stillAt(path, file) {
		file.Close()
		return nil, err
	}
	return func() {
		err := os.Remove(path) // while it is locked, or it could be another's by then
		file.Close()
		if err != nil {
			os.Remove(path) // Windows removes closed files only, and only if nobody has them open
		}
	}, nil
}

// stillAt reports whether an open file is the one at path: the last owner of the
// lock may have removed it after it was opened here.
func stillAt(path string, file *os.File) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(opened, there)
}
