package generator_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/callgen/callgen/generator"
	"github.com/callgen/callgen/generator/internal/randcsdl"
	"github.com/callgen/callgen/internal/fault"
	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
)

// TestOneFaultStillGenerates puts one fault into each of many random descriptions. What can
// be read of them still gives a package that compiles; at most one in ten is refused, in one
// finding that says where.
func TestOneFaultStillGenerates(t *testing.T) {
	var tried, refused atomic.Int64
	tryAll(t, *descriptions, func(c *typeChecker, seed uint64) error {
		text := randcsdl.New(seed, randcsdl.Options{Plain: seed%2 == 0}).Text()
		broken, what, err := fault.One(rand.New(rand.NewPCG(seed, 0)), text)
		if err != nil {
			return err
		}
		tried.Add(1)
		model, _, err := csdl.ReadAll([]csdl.Document{{Name: "in.csdl", Data: broken}}, csdl.Options{})
		if err == nil {
			var result *generator.Result
			if result, err = generator.Unchecked(randomConfig(), model); err == nil {
				if _, err := c.check(result.Files); err != nil {
					return fmt.Errorf("%s: type-checking: %w", what, err)
				}
				return nil
			}
		}
		var found *diag.Error
		if !errors.As(err, &found) || len(found.Findings) != 1 || !found.Findings[0].Pos.IsValid() {
			return fmt.Errorf("%s: not one finding with its position: %w", what, err)
		}
		refused.Add(1)
		return nil
	})
	assert.LessOrEqual(t, refused.Load()*10, tried.Load(), "%d of %d are refused", refused.Load(), tried.Load())
}
