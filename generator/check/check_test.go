package check_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/generator/check"
	"github.com/callgen/callgen/generator/output"
)

func element(file string, line int) string { return fmt.Sprintf("ns.%s%d", file[:1], line) }

func file(name, text string) output.File { return output.File{Name: name, Data: []byte(text)} }

func TestCheck(t *testing.T) {
	good := file("good.go", "package p\n\nimport (\n\t\"encoding/json\"\n\t\"unsafe\"\n)\n\nvar _ json.RawMessage\n\nvar _ unsafe.Pointer\n")
	for name, c := range map[string]struct {
		files []output.File
		want  string // "" = no error
	}{
		"good":        {[]output.File{good, file("text", "not Go")}, ""},
		"two builds":  {[]output.File{file("a.go", "//go:build purego\n\npackage p\n\nvar x = 1\n"), file("b.go", "//go:build !purego\n\npackage p\n\nvar x = 2\n")}, ""},
		"type error":  {[]output.File{good, file("b.go", "package p\n\nvar x int = \"s\"\n")}, "generated b.go:3:13 (from ns.b3): cannot use \"s\" (untyped string constant) as int value in variable declaration\n\t3 | var x int = \"s\""},
		"syntax":      {[]output.File{file("b.go", "package p\n\nvar x int =\n")}, "generated b.go:3:13 (from ns.b3): expected operand, found 'EOF'"},
		"purego only": {[]output.File{good, file("b.go", "//go:build purego\n\npackage p\n\nvar x = y\n")}, "generated b.go:5:9 (from ns.b5): undefined: y"},
		"import":      {[]output.File{file("b.go", "package p\n\nimport _ \"github.com/x/y\"\n")}, "generated b.go:3:8 (from ns.b3): a generated package imports the standard library only"},
		"cgo":         {[]output.File{file("b.go", "package p\n\nimport \"C\"\n")}, "a generated package imports the standard library only"},
		"no package":  {[]output.File{file("b.go", "package p\n\nimport \"encoding/none\"\n")}, "the standard library cannot be loaded"},
	} {
		err := check.Check(c.files, "p", element)
		if c.want == "" {
			assert.NoError(t, err, name)
			continue
		}
		assert.ErrorContains(t, err, c.want, name)
	}
}

func TestCheckShowsSoManyErrors(t *testing.T) {
	text := "package p\n"
	for i := range 50 {
		text += fmt.Sprintf("var x%d = y\n", i)
	}
	assert.ErrorContains(t, check.Check([]output.File{file("a.go", text)}, "p", element), "\nand 30 more")
}
