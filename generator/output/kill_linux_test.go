package output_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generator/output"
)

// writerFolder tells a copy of the test binary to write to a folder, over and over.
const writerFolder = "OUTPUT_TEST_WRITER_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerFolder); dir != "" {
		first := os.Getpid() << 16 // so that no two writers write the same
		for i := first; ; i++ {
			if _, err := output.Write(dir, generation(i), output.Options{}); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			if i == first {
				fmt.Println("writing")
			}
		}
	}
	os.Exit(m.Run())
}

// generation returns files that all name the same number.
func generation(i int) []output.File {
	var texts []string
	for f := range 20 {
		texts = append(texts, fmt.Sprintf("f%d.go", f), fmt.Sprint(i))
	}
	return files(texts...)
}

// TestKilledWriterLeavesAWholeFolder kills a writer at random moments and looks at
// the folder as it is then.
func TestKilledWriterLeavesAWholeFolder(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	write(t, dir, generation(0))
	put(t, filepath.Join(dir, "mine.txt"), marker+"mine")
	seen := make(map[string]bool)
	for range 200 {
		var stderr strings.Builder
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), writerFolder+"="+dir)
		cmd.Stderr = &stderr
		stdout, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = stdout.Read(make([]byte, 1)) // it has begun
		require.NoError(t, err, "%s", &stderr)
		time.Sleep(rand.N(4 * time.Millisecond))
		require.NoError(t, cmd.Process.Kill())
		cmd.Wait() // it was killed
		require.Empty(t, stderr.String())

		got := held(t, dir)
		require.Len(t, got, 21)
		require.Equal(t, "mine", got["mine.txt"])
		for name, text := range got {
			if name != "mine.txt" {
				require.Equal(t, got["f0.go"], text, "%s is of another generation", name)
			}
		}
		seen[got["f0.go"]] = true
		_, err = output.Diff(dir, nil)
		require.NoError(t, err, "the manifest is whole")
	}
	write(t, dir, generation(-1))
	siblings, err := os.ReadDir(parent)
	require.NoError(t, err)
	assert.Len(t, siblings, 1, "the next write sweeps up after killed ones")
	assert.Greater(t, len(seen), 1, "the writers did write")
}
