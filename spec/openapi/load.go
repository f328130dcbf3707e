package openapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"

	"github.com/callgen/callgen/spec/diag"
	"github.com/callgen/callgen/spec/edm"
)

// Limits far above those of any sensible description: the whole of Graph has 40 MB and no
// anchors.
const (
	maxSize     = 96 << 20 // bytes of a document
	maxDepth    = 200      // levels of nesting
	maxRepeated = 1 << 16  // values repeated by anchors, counted each time
)

// refKey replaces $ref in the input of kin-openapi, whose loader would resolve references
// while reading: across files, and stopping at the first broken one. As an extension, a
// reference is left to this package. The key is as long as $ref, so that positions do not
// change.
const refKey = "x-rf"

// document is a file that was read.
type document struct {
	file  string
	text  []byte // as passed to the parser
	lines []int  // offsets of the lines in text
	doc   *openapi3.T

	mappings map[[2]int][]mappingEntry // of discriminators, by line and column of the key

	indentLines, indentCols int // size of the text put before the file's
}

// mappingEntry is the position of a type name in a discriminator.
type mappingEntry struct {
	name string
	pos  diag.Pos
}

// load reads a file. It returns nil if reading cannot continue.
func (r *reader) load(file string, data []byte) *document {
	d := &document{file: file}
	if len(data) > maxSize {
		r.findings.Add(diag.Pos{File: file}, "", "the file has more than %d bytes, more than any description needs", maxSize)
		return nil
	}
	if !utf8.Valid(data) {
		r.findings.Add(diag.Pos{File: file}, "", "the file is not in UTF-8: save it in UTF-8")
		return nil
	}
	d.setText(clean(data))
	root := r.parse(d)
	if root == nil || !r.isOpenAPI(d, root) {
		return nil
	}
	return r.typed(d, root)
}

// typed passes a checked document to kin-openapi.
func (r *reader) typed(d *document, root *yaml.Node) *document {
	d.mappings = make(map[[2]int][]mappingEntry)
	c := &checker{d: d, findings: &r.findings, sizes: make(map[*yaml.Node]int)}
	c.node(root, 0)
	if r.findings.Len() > 0 {
		return nil
	}
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	loader.ReadFromURIFunc = refuse
	doc, err := loader.LoadFromData(d.text)
	if err != nil {
		r.findings.Add(d.errorPos(err), "", "this is not OpenAPI: %s", reason(err))
		return nil
	}
	if doc.Components == nil {
		doc.Components = new(openapi3.Components)
	}
	if doc.Paths == nil {
		doc.Paths = openapi3.NewPaths()
	}
	d.doc = doc
	return d
}

// refuse keeps kin-openapi from reading files.
func refuse(_ *openapi3.Loader, u *url.URL) ([]byte, error) {
	return nil, fmt.Errorf("reference to another file: %s", edm.Quote(u.String()))
}

// clean returns a copy of a document without the differences between JSON and YAML: Unicode
// line breaks, which YAML would fold, and surrogate pairs, which JSON writes as two
// escapes.
func clean(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var text []byte
	for _, space := range []string{"\u0085", "\u2028", "\u2029"} {
		data = bytes.ReplaceAll(data, []byte(space), []byte("   ")[:len(space)])
	}
	if !isJSON(data) || !bytes.Contains(data, []byte(`\ud`)) && !bytes.Contains(data, []byte(`\uD`)) {
		return bytes.Clone(data)
	}
	for len(data) > 0 {
		i := bytes.IndexByte(data, '\\')
		if i < 0 || i+1 >= len(data) {
			break
		}
		text = append(text, data[:i]...)
		if r, n := surrogates(data[i:]); n > 0 {
			text = utf8.AppendRune(text, r)
			data = data[i+n:]
			continue
		}
		text = append(text, data[i:i+2]...)
		data = data[i+2:]
	}
	return append(text, data...)
}

// surrogates decodes the escape at the start of text if it is a surrogate: together with
// the other half, or as the replacement character if that is missing. The second result is
// the number of bytes decoded, 0 for other escapes.
func surrogates(text []byte) (rune, int) {
	const length = len(`\ud83d`)
	high := escape(text)
	if high < 0xd800 || high > 0xdfff {
		return 0, 0
	}
	if high < 0xdc00 && len(text) >= length {
		if low := escape(text[length:]); 0xdc00 <= low && low <= 0xdfff {
			return 0x10000 + (high-0xd800)<<10 + (low - 0xdc00), 2 * length
		}
	}
	return utf8.RuneError, length
}

// escape returns the value of the \u escape at the start of text, -1 if there is no escape.
func escape(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	v, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(v)
}

func isJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && text[0] == '{'
}

// parse parses the text of a document. JSON is YAML, too.
func (r *reader) parse(d *document) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(d.text))
	var doc, more yaml.Node
	err := decoder.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF) || err == nil && (len(doc.Content) == 0 || doc.Content[0].Tag == "!!null"):
		r.findings.Add(d.start(), "", "empty file: an OpenAPI document is needed")
		return nil
	case err != nil:
		r.findings.Add(d.errorPos(err), "", "this is neither JSON nor YAML: %s", reason(err))
		return nil
	}
	if err := decoder.Decode(&more); err == nil {
		r.findings.Add(d.at(more.Line, more.Column), "", "a second YAML document begins here: keep one")
		return nil
	} else if !errors.Is(err, io.EOF) {
		r.findings.Add(d.errorPos(err), "", "this is neither JSON nor YAML: %s", reason(err))
		return nil
	}
	return doc.Content[0]
}

// isOpenAPI reports whether a document states a supported version.
func (r *reader) isOpenAPI(d *document, root *yaml.Node) bool {
	version := value(root, "openapi")
	switch {
	case value(root, "swagger") != nil:
		r.findings.Add(d.pos(value(root, "swagger")), "", "Swagger %s is not supported: convert it to OpenAPI 3", edm.Quote(value(root, "swagger").Value))
	case value(root, "$Version") != nil:
		r.findings.Add(d.pos(value(root, "$Version")), "", "this is CSDL JSON, which is not read: save the CSDL XML that the service answers at …/$metadata to Accept: application/xml")
	case value(root, "@odata.context") != nil || value(root, "@context") != nil:
		r.findings.Add(d.start(), "", "this is data of a service, not its description: save what it answers at …/$metadata")
	case version == nil && value(root, "error") != nil:
		r.findings.Add(d.start(), "", "this is an error that a service answered, not its description: save what it answers at …/$metadata to those who are signed in")
	case version == nil:
		r.findings.Add(d.start(), "", `this is not OpenAPI: "openapi", the version, is missing`)
	case !strings.HasPrefix(version.Value, "3.0") && !strings.HasPrefix(version.Value, "3.1"):
		r.findings.Add(d.pos(version), "", "unsupported version %s: OpenAPI 3.0 and 3.1 are supported", edm.Quote(version.Value))
	default:
		return true
	}
	return false
}

// value returns the value of a key in a mapping, or nil.
func value(n *yaml.Node, key string) *yaml.Node {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
	}
	return nil
}

var errorLine = regexp.MustCompile(`(?:yaml: |: )?line (\d+)(?:, column (\d+))?: ?`)

// lineBefore matches the position at the start of a message.
var lineBefore = regexp.MustCompile(`^line \d+(?:, column \d+)?: `)

// errorPos returns the position of a parser error.
func (d *document) errorPos(err error) diag.Pos {
	if m := errorLine.FindStringSubmatch(err.Error()); m != nil {
		if line, err := strconv.Atoi(m[1]); err == nil {
			return diag.Pos{File: d.file, Line: max(1, line-d.indentLines)}
		}
	}
	return d.start()
}

// reason returns an error on one line, without its position and the parser's name.
func reason(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	for _, cut := range []string{"failed to unmarshal data: ", "yaml error: ", "yaml: ", "construct errors: "} {
		text = strings.TrimPrefix(text, cut)
	}
	text = lineBefore.ReplaceAllString(text, "")
	if text == "" {
		text = "it cannot be read"
	}
	const most = 300
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}
