package templates

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRuntimeIsEmittedAsItStands(t *testing.T) {
	files, err := Runtime("graph", []string{"// Header."}, Parts{Client: true, Callbacks: true})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		source, err := os.ReadFile(filepath.Join("runtime", f.Name+".go"))
		require.NoError(t, err)
		_, body, _ := strings.Cut(string(source), "\npackage runtime\n")
		if strings.HasPrefix(string(source), "package runtime\n") {
			body = strings.TrimPrefix(string(source), "package runtime\n")
		}
		head, rest, found := strings.Cut(string(f.Data), "\npackage graph\n")
		require.True(t, found, f.Name)
		assert.Equal(t, body, rest, f.Name)
		assert.True(t, strings.HasPrefix(head, "// Header.\n"), f.Name)
		assert.Equal(t, strings.Contains(string(source), "//go:build"), strings.Contains(head, "//go:build"), f.Name)
		assert.NotContains(t, f.Name, "_test")
	}
}

func TestRuntimeImportsTheStandardLibraryOnly(t *testing.T) {
	files, err := Runtime("graph", nil, Parts{Client: true, Callbacks: true})
	require.NoError(t, err)
	unsafe := 0
	for _, f := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			assert.NotContains(t, path, ".", f.Name)
			if path == "unsafe" {
				unsafe++
			}
		}
	}
	assert.Equal(t, 1, unsafe, "one file uses unsafe")
}

func TestReserved(t *testing.T) {
	names, err := Reserved()
	require.NoError(t, err)
	for _, want := range []string{"Value", "Unmarshal", "Marshal", "New", "UnmarshalAny", "AdditionalData", "Duration", "decoder", "typeName", "limitDepth", "NotificationHandler"} {
		assert.Contains(t, names, want)
	}
	assert.NotContains(t, names, "Get", "methods are in no one's way")
	assert.IsIncreasing(t, names)
}

func TestTheCallbackSideImportsTheStandardLibraryOnly(t *testing.T) {
	all, err := sources()
	require.NoError(t, err)
	found := 0
	for _, f := range all {
		if !strings.HasPrefix(f.Name, callbackPrefix) {
			continue
		}
		found++
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			assert.NotContains(t, spec.Path.Value, ".", f.Name)
			assert.NotEqual(t, `"unsafe"`, spec.Path.Value, f.Name)
		}
	}
	assert.NotZero(t, found)
}
