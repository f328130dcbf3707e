package openapi

// maxBases limits walks up the chain of bases, which may be cyclic until the model is
// linked.
const maxBases = 128

// bases iterates over a type and its base types.
func (c *component) bases(yield func(*component) bool) {
	for n := 0; c != nil && n < maxBases; c, n = c.base, n+1 {
		if !yield(c) {
			return
		}
	}
}

func (c *component) derives(from *component) bool {
	for b := range c.bases {
		if b == from {
			return true
		}
	}
	return false
}

func (c *component) depth() (n int) {
	for range c.bases {
		n++
	}
	return n
}

// find returns the property with a name, declared or inherited, or nil.
func (c *component) find(name string) *property {
	for b := range c.bases {
		if m := b.membership[name]; m != nil && !b.discarded[name] {
			return m
		}
	}
	return nil
}
