package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/gentest"
)

func TestGenerated(t *testing.T) { gentest.UpToDate(t, "gen.yaml") }

// TestRun compares the output with the one in README.md.
func TestRun(t *testing.T) {
	server := httptest.NewServer(newService())
	defer server.Close()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), server.URL, &out))
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, shown, _ := strings.Cut(string(page), "prints\n\n```\n")
	shown, _, _ = strings.Cut(shown, "```")
	assert.Equal(t, shown, out.String())
}
