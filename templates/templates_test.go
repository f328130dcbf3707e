package templates

import (
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRuntimeImportsTheStandardLibraryOnly(t *testing.T) {
	files, err := Runtime("graph", nil, []string{"client", "callback", "notification"}, nil)
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

func TestDeclarations(t *testing.T) {
	declared, err := Declarations()
	require.NoError(t, err)
	names := declared.Names
	for _, want := range []string{"Value", "Unmarshal", "Marshal", "AdditionalData", "Duration", "decoder", "typeName", "limitDepth", "NotificationHandler"} {
		assert.Contains(t, names, want)
	}
	assert.NotContains(t, names, "Get", "methods are in no one's way")
	for _, name := range []string{"TypeList", "IsNil", "Holds"} {
		assert.NotContains(t, names, name, "a bridge is not emitted")
	}
	assert.IsIncreasing(t, names)
	assert.Subset(t, declared.Members["Client"], []string{"NewBatch", "root"}, "methods are not in the way of others than those of the type")
	assert.Subset(t, declared.Members["CallbackEvent"], []string{"TenantID"}, "fields, too")
}

func TestTheCallbackSideImportsTheStandardLibraryOnly(t *testing.T) {
	files, err := Runtime("graph", nil, []string{"callback"}, nil)
	require.NoError(t, err)
	found := 0
	for _, f := range files {
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

func TestPartsThatAreNotWantedAreLeftOut(t *testing.T) {
	for _, parts := range [][]string{nil, {"client"}, {"callback"}, {"notification"}, {"client", "callback"}} {
		files, err := Runtime("graph", nil, parts, nil)
		require.NoError(t, err)
		for _, part := range []string{"client", "callback", "notification"} {
			has := slices.ContainsFunc(files, func(f File) bool { return strings.HasPrefix(f.Name, part+"_") })
			assert.Equal(t, slices.Contains(parts, part), has, "%v: %s", parts, part)
		}
	}
}

func TestTheSimulatorImportsTheStandardLibraryOnly(t *testing.T) {
	files, err := Simulator()
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		assert.NotContains(t, f.Name, "_test")
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name, "package p\n"+string(f.Data), parser.ImportsOnly)
		require.NoError(t, err, f.Name)
		for _, spec := range parsed.Imports {
			assert.NotContains(t, spec.Path.Value, ".", f.Name)
		}
	}
}

// TestSimulatorsFitInOnePackage: a package can have both, so that no name is in both.
func TestSimulatorsFitInOnePackage(t *testing.T) {
	calls, err := Simulator()
	require.NoError(t, err)
	changes, err := ChangeSimulator()
	require.NoError(t, err)
	declared := make(map[string]string)
	for part, files := range map[string][]File{"simulator": calls, "changesim": changes} {
		require.NotEmpty(t, files)
		for _, f := range files {
			file, err := parser.ParseFile(token.NewFileSet(), f.Name, "package p\n"+string(f.Data), parser.SkipObjectResolution)
			require.NoError(t, err, f.Name)
			names := make(map[string]bool)
			for _, d := range file.Decls {
				addDeclared(d, names)
			}
			for name := range names {
				if other, ok := declared[name]; ok && other != part {
					t.Errorf("%s is declared in both", name)
				}
				declared[name] = part
			}
		}
	}
}
