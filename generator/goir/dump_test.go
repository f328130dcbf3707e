package goir

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDump(t *testing.T) {
	pkg := &Package{
		Name: "graph", Runtime: []string{"client"},
		Files: []*File{{Name: "models", Decls: []Decl{
			&Struct{
				Declared: Declared{Name: "Call", Element: "ns.call"}, Embeds: "Entity", ODataType: "ns.call",
				Fields: []*Field{{Name: "State", JSON: "state", Type: Type{Name: "CallState"}, Element: "ns.call/state"}},
				Union:  &Union{Name: "AnyCall", Types: TypeList{Structs: []string{"Call", "GroupCall"}, Abstract: []string{"Call"}}},
			},
			&Enum{Declared: Declared{Name: "CallState", Element: "ns.callState"}, Flags: true, Members: []Constant{{Name: "CallStateA", Value: "a"}}},
		}}, {Name: "requests", Decls: []Decl{
			&Builder{Declared: Declared{Name: "CallRequestBuilder"}, Methods: []*Method{{
				Declared: Declared{Name: "ByRange", Element: "ns.range"}, Kind: Fetch, HTTP: "GET",
				Params:  []Param{{Name: "from", Type: Type{Name: "string"}}},
				Results: []Type{{Prefix: "*", Name: "Call"}, {Name: "error"}},
				Path:    []Segment{{Text: "all"}, {Key: "id"}, {Call: &Function{Name: "range", Values: []Value{{Name: "from", Param: "from"}}}}},
			}}},
			&Own{Declared: Declared{Name: "Roster"}, API: []Symbol{{Name: "Roster", Kind: "type", Type: "struct"}}},
		}}},
		Clashes: []Clash{{Element: "ns.a", Wanted: "A", Name: "A2", Owner: "ns.b"}},
	}
	var b strings.Builder
	require.NoError(t, pkg.Dump(&b))
	assert.Equal(t, `package graph runtime=client
file models
  struct Call from=ns.call embeds=Entity odata=ns.call
    field State CallState json=state from=ns.call/state
    union AnyCall structs=Call,GroupCall abstract=Call
  enum CallState from=ns.callState flags
    constant CallStateA = "a"
file requests
  builder CallRequestBuilder
    method ByRange (string) (*Call, error) fetch GET /all/{id}/range(from={from}) from=ns.range
  own Roster
    type Roster struct
clash ns.a is A2, ns.b has A
`, b.String())
}

func TestKindsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for k := Navigate; k <= RemoveRef; k++ {
		assert.NotContains(t, k.String(), "Kind(")
		assert.False(t, seen[k.String()], k.String())
		seen[k.String()] = true
	}
	assert.Equal(t, "Kind(99)", Kind(99).String())
}
