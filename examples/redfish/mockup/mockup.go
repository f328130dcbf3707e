// Package mockup is a Redfish service made of documents: a rack that is part of the package, or
// mock-ups in a folder or a file. It has sessions, changes documents, resets computers, updates
// firmware in tasks and sends events, and it fails on request.
package mockup

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

//go:embed rack.jsonl
var rack []byte

// Server is an http.Handler with the documents of a service. It is safe for concurrent use.
type Server struct {
	User, Password string // which clients give; "admin" and "admin" at first

	mu        sync.Mutex
	documents map[string]*document // by path without a slash at its end
	sessions  map[string]string    // paths, by token
	tasks     map[string]*task     // by path of the task
	again     map[string]bool      // computers that go on again once they are off, by path
	faults    []Fault
	events    []event
	news      chan struct{} // closed when there is another event
	breaks    chan struct{} // closed when streams break
	numbers   map[string]int
	seen      []string // requests: method and path
}

// document is a document and how often it has changed.
type document struct {
	body    map[string]any
	version int
}

// New returns a service with the rack that is part of this package: 40 documents.
func New() (*Server, error) { return fromLines(rack, "") }

// Load returns a service with the mock-ups in a folder, in which the file index.json in a folder
// is the document at that path, as DMTF publishes them (DSP2043); or with those in a file with
// one of them per line: {"id": "NAME/…/index.json", "body": {…}}. Of such a file it takes those
// whose id begins with the name.
func Load(from, name string) (*Server, error) {
	info, err := os.Stat(from)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		data, err := os.ReadFile(from)
		if err != nil {
			return nil, err
		}
		return fromLines(data, name)
	}
	s := empty()
	root := os.DirFS(from)
	err = fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Base(file) != "index.json" {
			return err
		}
		data, err := fs.ReadFile(root, file)
		if err != nil {
			return err
		}
		return s.add(pathOf(filepath.ToSlash(file)), data)
	})
	if err == nil {
		err = s.isService()
	}
	return s, err
}

// pathOf returns the path of the document in a file.
func pathOf(file string) string {
	at := strings.Trim(strings.TrimSuffix(file, "index.json"), "/.")
	if at != "redfish" && !strings.HasPrefix(at, "redfish/") {
		at = path.Join("redfish/v1", at)
	}
	return "/" + at
}

func empty() *Server {
	return &Server{
		User: "admin", Password: "admin", documents: make(map[string]*document), sessions: make(map[string]string), tasks: make(map[string]*task), again: make(map[string]bool),
		news: make(chan struct{}), breaks: make(chan struct{}), numbers: make(map[string]int),
	}
}

// fromLines returns a service with a document per line.
func fromLines(data []byte, name string) (*Server, error) {
	s := empty()
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var line struct {
			At   string `json:"@odata.id"`
			ID   string `json:"id"`
			Body json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, err
		}
		at, body := line.At, json.RawMessage(bytes.Clone(lines.Bytes()))
		if line.Body != nil {
			rest, ours := strings.CutPrefix(line.ID, name)
			if !ours {
				continue
			}
			at, body = pathOf(strings.TrimPrefix(rest, "/")), line.Body
		}
		if err := s.add(at, body); err != nil {
			return nil, err
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	return s, s.isService()
}

// add adds a document at a path. One that is no object, such as a list, is left out.
func (s *Server) add(at string, data []byte) error {
	var body map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return nil
		}
		return fmt.Errorf("%s: %w", at, err)
	}
	s.documents[clean(at)] = &document{body: body}
	return nil
}

func (s *Server) isService() error {
	if s.documents["/redfish/v1"] == nil {
		return errors.New("there is no document at /redfish/v1: name a folder or a file with the mock-up of a service")
	}
	return nil
}

// clean returns a path as documents are found by it.
func clean(at string) string { return strings.TrimSuffix(path.Clean("/"+at), "/") }

// Seen returns the requests so far, as "GET /redfish/v1/Systems".
func (s *Server) Seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.seen...)
}

// Len returns the number of documents.
func (s *Server) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.documents)
}

// member returns a member of an object by its path, nil without one.
func member(v any, names ...string) any {
	for _, name := range names {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

func text(v any) string {
	t, _ := v.(string)
	return t
}
