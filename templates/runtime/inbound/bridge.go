package inbound

import "net/http"

// This file is not emitted. It gives the packages above this one exported names for what they
// need of it.

func Read(w http.ResponseWriter, r *http.Request, most int64) ([]byte, int, error) {
	return readInbound(w, r, most)
}

func PanicText(p any) string { return inboundPanicText(p) }

func ErrorText(err error) string { return inboundErrorText(err) }

func CutText(text string, most int) string { return cutInboundText(text, most) }

func PrintableText(text string) string { return printableInboundText(text) }
