package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/bench/report"
	"github.com/callgen/callgen/bench/scratch"
)

// TestProgramsAreGo: every program that a subject needs is there, and is Go.
func TestProgramsAreGo(t *testing.T) {
	data := struct {
		*survey
		Import string
		N      int
	}{&survey{Structs: []string{"MicrosoftGraphCall"}, Factories: []string{"Call"}}, "example.com/graph", 1}
	programs := []string{"warm_nethttp"}
	for _, s := range subjects(t.TempDir(), descriptions{}, 1) {
		programs = append(programs, "all_"+s.style, "warm_"+s.style)
		if s.call {
			programs = append(programs, "call_"+s.style, "rival_"+s.style)
		}
	}
	assert.GreaterOrEqual(t, len(programs), 13)
	for _, name := range programs {
		text, err := render(name, data)
		require.NoError(t, err)
		_, err = parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		assert.NoError(t, err)
	}
}

func TestSurvey(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.go":             "package p\n\ntype A struct{}\ntype b struct{}\ntype E string\ntype I interface{}\n",
		"b.go":             "package p\n\nfunc CreateAFromDiscriminatorValue() {}\nfunc CreateOther() {}\n",
		"runtime_x.gen.go": "package p\n\ntype Helper struct{}\n",
		"a_test.go":        "package p\n\ntype T struct{}\n",
		"note.txt":         "not Go\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
	}
	found, err := surveyOf(dir)
	require.NoError(t, err)
	assert.Equal(t, &survey{Lines: 13, Files: 3, Longest: 6, Structs: []string{"A"}, Enums: []string{"E"}, Factories: []string{"A"}}, found)
}

func TestRepairs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "openapi.json")
	require.NoError(t, os.WriteFile(file, []byte(`{
		"paths": {"/a": {"description": "x", "get": {"parameters": [
			{"in": "header", "name": "Prefer"}, {"$ref": "#/p"}, {"in": "header", "name": "Prefer"}, {"$ref": "#/p"}, {"in": "query", "name": "Prefer"}]}}},
		"components": {"schemas": {"x": {"allOf": [{"discriminator": {"propertyName": "t"}, "type": "object"}]}}}}`), 0o666))
	text, err := repaired(file, declareMissing, dropRepeated, dropDiscriminators)
	require.NoError(t, err)
	assert.True(t, json.Valid([]byte(text)))
	assert.JSONEq(t, `{
		"paths": {"/a": {"description": "x", "get": {"parameters": [
			{"in": "header", "name": "Prefer"}, {"$ref": "#/p"}, {"in": "query", "name": "Prefer"}]}}},
		"components": {"schemas": {"x": {"allOf": [{"type": "object"}]}, "microsoft.graph.educationAssignment": {"type": "object"}}}}`, text)
}

func TestMedianUsage(t *testing.T) {
	next := []float64{3, 1, 2}
	usage, err := medianUsage(3, func() (scratch.Usage, error) {
		u := scratch.Usage{CPU: next[0], Wall: 10 * next[0]}
		next = next[1:]
		return u, nil
	})
	require.NoError(t, err)
	assert.Equal(t, scratch.Usage{CPU: 2, Wall: 20}, usage)
}

// TestMissing: what cannot be measured says why, and is not an error of the run.
func TestMissing(t *testing.T) {
	s := subject{Subject: report.Subject{Name: "x"}, needs: filepath.Join(t.TempDir(), "graph.xml")}
	assert.ErrorContains(t, s.measure(t.TempDir()), "there is no file")
}
