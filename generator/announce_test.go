package generator_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/config"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFoldingIsProposedBeforeTheWork asks for a root that there is not, so that nothing is done
// after reading.
func TestFoldingIsProposedBeforeTheWork(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>`)
	for version := range 20 {
		fmt.Fprintf(&b, `<Schema Namespace="Part.v1_%d" xmlns="http://docs.oasis-open.org/odata/ns/edm">`, version)
		for i := range 110 {
			base := ""
			if version > 0 {
				base = fmt.Sprintf(` BaseType="Part.v1_%d.T%d"`, version-1, i)
			}
			fmt.Fprintf(&b, `<ComplexType Name="T%d"%s/>`, i, base)
		}
		b.WriteString(`</Schema>`)
	}
	b.WriteString(`</edmx:DataServices></edmx:Edmx>`)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("in.csdl", []byte(b.String()), 0o644))
	remarks := func(settings string) (list []string) {
		require.NoError(t, os.WriteFile("gen.yaml", []byte("spec: in.csdl\nroots: [No.Such]\npackage: p\nout: p\n"+settings), 0o644))
		cfg, err := config.Load("gen.yaml")
		require.NoError(t, err)
		_, err = generator.Generate(cfg, func(name string) {
			if remark, ok := strings.CutPrefix(name, generator.Remark); ok {
				list = append(list, remark)
			}
		})
		require.Error(t, err)
		return list
	}
	list := remarks("")
	require.Len(t, list, 1)
	assert.Contains(t, list[0], `"versions: fold" in the configuration, or --versions fold, makes one type of all versions, 110 instead of 2200`)
	assert.Empty(t, remarks("versions: apart\n"))
	assert.Empty(t, remarks("versions: fold\n"))
}
