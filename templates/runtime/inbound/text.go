package inbound

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxErrorText is the maximum length of an error's text in a log, in bytes.
const maxErrorText = 2 << 10

// inboundPanicText describes a panic. Only plain values are printed with fmt, which fails on
// values that contain themselves and on methods that panic with values whose methods panic.
func inboundPanicText(p any) string {
	switch p := p.(type) {
	case error:
		return inboundErrorText(p)
	case fmt.Stringer:
		return inboundMethodText(p, p.String)
	}
	switch reflect.TypeOf(p).Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64:
		return inboundMethodText(p, func() string { return fmt.Sprint(p) })
	}
	return fmt.Sprintf("a value of type %T", p)
}

// inboundErrorText returns the text of an error, with bounded length.
func inboundErrorText(err error) string {
	if err == nil {
		return "no error"
	}
	return inboundMethodText(err, err.Error)
}

// inboundMethodText returns the result of a method of a value, or a text that says that it
// panicked.
func inboundMethodText(of any, method func() string) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("a value of type %T, without a text: its method panics", of)
		}
	}()
	return cutInboundText(method(), maxErrorText)
}

// printableInboundText quotes a text unless it is one plain word.
func printableInboundText(text string) string {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r == '"' || r == ' ' || !strconv.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

// cutInboundText truncates a text to the given number of bytes and marks the cut.
func cutInboundText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return strings.Clone(text[:most]) + "…"
}
