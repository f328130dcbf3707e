package changes_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/changes"
)

// A new element can take the name that an older one has: the older one gets another, which
// breaks code, and the new element is what the report blames.
func TestNewElementTakesAName(t *testing.T) {
	apart := `<Property Name="main_street" Type="Edm.String"/>`
	before := strings.Replace(base, `<Property Name="street" Type="Edm.String"/>`, apart, 1)
	after := strings.Replace(before, apart, apart+`<Property Name="mainStreet" Type="Edm.String"/>`, 1)
	report := compared(t, before, after)
	assert.Equal(t, changes.Breaking, report.Grade)
	c := changeOf(t, report, "microsoft.graph.place/mainStreet")
	assert.Equal(t, changes.Breaking, c.Grade)
	assert.Contains(t, effectsOf(c), "field Place.MainStreet is Place.Main_Street now")
	assert.Contains(t, effectsOf(c), "constant fields.PlaceMainStreet is fields.PlaceMain_Street now")
}

func TestNewTypeTakesAName(t *testing.T) {
	before := strings.Replace(base, `Name="lone"`, `Name="lone_one"`, 1)
	after := strings.Replace(before, `<ComplexType Name="lone_one">`, `<ComplexType Name="loneOne"/><ComplexType Name="lone_one">`, 1)
	report := compared(t, before, after)
	c := changeOf(t, report, "microsoft.graph.loneOne")
	assert.Equal(t, changes.Breaking, c.Grade)
	assert.Contains(t, effectsOf(c), "type LoneOne is Lone_One now")
}

// The older one gets its name back when the newer one goes.
func TestRemovedTypeGivesItsNameBack(t *testing.T) {
	after := strings.Replace(base, `Name="lone"`, `Name="lone_one"`, 1)
	before := strings.Replace(after, `<ComplexType Name="lone_one">`, `<ComplexType Name="loneOne"/><ComplexType Name="lone_one">`, 1)
	c := changeOf(t, compared(t, before, after), "microsoft.graph.loneOne")
	assert.Equal(t, changes.Breaking, c.Grade)
	assert.Contains(t, effectsOf(c), "type Lone_One is LoneOne now")
}

func compared(t *testing.T, before, after string) *changes.Report {
	return changes.Compare(side(t, model(t, before), false), side(t, model(t, after), false))
}

func changeOf(t *testing.T, r *changes.Report, element string) *changes.Change {
	i := slices.IndexFunc(r.Changes, func(c *changes.Change) bool { return c.Element == element })
	require.GreaterOrEqual(t, i, 0, "no change of %s", element)
	return r.Changes[i]
}

func effectsOf(c *changes.Change) string {
	var list []string
	for _, e := range c.Go {
		list = append(list, e.String())
	}
	return strings.Join(list, "\n")
}
