package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/cmd/gen/internal/listing"
)

const calls = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="call"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/><Property Name="info" Type="microsoft.graph.info"/></EntityType>
  <ComplexType Name="info"><Property Name="state" Type="microsoft.graph.state"/></ComplexType>
  <EnumType Name="state"><Member Name="on"/></EnumType>
  <ComplexType Name="other"/><ComplexType Name="infos" BaseType="microsoft.graph.info"/>
  <EntityContainer Name="service"><EntitySet Name="calls" EntityType="microsoft.graph.call"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

func TestList(t *testing.T) {
	inFolder(t, "d.xml", calls, "gen.yaml", "spec: d.xml\nall: true\nout: calls\n")
	code, stdout, stderr := genOutput(t, "list", "/calls")
	assert.Equal(t, exitOK, code, stderr)
	assert.Contains(t, stdout, "microsoft.graph.info (and 1 derived)\n        /calls → call.info → info\n")
	assert.NotContains(t, stdout, "graph.other", "roots replace all: true")
	assert.NoDirExists(t, "calls")
}

// The lines that are listed are those that gen writes.
func TestListCountsRealLines(t *testing.T) {
	inFolder(t, "d.xml", calls)
	code, stdout, stderr := genOutput(t, "list", "--spec", "d.xml", "--format", "json", "/calls")
	require.Equal(t, exitOK, code, stderr)
	var l listing.Listing
	require.NoError(t, json.Unmarshal([]byte(stdout), &l))
	assert.Equal(t, 4, l.Total.Types)
	sum := 0
	for _, row := range l.Types {
		assert.Positive(t, row.Lines, row.Name)
		sum += row.Lines
	}
	assert.Equal(t, sum, l.Total.Lines)

	code, _, stderr = genOutput(t, "--spec", "d.xml", "--root", "/calls", "--out", "points")
	require.Equal(t, exitOK, code, stderr)
	lines := 0
	for name, text := range written(t) {
		if strings.HasSuffix(name, ".go") {
			lines += strings.Count(text, "\n")
		}
	}
	assert.Equal(t, lines, l.Total.Lines+l.OtherLines)
}

func TestListMisused(t *testing.T) {
	inFolder(t, "d.xml", calls)
	code, _, stderr := genOutput(t, "list", "--spec", "d.xml", "--all", "--format", "svg")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, stderr, `--format: list has text, json, not "svg"`)
	code, _, stderr = genOutput(t, "list", "--spec", "d.xml", "/none")
	assert.Equal(t, exitFound, code)
	assert.Equal(t, "/none: the description has no entity set or singleton none\ngen: 1 finding; nothing was listed\n", stderr)
}
