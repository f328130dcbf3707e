package codec

// OneOrMany is a member that the service sends either as a single value or as a collection. It
// is encoded the way it was received. The zero OneOrMany is an absent member.
type OneOrMany[T any] struct {
	Values []T  // nil means absent
	Many   bool // encode a single value as a collection of one
}

// One returns a member with the single value v.
func One[T any](v T) OneOrMany[T] { return OneOrMany[T]{Values: []T{v}} }

// Many returns a member with a collection of values, possibly empty.
func Many[T any](values ...T) OneOrMany[T] {
	return OneOrMany[T]{Values: append([]T{}, values...), Many: true}
}

func (OneOrMany[T]) oneOrMany() {}
