package output

import (
	"os"
	"path/filepath"
	"time"
)

// patience is how long a run waits for another run that writes to the same folder. A write
// takes far less than a second.
const patience = 20 * time.Second

// lock keeps other runs from writing to the folder until unlock is called. The system
// releases the lock of a killed process.
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

// unprepared returns the error for a parent folder that is not writable.
func (f *folder) unprepared(err error) error {
	return refusal(filepath.Join(f.dir, ".."), "this folder must be writable to prepare new files (%v): make it writable, or set out to another folder", err)
}

// lockFile creates and locks a file. It returns neither a function nor an error if another
// process holds the lock.
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
		err := os.Remove(path) // while it is locked: afterwards it could be another's
		file.Close()
		if err != nil {
			os.Remove(path) // Windows removes only closed files that nobody has open
		}
	}, nil
}

// stillAt reports whether an open file is still the one at path: the previous owner of the
// lock may have removed it after it was opened.
func stillAt(path string, file *os.File) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(opened, there)
}
