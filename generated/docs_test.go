package generated_test

import (
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pages are the documents whose Go is compiled.
func pages(t *testing.T, root string) []string {
	t.Helper()
	list := []string{filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")}
	for _, pattern := range []string{"docs/*.md", "docs/decisions/*.md"} {
		more, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		list = append(list, more...)
	}
	return list
}

// block is Go in a document: a whole file, or a fragment. The line before a fragment says
// which function it is the body of, and maybe what comes after it:
//
//	<!-- go: (ctx context.Context, id string) error; return nil -->
type block struct {
	page      string
	line      int
	signature string // "" for a whole file
	tail      string
	text      string
}

var goBlock = regexp.MustCompile("(?ms)^(?:<!-- go: ([^\n]*?)(?:; ([^\n]*?))? -->\n)?```go\n(.*?)^```$")

func blocks(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	var list []block
	for _, m := range goBlock.FindAllSubmatchIndex(text, -1) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return string(text[m[2*i]:m[2*i+1]])
		}
		list = append(list, block{filepath.Base(page), 1 + strings.Count(string(text[:m[0]]), "\n"), group(1), group(2), group(3)})
	}
	return list
}

// file returns the block as a file of a package.
func (b block) file(name string) string {
	if b.signature == "" {
		return b.text
	}
	var imports strings.Builder
	for _, path := range importable() {
		of := filepath.Base(path)
		if slices.Contains(elsewhere(b.page), path) || strings.Contains(b.text, of+" := ") || strings.Contains(b.text, of+", err := ") {
			continue
		}
		if regexp.MustCompile(`\b` + of + `\.[A-Z]`).MatchString(b.signature + b.text + b.tail) {
			fmt.Fprintf(&imports, "import %q\n", path)
		}
	}
	return "package " + name + "\n\n" + imports.String() + "\nfunc _" + b.signature + " {\n" + b.text + b.tail + "\n}\n"
}

// elsewhere returns the packages graph and fields that a page is not about.
func elsewhere(page string) []string {
	const module = "github.com/callgen/callgen/"
	if page == "from-msgraph-sdk-go.md" {
		return []string{module + "examples/notifications/graph", module + "generated/communications/fields"}
	}
	return []string{module + "examples/graph/graph", module + "examples/graph/graph/fields"}
}

// importable are the packages that fragments may use.
func importable() []string {
	const module = "github.com/callgen/callgen/"
	return []string{
		"context", "crypto/rsa", "crypto/x509", "encoding/json", "errors", "bytes", "fmt", "io", "log", "log/slog", "net/http", "os", "strings", "testing", "testing/synctest", "time",
		module + "generated/communications", module + "generated/communications/fields", module + "generated/communicationstest", module + "callsim", module + "gentest",
		module + "examples/notifications/graph", module + "examples/notifications/graphtest", module + "examples/graph/graph", module + "examples/graph/graph/fields",
		module + "examples/redfish/redfish",
	}
}

// TestDocs compiles all Go of the documents in a module that depends on this one.
func TestDocs(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it builds a module of its own")
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	module := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(module, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	write("go.sum", string(sums))
	write("go.mod", "module docs\n\ngo 1.26\n\nrequire github.com/callgen/callgen v0.0.0\n\nreplace github.com/callgen/callgen => "+root+"\n")
	count := 0
	for _, page := range pages(t, root) {
		for _, b := range blocks(t, page) {
			at := fmt.Sprintf("%s:%d", b.page, b.line)
			isFile := strings.HasPrefix(b.text, "package ")
			if !assert.Equal(t, b.signature == "", isFile, "%s: a fragment needs a line <!-- go: (PARAMETERS) RESULTS; STATEMENTS --> before it", at) {
				continue
			}
			count++
			name := fmt.Sprintf("p%d", count)
			text := b.file(name)
			if !isFile {
				formatted, err := format.Source([]byte(b.text))
				if assert.NoError(t, err, at) {
					assert.Equal(t, string(formatted), b.text, "%s: gofmt would change it", at)
				}
				text = fmt.Sprintf("//line %s:%d\n", b.page, b.line) + text
			}
			write(name+"/it.go", text)
		}
	}
	require.GreaterOrEqual(t, count, 12)
	cmd := exec.Command("go", "build", "./...")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// TestReadme holds the README to its length, its first program to the one that can be run,
// and runs that.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	assert.LessOrEqual(t, strings.Count(string(text), "\n"), 130)
	program, err := os.ReadFile("../examples/create/main.go")
	require.NoError(t, err)
	assert.Equal(t, string(program), blocks(t, "../README.md")[0].text)
	if testing.Short() {
		return // it is compiled by other tests
	}
	out, err := exec.Command("go", "run", "../examples/create").CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Regexp(t, `^call [0-9a-f-]{36} is establishing\n$`, string(out))
}

// TestLinks follows every relative link of the documents.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading := regexp.MustCompile(`(?m)^#+ (.*)$`)
	for _, page := range pages(t, "..") {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			to := page
			if target != "" {
				to = filepath.Join(filepath.Dir(page), filepath.FromSlash(target))
			}
			linked, err := os.ReadFile(to)
			if info, statErr := os.Stat(to); statErr == nil && info.IsDir() {
				continue
			}
			if !assert.NoError(t, err, "%s links to %s", page, m[1]) || anchor == "" {
				continue
			}
			var anchors []string
			for _, h := range heading.FindAllStringSubmatch(string(linked), -1) {
				anchors = append(anchors, anchorOf(h[1]))
			}
			assert.True(t, slices.Contains(anchors, anchor), "%s links to %s, which has no such heading", page, m[1])
		}
	}
}

// anchorOf is what a heading is linked by.
func anchorOf(heading string) string {
	kept := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(heading), "")
	return strings.ReplaceAll(kept, " ", "-")
}

// TestCommandsOfDocs finds every make target, and every run of gen, of the documents: the
// latter in a script that runs it.
func TestCommandsOfDocs(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	require.NoError(t, err)
	script, err := os.ReadFile("../cmd/gen/testdata/script/docs.txtar")
	require.NoError(t, err)
	shell := regexp.MustCompile("(?ms)^```(?:sh|console)\n(.*?)^```$")
	for _, page := range pages(t, "..") {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, m := range shell.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(m[1]) {
				command, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "$ ")), "  #")
				command = strings.TrimSpace(command)
				target, isMake := strings.CutPrefix(command, "make ")
				switch {
				case isMake:
					assert.Contains(t, string(makefile), "\n"+strings.Fields(target)[0]+":", "%s: %s", page, command)
				case strings.HasPrefix(command, "go tool gen "):
					assert.Contains(t, string(script), "exec "+command+"\n", "%s: no script runs it", page)
				}
			}
		}
	}
}

// TestArchitectureIsComplete finds each folder of packages on the page about the tree: by its path,
// or by its name in the row of the folder above it.
func TestArchitectureIsComplete(t *testing.T) {
	page, err := os.ReadFile("../docs/architecture.md")
	require.NoError(t, err)
	found := 0
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		folder := filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))
		if name := d.Name(); name == "testdata" || name == "node_modules" || name == ".git" || strings.Count(folder, "/") > 1 {
			return filepath.SkipDir
		}
		if files, _ := filepath.Glob(filepath.Join(path, "*.go")); len(files) == 0 || path == ".." {
			return nil
		}
		found++
		above, name, _ := strings.Cut(folder, "/")
		row := regexp.MustCompile("(?m)^\\| `" + above + "`.*$").FindString(string(page))
		assert.True(t, strings.Contains(string(page), "`"+folder+"`") || strings.Contains(row, "`"+name+"`"), "docs/architecture.md does not say what %s is for", folder)
		return nil
	}))
	assert.Greater(t, found, 40)
}

// TestDependenciesAreNamed finds each module that this one requires in the README, which
// says why, and with its license in THIRD-PARTY.md.
func TestDependenciesAreNamed(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	require.NoError(t, err)
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	notices, err := os.ReadFile("../THIRD-PARTY.md")
	require.NoError(t, err)
	count := 0
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllSubmatch(mod, -1) {
		count++
		assert.Contains(t, string(readme), "| `"+string(m[1])+"` |")
		assert.Contains(t, string(notices), "`"+string(m[1])+"`")
	}
	assert.GreaterOrEqual(t, count, 10)
}
