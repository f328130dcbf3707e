package client

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// partial answers with a part of the content whose header says anything.
func partial(w http.ResponseWriter, span, etag, body string) {
	w.Header().Set("Etag", etag)
	w.Header().Set("Content-Range", span)
	w.WriteHeader(http.StatusPartialContent)
	_, _ = io.WriteString(w, body)
}

// TestPartsThatWereNotAskedFor: bytes from elsewhere must not get into a program's file.
func TestPartsThatWereNotAskedFor(t *testing.T) {
	for name, test := range map[string]struct {
		opt  RequestOption
		span string
		body string
		want string // "" for no error
	}{
		"as asked":              {ByteRange(500, 4), "bytes 500-503/1000", "abcd", ""},
		"a shorter one":         {ByteRange(500, 9), "bytes 500-503/1000", "abcd", ""},
		"of an unknown whole":   {ByteRange(500, 4), "bytes 500-503/*", "abcd", ""},
		"from the beginning":    {ByteRange(500, 4), "bytes 0-3/1000", "abcd", "from byte 0, not from 500"},
		"rest from elsewhere":   {ContinueFrom(500, `"v1"`), "bytes 499-502/1000", "abcd", "from byte 499, not from 500"},
		"nobody asked":          {nil, "bytes 500-503/1000", "abcd", "from byte 500, not from 0"},
		"nobody asked for less": {nil, "bytes 0-3/1000", "abcd", "only the bytes 0 to 3 of 1000"},
		"nobody asked for all":  {nil, "bytes 0-3/4", "abcd", ""},
		"more than it says":     {ByteRange(500, 4), "bytes 500-503/1000", "abcdefgh", "does not say which"},
		"less than it says":     {ByteRange(500, 9), "bytes 500-508/1000", "abcd", "does not say which"},
		"backwards":             {ByteRange(500, 4), "bytes 503-500/1000", "abcd", "does not say which"},
		"beyond the end":        {ByteRange(500, 4), "bytes 500-503/502", "abcd", "does not say which"},
		"a huge number":         {ByteRange(500, 4), "bytes 500-99999999999999999999/1000", "abcd", "does not say which"},
		"no end":                {ByteRange(500, 4), "bytes 500-/1000", "abcd", "does not say which"},
		"negative":              {ByteRange(500, 4), "bytes -4-503/1000", "abcd", "does not say which"},
		"another unit":          {ByteRange(500, 4), "items 500-503/1000", "abcd", "does not say which"},
		"several parts":         {ByteRange(500, 4), "", "--x", "does not say which"},
	} {
		t.Run(name, func(t *testing.T) {
			r := against(t, func(w http.ResponseWriter, _ *http.Request) { partial(w, test.span, `"v1"`, test.body) })
			var opts []RequestOption
			if test.opt != nil {
				opts = append(opts, test.opt)
			}
			stream, err := r.open(t.Context(), opts)
			if test.want != "" {
				assert.ErrorContains(t, err, test.want)
				return
			}
			require.NoError(t, err)
			defer stream.Close()
			data, err := io.ReadAll(stream)
			assert.NoError(t, err)
			assert.Equal(t, test.body, string(data))
		})
	}
}

// TestDownloadThatGoesOnWithSomethingElse is about services that do not look at If-Range.
func TestDownloadThatGoesOnWithSomethingElse(t *testing.T) {
	for name, test := range map[string]struct {
		change func(w http.ResponseWriter)
		want   string
	}{
		"another version": {func(w http.ResponseWriter) { partial(w, "bytes 4-7/8", `"v2"`, "EFGH") }, "it has changed"},
		"another size":    {func(w http.ResponseWriter) { partial(w, "bytes 4-7/9", `"v1"`, "EFGH") }, "it has changed"},
		"compressed": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "br")
			partial(w, "bytes 4-7/8", `"v1"`, "EFGH")
		}, "another encoding"},
		"without a new tag": {func(w http.ResponseWriter) { partial(w, "bytes 4-7/8", "", "EFGH") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := against(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Range") != "" {
					test.change(w)
					return
				}
				w.Header().Set("Etag", `"v1"`)
				w.Header().Set("Content-Length", "8")
				_, _ = io.WriteString(w, "abcd")
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			})
			stream, err := r.open(t.Context(), nil)
			require.NoError(t, err)
			defer stream.Close()
			data, err := io.ReadAll(stream)
			if test.want == "" {
				require.NoError(t, err)
				assert.Equal(t, "abcdEFGH", string(data))
				return
			}
			assert.ErrorContains(t, err, test.want)
			assert.Equal(t, "abcd", strings.ToLower(string(data)))
		})
	}
}
