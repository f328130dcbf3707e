package codec

import (
	"strconv"
	"strings"
)

// DecodeError describes why a document could not be decoded, and where.
type DecodeError struct {
	Offset int    // byte offset in the input
	Path   string // JSON path of the value, such as "$.targets[0].identity"; "" if unknown
	Msg    string
}

// Error returns the problem and its position.
func (e *DecodeError) Error() string {
	var b strings.Builder
	b.WriteString("json: ")
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(": ")
	}
	b.WriteString(e.Msg)
	b.WriteString(" (byte ")
	b.WriteString(strconv.Itoa(e.Offset))
	b.WriteString(")")
	return b.String()
}

// EncodeError describes why a value could not be encoded, and which.
type EncodeError struct {
	Path string // JSON path of the value, such as "$.targets[0].identity"
	Msg  string
}

// Error returns the problem and the path of the value.
func (e *EncodeError) Error() string {
	if e.Path == "" {
		return "json: " + e.Msg
	}
	return "json: " + e.Path + ": " + e.Msg
}

// within prepends the member name to the error's path. It stops at long paths: hostile nesting
// must not make an error quadratic.
func within(err error, name string) error {
	return extendPath(err, "."+name)
}

// withinIndex prepends a collection index to the error's path.
func withinIndex(err error, i int) error {
	return extendPath(err, "["+strconv.Itoa(i)+"]")
}

const maxPath = 512

func extendPath(err error, step string) error {
	var path *string
	switch e := err.(type) {
	case *DecodeError:
		path = &e.Path
	case *EncodeError:
		path = &e.Path
	default:
		return err
	}
	if len(*path)+len(step) <= maxPath {
		*path = step + *path
	}
	return err
}
