package changes_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/exp/apidiff"

	"github.com/callgen/callgen/generator/changes"
)

// Each kind of change is breaking exactly when ordinary code that uses what changed does
// not compile any more, and exactly when apidiff says so, but for what is noted.
func TestKindsOfChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("left out by -short: it compiles a package for each kind of change")
	}
	c := shared()
	before := side(t, model(t, base), false)
	prev := c.generated(t, before.Plan)
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) {
			after := side(t, model(t, k.edited(t)), false)
			next := c.generated(t, after.Plan)
			report := changes.Compare(before, after)
			var text strings.Builder
			require.NoError(t, report.Text(&text))

			assert.Equal(t, k.grade, report.Grade, text.String())
			i := slices.IndexFunc(report.Changes, func(c *changes.Change) bool { return c.Element == k.element })
			require.GreaterOrEqual(t, i, 0, text.String())
			assert.Equal(t, k.grade, report.Changes[i].Grade, text.String())
			assert.True(t, slices.ContainsFunc(report.Changes[i].Schema, func(f changes.Fact) bool { return f.What == k.fact }), text.String())
			assert.NotContains(t, text.String(), "unchanged itself")

			require.NoError(t, c.uses(t, prev, k.consumer), "the consumer must compile before")
			err := c.uses(t, next, k.consumer)
			assert.Equal(t, report.Grade == changes.Breaking, err != nil, "%v\n%s", err, text.String())

			incompatible := incompatible(apidiff.Changes(prev, next))
			assert.Equal(t, report.Grade == changes.Breaking || k.stricter != "", len(incompatible) > 0, "%v\n%s", incompatible, text.String())
			agree(t, report, prev, next)
		})
	}
}

// edited returns the base schema after the edits.
func (k kind) edited(t *testing.T) string {
	text := base
	for pair := range slices.Chunk(k.edits, 2) {
		require.Equal(t, 1, strings.Count(text, pair[0]), pair[0])
		text = strings.Replace(text, pair[0], pair[1], 1)
	}
	return text
}

// incompatible returns what apidiff calls incompatible.
func incompatible(r apidiff.Report) []string {
	var list []string
	for _, c := range r.Changes {
		if !c.Compatible {
			list = append(list, c.Message)
		}
	}
	return list
}

func TestNothingChanges(t *testing.T) {
	s := side(t, model(t, base), false)
	assert.Empty(t, changes.Compare(s, side(t, model(t, base), false)).Changes)
}
