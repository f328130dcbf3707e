//go:build unix

package main

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFilesThatNeverEnd: nobody writes to the pipe, and zeros have no end.
func TestFilesThatNeverEnd(t *testing.T) {
	inFolder(t, "a.xml", pointDescription)
	require.NoError(t, syscall.Mkfifo("pipe", 0o600))
	for _, name := range []string{"pipe", "/dev/zero"} {
		for _, args := range [][]string{
			{"--config", name},
			{"--spec", name, "--all", "--models", "--out", "points"},
			{"--spec", "a.xml", "--overlay", name, "--all", "--models", "--out", "points"},
			{"convert", "--spec", name},
			{"diff", "a.xml", name},
			{"list", "--spec", name, "--all"},
			{"update", "--config", name},
		} {
			code, _, stderr := genOutput(t, args...)
			assert.NotZero(t, code, args)
			assert.Contains(t, stderr, "it is not a regular file", args)
		}
	}
	inFolder(t, "a.yaml", `openapi: 3.0.3
info: {title: t, version: "1"}
paths: {}
components:
  schemas:
    a: {type: object, properties: {b: {$ref: "below/pipe#/components/schemas/b"}}}
`, "below/x.yaml", "x: 1")
	require.NoError(t, syscall.Mkfifo("below/pipe", 0o600))
	code, _, stderr := genOutput(t, "--spec", "a.yaml", "--refs", ".", "--all", "--models", "--out", "points")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "it is not a regular file")
}
