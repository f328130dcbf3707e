package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProgressIsShownOnALongRun(t *testing.T) {
	var terminal bytes.Buffer
	p := &progress{to: &terminal, after: time.Second, begun: time.Now().Add(-90 * time.Second)}
	p.step("checking")
	assert.Regexp(t, `^\r\x1b\[Kgen: checking \(90\.\d s\)$`, terminal.String())
	p.done()
	assert.Regexp(t, `\r\x1b\[K$`, terminal.String(), "the line is cleared")
}

func TestProgressIsSilent(t *testing.T) {
	var terminal bytes.Buffer
	short := &progress{to: &terminal, after: time.Hour, begun: time.Now()}
	short.step("checking")
	short.done()
	assert.Empty(t, terminal.String(), "on a short run")

	name := filepath.Join(t.TempDir(), "log")
	log, err := os.Create(name)
	require.NoError(t, err)
	defer log.Close()
	file := newProgress(log)
	file.begun = file.begun.Add(-time.Hour)
	file.step("checking")
	file.done()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Empty(t, data, "in a file")

	file.step("note: fold them")
	data, err = os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "fold them\n", string(data), "but for remarks")
}
