package show_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/cmd/gen/internal/show"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/edm"
)

const description = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="g" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String"/></EntityType>
  <EntityType Name="operation" BaseType="g.entity" OpenType="true"><Property Name="state" Type="g.state"/><NavigationProperty Name="after" Type="g.operation"/></EntityType>
  <EntityType Name="playOperation" BaseType="g.operation"><Property Name="a" Type="Edm.String"/><Property Name="b" Type="Edm.String"/></EntityType>
  <EntityType Name="loopOperation" BaseType="g.playOperation"/>
  <EntityType Name="muteOperation" BaseType="g.operation"/>
  <EntityType Name="call" BaseType="g.entity"><NavigationProperty Name="operations" Type="Collection(g.operation)"/><NavigationProperty Name="anything" Type="g.entity"/></EntityType>
  <EnumType Name="state"><Member Name="on"/><Member Name="off"/></EnumType>
  <ComplexType Name="alone"/>
</Schema>
<Schema Namespace="g.other" xmlns="http://docs.oasis-open.org/odata/ns/edm"><ComplexType Name="call"/></Schema>
</edmx:DataServices></edmx:Edmx>`

func model(t *testing.T) *edm.Model {
	t.Helper()
	m, err := csdl.Read("d.xml", []byte(description))
	require.NoError(t, err)
	return m
}

func view(t *testing.T, name string) *show.View {
	t.Helper()
	m := model(t)
	found, err := show.Find(m, name)
	require.NoError(t, err)
	return show.Of(m, found)
}

func TestText(t *testing.T) {
	assert.Equal(t, `g.entity  abstract, 1 property
└─ g.operation  open, 1 property, 1 navigation property  ◀
   ├─ g.muteOperation  0 properties
   └─ g.playOperation  2 properties
      └─ g.loopOperation  0 properties

Properties that hold it:
  g.call/operations (collection)
  g.operation/after
  g.call/anything (as g.entity)
`, view(t, "operation").Text())
	assert.Equal(t, "g.state  enum type, 2 members  ◀\n\nProperties that hold it:\n  g.operation/state\n", view(t, "g.state").Text())
	assert.Equal(t, "g.alone  0 properties  ◀\n\nNo property is declared to hold it.\n", view(t, "alone").Text())
}

func TestMermaid(t *testing.T) {
	assert.Equal(t, `classDiagram
  class t0["g.entity"] {
    abstract
    1 property
  }
  class t1["g.operation"] {
    open
    1 property
    1 navigation property
  }
  class t2["g.playOperation"] {
    2 properties
  }
  style t2 stroke-width:3px
  class t3["g.loopOperation"] {
    0 properties
  }
  t2 <|-- t3
  t1 <|-- t2
  t0 <|-- t1
  class o0["g.call"]
  class o1["g.operation"]
  o0 --> "*" t1 : operations
  o1 --> t1 : after
  o0 --> t0 : anything
`, view(t, "playOperation").Mermaid())
}

func TestDOT(t *testing.T) {
	assert.Equal(t, `digraph {
  rankdir=BT
  node [shape=box, fontname="sans-serif"]
  edge [fontname="sans-serif"]
  t0 [label="g.entity\nabstract, 1 property"]
  t1 [label="g.call\n2 navigation properties", penwidth=3]
  t1 -> t0 [arrowhead=empty]
  o0 [label="g.call", style=dashed]
  o0 -> t0 [label="anything", style=dashed]
}
`, view(t, "g.call").DOT())
}

func TestSVG(t *testing.T) {
	elements, text := parsed(t, view(t, "operation").SVG())
	for _, want := range []string{"Hierarchy of g.operation", "g.entity", "g.playOperation", "2 properties", "g.call/operations", "collection", "as g.entity"} {
		assert.Contains(t, text, want)
	}
	assert.Equal(t, "svg title defs marker path rect", strings.Join(elements[:6], " "))
}

// parsed returns the elements and texts of an SVG.
func parsed(t *testing.T, svg string) (elements, text []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements, text
		}
		require.NoError(t, err, svg)
		switch token := token.(type) {
		case xml.StartElement:
			elements = append(elements, token.Name.Local)
		case xml.CharData:
			text = append(text, string(token))
		}
	}
}

func TestManyProperties(t *testing.T) {
	v := &show.View{Name: "g.a", Top: &show.Node{Name: "g.a", Shown: true}}
	for range 100 {
		v.Uses = append(v.Uses, show.Use{Owner: "g.b", Property: "c", Of: "g.a"})
	}
	assert.Equal(t, 100, strings.Count(v.Text(), "g.b/c"))
	for name, drawing := range map[string]string{"mermaid": v.Mermaid(), "dot": v.DOT(), "svg": v.SVG()} {
		assert.Contains(t, drawing, "and 76 more", name)
	}
}

// plainText means nothing to Mermaid.
var plainText = regexp.MustCompile(`[\p{L}\p{Nd} ._-]`)

var quotedText = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// Whatever names hold, a drawing has the structure that it has with harmless ones.
func TestHostileNames(t *testing.T) {
	with := func(name string) *show.View {
		n := &show.Node{Name: name, Facts: []string{"1 property"}, Shown: true}
		return &show.View{Name: name, Top: &show.Node{Name: "g." + name, Facts: []string{"open"}, Derived: []*show.Node{n}},
			Uses: []show.Use{{Owner: name, Property: name, Of: name}}}
	}
	harmless := with("x")
	for _, name := range []string{
		"\"]\n  click t0 href \"javascript:alert(1)\"\n  class q[\"", `\`, `a\"]; evil [label="`, "</text></svg><script>alert(1)</script>", "]]>&lt;<!--",
		"a\r\nb", "} class x {", "`x`", "%%{init: {}}%%", "\x1b[31m\u202e\x00", "; t0 --> t1 #quot; <b>",
	} {
		v := with(name)
		lines := func(s string) []string { return strings.Split(s, "\n") }
		assert.Equal(t, plainText.ReplaceAllString(harmless.Mermaid(), ""), plainText.ReplaceAllString(v.Mermaid(), ""), name)
		blank := func(s string) string { return quotedText.ReplaceAllString(s, `""`) }
		assert.Equal(t, blank(harmless.DOT()), blank(v.DOT()), name)

		elements, _ := parsed(t, v.SVG())
		wantedElements, _ := parsed(t, harmless.SVG())
		assert.Equal(t, wantedElements, elements, name)

		assert.Len(t, lines(v.Text()), len(lines(harmless.Text())), name)
		for _, drawing := range []string{v.Text(), v.Mermaid(), v.DOT(), v.SVG()} {
			assert.NotContains(t, drawing, "\x1b")
			assert.NotContains(t, drawing, "\u202e")
		}
	}
}

func TestFind(t *testing.T) {
	m := model(t)
	for name, want := range map[string]string{
		"call":                    "call: several types have this name: say which of g.call, g.other.call",
		"opertaion":               "opertaion: the description has no type of this name; the nearest are g.operation",
		"g.Operation":             "g.Operation: the description has no type of this name; the nearest are g.operation",
		"playoperation":           "playoperation: the description has no type of this name; the nearest are g.playOperation, g.loopOperation, g.muteOperation, g.operation",
		"\x1b[31m":                `"\x1b[31m": the description has no type of this name`,
		strings.Repeat("x", 1000): strings.Repeat("x", 1000) + ": the description has no type of this name",
	} {
		_, err := show.Find(m, name)
		if len(name) > 500 {
			assert.ErrorContains(t, err, "the description has no type of this name")
			continue
		}
		assert.EqualError(t, err, want)
	}
	found, err := show.Find(m, "g.other.call")
	require.NoError(t, err)
	assert.Equal(t, "g.other.call", found.TypeName().String())
}
