package codec

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestWords looks for texts of many lengths, whole and cut short, at the very end of another.
func TestWords(t *testing.T) {
	const letters = `{"@odata.type":"#microsoft.graph.call"`
	for n := 1; n <= len(letters); n++ {
		text := letters[:n]
		w := wordTextOf(text)
		for cut := 0; cut <= n; cut++ {
			found := w.at("12345"+text[:cut]+padding, 5)
			assert.Equal(t, cut == n, found, "%q in %q", text, text[:cut])
		}
		assert.False(t, w.at("12345"+text[:n-1]+"~"+padding, 5), "%q", text)
		assert.True(t, w.at(text+"and more"+padding, 0), "%q", text)
		assert.Equal(t, "12345"+text, string(w.appendTo([]byte("12345"))))
	}
}

// TestShortStrings encodes strings that are copied as one word: plain ones, and such with
// one byte that needs an escape, wherever it stands.
func TestShortStrings(t *testing.T) {
	for n := range 9 {
		plain := strings.Repeat("a", n)
		for i := range n {
			for _, c := range []string{`"`, `\`, "\x1f", "é", "\xff", "\x7f"} {
				s := plain[:i] + c + plain[i+1:]
				got, err := Marshal(&Participant{Name: &s})
				assert.NoError(t, err)
				var back Participant
				assert.NoError(t, Unmarshal(got, &back), "%s", got)
				assert.Equal(t, strings.ToValidUTF8(s, "\ufffd"), *back.Name)
			}
		}
		got, err := Marshal(&Participant{Name: &plain})
		assert.NoError(t, err)
		assert.Contains(t, string(got), `:"`+plain+`"`)
	}
}

// TestAppendJSONWritesNothingBehindItsResult appends to a slice with room behind it, which
// is somebody else's.
func TestAppendJSONWritesNothingBehindItsResult(t *testing.T) {
	const room = 200
	s, n := "s", int32(1)
	for _, v := range []Value{
		&Participant{}, &Participant{Muted: new(true)}, &Participant{Name: &s},
		&Call{Ringing: &n}, &Call{Entity: Entity{ID: "1"}}, &Call{Subject: &s, Source: &Participant{}},
	} {
		for used := range 9 {
			dst := []byte(strings.Repeat("~", room))
			got, err := AppendJSON(dst[:used], v)
			assert.NoError(t, err)
			assert.Same(t, &dst[0], &got[:1][0], "there is room enough")
			assert.Equal(t, strings.Repeat("~", room-len(got)), string(dst[len(got):]), "%s", got)
		}
	}
}
