package codec

import (
	"slices"
	"strings"
)

// This file avoids generic functions except where they return enums: the compiler would
// generate each of them for every enum.

// enumIs reports whether two members are the same, ignoring case.
func enumIs(e, m string) bool { return strings.EqualFold(e, m) }

// enumSplit returns the flags set in a flags enum.
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

// enumHas reports whether e contains the flag m, ignoring case.
func enumHas(e, m string) bool {
	return slices.ContainsFunc(enumSplit(e), func(f string) bool { return enumIs(f, m) })
}

// enumKnown reports whether e is among the known members, a comma-separated list.
func enumKnown(e, known string) bool { return enumKnownBy(e, known, ",") }

// enumKnownBy is like enumKnown with another separator.
func enumKnownBy(e, known, separator string) bool {
	for member := range strings.SplitSeq(known, separator) {
		if member == e {
			return known != "" // which is the list of no members
		}
	}
	return false
}

// enumIsAmong is like enumIs for an enum with members that differ only in case, which are not
// the same.
func enumIsAmong(e, m, known, separator string) bool {
	return e == m || enumIs(e, m) && !(enumKnownBy(e, known, separator) && enumKnownBy(m, known, separator))
}

// enumHasAmong is enumHas for such an enum.
func enumHasAmong(e, m, known, separator string) bool {
	return slices.ContainsFunc(enumSplit(e), func(f string) bool { return enumIsAmong(f, m, known, separator) })
}

// enumAllKnown reports whether all flags of e are among the known ones.
func enumAllKnown(e, known string) bool {
	return e != "" && !slices.ContainsFunc(enumSplit(e), func(f string) bool { return !enumKnown(f, known) })
}
