package randcsdl

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the maximum length of a simple identifier in OData, in characters.
const maxName = 128

// namer makes names. It remembers them, so as to make similar ones.
type namer struct {
	r        *rand.Rand
	plain    bool
	made     int
	reserved []string
	used     []string        // names made before
	spaces   map[string]bool // namespaces and aliases
}

func newNamer(r *rand.Rand, options Options) *namer {
	n := &namer{r: r, plain: options.Plain, spaces: make(map[string]bool)}
	n.reserved = append(hostile(), options.Reserved...)
	return n
}

// name makes and takes a free name.
func (n *namer) name(taken map[string]bool) string {
	for attempt := 0; ; attempt++ {
		name := n.any()
		if attempt > 10 {
			name = cut(name, maxName-8) + fmt.Sprint(attempt, n.r.IntN(10000))
		}
		if legal(name) && !taken[name] {
			taken[name] = true
			n.used = append(n.used, name)
			return name
		}
	}
}

// any makes a name of any sort.
func (n *namer) any() string {
	if n.plain {
		n.made++
		return fmt.Sprintf("%s%s%d", pick(n.r, words()), strings.ToUpper(letters(n.made)), n.made)
	}
	switch sort := n.r.IntN(100); {
	case sort < 30 || len(n.used) == 0:
		return pick(n.r, words()) + title(pick(n.r, words()))
	case sort < 50:
		return n.alike(pick(n.r, n.used))
	case sort < 72:
		return n.derived(pick(n.r, n.used))
	case sort < 92:
		return pick(n.r, n.reserved)
	default:
		return n.strange()
	}
}

// alike makes a name that differs from another in case, in separators or not at all.
func (n *namer) alike(name string) string {
	switch n.r.IntN(10) {
	case 0:
		return "_" + name
	case 1:
		return name + "_"
	case 2:
		return strings.ToUpper(name)
	case 3:
		return strings.ToLower(name)
	case 4:
		return title(name)
	case 5:
		return separated(name, "_")
	case 6:
		return separated(name, "-")
	case 7:
		return strings.ReplaceAll(strings.ReplaceAll(name, "_", ""), "-", "")
	case 8:
		return name + pick(n.r, []string{"1", "2", "_1", "_2"})
	default:
		return name
	}
}

// derived makes a name that a generator may derive from another.
func (n *namer) derived(name string) string {
	if n.r.IntN(3) == 0 {
		return pick(n.r, []string{"Any", "UnmarshalAny", "typesOf", "As", "as", "New", "On", "By", "Set", "Delete", "rankOf", "X", "x", "X_"}) + title(name)
	}
	suffix := pick(n.r, []string{
		"RequestBuilder", "CollectionRequestBuilder", "Collection", "Parameters", "Property", "Resource", "Action", "Function",
		"Entity", "EntityType", "ComplexType", "Complex", "Enum", "EnumType", "EntitySet", "Set", "Singleton", "Key", "Parameter", "Member", "Navigation",
	})
	if n.r.IntN(3) == 0 {
		suffix += title(pick(n.r, n.used)) // the name of a constant, method or struct for both
	}
	return name + suffix
}

// strange makes a name of unusual letters, or a very long one.
func (n *namer) strange() string {
	name := pick(n.r, []string{
		"größe", "Größe", "GRÖSSE", "grösse", "数量", "数", "ǆungla", "ǅungla", "Ǆungla", "ſize", "size", "ıd", "İd", "Kelvin", "kelvin",
		"Ωmega", "Ωmega", "ωmega", "été", "État", "état", "x٣", "x3", "ªb", "ـ", "ﬁne", "имя", "Имя",
		"_", "__", "___", "_1", "_9a", "a-", "x--y", "x-y", "x_y", "xY", "X_Y", "v1_10", "v11_0", "v1-10", "a1", "a_1", "A1",
	})
	if n.r.IntN(4) == 0 {
		long := strings.Repeat(pick(n.r, append(words(), name)), maxName)
		return cut(long, n.r.IntN(2)+maxName-1) // two of them differ only at the very end
	}
	return name
}

// cut returns the first characters of a name.
func cut(name string, most int) string {
	runes := []rune(name)
	return string(runes[:min(most, len(runes))])
}

func title(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[size:]
}

// separated puts a separator before each capital.
func separated(name, separator string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteString(separator)
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// letters writes a number in letters.
func letters(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return letters(i/26-1) + letters(i%26)
}

// namespace makes a namespace.
func (n *namer) namespace() string {
	for attempt := 0; ; attempt++ {
		namespace := "acme.area" + letters(attempt)
		switch {
		case n.plain || attempt > 20:
		case n.r.IntN(4) == 0:
			namespace = pick(n.r, words()) + "." + n.any()
		case n.r.IntN(5) == 0 && len(n.spaces) > 0:
			namespace = n.likeOther()
		default:
			namespace = pick(n.r, namespaces())
		}
		if !n.spaces[namespace] && legalNamespace(namespace) {
			n.spaces[namespace] = true
			return namespace
		}
	}
}

// likeOther makes a namespace similar to one made before. It considers them in a fixed
// order.
func (n *namer) likeOther() string {
	other := pick(n.r, sorted(n.spaces))
	if n.r.IntN(2) == 0 {
		return strings.ToUpper(other)
	}
	return "other." + other[strings.LastIndexByte(other, '.')+1:]
}

// alias makes the alias of a schema.
func (n *namer) alias() string {
	for i := 0; ; i++ {
		alias := pick(n.r, []string{"self", "SELF", "this", "a", "func", "graph"})
		if i > 5 {
			alias += letters(i)
		}
		if !n.spaces[alias] {
			n.spaces[alias] = true
			return alias
		}
	}
}
