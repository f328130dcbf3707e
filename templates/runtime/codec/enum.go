package codec

import (
	"slices"
	"strings"
)

// This file is not generic, but for what returns enums: the compiler would make a
// function for each enum of each generic one.

// enumIs reports whether two members are the same in any letter case.
func enumIs(e, m string) bool { return strings.EqualFold(e, m) }

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
func enumHas(e, m string) bool {
	return slices.ContainsFunc(enumSplit(e), func(f string) bool { return enumIs(f, m) })
}

// enumKnown reports whether e is among the known members, which commas separate.
func enumKnown(e, known string) bool {
	for member := range strings.SplitSeq(known, ",") {
		if member == e {
			return e != ""
		}
	}
	return false
}

// enumAllKnown reports whether all flags of e are among the known ones.
func enumAllKnown(e, known string) bool {
	return e != "" && !slices.ContainsFunc(enumSplit(e), func(f string) bool { return !enumKnown(f, known) })
}
