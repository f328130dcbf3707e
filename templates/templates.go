// Package templates holds the runtime that generated packages contain: ordinary Go in a few
// packages below the folder runtime, which are compiled, vetted and tested in place. They
// import in one direction: those of the calling API and of change notifications import codec,
// client and inbound, that of Redfish codec and client, codec none of ours. They are emitted as one package, see [Runtime].
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
	Of   string // the package of the runtime that it is of
	Data []byte
}

// Files with these prefixes are emitted only if needed. Their identifiers are always
// reserved.
const (
	clientPrefix       = "client_"       // of request builders
	callbackPrefix     = "callback_"     // of the callback side
	sessionPrefix      = "session_"      // of call sessions
	notificationPrefix = "notification_" // of the handler of change notifications
	keeperPrefix       = "keeper_"       // of what keeps subscriptions
	inboundPrefix      = "inbound_"      // of all handlers
	redfishPrefix      = "redfish_"      // of Redfish
	directPrefix       = "direct_"       // of requests to paths, for sessions and the keeper
)

// wanted reports whether a file is in a package that wants some parts of the runtime.
func wanted(file string, parts []string) bool {
	switch {
	case strings.HasPrefix(file, inboundPrefix):
		return slices.Contains(parts, "callback") || slices.Contains(parts, "notification")
	case strings.HasPrefix(file, directPrefix):
		return slices.Contains(parts, "session") || slices.Contains(parts, "keeper")
	}
	for _, prefix := range []string{clientPrefix, callbackPrefix, sessionPrefix, notificationPrefix, keeperPrefix, redfishPrefix} {
		if strings.HasPrefix(file, prefix) {
			return slices.Contains(parts, strings.TrimSuffix(prefix, "_"))
		}
	}
	return true
}

// Runtime returns the runtime's files as files of one package, each beginning with the
// given comment lines. Besides the codec they hold the parts that are named: client, callback,
// session, notification, keeper, redfish. Model says what the names of package model, which stands in for types that depend
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
		files = append(files, File{s.name, s.pkg, data})
	}
	return files, nil
}
