package randcsdl_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/internal/randcsdl"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
)

func TestDescriptionsAreLegal(t *testing.T) {
	for seed := range uint64(300) {
		for _, plain := range []bool{false, true} {
			d := randcsdl.New(seed, randcsdl.Options{Plain: plain})
			_, err := csdl.Read("in.csdl", d.Text())
			require.NoError(t, err, "seed %d, plain %v", seed, plain)
		}
	}
}

func TestSeedDecides(t *testing.T) {
	for seed := range uint64(20) {
		assert.Equal(t, randcsdl.New(seed, randcsdl.Options{}).Text(), randcsdl.New(seed, randcsdl.Options{}).Text())
	}
	assert.NotEqual(t, randcsdl.New(1, randcsdl.Options{}).Text(), randcsdl.New(2, randcsdl.Options{}).Text())
}

func TestShuffledAndUnrelatedAreLegal(t *testing.T) {
	for seed := range uint64(50) {
		d := randcsdl.New(seed, randcsdl.Options{})
		before := string(d.Text())
		for _, changed := range []*randcsdl.Description{d.Shuffled(seed), d.Unrelated(seed)} {
			_, err := csdl.Read("in.csdl", changed.Text())
			require.NoError(t, err, "seed %d", seed)
		}
		assert.Equal(t, before, string(d.Text()), "the description itself stays as it is")
	}
}

func TestInvalidIsWhatItSays(t *testing.T) {
	seen := make(map[string]bool)
	for seed := range uint64(300) {
		d := randcsdl.Invalid(seed, randcsdl.Options{})
		seen[d.Broken.What] = true
		_, err := csdl.Read("in.csdl", d.Text())
		var found *diag.Error
		require.ErrorAs(t, err, &found, "seed %d: %s", seed, d.Broken)
		for _, f := range found.Findings {
			assert.True(t, f.Pos.IsValid(), "seed %d: %s: %s", seed, d.Broken, f)
			assert.True(t, d.Broken.IsAt(f.Element), "seed %d: %s: %s", seed, d.Broken, f)
		}
	}
	assert.Greater(t, len(seen), 25)
}

func TestShrunkIsSmallest(t *testing.T) {
	d := randcsdl.New(3, randcsdl.Options{})
	has := func(d *randcsdl.Description) bool {
		model, err := csdl.Read("in.csdl", d.Text())
		return err == nil && model.Container != nil
	}
	require.True(t, has(d))
	shrunk := d.Shrunk(has)
	assert.True(t, has(shrunk))
	assert.Less(t, len(shrunk.Text()), 500)
}
