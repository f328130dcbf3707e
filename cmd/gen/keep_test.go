package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/spec/diag"
)

// failing stands for a generator whose package fails its check.
func failing(*config.Config, func(string)) (*generator.Result, error) {
	return nil, &generator.CheckError{
		Files: []output.File{{Name: "a.gen.go", Data: []byte("package p\n\nvar a b\n")}, {Name: "internal/codec/c.gen.go", Data: []byte("package codec\n")}},
		Err:   &diag.Error{Findings: []diag.Finding{{Msg: "generated a.gen.go:3:7: undefined: b", Source: "3 | var a b"}}},
	}
}

func TestKeep(t *testing.T) {
	project(t)
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	code, stdout, stderr := gen(failing, "--keep")
	assert.Equal(t, exitFound, code)
	assert.Empty(t, stdout)
	entries, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	dir := temp + "/" + entries[0].Name()
	assert.Equal(t, "generated a.gen.go:3:7: undefined: b\n\t3 | var a b\n"+
		"gen: 1 finding; nothing was written; the files that failed the check are in "+strings.ReplaceAll(dir, `\`, "/")+"\n", stderr)
	data, err := os.ReadFile(dir + "/a.gen.go")
	require.NoError(t, err)
	assert.Equal(t, "package p\n\nvar a b\n", string(data))
	assert.FileExists(t, dir+"/internal/codec/c.gen.go", "a part of a package that is split")
	assert.NoDirExists(t, "generated")
}

func TestWithoutKeep(t *testing.T) {
	project(t)
	_, _, stderr := gen(failing)
	assert.Contains(t, stderr, "\ngen: 1 finding; nothing was written; use --keep to keep the files that failed the check\n")
	_, _, stderr = gen(failing, "check")
	assert.Contains(t, stderr, "\ngen: 1 finding; nothing was compared\n")
	code, _, stderr := gen(failing, "check", "--keep")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, stderr, "check takes no --keep: it is for generate and update")
}

func TestErrorsHideNothing(t *testing.T) {
	project(t)
	_, _, stderr := gen(func(*config.Config, func(string)) (*generator.Result, error) {
		return nil, fmt.Errorf("a\u202eb\nc\u2028d")
	})
	assert.Equal(t, "gen: a\\u202eb\nc\\u2028d\n", stderr)
	_, _, stderr = gen(fake, "--config", "a\u202e.yaml")
	assert.Contains(t, stderr, `a\u202e.yaml`)
}
