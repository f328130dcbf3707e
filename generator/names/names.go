// Package names makes the Go names of everything in a description. A name is a
// pure function of what is named, its qualified name and the overrides: not of the
// order of declaration, nor of what else was selected, so that a type added to the
// description never renames another.
//
// That leaves clashes, which are the caller's to find: see package plan.
package names

import (
	"strings"

	"github.com/callgen/callgen/spec/edm"
)

// Override replaces the Go name of one schema element, for a reason.
type Override struct {
	Name   string
	Reason string
}

// Overrides maps schema elements to their overrides: types by qualified name
// ("microsoft.graph.call"), properties and members by that of their type and their
// own ("microsoft.graph.call/state").
type Overrides map[string]Override

// Type returns the Go name of a type. Types outside microsoft.graph carry their
// namespace's tail: microsoft.graph.callRecords.session is CallRecordsSession.
func (o Overrides) Type(name edm.QName) string {
	if over, ok := o[name.String()]; ok {
		return over.Name
	}
	return DefaultType(name)
}

// DefaultType returns the Go name that a type has without overrides.
func DefaultType(name edm.QName) string {
	return prefix(name.Namespace) + Pascal(name.Name)
}

const graph = "microsoft.graph"

// prefix returns what the names of a namespace begin with. Nothing, where a
// description names its types without a namespace.
func prefix(namespace string) string {
	if namespace == graph || namespace == edm.Unqualified || namespace == "" {
		return ""
	}
	if tail, ok := strings.CutPrefix(namespace, graph+"."); ok {
		return Pascal(tail)
	}
	return Pascal(namespace[strings.LastIndexByte(namespace, '.')+1:])
}

// Part returns the Go name of a property or enum member, without that of its type.
func (o Overrides) Part(of edm.QName, name string) string {
	if over, ok := o[Element(of, name)]; ok {
		return over.Name
	}
	return Pascal(name)
}

// Element returns how a property or member is named in overrides and findings.
func Element(of edm.QName, name string) string { return of.String() + "/" + name }

// File returns a namespace as part of a file name: "callrecords", "" for the root. A name
// that the go command would take for a system is followed by an underscore.
func File(namespace string) string {
	name := strings.ToLower(prefix(namespace))
	for part := range strings.SplitSeq(name, "_") {
		if isSystem(part) {
			return name + "_"
		}
	}
	return name
}

// isSystem reports whether a file whose name ends in an underscore and this is built for
// one system only. Go adds systems rarely; package check would find a new one.
func isSystem(name string) bool {
	switch name {
	case "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd",
		"openbsd", "plan9", "solaris", "wasip1", "windows", "zos",
		"386", "amd64", "amd64p32", "arm", "arm64", "arm64be", "armbe", "loong64", "mips", "mips64", "mips64le",
		"mips64p32", "mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc",
		"sparc64", "wasm", "test":
		return true
	}
	return false
}
