package codec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/internal/shared"
)

// TestJSONTestSuite runs the parsing tests of JSONTestSuite, which lies beside the
// project: files named y_ must be accepted, n_ refused, i_ must not do harm. A
// document is an object here, so each is tried as the value of a member, declared and
// not.
func TestJSONTestSuite(t *testing.T) {
	dir := shared.Path(t, "corpus", "jsontestsuite", "test_parsing")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	tried := map[byte]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		name := filepath.Base(file)
		tried[name[0]]++
		for _, member := range []string{"x", "subject", "targets", "mediaConfig", "untyped", "double", "strings"} {
			doc := []byte(`{"` + member + `":` + string(text) + `}`)
			for _, v := range []Value{new(Call), new(Everything)} {
				err := Unmarshal(doc, v)
				switch name[0] {
				case 'y':
					// What the rules refuse beyond RFC 8259: members named twice.
					if !strings.Contains(name, "duplicated_key") {
						assert.NoError(t, err, "%s as %s", name, member)
					}
				case 'n':
					assert.Error(t, err, "%s as %s", name, member)
				}
				if err == nil {
					out, err := Marshal(v)
					require.NoError(t, err, name)
					sameJSON(t, string(doc), string(out))
				}
			}
		}
	}
	assert.Equal(t, map[byte]int{'y': 95, 'n': 188, 'i': 35}, tried)
}
