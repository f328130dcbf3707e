// Package templates holds the runtime that generated packages contain: ordinary Go in five
// packages below the folder runtime, which are compiled, vetted and tested in place. They
// import in one direction: client, callback and session import the packages before them,
// redfish imports client and codec, codec none of ours. They are emitted as one package, see [Runtime].
//
// Not covered by the compatibility promise of this module: it may change in any version.
package templates

import (
	"slices"
	"strings"
)

// File is a file of the runtime.
type File struct {
	Name string // without the ending
	Data []byte
}

// Files with these prefixes are emitted only if needed. Their identifiers are always
// reserved.
const (
	clientPrefix   = "client_"   // of request builders
	callbackPrefix = "callback_" // of the callback side
	sessionPrefix  = "session_"  // of call sessions
	redfishPrefix  = "redfish_"  // of Redfish
)

// wanted reports whether a file is in a package that wants some parts of the runtime.
func wanted(file string, parts []string) bool {
	for _, prefix := range []string{clientPrefix, callbackPrefix, sessionPrefix, redfishPrefix} {
		if strings.HasPrefix(file, prefix) {
			return slices.Contains(parts, strings.TrimSuffix(prefix, "_"))
		}
	}
	return true
}

// Runtime returns the runtime's files as files of one package, each beginning with the
// given comment lines. Besides the codec they hold the parts that are named: client, callback,
// session, redfish. Model says what the names of package model, which stands in for types that depend
// on the description, are called in the package.
func Runtime(pkg string, header, parts []string, model map[string]string) ([]File, error) {
	l, err := load()
	if err != nil {
		return nil, err
	}
	var files []File
	for _, s := range l.sources {
		if !wanted(s.name, parts) {
			continue
		}
		data, err := l.merged(s, pkg, header, model)
		if err != nil {
			return nil, err
		}
		files = append(files, File{s.name, data})
	}
	return files, nil
}
