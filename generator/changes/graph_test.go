package changes_test

import (
	"go/types"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/exp/apidiff"

	"github.com/callgen/callgen/generator/changes"
	beside "github.com/callgen/callgen/internal/shared"
	"github.com/callgen/callgen/spec/csdl"
)

// From Graph v1.0 to a beta of a sovereign cloud thousands of things change. Each that
// is breaking is incompatible for apidiff, too, in both directions, and what apidiff finds
// are those, where they are declared and where they are inherited.
func TestGraphAgreesWithApidiff(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it generates all of Graph twice")
	}
	var sides [2]changes.Side
	for i, name := range []string{"graph-v1.0.csdl.xml", "graph-beta-sovereign.csdl.xml"} {
		data, err := os.ReadFile(beside.Path(t, "metadata", name))
		require.NoError(t, err)
		m, err := csdl.Read(name, data)
		require.NoError(t, err)
		sides[i] = side(t, m, false)
	}
	v1, beta := shared().generated(t, sides[0].Plan), shared().generated(t, sides[1].Plan)
	agree(t, changes.Compare(sides[0], sides[1]), v1, beta)
	agree(t, changes.Compare(sides[1], sides[0]), beta, v1)
}

// agree compares a report with that of apidiff, symbol by symbol. Apidiff differs thus:
//
//   - it does not look at the type arguments of generic types, such as iter.Seq2, and so
//     misses some changes;
//   - it lists what goes with a type, or with an embedded struct, beside that;
//   - it lists what is promoted for each struct that it is promoted to, and has nothing on a
//     promoted method that another one replaces;
//   - it minds the values of constants;
//   - it compares one package, without the constants of package fields.
func agree(t *testing.T, report *changes.Report, prev, next *types.Package) {
	wanted := apidiff.Changes(prev, next)
	theirs := make(map[string]bool)
	for _, message := range incompatible(wanted) {
		theirs[symbolOf(message)] = true
	}
	members := make(map[string]bool)
	var removedProperty, embedding []string // types that are gone, or something else now; those that embed something else
	for _, e := range breaking(report) {
		if strings.HasPrefix(e.Symbol, "fields.") {
			continue
		}
		if !theirs[e.Symbol] && !promoted(prev, e.Symbol) {
			assert.Regexp(t, `\w\[`, e.Old, "apidiff has nothing on %s", e)
		}
		owner, _, _ := strings.Cut(e.Symbol, ".")
		members[member(e.Symbol)] = true
		switch e.Kind {
		case "type":
			removedProperty = append(removedProperty, e.Symbol)
		case "embedded struct":
			embedding = append(embedding, owner)
		}
	}
	for _, message := range incompatible(wanted) {
		symbol := symbolOf(message)
		declared := strings.TrimPrefix(strings.TrimPrefix(symbol, "Unmarshal"), "Any")
		goes := slices.ContainsFunc(removedProperty, func(name string) bool { return strings.HasPrefix(declared, name) }) ||
			slices.ContainsFunc(embedding, func(name string) bool { return embeds(prev, structOf(message), name) })
		if !members[member(symbol)] && !goes && !strings.Contains(message, "value changed") {
			assert.Fail(t, "nothing on "+message)
		}
	}
	t.Logf("%s; apidiff finds %d incompatible", report.Summary(), len(theirs))
}

// promoted reports whether a method of a type comes from a struct that the type embeds.
func promoted(pkg *types.Package, symbol string) bool {
	owner, method, _ := strings.Cut(symbol, ".")
	object := pkg.Scope().Lookup(owner)
	if object == nil {
		return false
	}
	_, path, _ := types.LookupFieldOrMethod(object.Type(), true, pkg, method)
	return len(path) > 1
}

func breaking(report *changes.Report) []changes.Effect {
	var list []changes.Effect
	for _, c := range report.Changes {
		for _, e := range c.Go {
			if e.Grade == changes.Breaking {
				list = append(list, e)
			}
		}
	}
	return list
}

// member is a symbol without the type that it belongs to.
func member(symbol string) string { return symbol[strings.IndexByte(symbol, '.')+1:] }

// symbolOf is what a message of apidiff is about: "(*Client).Things: removed", "Thing.Size:
// changed from int32 to int64".
func symbolOf(message string) string {
	name, _, _ := strings.Cut(message, ": ")
	name, _, _ = strings.Cut(name, ", ")
	return strings.NewReplacer("(*", "", "(", "", ")", "").Replace(name)
}

// structOf is the struct that a message is about: X in "(*Base).M, method set of *X: removed"
// and in "X.Field: removed".
func structOf(message string) string {
	if _, of, ok := strings.Cut(message, ", method set of *"); ok {
		name, _, _ := strings.Cut(of, ":")
		return name
	}
	name, _, _ := strings.Cut(symbolOf(message), ".")
	return name
}

// embeds reports whether a struct is, or embeds at some depth, another one.
func embeds(p *types.Package, name, other string) bool {
	if name == other {
		return true
	}
	obj := p.Scope().Lookup(name)
	if obj == nil {
		return false
	}
	s, ok := obj.Type().Underlying().(*types.Struct)
	return ok && s.NumFields() > 0 && s.Field(0).Embedded() && embeds(p, s.Field(0).Name(), other)
}
