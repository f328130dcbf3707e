package choose_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/choose"
	"github.com/callgen/callgen/spec/diag"
)

func TestAbout(t *testing.T) {
	var notes []diag.Finding
	for _, element := range []string{
		"g.call/info", "g.call@x.y", "g.meeting/participants", "g.state", "g.move", "g.none/p", "g", "g.records.other", "g.service/hub", "g.service/none", "/path", "",
	} {
		notes = append(notes, diag.Finding{Element: element})
	}
	elements := func(wanted choose.Wanted) (list []string) {
		s, err := choose.Select(model(t), wanted)
		require.NoError(t, err)
		about, others := s.About(notes)
		assert.Equal(t, len(notes), len(about)+others)
		for _, n := range about {
			list = append(list, n.Element)
		}
		return list
	}
	assert.Equal(t, []string{"g.call/info", "g.call@x.y", "g.state", "g.move", "g.none/p", "g", "/path", ""},
		elements(choose.Wanted{Roots: []string{"g.call"}}))
	assert.Equal(t, []string{"g.call/info", "g.call@x.y", "g.state", "g.none/p", "g", "g.records.other", "/path", ""},
		elements(choose.Wanted{Exclude: []string{"g.participant", "g.meeting", "/hub"}, Roots: []string{"g.call", "g.records.other"}}))
	assert.Len(t, elements(choose.Wanted{}), len(notes))
}
