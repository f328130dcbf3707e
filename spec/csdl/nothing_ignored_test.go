package csdl_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/spec/csdl"
	"github.com/callgen/callgen/spec/diag"
)

// TestNothingIsIgnored compares everything in a document with everything that the
// model made from it says.
func TestNothingIsIgnored(t *testing.T) {
	for name, data := range documents(t) {
		t.Run(name, func(t *testing.T) {
			m, err := csdl.Read(name, data(t))
			require.NoError(t, err)
			want, root := listDocument(t, data(t))
			got := listModel(m, root)
			assert.Greater(t, len(want), 100)
			var differences []string
			for line, n := range want {
				if got[line] != n {
					differences = append(differences, line)
				}
			}
			for line := range got {
				if want[line] == 0 {
					differences = append(differences, "not in the document: "+line)
				}
			}
			assert.Empty(t, differences[:min(len(differences), 20)], "%d differences", len(differences))
		})
	}
}

// listDocument lists a document by its tokens alone, and returns where its root begins.
func listDocument(t *testing.T, data []byte) (listing, diag.Pos) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	l := make(listing)
	dec := xml.NewDecoder(bytes.NewReader(data))
	var root diag.Pos
	var path []string
	var places []diag.Pos
	var text strings.Builder // of the innermost element
	place := newPlaces(data)
	for {
		pos := place.of(dec.InputOffset())
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return l, root
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			tag := token.Name.Local
			if !strings.HasPrefix(token.Name.Space, "http://docs.oasis-open.org/odata/ns/edm") {
				l["skipped {"+token.Name.Space+"}"+tag+" "+position(pos)]++
				require.NoError(t, dec.Skip())
				continue
			}
			if len(path) == 0 {
				root = pos
			}
			for _, a := range token.Attr {
				if a.Name.Space != "" && a.Name.Space != "xmlns" {
					l["skipped @{"+a.Name.Space+"}"+a.Name.Local+" "+position(pos)]++
				}
			}
			if unplaced(tag) {
				pos = diag.Pos{}
			}
			text.Reset()
			path, places = append(path, "/"+tag), append(places, pos)
			at := strings.Join(path, "") + " " + position(pos)
			l[at]++
			for _, a := range token.Attr {
				if a.Name.Space == "" && a.Name.Local != "xmlns" {
					l[at+" "+a.Name.Local+"="+a.Value]++
				}
			}
		case xml.EndElement:
			if text := strings.TrimSpace(text.String()); text != "" {
				l[strings.Join(path, "")+" "+position(places[len(places)-1])+" text "+text]++
			}
			text.Reset()
			path, places = path[:len(path)-1], places[:len(places)-1]
		case xml.CharData:
			text.Write(token)
		}
	}
}

// places turns offsets, which only grow, into lines and columns.
type places struct {
	data       []byte
	offset     int64
	line, base int64
}

func newPlaces(data []byte) *places { return &places{data: data, line: 1} }

func (p *places) of(offset int64) diag.Pos {
	for ; p.offset < offset; p.offset++ {
		if p.data[p.offset] == '\n' {
			p.line++
			p.base = p.offset + 1
		}
	}
	return diag.Pos{Line: int(p.line), Col: int(offset-p.base) + 1}
}
