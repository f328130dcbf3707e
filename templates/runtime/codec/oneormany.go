package codec

// OneOrMany is a member that the service sends either as one value or as a
// collection of values. It remembers which, and is encoded the same way.
// The zero OneOrMany is an absent member.
type OneOrMany[T any] struct {
	Values []T  // nil = absent
	Many   bool // a single value is encoded as a collection of one
}

// One returns a member that holds the one value v.
func One[T any](v T) OneOrMany[T] { return OneOrMany[T]{Values: []T{v}} }

// Many returns a member that holds a collection of values, which may be empty.
func Many[T any](values ...T) OneOrMany[T] {
	return OneOrMany[T]{Values: append([]T{}, values...), Many: true}
}

func (OneOrMany[T]) oneOrMany() {}
