package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const description = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices xmlns="http://docs.oasis-open.org/odata/ns/edm">
<Schema Namespace="Disk.v1_0_0"><EntityType Name="Disk"><Property Name="Id" Type="Edm.String"/><Property Name="Bytes" Type="Edm.Int64"/></EntityType></Schema>
<Schema Namespace="Fan.v1_0_0"><EntityType Name="Fan"><Property Name="Id" Type="Edm.String"/></EntityType></Schema>
</edmx:DataServices></edmx:Edmx>`

const corpus = `{"id":"1","body":{"@odata.type":"#Disk.v1_0_0.Disk","Id":"1","Bytes":5}}
{"id":"2","body":{"@odata.type":"#Disk.v1_1_0.Disk","Id":"2","Bytes":"many"}}
{"id":"3","body":{"@odata.type":"#Fan.v1_0_0.Fan","Id":"3"}}
{"id":"4","body":{"@odata.type":"#Pump.v1_0_0.Pump","Id":"4"}}
`

// TestMeasure runs the whole of it on a small description, and a small library in the place of
// gofish, which has a type for one of two.
func TestMeasure(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds programs")
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
		return file
	}
	write("gofish/go.mod", "module github.com/stmcginnis/gofish\n\ngo 1.21\n")
	write("gofish/root.go", "package gofish\n\ntype Service struct{}\n")
	write("gofish/schemas/disk.go", "package schemas\n\ntype Entity struct{ Id string }\n\ntype Collection struct{}\n\ntype Disk struct {\n\tEntity\n\tBytes int\n}\n")
	documents, spec := write("corpus.jsonl", corpus), filepath.Dir(write("csdl/all.xml", description))
	t.Chdir(filepath.Join("..", ".."))
	t.Setenv("GOPROXY", "off")
	ratios, err := measure(documents, spec, filepath.Join(dir, "gofish"), 1, time.Millisecond)
	require.NoError(t, err)
	require.Len(t, ratios.Sets, 2)
	all, gofish := ratios.Sets[0], ratios.Sets[1]
	assert.Equal(t, 3, all.Documents)
	assert.Equal(t, 1, gofish.Documents)
	assert.Contains(t, gofish.About, "it has no type for 1, and fails on 1")
	assert.Contains(t, gofish.About, "66.7 % of the members survive a round trip through it, and 100.0 % one through callgen")
	require.Len(t, gofish.Rows, 3)
	assert.Equal(t, 0, gofish.Rows[1].Kept, "the type is lost")
	assert.Equal(t, 1, gofish.Rows[2].Kept)

	_, err = measure(documents, spec, "", 1, time.Millisecond)
	assert.ErrorIs(t, err, errNoGofish)
}
