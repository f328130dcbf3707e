package check

import (
	"errors"
	"fmt"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/output"
	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/diag"
)

func file(name, text string) output.File { return output.File{Name: name, Data: []byte(text)} }

func TestCheckGood(t *testing.T) {
	assert.NoError(t, Check([]output.File{
		file("a.gen.go", `package p

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"unsafe"
)

type A struct{ B *B }

func (a *A) Do(ctx context.Context, c *http.Client) (json.RawMessage, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/", http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	_, err = c.Do(r)
	return nil, err
}

const size = unsafe.Sizeof(A{})

var name = new("go 1.26")
`),
		file("b.gen.go", "package p\n\ntype B struct{}\n"),
		file("api.txt", "no Go at all {"),
		file("runtime_plan9.gen.go", "package p\n\ntype B int // for another system\n"),
		file("runtime_b.gen.go", "//go:build windows\n\npackage p\n\nvar b = new(B)\n"),
		file("runtime_c.gen.go", "//go:build !windows\n\npackage p\n\nvar b = &B{}\n"),
	}, "example.org/p", nil))
}

func TestCheckNoFiles(t *testing.T) {
	assert.NoError(t, Check(nil, "p", nil))
}

const otherwise = "the go command takes the end of the file name for a system or a test: rename the file"

// faulty is a package that is refused, and why.
type faulty struct {
	name  string
	files []output.File
	want  []string
}

func faultyPackages() []faulty {
	fast := file("runtime_fast.gen.go", "//go:build !purego\n\npackage p\n\nfunc text(b []byte) string { return string(b) }\n")
	return []faulty{
		{
			name:  "syntax",
			files: []output.File{file("a.gen.go", "package p\n\nfunc f( {\n"), file("b.gen.go", "package\n")},
			want: []string{
				"generated a.gen.go:3:9 (from a.gen.go#3): expected ')', found '{'\n\t3 | func f( {",
				"generated b.gen.go:1:9 (from b.gen.go#1): expected 'IDENT', found 'EOF'\n\t1 | package",
			},
		},
		{
			name: "imports",
			files: []output.File{file("a.gen.go", `package p

import "C"
import _ "github.com/callgen/callgen/spec/edm"
import _ "internal/abi"
import _ "./local"
import _ "syscall"
`)},
			want: []string{
				"generated a.gen.go:3:8 (from a.gen.go#3): import \"C\": a generated package does not use cgo\n\t3 | import \"C\"",
				"generated a.gen.go:4:8 (from a.gen.go#4): import \"github.com/callgen/callgen/spec/edm\": a generated package imports only the standard library\n\t4 | import _ \"github.com/callgen/callgen/spec/edm\"",
				"generated a.gen.go:5:8 (from a.gen.go#5): import \"internal/abi\": the package is internal to the standard library\n\t5 | import _ \"internal/abi\"",
				"generated a.gen.go:6:8 (from a.gen.go#6): import \"./local\": a generated package imports only the standard library\n\t6 | import _ \"./local\"",
				"generated a.gen.go:7:8 (from a.gen.go#7): import \"syscall\": its API differs between systems\n\t7 | import _ \"syscall\"",
			},
		},
		{
			name: "types",
			files: []output.File{
				file("b.gen.go", "package p\n\n//line elsewhere.go:1\ntype B struct{ A *Missing }\n"),
				file("a.gen.go", "package p\n\nimport \"fmt\"\n\ntype A = B\n\nfunc (a *A) f() { var x int = \"1\" }\n"),
			},
			want: []string{
				"generated a.gen.go:3:8 (from a.gen.go#3): \"fmt\" imported and not used\n\t3 | import \"fmt\"",
				"generated a.gen.go:7:23 (from a.gen.go#7): declared and not used: x\n\t7 | func (a *A) f() { var x int = \"1\" }",
				"generated a.gen.go:7:31 (from a.gen.go#7): cannot use \"1\" (untyped string constant) as int value in variable declaration\n\t7 | func (a *A) f() { var x int = \"1\" }",
				"generated b.gen.go:4:19 (from b.gen.go#4): undefined: Missing\n\t4 | type B struct{ A *Missing }",
			},
		},
		{
			name: "windows alone is broken",
			files: []output.File{
				file("runtime_a.gen.go", "//go:build windows\n\npackage p\n\nvar a int = nil\n"),
				file("runtime_b_darwin.gen.go", "package p\n\nvar b int = nil\n"),
				file("use.gen.go", "package p\n"),
			},
			want: []string{
				"generated runtime_a.gen.go:5:13 (from runtime_a.gen.go#5): cannot use nil as int value in variable declaration\n\t5 | var a int = nil",
				"generated runtime_b_darwin.gen.go:3:13 (from runtime_b_darwin.gen.go#3): cannot use nil as int value in variable declaration\n\t3 | var b int = nil",
			},
		},
		{
			name: "not built everywhere",
			files: []output.File{
				file("a_linux.gen.go", "package p\n"),
				file("b_arm64.gen.go", "package p\n"),
				file("c_plan9.gen.go", "package p\n"),
				file("d.gen.go", "// +build !ignore\n\npackage p\n"),
				file("e.gen.go", "// text\n\n//go:build !plan9\n\npackage p\n"),
				file("f_test.go", "package p\n"),
				file("g.gen.go", "package p\n\n// +build below\n//go:build text\n"),
			},
			want: []string{
				"generated a_linux.gen.go (from a_linux.gen.go#0): " + otherwise,
				"generated b_arm64.gen.go (from b_arm64.gen.go#0): " + otherwise,
				"generated c_plan9.gen.go (from c_plan9.gen.go#0): " + otherwise,
				"generated d.gen.go (from d.gen.go#0): a build constraint above the package clause would exclude the file on some systems: remove it",
				"generated e.gen.go (from e.gen.go#0): a build constraint above the package clause would exclude the file on some systems: remove it",
				"generated f_test.go (from f_test.go#0): " + otherwise,
			},
		},
		{
			name: "long lines",
			files: []output.File{
				file("a.gen.go", "package p\n\nvar _ = `"+strings.Repeat("x", 500)+"` + \"\u202e\" + y + `"+strings.Repeat("z", 500)+"`\n"),
				file("b.gen.go", "package p\n\nfunc f(a int) { f(1,\n\t2) }\n"),
			},
			want: []string{
				"generated a.gen.go:3:522 (from a.gen.go#3): undefined: y\n\t3 | …" + strings.Repeat("x", 28) + "` + \"\\u202e\" + y + `" + strings.Repeat("z", 67) + "…",
				"generated b.gen.go:4:2 (from b.gen.go#4): too many arguments in call to f; have (number, number); want (int)\n\t4 |     2) }",
			},
		},
		{
			name: "purego alone is broken",
			files: []output.File{
				fast, file("runtime_pure.gen.go", "//go:build purego\n\npackage p\n\nfunc text(b []byte) string { return b }\n"),
				file("use.gen.go", "package p\n\nvar _ = text(nil)\n"),
			},
			want: []string{"generated runtime_pure.gen.go:5:37 (from runtime_pure.gen.go#5): cannot use b (variable of type []byte) as string value in return statement\n\t5 | func text(b []byte) string { return b }"},
		},
		{
			name:  "purego lacks a declaration",
			files: []output.File{fast, file("use.gen.go", "package p\n\nvar _ = text(nil)\n")},
			want:  []string{"generated use.gen.go:3:9 (from use.gen.go#3): undefined: text\n\t3 | var _ = text(nil)"},
		},
		{
			name:  "declared twice",
			files: []output.File{fast, file("use.gen.go", "package p\n\nfunc text() {}\n")},
			want: []string{
				"generated runtime_fast.gen.go:5:6 (from runtime_fast.gen.go#5): other declaration of text\n\t5 | func text(b []byte) string { return string(b) }",
				"generated use.gen.go:3:6 (from use.gen.go#3): text redeclared in this block\n\t3 | func text() {}",
			},
		},
		{
			name:  "two packages",
			files: []output.File{file("a.gen.go", "package p\n"), file("b.gen.go", "package q\n")},
			want:  []string{"generated b.gen.go:1:1 (from b.gen.go#1): package q; expected package p\n\t1 | package q"},
		},
	}
}

func TestCheckErrors(t *testing.T) {
	for _, test := range faultyPackages() {
		t.Run(test.name, func(t *testing.T) {
			err := Check(test.files, "p", func(file string, line int) string { return fmt.Sprintf("%s#%d", file, line) })
			var found *diag.Error
			require.True(t, errors.As(err, &found), "%v", err)
			var got []string
			for _, f := range found.Findings {
				got = append(got, f.String())
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// What is made from a schema is not checked again for a build that differs in nothing that
// it uses.
func TestApart(t *testing.T) {
	const one, other = "//go:build !purego\n\npackage p\n\n", "//go:build purego\n\npackage p\n\n"
	for name, test := range map[string]struct {
		differing, schema string
		want              bool
	}{
		"nothing in common":   {"func text() {}", "var _ = 1", true},
		"function":            {"func text() {}", "var _ = text", false},
		"value":               {"const a, text = 1, 2", "func f() { _ = text }", false},
		"type":                {"type text struct{}", "func f(*text) {}", false},
		"selected of others":  {"func text() {}", "type a struct{ b }\ntype b struct{}\nfunc (b) text() {}\nfunc f(x a) { x.b.text() }", true},
		"method":              {"func (a shared) text() {}", "func f(x shared) { x.text() }", false},
		"field":               {"type a struct{ text int }", "var _ = x.y.text", false},
		"method of interface": {"type a interface{ text() }", "func f() { x().text() }", false},
	} {
		t.Run(name, func(t *testing.T) {
			files := []output.File{
				file("runtime_a.gen.go", one+test.differing), file("runtime_b.gen.go", other+test.differing),
				file("runtime_c.gen.go", "package p\n\ntype shared struct{}\n"), file("d.gen.go", "package p\n\n"+test.schema),
			}
			all := builds(files, parse(files, nil, &report{fset: token.NewFileSet()}))
			require.Len(t, all, 2)
			assert.Equal(t, test.want, apart(all[0], all[1]))
			assert.Len(t, all[0].runtime().files, 2)
		})
	}
}

func TestCheckUnknownStandardPackage(t *testing.T) {
	err := Check([]output.File{file("a.gen.go", "package p\n\nimport _ \"net/nothing\"\n")}, "p", nil)
	wanted.Findings(t, err, "generated a.gen.go:3:8: import \"net/nothing\": cannot find package \"net/nothing\"\n\t3 | import _ \"net/nothing\"")
}

func TestCheckWithoutElement(t *testing.T) {
	err := Check([]output.File{file("a.gen.go", "package p\nvar x y\n")}, "p", nil)
	wanted.Findings(t, err, "generated a.gen.go:2:7: undefined: y\n\t2 | var x y")
}

func TestCheckLimit(t *testing.T) {
	text := "package p\n" + strings.Repeat("var _ missing\n", 100)
	err := Check([]output.File{file("a.gen.go", text)}, "p", nil)
	require.Error(t, err)
	assert.Equal(t, limit, strings.Count(err.Error(), "undefined: missing"))
	assert.True(t, strings.HasSuffix(err.Error(), "\ngenerated code: 80 more problems"), err)
}

func TestCheckWithoutGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := Check([]output.File{file("a.gen.go", "package p\n\nimport _ \"fmt\"\n")}, "p", nil)
	assert.ErrorContains(t, err, "the generated package cannot be checked: is the go command in PATH? ")
}

// The user's module and settings are no business of the check.
func TestCheckAnywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("go.mod", []byte("broken {"), 0o644))
	t.Setenv("GOFLAGS", "-mod=vendor")
	t.Setenv("GOWORK", "/nowhere/go.work")
	assert.NoError(t, Check([]output.File{file("a.gen.go", "package p\n\nimport _ \"net/http\"\n")}, "p", nil))
}

// large returns a package of some 100,000 lines in files like those of Graph.
func large() []output.File {
	var files []output.File
	for f := range 20 {
		var b strings.Builder
		b.WriteString("package p\n\nimport (\n\t\"encoding/json\"\n\t\"net/http\"\n)\n\nvar _ http.Handler\n")
		for i := range 200 {
			name := fmt.Sprintf("T%d_%d", f, i)
			fmt.Fprintf(&b, "\n// %s is one of many types.\ntype %[1]s struct {\n", name)
			for p := range 12 {
				fmt.Fprintf(&b, "\tField%d *string `json:\"field%d\"`\n", p, p)
			}
			fmt.Fprintf(&b, "\tNext *T%d_%d\n}\n", (f+7)%20, i)
			fmt.Fprintf(&b, "\nfunc (t *%s) MarshalJSON() ([]byte, error) {\n\ttype plain %[1]s\n\treturn json.Marshal((*plain)(t))\n}\n", name)
			fmt.Fprintf(&b, "\nfunc (t *%s) ODataType() string {\n\tif t == nil {\n\t\treturn \"\"\n\t}\n\treturn \"#p.%[1]s\"\n}\n", name)
		}
		files = append(files, file(fmt.Sprintf("f%d.gen.go", f), b.String()))
	}
	files = append(files, file("runtime_x.gen.go", "//go:build purego\n\npackage p\n"))
	return files
}

func TestCheckLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it type-checks a package of the size of Graph")
	}
	assert.NoError(t, Check(large(), "p", nil))
}

func BenchmarkCheckLarge(b *testing.B) {
	files := large()
	for b.Loop() {
		require.NoError(b, Check(files, "p", nil))
	}
}

func BenchmarkCheckImportsOnly(b *testing.B) {
	files := []output.File{file("a.gen.go", "package p\n\nimport (\n_ \"net/http\"\n_ \"encoding/json\"\n_ \"context\"\n_ \"time\"\n_ \"iter\"\n)\n")}
	for b.Loop() {
		require.NoError(b, Check(files, "p", nil))
	}
}
