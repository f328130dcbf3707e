package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/bench/rivals"
)

const description = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityType Name="entity" Abstract="true">
        <Key><PropertyRef Name="id"/></Key>
        <Property Name="id" Type="Edm.String" Nullable="false"/>
      </EntityType>
      <EntityType Name="event" BaseType="microsoft.graph.entity" OpenType="true">
        <Property Name="subject" Type="Edm.String"/>
        <Property Name="start" Type="Edm.DateTimeOffset"/>
      </EntityType>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
`

// Four objects count: a plain one, two of a collection, one of them with an invalid time, and
// one that names its type.
const corpus = `{"id":"1","version":"v1.0","type":"microsoft.graph.event","root":"object","body":{"id": "1", "subject": "s"}}
{"id":"2","version":"v1.0","type":"Collection(microsoft.graph.event)","root":"values","body":{"value":[{"id":"2","start":"String (timestamp)"},{"id":"3","more":null}]}}
{"id":"3","version":"v1.0","type":null,"root":"object","body":{"@odata.type":"#microsoft.graph.event","id":"4"}}
{"id":"4","version":"v1.0","type":"microsoft.graph.nothing","root":"object","body":{"id":"5"}}
{"id":"5","version":"beta","type":"microsoft.graph.event","root":"object","body":{"id":"6"}}
{"id":"6","version":"v1.0","type":"microsoft.graph.event","root":"object","pseudo":true,"body":{"id":"String"}}
{"id":"7","version":"v1.0","type":"microsoft.graph.event","root":"object","dupMembers":["id"],"body":{"id":"7","id":"8"}}
`

// TestMeasure runs the whole of it on a small description and a small corpus.
func TestMeasure(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds programs")
	}
	dir := t.TempDir()
	bodies, spec := filepath.Join(dir, "corpus.jsonl"), filepath.Join(dir, "graph.xml")
	require.NoError(t, os.WriteFile(bodies, []byte(corpus), 0o666))
	require.NoError(t, os.WriteFile(spec, []byte(description), 0o666))
	t.Chdir(filepath.Join("..", ".."))
	t.Setenv("GOPROXY", "off")
	ratios, err := measure(bodies, spec, "v1.0", 1, time.Millisecond, others{})
	require.NoError(t, err)
	require.Len(t, ratios.Sets, 2)
	all, plain := ratios.Sets[0], ratios.Sets[1]
	assert.Equal(t, 4, all.Documents)
	assert.Equal(t, 3, plain.Documents, "all except the invalid time")
	assert.Len(t, all.Rows, 4)
	assert.Len(t, plain.Rows, 8)
	for _, row := range append(all.Rows, plain.Rows...) {
		assert.Positive(t, row.Decode, row.Rival)
		assert.Positive(t, row.Encode, row.Rival)
		assert.Positive(t, row.RoundTrip, row.Rival)
	}
	for _, row := range plain.Rows {
		switch row.Rival {
		case rivals.Callgen, rivals.CallgenPure, "encoding/json into any", "sonic into any":
			assert.Equal(t, 3, row.Kept, row.Rival)
		default:
			assert.Equal(t, 2, row.Kept, "%s: an unknown member", row.Rival)
		}
	}
}
