package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cutting serves content, and cuts each connection after at most some bytes.
type cutting struct {
	content []byte
	most    int
	header  http.Header
	ranges  []string // as they were asked for
	deaf    bool     // to ranges
}

func (s *cutting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.ranges = append(s.ranges, r.Header.Get("Range"))
	for name, values := range s.header {
		w.Header()[name] = values
	}
	if s.deaf {
		r.Header.Del("Range")
	}
	http.ServeContent(&cutWriter{w, s.most}, r, "", time.Time{}, bytes.NewReader(s.content))
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(p []byte) (int, error) {
	n, _ := w.ResponseWriter.Write(p[:min(len(p), w.left)])
	if w.left -= n; w.left == 0 {
		_ = http.NewResponseController(w.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, nil
}

func randomBytes(n int) []byte {
	data := make([]byte, n)
	source := rand.NewChaCha8([32]byte{1})
	_, _ = source.Read(data)
	return data
}

func TestDownloadGoesOn(t *testing.T) {
	s := &cutting{content: randomBytes(1 << 20), most: 300 << 10, header: http.Header{"Etag": {`"v1"`}, "Content-Type": {"video/mp4"}}}
	stream, err := against(t, s.ServeHTTP).open(t.Context(), nil)
	require.NoError(t, err)
	defer stream.Close()
	assert.EqualValues(t, 1<<20, stream.Length)
	assert.EqualValues(t, 1<<20, stream.Size)
	assert.Equal(t, `"v1"`, stream.ETag)
	data, err := io.ReadAll(stream)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(s.content, data))
	assert.Equal(t, []string{"", "bytes=307200-1048575", "bytes=614400-1048575", "bytes=921600-1048575"}, s.ranges)
}

func TestPartOfADownloadGoesOn(t *testing.T) {
	s := &cutting{content: randomBytes(1 << 10), most: 100, header: http.Header{"Last-Modified": {"Mon, 02 Jan 2006 15:04:05 GMT"}, "Content-Type": {"video/mp4"}}}
	s.header.Set("Etag", `W/"weak"`)
	stream, err := against(t, s.ServeHTTP).open(t.Context(), []RequestOption{ByteRange(500, 250)})
	require.NoError(t, err)
	defer stream.Close()
	assert.EqualValues(t, 500, stream.Offset)
	assert.EqualValues(t, 250, stream.Length)
	assert.EqualValues(t, 1024, stream.Size)
	data, err := io.ReadAll(stream)
	assert.ErrorContains(t, err, "the content breaks off", "ServeContent compares no dates but its own")
	assert.Equal(t, s.content[500:600], data)
}

func TestDownloadThatCannotGoOn(t *testing.T) {
	for name, test := range map[string]struct {
		change func(s *cutting, w http.ResponseWriter, r *http.Request) (answered bool)
		want   string
	}{
		"changed": {func(s *cutting, _ http.ResponseWriter, _ *http.Request) bool {
			s.header.Set("Etag", `"v2"`)
			return false
		}, "it has changed"},
		"no ranges": {func(s *cutting, _ http.ResponseWriter, _ *http.Request) bool { s.deaf = true; return false }, "it has changed or cannot be sent in parts"},
		"gone":      {func(_ *cutting, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(410); return true }, "410 Gone"},
		"other part": {func(_ *cutting, _ http.ResponseWriter, r *http.Request) bool {
			r.Header.Set("Range", "bytes=7-")
			return false
		}, "from byte 7, not from 100"},
		"odd part": {func(_ *cutting, w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Range", "x")
			w.WriteHeader(206)
			return true
		}, "does not say which"},
		"no validator": {nil, "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &cutting{content: randomBytes(1 << 10), most: 100, header: http.Header{"Etag": {`"v1"`}, "Content-Type": {"video/mp4"}}}
			if test.change == nil {
				s.header.Del("Etag")
			}
			r := against(t, func(w http.ResponseWriter, r *http.Request) {
				if len(s.ranges) == 0 || !test.change(s, w, r) {
					s.ServeHTTP(w, r)
				}
			})
			stream, err := r.open(t.Context(), nil)
			require.NoError(t, err)
			data, err := io.ReadAll(stream)
			assert.ErrorContains(t, err, test.want)
			assert.Equal(t, s.content[:100], data)
			_, again := stream.Read(make([]byte, 1))
			assert.Error(t, again)
			assert.NoError(t, stream.Close())
		})
	}
}

// TestDownloadWithoutProgress is about a service that cuts every answer before its first byte.
func TestDownloadWithoutProgress(t *testing.T) {
	s := &cutting{content: randomBytes(1 << 10), most: 100, header: http.Header{"Etag": {`"v1"`}, "Content-Type": {"video/mp4"}}}
	r := against(t, func(w http.ResponseWriter, r *http.Request) {
		if len(s.ranges) == 0 {
			s.ServeHTTP(w, r)
		}
		s.ranges = append(s.ranges, r.Header.Get("Range"))
		w.Header().Set("Content-Range", "bytes 100-1023/1024")
		w.Header().Set("Content-Length", "924")
		w.WriteHeader(206)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	stream, err := r.open(t.Context(), nil)
	require.NoError(t, err)
	defer stream.Close()
	_, err = io.ReadAll(stream)
	assert.ErrorContains(t, err, "the content breaks off")
	assert.Len(t, s.ranges, 1+quick.Attempts)
}

func TestContinueFrom(t *testing.T) {
	s := &cutting{content: randomBytes(1 << 10), most: 1 << 20, header: http.Header{"Etag": {`"v1"`}}}
	r := against(t, s.ServeHTTP)
	read := func(opts ...RequestOption) (*Stream, []byte) {
		stream, err := r.open(t.Context(), opts)
		require.NoError(t, err)
		defer stream.Close()
		data, err := io.ReadAll(stream)
		require.NoError(t, err)
		return stream, data
	}
	stream, data := read(ContinueFrom(1000, `"v1"`))
	assert.EqualValues(t, 1000, stream.Offset)
	assert.Equal(t, s.content[1000:], data)
	stream, data = read(ContinueFrom(1000, `"v0"`))
	assert.EqualValues(t, 0, stream.Offset, "it has changed")
	assert.Equal(t, s.content, data)
	_, data = read(ContinueFrom(0, ""))
	assert.Equal(t, s.content, data)
	stream, data = read(ByteRange(1000, -1))
	assert.Equal(t, s.content[1000:], data)
	assert.EqualValues(t, 1024, stream.Size)
	for _, opt := range []RequestOption{ContinueFrom(5, `W/"1"`), ContinueFrom(5, ""), ContinueFrom(-1, `"v1"`), ByteRange(-1, 5), ByteRange(0, 0)} {
		_, err := r.open(t.Context(), []RequestOption{opt})
		assert.Error(t, err)
	}
}

func TestClosedOrCancelledDownloadDoesNotGoOn(t *testing.T) {
	s := &cutting{content: randomBytes(1 << 10), most: 100, header: http.Header{"Etag": {`"v1"`}}}
	r := against(t, s.ServeHTTP)
	ctx, cancel := context.WithCancel(t.Context())
	for name, stop := range map[string]func(*Stream){"cancelled": func(*Stream) { cancel() }, "closed": func(s *Stream) { _ = s.Close() }} {
		s.ranges = nil
		where := t.Context()
		if name == "cancelled" {
			where = ctx
		}
		stream, err := r.open(where, nil)
		require.NoError(t, err)
		_, err = io.ReadFull(stream, make([]byte, 100))
		require.NoError(t, err)
		stop(stream)
		_, err = stream.Read(make([]byte, 1))
		assert.Error(t, err, name)
		assert.Equal(t, fmt.Sprint([]string{""}), fmt.Sprint(s.ranges), name)
		_ = stream.Close()
	}
	cancel()
}
