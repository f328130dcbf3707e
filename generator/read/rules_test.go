package read_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/config"
	"github.com/callgen/callgen/generator/read"
	"github.com/callgen/callgen/spec/diag"
)

// document returns a description with one schema.
func document(namespace, schema string) string {
	return `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="` + namespace + `" xmlns="http://docs.oasis-open.org/odata/ns/edm">
` + schema + `
</Schema></edmx:DataServices></edmx:Edmx>`
}

// folder writes files, and returns where they are.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}

func TestTheFormatIsToldByTheContent(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"a": document("shop", `<ComplexType Name="address"><Property Name="street" Type="Edm.String"/></ComplexType>`),
		"b": "openapi: 3.0.0\ninfo: {title: t, version: v1}\npaths: {}\ncomponents: {schemas: {shop.address: {title: address, type: object, properties: {street: {type: string}}}}}\n",
	})
	for name, file := range map[string]string{"CSDL": "a", "OpenAPI": "b"} {
		m, _, err := read.Model(config.Source{Spec: filepath.Join(dir, file)})
		require.NoError(t, err, name)
		assert.NotNil(t, m.Structured("shop.address"), name)
	}
}

func TestAFolderIsReadByTheNamesOfItsXMLFiles(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"d/b.xml": document("two", `<ComplexType Name="b" BaseType="one.a"/>`), "d/a.xml": document("one", `<ComplexType Name="a"/>`), "d/read.me": "no XML",
	})
	files, err := read.Files(config.Source{Spec: filepath.Join(dir, "d")})
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, "d", "a.xml"), filepath.Join(dir, "d", "b.xml")}, files)
	m, _, err := read.Model(config.Source{Spec: filepath.Join(dir, "d")})
	require.NoError(t, err)
	assert.NotNil(t, m.Structured("two.b"))
}

func TestAFaultHasThePlaceInItsFile(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"a.xml": document("shop", `<ComplexType Name="a" BaseType="shop.gone"/>`)})
	file := filepath.Join(dir, "a.xml")
	_, _, err := read.Model(config.Source{Spec: file, Strict: true})
	var found *diag.Error
	require.ErrorAs(t, err, &found)
	require.Len(t, found.Findings, 1)
	f := found.Findings[0]
	assert.Equal(t, diag.Pos{File: file, Line: 3, Col: f.Pos.Col}, f.Pos)
	assert.Equal(t, "shop.a", f.Element)
}

func TestAnEntryOfAnOverlayThatTheDescriptionHasIsAFault(t *testing.T) {
	t.Parallel()
	declared := `<ComplexType Name="address"><Property Name="street" Type="Edm.String"/></ComplexType>`
	dir := folder(t, map[string]string{"a.xml": document("shop", declared), "o.xml": document("shop", declared)})
	source := config.Source{Spec: filepath.Join(dir, "a.xml"), Overlays: []string{filepath.Join(dir, "o.xml")}}
	_, _, err := read.Model(source)
	var found *diag.Error
	require.ErrorAs(t, err, &found)
	assert.Equal(t, source.Overlays[0], found.Findings[0].Pos.File)
}

func TestAFileThatIsNotThereIsToldAsSuch(t *testing.T) {
	t.Parallel()
	_, _, err := read.Model(config.Source{Spec: filepath.Join(t.TempDir(), "none.xml")})
	assert.True(t, errors.Is(err, fs.ErrNotExist))
}
