package odd_test

import (
	"testing"

	"github.com/callgen/callgen/gentest"
)

func TestGenerated(t *testing.T) { gentest.UpToDate(t, "../gen.yaml") }
