package client

import (
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// uploadHost takes content in upload sessions, as OneDrive does: it takes a slice or loses it as a
// whole. What goes wrong is decided by faults.
type uploadHost struct {
	mu       sync.Mutex
	t        testing.TB
	url      string
	size     int64
	taken    int64     // bytes that the session has
	sum      hash.Hash // of them
	session  int       // number of the session that is there
	faults   func(h *uploadHost, at, n int64) uploadFault
	requests []string
	final    string // the answer to the last slice
	most     int64  // bytes in a request
	received func(taken int64)
}

// uploadFault is what goes wrong with one slice.
type uploadFault int

const (
	noFault        uploadFault = iota
	cutInside                  // the connection is cut while the slice is read
	cutAfter                   // the connection is cut after the slice was taken
	hostBusy                   // 503
	hostBroken                 // 500
	notSatisfiable             // 416
	takenByHalf                // only a part of the slice is taken
	sessionExpired             // the session is not there any more
	allFaults
)

func newUploadHost(t testing.TB, size int64) *uploadHost {
	h := &uploadHost{t: t, size: size, sum: sha256.New(), final: `{"ID":"1"}`}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// link returns the URL of the session that is there.
func (h *uploadHost) link() string { return fmt.Sprintf("%s/up/%d?tempauth=secret", h.url, h.session) }

// renew creates another session.
func (h *uploadHost) renew() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.session++
	h.taken, h.sum = 0, sha256.New()
	return h.link()
}

func (h *uploadHost) digest() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return hex.EncodeToString(h.sum.Sum(nil))
}

func (h *uploadHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" || r.Header.Get("X-Key") != "" {
		h.t.Errorf("the upload host got %v", r.Header)
	}
	h.requests = append(h.requests, r.Method+" "+r.Header.Get("Content-Range"))
	w.Header().Set("Content-Type", contentJSON)
	switch {
	case r.URL.Path != fmt.Sprintf("/up/%d", h.session):
		http.Error(w, `{"error":{"code":"itemNotFound"}}`, http.StatusNotFound)
	case r.Method == http.MethodDelete:
		h.session++
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet:
		h.ranges(w, http.StatusOK)
	case r.Method == http.MethodPut:
		h.put(w, r)
	}
}

func (h *uploadHost) ranges(w http.ResponseWriter, status int) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"expirationDateTime": "2030-01-01T00:00:00Z", "nextExpectedRanges": []string{fmt.Sprintf("%d-", h.taken)}})
}

// put takes a slice, or what a fault makes of it.
func (h *uploadHost) put(w http.ResponseWriter, r *http.Request) {
	var first, last, total int64
	_, err := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &total)
	n := last - first + 1
	h.most = max(h.most, n)
	if err != nil || total != h.size || n != r.ContentLength || n%sliceUnit != 0 && last != h.size-1 {
		h.t.Errorf("the upload host got %q with %d bytes", r.Header.Get("Content-Range"), r.ContentLength)
	}
	fault := noFault
	if h.faults != nil {
		fault = h.faults(h, first, n)
	}
	if first != h.taken {
		fault = notSatisfiable
	}
	before, _ := h.sum.(encoding.BinaryMarshaler).MarshalBinary()
	forget := func() { _ = h.sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(before) }
	switch fault {
	case cutInside:
		_, _ = io.CopyN(h.sum, r.Body, rand.Int64N(n))
		forget()
		panic(http.ErrAbortHandler)
	case hostBusy, hostBroken, notSatisfiable:
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(map[uploadFault]int{hostBusy: 503, hostBroken: 500, notSatisfiable: 416}[fault])
		return
	case sessionExpired:
		h.session++
		w.WriteHeader(http.StatusNotFound)
		return
	case takenByHalf:
		n = max(n/2/sliceUnit*sliceUnit, min(n, sliceUnit))
	}
	if _, err := io.CopyN(h.sum, r.Body, n); err != nil {
		forget()
		// the process was killed
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	h.taken += n
	if h.received != nil {
		h.received(h.taken)
	}
	if fault == cutAfter {
		panic(http.ErrAbortHandler)
	}
	if h.taken < h.size {
		h.ranges(w, http.StatusAccepted)
		return
	}
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, h.final)
}

// pattern is content of any size that takes no memory. Nothing in it repeats.
type pattern struct{ size int64 }

func (p pattern) ReadAt(b []byte, at int64) (int, error) {
	if at >= p.size {
		return 0, io.EOF
	}
	var err error
	if int64(len(b)) > p.size-at {
		b, err = b[:p.size-at], io.EOF
	}
	var word [8]byte
	for i := 0; i < len(b); {
		n := (at + int64(i)) / 8
		binary.LittleEndian.PutUint64(word[:], uint64(n+1)*0x9e3779b97f4a7c15)
		i += copy(b[i:], word[(at+int64(i))%8:])
	}
	return len(b), err
}

func (p pattern) reader() io.Reader { return io.NewSectionReader(p, 0, p.size) }

// digest returns the SHA-256 of the content.
func (p pattern) digest() string {
	sum := sha256.New()
	_, _ = io.Copy(sum, p.reader())
	return hex.EncodeToString(sum.Sum(nil))
}

// serving returns the URL of a server that is closed after the test.
func serving(t *testing.T, handler http.Handler) string {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}
