package csdl

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"github.com/callgen/callgen/spec/edm"
)

const byteOrderMark = "\ufeff"

// IsXML reports whether a file begins like XML, in any encoding. Other files are not CSDL
// XML.
func IsXML(data []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte(byteOrderMark)), " \t\r\n")
	return len(text) > 0 && text[0] == '<' || wide(data) != nil
}

// wide returns the encoding of a file with two or more bytes per character, recognized by
// its beginning, and nil for other files.
func wide(data []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("<\x00")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00<")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	return nil
}

func newReader(file string, data []byte) *reader {
	r := &reader{file: file, model: new(edm.Model)}
	charset := narrow
	if e := wide(data); e != nil {
		if text, err := e.NewDecoder().Bytes(data); err == nil {
			data = text
		}
		charset = func(_ string, text io.Reader) (io.Reader, error) { return text, nil } // it is UTF-8 by now
	}
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))                      // so that columns count from the start of the text
	if rest, ok := bytes.CutPrefix(data, []byte(`<?xml version="1.1"`)); ok { // the decoder does not support it, and no description needs it
		data = slices.Concat([]byte(`<?xml version="1.0"`), rest)
	}
	r.dec = xml.NewDecoder(bytes.NewReader(data))
	r.dec.CharsetReader = charset
	return r
}

// narrow decodes an encoding with one byte for each ASCII character, as named by the XML
// declaration. Names of encodings mean what browsers take them for.
func narrow(label string, text io.Reader) (io.Reader, error) {
	if strings.HasPrefix(strings.ToLower(label), "utf-16") {
		return text, nil // it would have begun otherwise: some say so of what they then send in UTF-8
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, encodingError(label)
	}
	return e.NewDecoder().Reader(text), nil
}

// encodingError is an unknown encoding, declared by a document.
type encodingError string

func (e encodingError) Error() string {
	return "unknown encoding " + edm.Quote(string(e)) + ": save the document in UTF-8"
}

// otherKind says what a document is, judging by its root element, if it is not CSDL 4.
func otherKind(root xml.Name) string {
	switch {
	case root.Local == "Edmx" && (!isOld(root.Space)), root.Local == "Schema" && (root.Space == nsEDM || root.Space == ""):
		return ""
	case isOld(root.Space) && root.Local == "Schema":
		return oldKind(root.Space)
	case isOld(root.Space):
		return "" // judge by the wrapped element
	case root.Local == "service" && strings.HasSuffix(root.Space, "/app"):
		return "this is the service document, not the description: add /$metadata to its URL"
	case strings.EqualFold(root.Local, "html"):
		return "this is a web page, not CSDL XML: save what the service answers at …/$metadata to those who are signed in"
	case root.Local == "error":
		return "this is an error that a service answered, not CSDL XML: save what it answers at …/$metadata to those who are signed in"
	}
	return "not CSDL XML: the root element is <" + edm.Shown(root.Local) + ">, not <edmx:Edmx>"
}

// oldKind says what a document in an XML namespace before CSDL 4 is.
func oldKind(space string) string {
	version := "OData V2 or V3"
	if strings.HasSuffix(space, "/2009/11/edm") {
		version = "OData V3"
	}
	return "this describes " + version + " (XML namespace " + edm.Quote(space) + "), and only OData 4 is read: save the $metadata of the service's OData 4 address"
}

func isSpace(text []byte) bool { return utf8.Valid(text) && len(bytes.TrimSpace(text)) == 0 }
