package client

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryExampleIsInTheTable holds docs/odata.md to what it says: each example of the
// specifications has a row, and the tests that a row names exist.
func TestEveryExampleIsInTheTable(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/odata.md")
	require.NoError(t, err)
	tests := testsIn(t, ".", "../codec")
	for title, last := range map[string]int{"### JSON format\n": 55, "### Protocol\n": 105} {
		_, table, found := strings.Cut(string(doc), title)
		require.True(t, found, title)
		table, _, _ = strings.Cut(table, "\n#")
		seen := make(map[int]int)
		for _, row := range regexp.MustCompile(`(?m)^\| ([0-9][0-9–, ]*) \|.*$`).FindAllStringSubmatch(table, -1) {
			for part := range strings.SplitSeq(row[1], ", ") {
				from, to, isRange := strings.Cut(part, "–")
				first, err := strconv.Atoi(from)
				require.NoError(t, err, row[0])
				end := first
				if isRange {
					end, err = strconv.Atoi(to)
					require.NoError(t, err, row[0])
				}
				for n := first; n <= end; n++ {
					seen[n]++
				}
			}
			for _, name := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(row[0], -1) {
				assert.True(t, tests[name[1]], row[0])
			}
		}
		for n := 1; n <= last; n++ {
			assert.Equal(t, 1, seen[n], "%s example %d", strings.TrimSpace(title), n)
		}
		assert.Len(t, seen, last, title)
	}
}

// testsIn returns the names of the tests in folders.
func testsIn(t *testing.T, folders ...string) map[string]bool {
	names := make(map[string]bool)
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
		require.NoError(t, err)
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(source, -1) {
				names[string(found[1])] = true
			}
		}
	}
	return names
}
