package session

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// FileCallStore is a [CallStore] for a bot on a single machine: a folder with a file for each
// call, which only the user of the process can read. One process at a time may use a folder.
// Create one with [NewFileCallStore].
type FileCallStore struct {
	dir string
	mu  sync.Mutex
}

// NewFileCallStore returns a store in a folder, which is made if it is not there.
func NewFileCallStore(dir string) (*FileCallStore, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &FileCallStore{dir: dir}, nil
}

const callFileEnding = ".call.json"

// file returns the file of a call. Its name holds the id in a form that any file system takes.
func (f *FileCallStore) file(id string) string {
	return filepath.Join(f.dir, hex.EncodeToString([]byte(id))+callFileEnding)
}

// Save implements [CallStore].
func (f *FileCallStore) Save(_ context.Context, call StoredCall) (uint64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old, err := f.read(call.ID)
	switch {
	case err == nil && call.Revision == 0:
		return 0, ErrCallStored
	case err != nil && !errors.Is(err, ErrCallNotStored):
		return 0, err
	case call.Revision != old.Revision:
		return 0, ErrCallRevision
	}
	call.Revision = max(old.Revision+1, uint64(time.Now().UnixNano())) // those of an earlier call of the same id do not count
	data, err := json.Marshal(call)
	if err != nil {
		return 0, err
	}
	return call.Revision, f.write(f.file(call.ID), data)
}

// write replaces a file as a whole: a crash leaves the old one or the new one.
func (f *FileCallStore) write(name string, data []byte) error {
	temporary, err := os.CreateTemp(f.dir, "new-*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(data)
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(temporary.Name()))
	}
	return err
}

// read returns a call that has not expired.
func (f *FileCallStore) read(id string) (StoredCall, error) {
	data, err := os.ReadFile(f.file(id))
	if errors.Is(err, fs.ErrNotExist) {
		return StoredCall{}, ErrCallNotStored
	}
	if err != nil {
		return StoredCall{}, err
	}
	var call StoredCall
	if err := json.Unmarshal(data, &call); err != nil {
		return StoredCall{}, fmt.Errorf("%s does not hold a call: remove it: %w", f.file(id), err)
	}
	if !call.Expires.After(time.Now()) {
		return StoredCall{}, ErrCallNotStored
	}
	return call, nil
}

// Load implements [CallStore].
func (f *FileCallStore) Load(_ context.Context, id string) (StoredCall, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.read(id)
}

// Delete implements [CallStore].
func (f *FileCallStore) Delete(_ context.Context, id string, revision uint64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	call, err := f.read(id)
	if err == nil && call.Revision != revision {
		return ErrCallRevision
	}
	if err != nil && !errors.Is(err, ErrCallNotStored) {
		return err
	}
	if err := os.Remove(f.file(id)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// List implements [CallStore]. It removes calls that have expired.
func (f *FileCallStore) List(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		entries, err := os.ReadDir(f.dir)
		if err != nil {
			yield("", err)
			return
		}
		for _, entry := range entries {
			name, ok := strings.CutSuffix(entry.Name(), callFileEnding)
			id, err := hex.DecodeString(name)
			if !ok || err != nil {
				continue
			}
			if f.forgetExpired(string(id)) {
				continue
			}
			if !yield(string(id), nil) {
				return
			}
		}
	}
}

// forgetExpired removes a call that has expired, and reports whether it is gone.
func (f *FileCallStore) forgetExpired(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.read(id); !errors.Is(err, ErrCallNotStored) {
		return false
	}
	_ = os.Remove(f.file(id)) // the next List tries again
	return true
}
