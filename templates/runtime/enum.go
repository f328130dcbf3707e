package runtime

import (
	"slices"
	"strings"
)

// enumIs reports whether two members are the same in any letter case.
func enumIs[E ~string](e, m E) bool { return strings.EqualFold(string(e), string(m)) }

// enumSplit returns the flags of a flags enum.
func enumSplit[E ~string](e E) []E {
	if e == "" {
		return nil
	}
	parts := strings.Split(string(e), ",")
	flags := make([]E, len(parts))
	for i, p := range parts {
		flags[i] = E(strings.TrimSpace(p))
	}
	return flags
}

// enumHas reports whether the flag m is among those of e, in any letter case.
func enumHas[E ~string](e, m E) bool {
	return slices.ContainsFunc(enumSplit(e), func(f E) bool { return enumIs(f, m) })
}

// enumKnown reports whether all flags of e are among the known ones.
func enumKnown[E ~string](e E, known ...E) bool {
	flags := enumSplit(e)
	return len(flags) > 0 && !slices.ContainsFunc(flags, func(f E) bool { return !slices.Contains(known, f) })
}
