package openapi_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/wanted"
	"github.com/callgen/callgen/spec/openapi"
)

const head = "openapi: 3.0.3\ninfo: {title: t, version: v}\npaths: {}\ncomponents:\n  schemas:\n"

// schemas are the lines of a description below components/schemas, from line 6 on.
func schemas(lines ...string) string {
	return head + "    " + strings.Join(lines, "\n    ") + "\n"
}

// bomb has anchors that each repeat the one before several times.
func bomb() string {
	text := "openapi: 3.0.3\nx-a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
	for i := 1; i < 12; i++ {
		before := "*a" + string(rune('a'+i-2))
		if i == 1 {
			before = "*a0"
		}
		text += "x-a" + string(rune('a'+i-1)) + ": &a" + string(rune('a'+i-1)) + " [" + strings.Repeat(before+", ", 8) + before + "]\n"
	}
	return text
}

// errors are descriptions that cannot be read, and what is said of them.
var errors = []struct{ name, text, want string }{
	{"empty file", "", "d.yaml:1:1: empty file: an OpenAPI document is needed"},
	{"comments only", "# nothing\n", "d.yaml:1:1: empty file: an OpenAPI document is needed"},
	{"null", "null\n", "d.yaml:1:1: empty file: an OpenAPI document is needed"},
	{"not YAML", "openapi: 3.0.3\n\t: [\n", "d.yaml:2: this is neither JSON nor YAML: found a tab character that violates indentation"},
	{"broken JSON", "{\"openapi\": \"3.0.3\",\n \"info\": {", "d.yaml:3: this is neither JSON nor YAML: did not find expected node content"},
	{"not UTF-8", "openapi: 3.0.3 \xff\n", "d.yaml: the file is not in UTF-8"},
	{"a list", "- openapi\n", `d.yaml:1:1: this is not OpenAPI: "openapi", the version, is missing`},
	{"two documents", "openapi: 3.0.3\n---\nopenapi: 3.0.3\n", "d.yaml:2:1: a second YAML document begins here"},
	{"Swagger", "info: {}\nswagger: '2.0'\n", `d.yaml:2:10: Swagger "2.0" is not supported: convert it to OpenAPI 3`},
	{"CSDL JSON", `{"$Version": "4.01", "$EntityContainer": "a.b"}`, "d.yaml:1:14: this is CSDL JSON, which is not read"},
	{"service document", `{"@odata.context": "$metadata", "value": []}`, "d.yaml:1:1: this is data of a service, not its description"},
	{"unsupported version", "openapi: 4.0.0\n", `d.yaml:1:10: unsupported version "4.0.0": OpenAPI 3.0 and 3.1 are supported`},
	{"key twice", schemas("A: {type: object}", "B: {type: object}", "A: {type: string}"), `d.yaml:8:5: the key "A" is given twice, first on line 6`},
	{"key twice in JSON", `{"openapi": "3.0.3", "ü": 1, "paths": {}, "paths": {}}`, `d.yaml:1:44: the key "paths" is given twice, first on line 1`},
	{"key is a list", "openapi: 3.0.3\n? [a]\n: b\n", "d.yaml:2:3: keys must be text"},
	{"our own extension", schemas("A: {x-rf: x}"), "d.yaml:6:9: the key x-rf is reserved"},
	{"escaped reference", "{\"openapi\": \"3.0.3\", \"a\": {\"\\u0024ref\": \"b\"}}", "d.yaml:1:28"},
	{"wrong type", schemas("A: {type: object, properties: [a]}"), "d.yaml:6: this is not OpenAPI: cannot construct !!seq into openapi3.Schemas in /components/schemas/A/properties"},
	{"nested too deeply", "openapi: 3.0.3\nx-a: " + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "\n", "d.yaml:2:206: nested deeper than 200 levels"},
	{"anchors that multiply", bomb(), "d.yaml:6:47: anchors repeat more than 65536 values"},
	{"an anchor in itself", "openapi: 3.0.3\nx-a: &a [*a]\n", `d.yaml:2:10: the anchor "a" holds itself`},
	{"nothing under a name", schemas("A:", "B: {type: object, properties: {c: , d: {example: {properties: {x: null}}}}}"), "d.yaml:6:5: there is no schema for A\n" +
		"d.yaml:7:36: there is no schema for c"},
	{"no schema", head + "    {}\n", "d.yaml:1:1: no schema: components/schemas of the description is empty"},
	{
		"reference to another file",
		schemas("A: {type: object, properties: {b: {$ref: 'other.yaml#/components/schemas/B'}}}"),
		`d.yaml:6:40: openapi.A/b: refused: a reference to another file, "other.yaml"`,
	},
	{
		"reference to a URL",
		schemas("A: {type: object, properties: {b: {$ref: 'http://127.0.0.1/x.yaml'}}}"),
		`d.yaml:6:40: openapi.A/b: refused: a reference to another file, "http://127.0.0.1/x.yaml"`,
	},
	{
		"discriminator to another file",
		schemas("A:", "  type: object", "  discriminator:", "    propertyName: x", "    mapping: {b: 'other.yaml#/B'}"),
		`d.yaml:10:22: the discriminator leads to another file, "other.yaml#/B"`,
	},
	{
		"a circle of bases",
		schemas("a.A: {allOf: [{$ref: '#/components/schemas/a.B'}, {properties: {'@odata.type': {}}}]}", "a.B: {allOf: [{$ref: '#/components/schemas/a.A'}, {type: object}]}"),
		"d.yaml:6:5: a.A: base types form a cycle: a.A → a.B → a.A",
	},
	{
		"two names of one type",
		schemas("A B: {type: object, properties: {}, title: x}", "AB: {type: object, title: x}"),
		"d.yaml:7:5: openapi.AB: duplicate type: first declared at d.yaml:6:5",
	},
}

func TestErrors(t *testing.T) {
	for _, test := range errors {
		t.Run(test.name, func(t *testing.T) {
			m, notes, err := openapi.Read("d.yaml", []byte(test.text), openapi.Options{Strict: true})
			require.Error(t, err)
			assert.Nil(t, m)
			assert.Nil(t, notes)
			if test.want == "" {
				assert.True(t, strings.HasPrefix(err.Error(), "d.yaml:"), err)
				t.Log(err)
				return
			}
			wanted.Findings(t, err, test.want)
		})
	}
}

// notes are descriptions that are read although something is wrong with them, and
// what is said of it.
var notes = []struct{ name, text, want string }{
	{
		"reference to nothing",
		schemas("a.A:", "  type: object", "  properties: {'@odata.type': {}, b: {$ref: '#/components/schemas/a.B'}}"),
		`d.yaml:8:43: a.A/b: the reference "#/components/schemas/a.B" leads nowhere: it is read as any value`,
	},
	{
		"a base that is not an object",
		schemas("a.A: {allOf: [{$ref: '#/components/schemas/a.B'}, {properties: {'@odata.type': {}}}]}", "a.B: {type: string}"),
		`d.yaml:6:20: a.A: allOf refers to "#/components/schemas/a.B", which is not an object: it is ignored`,
	},
	{
		"two bases",
		schemas("a.A: {title: A, properties: {'@odata.type': {}}, type: object}", "a.B: {title: B, type: object, properties: {b: {type: string}}}",
			"a.C: {allOf: [{$ref: '#/components/schemas/a.A'}, {$ref: '#/components/schemas/a.B'}]}"),
		"d.yaml:8:5: a.C: a second base type, a.B: a type can have only one, so its properties are copied",
	},
	{
		"property of a base",
		schemas("a.A: {properties: {'@odata.type': {}, x: {type: string}}, type: object}",
			"a.B: {allOf: [{$ref: '#/components/schemas/a.A'}, {type: object, properties: {x: {type: string}}}]}"),
		"d.yaml:7:83: a.B/x: a base type declares the property: this one is ignored",
	},
	{
		"discriminator of nothing",
		schemas("a.A:", "  type: object", "  properties: {'@odata.type': {}}", "  discriminator:", "    propertyName: '@odata.type'", "    mapping:",
			"      '#a.B': '#/components/schemas/a.B'", "      '#a.C': '#/components/schemas/a.D'", "a.D: {allOf: [{$ref: '#/components/schemas/a.A'}, {type: object}]}"),
		`d.yaml:12:11: a.A: the reference "#/components/schemas/a.B" leads nowhere: it is read as any value` + "\n" +
			`d.yaml:13:11: a.A: the discriminator gives a.D the name "#a.C": values are told apart by the name of the schema`,
	},
	{
		"a circle of bases",
		schemas("a.A: {allOf: [{$ref: '#/components/schemas/a.B'}, {properties: {'@odata.type': {}}}]}", "a.B: {allOf: [{$ref: '#/components/schemas/a.A'}, {type: object}]}"),
		"d.yaml:6:5: a.A: base types form a cycle: a.A → a.B → a.A; the type is read without it, as an open type",
	},
}

// TestSchemasMadeOfThemselves reads schemas that would go on for ever.
func TestSchemasMadeOfThemselves(t *testing.T) {
	for _, text := range []string{
		schemas("a.E: {title: Collection of E, type: object, properties: {value: {type: array, items: {$ref: '#/components/schemas/a.E'}}, '@odata.count': {type: integer}}}",
			"a.A: {type: object, properties: {'@odata.type': {}, e: {$ref: '#/components/schemas/a.E'}}}"),
		schemas("A: {type: array, items: {$ref: '#/components/schemas/A'}}", "B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}"),
		schemas("A: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}]}", "B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}"),
		schemas("A: {allOf: [{$ref: '#/components/schemas/A'}]}", "B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}"),
		schemas("A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}", "B: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}"),
		schemas("A: {type: object, properties: {a: {$ref: '#/components/schemas/A/properties/a'}}}"),
		schemas("A: {type: object, additionalProperties: {$ref: '#/components/schemas/A'}}"),
		schemas("A: {type: object, properties: {x: {type: object, properties: {y: {$ref: '#/components/schemas/A/properties/x'}}}}}"),
	} {
		m, _, err := openapi.Read("d.yaml", []byte(text), openapi.Options{})
		require.NoError(t, err, text)
		assert.NotEmpty(t, m.Schemas, text)
	}
}

func TestNotes(t *testing.T) {
	for _, test := range notes {
		t.Run(test.name, func(t *testing.T) {
			_, found, err := openapi.Read("d.yaml", []byte(test.text), openapi.Options{})
			require.NoError(t, err)
			var lines []string
			for _, f := range found {
				lines = append(lines, f.String())
			}
			assert.Equal(t, test.want, strings.Join(lines, "\n"))
		})
	}
}

// TestNoNetworkAndNoFiles reads descriptions that refer to everything that could be
// opened, in all places where OpenAPI has references.
func TestNoNetworkAndNoFiles(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	asked := make(chan struct{}, 100)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			asked <- struct{}{}
			c.Close()
		}
	}()
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("secret.yaml", []byte(schemas("Secret: {type: object, properties: {secret: {type: string}}}")), 0o644))
	for _, address := range []string{"http://" + listener.Addr().String() + "/x.yaml", "secret.yaml", "file:secret.yaml", "/etc/passwd", "//" + listener.Addr().String()} {
		for _, place := range []string{
			"paths: {/a: {$ref: 'ADDRESS'}}",
			"paths: {/a: {get: {parameters: [{$ref: 'ADDRESS#/components/parameters/A'}], responses: {}, x-ms-docs-operation-type: action}}}",
			"paths: {/a: {get: {responses: {2XX: {$ref: 'ADDRESS#/components/responses/A'}}, x-ms-docs-operation-type: operation}}}",
			"paths: {/a: {post: {requestBody: {$ref: 'ADDRESS'}, responses: {}, x-ms-docs-operation-type: action}}}",
			"components: {headers: {A: {$ref: 'ADDRESS'}}}",
			"components: {examples: {A: {$ref: 'ADDRESS'}}}",
			"components: {links: {A: {$ref: 'ADDRESS'}}}",
			"components: {callbacks: {A: {$ref: 'ADDRESS'}}}",
			"components: {schemas: {A: {$ref: 'ADDRESS'}}}",
			"components: {schemas: {A: {allOf: [{$ref: 'ADDRESS#/components/schemas/Secret'}, {type: object}]}}}",
			"components: {schemas: {A: {type: object, discriminator: {propertyName: x, mapping: {a: 'ADDRESS#/components/schemas/Secret'}}}}}",
			"components: {schemas: {A: {type: object, properties: {a: {$dynamicRef: 'ADDRESS'}, b: {$id: 'ADDRESS', $ref: '#'}}}}}",
			"webhooks: {a: {$ref: 'ADDRESS'}}",
		} {
			text := "openapi: 3.1.0\ninfo: {title: t, version: v}\n" + strings.ReplaceAll(place, "ADDRESS", address) + "\n"
			m, notes, err := openapi.Read("d.yaml", []byte(text), openapi.Options{})
			if err == nil {
				assert.NotContains(t, dump(t, m, notes), "property secret", text)
			}
		}
	}
	assert.Empty(t, asked, "somebody called")
}

// TestReferencesToFiles reads a description that is spread over files.
func TestReferencesToFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	}
	main := schemas("A:", "  type: object", "  properties:",
		"    b: {$ref: 'parts/b.yaml#/components/schemas/B'}",
		"    c: {$ref: './parts/C.yaml'}",
		"    d: {$ref: 'parts/d.json'}",
		"    again: {$ref: 'main.yaml#/components/schemas/A'}")
	write("api/main.yaml", main)
	write("api/parts/b.yaml", schemas("B: {type: object, properties: {a: {$ref: '../main.yaml#/components/schemas/A'}, c: {$ref: C.yaml}, x: {$ref: '#/components/schemas/X'}}}", "X: {enum: [x], type: string}"))
	write("api/parts/C.yaml", "type: object\ndescription: |\n  Alone in\n  its file.\nproperties:\n  c:\n    $ref: '#/nothing'\n")
	write("api/parts/d.json", "{\n\t\"title\": \"Dee\",\n\t\"type\": \"object\",\n\t\"properties\": {\"d\": {\"type\": \"integer\"}}\n}\n")
	write("secret.yaml", schemas("S: {type: object, properties: {s: {type: string}}}"))
	t.Chdir(dir)

	m, notes, err := openapi.Read("api/main.yaml", []byte(main), openapi.Options{Refs: "api"})
	require.NoError(t, err)
	assert.Equal(t, `csdl 4.0
schema openapi
  complex type openapi.A
    property b openapi.B nullable=false
    property c openapi.C nullable=false
    property d openapi.Dee nullable=false
    property again openapi.A nullable=false
  complex type openapi.B
    property a openapi.A nullable=false
    property c openapi.C nullable=false
    property x openapi.X nullable=false
  complex type openapi.C
    @Org.OData.Core.V1.Description = String "Alone in\nits file."
    property c Edm.Untyped
  complex type openapi.Dee
    property d Edm.Int64 nullable=false
  enum type openapi.X Edm.Int32
    member x
`, dump(t, m, nil))
	require.Len(t, notes, 2)
	assert.Equal(t, `api/parts/C.yaml:7:5: openapi.C/c: the reference "#/nothing" leads nowhere: it is read as any value`, notes[1].String())
	assert.Equal(t, "api/parts/b.yaml:6:5", m.Structured("openapi.B").Pos.String())

	for ref, why := range map[string]string{
		"../secret.yaml#/components/schemas/S": `the file "../secret.yaml" cannot be read below the folder "api": it is elsewhere`,
		"/etc/passwd":                          `the file "/etc/passwd" cannot be read below the folder "api": it is elsewhere`,
		"http://127.0.0.1:1/x.yaml":            `refused: a reference to "http://127.0.0.1:1/x.yaml", which is not a relative path: only files are read`,
		"none.yaml":                            `the file "none.yaml" cannot be read below the folder "api": no such file or directory`,
		"parts":                                `the file "parts" cannot be read below the folder "api": it is not a regular file`,
		"out.yaml":                             `the file "out.yaml" cannot be read below the folder "api": path escapes from parent`,
		"parts/../../secret.yaml#/components/schemas": `the file "parts/../../secret.yaml" cannot be read below the folder "api": it is elsewhere`,
	} {
		_ = os.Symlink(filepath.Join(dir, "secret.yaml"), filepath.Join(dir, "api", "out.yaml"))
		text := schemas("A: {type: object, properties: {b: {$ref: '" + ref + "'}}}")
		_, _, err := openapi.Read("api/main.yaml", []byte(text), openapi.Options{Refs: "api"})
		wanted.Findings(t, err, "api/main.yaml:6:40: openapi.A/b: "+why)
	}
}

// TestJSON reads what JSON has and YAML has not, with the positions of the file.
func TestJSON(t *testing.T) {
	text := "\ufeff{\t\"openapi\": \"3.0.3\", \"info\": {\"title\": \"\\ud83d\\ude00 \\ud800\", \"version\": \"a\u2028b\u0085c\"},\n" +
		"\t\"paths\": {},\n\t\"components\": {\"schemas\": {\"A\": {\"type\": \"object\", \"description\": \"\\u00fc\\/\\ud83d\\ude00\", \"properties\": {\"x\": {\"$ref\": \"#/none\"}}}}}}"
	m, notes, err := openapi.Read("d.json", []byte(text), openapi.Options{})
	require.NoError(t, err)
	a := m.Structured("openapi.A")
	assert.Equal(t, "ü/😀", a.Annotations.Description())
	assert.Equal(t, "d.json:3:29", a.Pos.String())
	require.Len(t, notes, 2)
	assert.Equal(t, 3, notes[1].Pos.Line)
}

// TestOverlongFile is about memory: what is too long is not looked at.
func TestOverlongFile(t *testing.T) {
	_, _, err := openapi.Read("d.yaml", make([]byte, 96<<20+1), openapi.Options{})
	wanted.Findings(t, err, "d.yaml: the file has more than 100663296 bytes, more than any description needs")
}

// The error of OData is the runtime's, wherever a description has a schema for it.
func TestStandardError(t *testing.T) {
	m, notes, err := openapi.Read("d.yaml", []byte(`
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /Items:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/shop.Item'}}}}
        "4XX": {description: e, content: {application/json: {schema: {$ref: '#/components/schemas/error'}}}}
components:
  schemas:
    shop.Item: {type: object, properties: {ID: {type: string}, error: {type: string}}}
    error: {type: object, required: [error], properties: {error: {$ref: '#/components/schemas/odata.error.main'}}}
    odata.error.main: {type: object, properties: {code: {type: string}, message: {type: string}}}
`), openapi.Options{})
	require.NoError(t, err)
	for _, s := range m.Schemas {
		for _, typ := range s.Types {
			assert.Equal(t, "Item", typ.TypeName().Name)
		}
	}
	for _, n := range notes {
		assert.NotContains(t, n.Element, "error")
	}
}
