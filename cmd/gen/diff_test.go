package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const before = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="a.b" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<ComplexType Name="c"><Property Name="p" Type="Edm.Int32"/></ComplexType>
<ComplexType Name="d"><Property Name="q" Type="Edm.String"/></ComplexType>
<ComplexType Name="e"><Property Name="r" Type="Edm.String"/></ComplexType>
<ComplexType Name="f"><Property Name="s" Type="Edm.String"/></ComplexType>
</Schema></edmx:DataServices></edmx:Edmx>`

// after has a change of each grade.
var after = strings.NewReplacer(
	`Name="p" Type="Edm.Int32"`, `Name="p" Type="Edm.Int64"`,
	`<Property Name="q" Type="Edm.String"/>`, `<Property Name="q" Type="Edm.String"/><Property Name="more" Type="Edm.Date"/>`,
	`Name="e"`, `Name="e" OpenType="true"`,
	`Name="s" Type="Edm.String"`, `Name="s" Type="Edm.String" Nullable="false"`,
).Replace(before)

const afterText = `Breaking: code that uses these does not compile any more

new.xml:3:23: property a.b.c/p: type: Edm.Int32 → Edm.Int64
    → Go: field C.P is *int64, was *int32

Additive: code that compiles still does

new.xml:4:61: property a.b.d/more: added: Edm.Date
    → Go: adds field D.More *Date
    → Go: adds constant fields.DMore

Docs: comments and deprecations

new.xml:5:1: complex type a.b.e: open: false → true
    → Go: comment of type E changes

None: nothing changes for the compiler

new.xml:6:23: property a.b.f/s: nullable: true → false

`

// descriptions makes a folder with two descriptions the current one.
func descriptions(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "old.xml", before)
	write(t, "new.xml", after)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

func TestDiff(t *testing.T) {
	descriptions(t)
	code, stdout, stderr := gen(fake, "diff", "old.xml", "new.xml")
	assert.Equal(t, exitFound, code)
	assert.Equal(t, afterText+"1 breaking, 1 additive, 1 docs, 1 none\n", stdout)
	assert.Empty(t, stderr)

	_, stdout, _ = gen(fake, "diff", "-q", "old.xml", "new.xml")
	assert.Equal(t, afterText, stdout)

	code, stdout, _ = gen(fake, "diff", "old.xml", "old.xml", "--fail-on", "none")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "no changes\n", stdout)
}

func TestDiffMarkdown(t *testing.T) {
	descriptions(t)
	write(t, "new.xml", strings.Replace(before, `<ComplexType Name="c">`, `<ComplexType Name="c"><Annotation Term="Org.OData.Core.V1.Description" String="`+
		"``` &lt;b&gt; @you [x](y)&#x202E; `"+`"/>`, 1))
	code, stdout, _ := gen(fake, "diff", "old.xml", "new.xml", "--format", "markdown")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "### Schema changes: 0 breaking, 0 additive, 1 docs, 0 none\n\n"+
		"<details><summary>Docs: comments and deprecations (1)</summary>\n\n"+
		"- complex type `a.b.c` (`new.xml:3:1`)\n"+
		"  - ```` description: ``` <b> @you [x](y) ` ````\n"+
		"  - → Go: `comment of type C changes`\n\n"+
		"</details>\n", stdout)

	write(t, "new.xml", after)
	_, stdout, _ = gen(fake, "diff", "old.xml", "new.xml", "--format", "markdown")
	assert.Contains(t, stdout, "\n**Breaking: code that uses these does not compile any more**\n\n- property `a.b.c/p` (`new.xml:3:23`)\n"+
		"  - `type: Edm.Int32 → Edm.Int64`\n  - → Go: `field C.P is *int64, was *int32`\n")
}

func TestDiffMarkdownFitsAComment(t *testing.T) {
	descriptions(t)
	var types strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&types, `<ComplexType Name="x%d"/>`, i)
	}
	write(t, "new.xml", strings.Replace(before, "</Schema>", types.String()+"</Schema>", 1))
	_, stdout, stderr := gen(fake, "diff", "old.xml", "new.xml", "--format", "markdown")
	require.Empty(t, stderr)
	assert.Less(t, len(stdout), 65_536)
	assert.Regexp(t, `\n\d+ more changes have no room here\.\n$`, stdout)
}

func TestDiffJSON(t *testing.T) {
	descriptions(t)
	code, stdout, _ := gen(fake, "diff", "old.xml", "new.xml", "--format", "json")
	assert.Equal(t, exitFound, code)
	assert.True(t, strings.HasPrefix(stdout, `{
  "grade": "breaking",
  "changes": [
    {
      "grade": "breaking",
      "kind": "property",
      "element": "a.b.c/p",
      "position": "new.xml:3:23",
      "schema": [
        {
          "what": "type",
          "old": "Edm.Int32",
          "new": "Edm.Int64"
        }
      ],
      "go": [
        {
          "grade": "breaking",
          "does": "retypes",
          "kind": "field",
          "symbol": "C.P",
          "old": "*int32",
          "new": "*int64"
        }
      ]
    },
`), stdout)
	assert.True(t, json.Valid([]byte(stdout)))

	_, stdout, _ = gen(fake, "diff", "old.xml", "old.xml", "--format", "json")
	assert.Equal(t, "{\n  \"grade\": \"none\",\n  \"changes\": []\n}\n", stdout)
}

func TestDiffFailsOnGrades(t *testing.T) {
	descriptions(t)
	without := func(grades ...string) string {
		text := after
		for _, g := range grades {
			switch g {
			case "breaking":
				text = strings.Replace(text, "Edm.Int64", "Edm.Int32", 1)
			case "additive":
				text = strings.Replace(text, `<Property Name="more" Type="Edm.Date"/>`, "", 1)
			case "docs":
				text = strings.Replace(text, ` OpenType="true"`, "", 1)
			}
		}
		return text
	}
	for _, test := range []struct {
		after, failOn string
		code          int
	}{
		{after, "breaking", exitFound},
		{without("breaking"), "breaking", exitOK},
		{without("breaking"), "additive", exitFound},
		{without("breaking", "additive"), "additive", exitOK},
		{without("breaking", "additive"), "docs", exitFound},
		{without("breaking", "additive", "docs"), "docs", exitOK},
		{without("breaking", "additive", "docs"), "none", exitFound},
	} {
		write(t, "new.xml", test.after)
		code, stdout, _ := gen(fake, "diff", "old.xml", "new.xml", "--fail-on", test.failOn)
		assert.Equal(t, test.code, code, "%s\n%s", test.failOn, stdout)
	}
}

func TestDiffOfTheUsersSlice(t *testing.T) {
	descriptions(t)
	write(t, "gen.yaml", "roots: [a.b.d, a.b.gone]\noverrides: {a.b.d/more: {name: Extra, reason: test}}\n")
	write(t, "old.xml", strings.Replace(before, "</Schema>", `<ComplexType Name="gone"/></Schema>`, 1))
	code, stdout, stderr := gen(fake, "diff", "old.xml", "new.xml")
	assert.Empty(t, stderr)
	assert.Equal(t, exitFound, code)
	assert.Equal(t, `Breaking: code that uses these does not compile any more

old.xml:7:1: complex type a.b.gone: removed
    → Go: removes type Gone

Additive: code that compiles still does

new.xml:4:61: property a.b.d/more: added: Edm.Date
    → Go: adds field D.Extra *Date
    → Go: adds constant fields.DExtra

1 breaking, 1 additive, 0 docs, 0 none
`, stdout)

	code, stdout, _ = gen(fake, "diff", "old.xml", "new.xml", "--root", "a.b.f", "-q")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "None: nothing changes for the compiler\n\nnew.xml:6:23: property a.b.f/s: nullable: true → false\n\n", stdout)
}

// What only one of the two has may be chosen, and be left out.
func TestDiffOfExclusionsAndHierarchies(t *testing.T) {
	descriptions(t)
	derived := `<ComplexType Name="d1" BaseType="a.b.d"/><ComplexType Name="d2" BaseType="a.b.d"/></Schema>`
	write(t, "new.xml", strings.Replace(after, "</Schema>", derived, 1))
	write(t, "gen.yaml", "roots: [a.b.d, a.b.d1*]\nexclude: [a.b.c, a.b.d2]\nhierarchies: {a.b.d: [a.b.d1], a.b.d1: []}\n")
	code, stdout, stderr := gen(fake, "diff", "old.xml", "new.xml")
	assert.Empty(t, stderr)
	assert.Equal(t, exitOK, code)
	assert.Contains(t, stdout, "complex type a.b.d1: added; base type: a.b.d\n    → Go: adds type D1\n")
	assert.NotContains(t, stdout, "Go: adds type D2")
	assert.NotContains(t, stdout, "a.b.c")

	write(t, "gen.yaml", "all: true\nexclude: [a.b.none]\n")
	_, _, stderr = gen(fake, "diff", "old.xml", "new.xml")
	assert.Contains(t, stderr, "a.b.none: the description has no type of this name")
}

// An overlay adds what the old description lacks; the new one has come to declare it.
func TestDiffWhereTheDescriptionTakesOverFromTheOverlay(t *testing.T) {
	descriptions(t)
	start, _, _ := strings.Cut(before, "<ComplexType")
	write(t, "over.xml", start+`<ComplexType Name="d"><Property Name="more" Type="Edm.Date"><Annotation Term="Callgen.Reason" String="seen"/></Property></ComplexType>
</Schema></edmx:DataServices></edmx:Edmx>`)
	write(t, "gen.yaml", "overlays: [over.xml]\nroots: [a.b.d]\n")
	code, stdout, stderr := gen(fake, "diff", "old.xml", "new.xml")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "no changes\n", stdout, "Go has the property already")
	assert.Equal(t, "over.xml:3:23: a.b.d/more: overlay entry no longer needed: remove it\ngen: 1 note about the description\n", stderr)
}

func TestDiffOfAnURL(t *testing.T) {
	descriptions(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(after)) }))
	defer server.Close()
	_, stdout, stderr := gen(fake, "diff", "-q", "old.xml", server.URL+"/new.xml")
	assert.Empty(t, stderr)
	assert.Equal(t, strings.ReplaceAll(afterText, "new.xml", server.URL+"/new.xml"), stdout)
}

// What comes into the slice says what brought it, or that it is not itself what changed.
func TestDiffOfWhatIsReachedOtherwise(t *testing.T) {
	descriptions(t)
	write(t, "old.xml", strings.Replace(before, `Name="s" Type="Edm.String"`, `Name="s" Type="a.b.e"`, 1))
	write(t, "new.xml", strings.NewReplacer(`Name="s" Type="Edm.String"`, `Name="s" Type="a.b.e"`, `Name="q" Type="Edm.String"`, `Name="q" Type="a.b.f"`).Replace(before))
	code, stdout, stderr := gen(fake, "diff", "old.xml", "new.xml", "--root", "a.b.d")
	assert.Empty(t, stderr)
	assert.Equal(t, exitFound, code)
	assert.Equal(t, `Breaking: code that uses these does not compile any more

new.xml:4:23: property a.b.d/q: type: Edm.String → a.b.f
    → Go: field D.Q is *F, was *string
    → Go: adds type F

Additive: code that compiles still does

new.xml:5:1: complex type a.b.e: unchanged itself: what it refers to, or what leads to it, is not
    → Go: adds type E

1 breaking, 1 additive, 0 docs, 0 none
`, stdout)
}

func TestDiffOfRevisions(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	descriptions(t)
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	write(t, "it.xml", before)
	for _, args := range []string{"init -q", "add it.xml", "-c user.name=x -c user.email=x@example.org commit -q -m x"} {
		out, err := exec.Command("git", strings.Fields(args)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	write(t, "it.xml", strings.Replace(before, "Edm.Int32", "Edm.Guess", 1))
	code, _, stderr := gen(fake, "diff", "--strict", "HEAD:it.xml", "it.xml")
	assert.Equal(t, exitFound, code)
	assert.Contains(t, stderr, "it.xml:3:23: a.b.c/p: ")
	assert.Contains(t, stderr, "gen: 1 finding; nothing was compared\n")

	write(t, "it.xml", after)
	code, stdout, stderr := gen(fake, "diff", "HEAD:it.xml", "it.xml", "-q")
	assert.Equal(t, exitFound, code)
	assert.Empty(t, stderr)
	assert.Equal(t, strings.ReplaceAll(afterText, "new.xml", "it.xml"), stdout)

	_, stdout, _ = gen(fake, "diff", "it.xml", "HEAD:./it.xml")
	assert.Contains(t, stdout, "\nHEAD:./it.xml:3:23: property a.b.c/p: type: Edm.Int64 → Edm.Int32\n")

	for _, name := range []string{"HEAD:none.xml", "none:it.xml"} {
		code, stdout, stderr := gen(fake, "diff", name, "it.xml")
		assert.Equal(t, exitUsage, code, name)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, "gen: "+name+": there is no such file here, nor as REV:PATH in git: ")
	}
	_, err := operand("--textconv:it.xml")
	assert.EqualError(t, err, "--textconv:it.xml: a revision does not begin with -")
}

func TestDiffMisused(t *testing.T) {
	descriptions(t)
	for args, want := range map[string]string{
		"diff old.xml":                            "diff needs OLD NEW",
		"diff old.xml new.xml more":               `unexpected argument "more"`,
		"diff old.xml none.xml":                   "open none.xml: no such file or directory",
		"diff old.xml ftp://example.org/a.xml":    "ftp://example.org/a.xml: descriptions are fetched by https only",
		"diff old.xml new.xml --format html":      `--format: diff has text, markdown, json, not "html"`,
		"diff old.xml new.xml --fail-on anything": `--fail-on: "anything" is not a grade: use breaking, additive, docs or none`,
		"diff old.xml new.xml --out x":            "diff takes no --out",
		"diff old.xml new.xml --config none":      "--config: there is no file none",
		"check --fail-on docs":                    "check takes no --fail-on: it is for diff",
	} {
		code, stdout, stderr := gen(fake, strings.Fields(args)...)
		assert.Equal(t, exitUsage, code, args)
		assert.Empty(t, stdout, args)
		assert.Equal(t, "gen: "+want+"; see \"gen help\"\n", stderr, args)
	}
}

func TestDiffFindings(t *testing.T) {
	descriptions(t)
	write(t, "bad.xml", strings.Replace(before, "Edm.Int32", "Edm.Guess", 1))
	code, stdout, stderr := gen(fake, "diff", "--strict", "bad.xml", "bad.xml")
	assert.Equal(t, exitFound, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "bad.xml:3:23: a.b.c/p: ")

	write(t, "gen.yaml", "roots: 5\n")
	_, _, stderr = gen(fake, "diff", "old.xml", "new.xml")
	assert.Equal(t, "gen.yaml:1:8: roots: must be a list, with each item on its own line after \"- \"\ngen: 1 finding; nothing was compared\n", stderr)

	_, _, stderr = gen(fake, "diff", "old.xml", "new.xml", "--config", "/dev/null", "--root", "a.b.none", "--root", "/none")
	assert.Contains(t, stderr, "a.b.none: the description has no type of this name")
	assert.Contains(t, stderr, "/none: the description has no entity set or singleton none")
}

// TestDiffOfASingleOperation: an operation that is a root changes the package, although what it is bound to is
// not in it.
func TestDiffOfASingleOperation(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="g" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="user"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/><Property Name="age" Type="Edm.Int16"/></EntityType>
  <Action Name="send" IsBound="true"><Parameter Name="it" Type="g.user"/><Parameter Name="draft" Type="Edm.String"/></Action>
  <EntityContainer Name="service"><Singleton Name="me" Type="g.user"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`
	for name, content := range map[string]string{
		"a.xml": text, "b.xml": strings.Replace(text, `"draft" Type="Edm.String"`, `"draft" Type="Edm.Int32"`, 1), "c.xml": strings.Replace(text, "Edm.Int16", "Edm.Int32", 1),
	} {
		require.NoError(t, os.WriteFile(name, []byte(content), 0o644))
	}
	code, stdout, _ := gen(fake, "diff", "a.xml", "b.xml", "--root", "/me/send")
	assert.Equal(t, exitFound, code)
	assert.Contains(t, stdout, "parameter g.send(g.user)/draft: type: Edm.String → Edm.Int32\n    → Go: field UserSendParameters.Draft is *int32, was *string")
	code, stdout, _ = gen(fake, "diff", "a.xml", "c.xml", "--root", "/me/send")
	assert.Equal(t, exitOK, code, stdout)
}
