package fetch_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/fetch"
)

// cache makes an empty folder the user's cache.
func cache(t *testing.T) string {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", dir) // Linux
	t.Setenv("HOME", dir)           // macOS
	t.Setenv("LocalAppData", dir)   // Windows
	return dir
}

func TestAllowed(t *testing.T) {
	for address, want := range map[string]bool{
		"https://graph.microsoft.com/beta/$metadata": true, "http://127.0.0.1:80/x": true, "http://localhost/x": true, "http://[::1]/x": true,
		"http://graph.microsoft.com/beta/$metadata": false, "http://localhost.example.org/": false, "file:///etc/passwd": false, "ftp://x/y": false,
		"https://user:secret@example.org/": false, "https:///x": false, "x": false, "%": false,
	} {
		assert.Equal(t, want, fetch.Allowed(address), address)
	}
}

func TestPinnedIsFetchedOnce(t *testing.T) {
	cache(t)
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		assert.Empty(t, r.Header.Get("Authorization"))
		_, _ = w.Write([]byte("description"))
	}))
	defer server.Close()
	hash := fetch.Hash([]byte("description"))
	for range 3 {
		data, err := fetch.Pinned(t.Context(), server.URL, hash)
		require.NoError(t, err)
		assert.Equal(t, "description", string(data))
	}
	assert.Equal(t, 1, asked)

	_, err := fetch.Pinned(t.Context(), server.URL, fetch.Hash([]byte("older")))
	assert.EqualError(t, err, "the description has changed: its SHA-256 is "+hash+", not "+fetch.Hash([]byte("older"))+": run gen update to take the new one")
}

func TestSpoiltCacheIsNotBelieved(t *testing.T) {
	dir := cache(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("genuine")) }))
	defer server.Close()
	hash := fetch.Hash([]byte("genuine"))
	_, err := fetch.Pinned(t.Context(), server.URL, hash)
	require.NoError(t, err)
	var files []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	require.Len(t, files, 1)
	require.NoError(t, os.WriteFile(files[0], []byte("evil"), 0o644))
	data, err := fetch.Pinned(t.Context(), server.URL, hash)
	require.NoError(t, err)
	assert.Equal(t, "genuine", string(data))
}

func TestWithoutACache(t *testing.T) {
	cache(t)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(os.DevNull, "none"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) }))
	defer server.Close()
	data, err := fetch.Pinned(t.Context(), server.URL, fetch.Hash([]byte("x")))
	require.NoError(t, err)
	assert.Equal(t, "x", string(data))
}

func TestRefused(t *testing.T) {
	cache(t)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	mux.Handle("/gone", http.NotFoundHandler())
	mux.Handle("/away", http.RedirectHandler("http://example.invalid/x", http.StatusFound))
	mux.Handle("/round", http.RedirectHandler("/round", http.StatusFound))
	mux.Handle("/ok", http.RedirectHandler("/there", http.StatusFound))
	mux.HandleFunc("/there", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) })
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = w.Write([]byte("x"))
	})
	for path, want := range map[string]string{
		"/gone":  "the server answers 404 Not Found",
		"/away":  "a redirect to http://example.invalid, which is not https",
		"/round": "more than 5 redirects",
		"/cut":   "unexpected EOF",
	} {
		_, err := fetch.Newest(t.Context(), server.URL+path)
		assert.EqualError(t, err, server.URL+path+" cannot be fetched: "+want)
	}
	data, err := fetch.Newest(t.Context(), server.URL+"/ok")
	require.NoError(t, err)
	assert.Equal(t, "x", string(data))
	_, err = fetch.Newest(t.Context(), "file:///etc/passwd")
	assert.EqualError(t, err, "file:///etc/passwd: descriptions are fetched by https only")
}

// TestTooLarge: what never ends is not read to its end.
func TestTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it transfers 256 MB")
	}
	cache(t)
	block := []byte(strings.Repeat("x", 1<<20))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	_, err := fetch.Newest(t.Context(), server.URL)
	assert.EqualError(t, err, server.URL+" cannot be fetched: it has more than 256 MB")
}
