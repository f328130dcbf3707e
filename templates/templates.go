// Package templates holds the runtime that generated packages contain: ordinary Go in three
// packages below the folder runtime, which are compiled, vetted and tested where they stand.
// They import in one direction: codec nothing of ours, client and callback what is before
// them. They are emitted as one package, see [Runtime].
package templates

import (
	"maps"
	"slices"
	"strings"
)

// File is a file of the runtime.
type File struct {
	Name string // without the ending
	Data []byte
}

// Files whose names begin so are emitted only when they are wanted. Their identifiers
// are reserved all the same.
const (
	clientPrefix   = "client_"   // of request builders
	callbackPrefix = "callback_" // of the callback side
)

// Parts are the parts of the runtime that not every package has.
type Parts struct{ Client, Callbacks bool }

func (p Parts) has(file string) bool {
	return (p.Client || !strings.HasPrefix(file, clientPrefix)) && (p.Callbacks || !strings.HasPrefix(file, callbackPrefix))
}

// Runtime returns the runtime's files as files of one package, each beginning with the
// given comment lines.
func Runtime(pkg string, header []string, parts Parts) ([]File, error) {
	l, err := load()
	if err != nil {
		return nil, err
	}
	var files []File
	for _, s := range l.sources {
		if !parts.has(s.name) {
			continue
		}
		data, err := l.merged(s, pkg, header)
		if err != nil {
			return nil, err
		}
		files = append(files, File{s.name, data})
	}
	return files, nil
}

// Reserved returns the identifiers that the runtime declares, sorted, which no
// declaration made from a schema can have.
func Reserved() ([]string, error) {
	l, err := load()
	if err != nil {
		return nil, err
	}
	set := make(map[string]bool)
	for _, name := range []string{ // emitted with the models
		"New", "UnmarshalAny", "NewClient", "NewNotificationHandler", "CallTracker", "NewCallTracker", "Roster", "NewRoster",
	} {
		set[name] = true
	}
	for _, names := range l.declared {
		maps.Copy(set, names)
	}
	return slices.Sorted(maps.Keys(set)), nil
}
