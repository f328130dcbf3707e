package output

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// writerFolder makes the test binary write to a folder until it is killed.
const writerFolder = "CALLGEN_TEST_WRITER_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerFolder); dir != "" {
		fmt.Println(writeUntilKilled(dir)) // it returns on errors only
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// written is what the writer says after each write.
const written = "written"

// versions returns two outputs that share some files. They are of a size that takes
// a while to write.
func versions() [2][]File {
	var all [2][]File
	for v := range all {
		for i := range 12 {
			name, text := fmt.Sprintf("f%d.gen.go", i), fmt.Sprintf("package p // %d", v)
			switch {
			case i < 3:
				text = "package p" // the same in both
			case i < 6:
				name = fmt.Sprintf("f%d_%d.gen.go", i, v) // an orphan in the other
			}
			text += strings.Repeat("\n// a line of a generated file, as long as such lines are", 100)
			all[v] = append(all[v], generated(name, text)...)
		}
	}
	return all
}

func writeUntilKilled(dir string) error {
	all := versions()
	for i := 0; ; i++ {
		if _, err := Write(dir, all[i%2], Options{}); err != nil {
			return err
		}
		fmt.Println(written)
	}
}

// Whenever a writer is killed, the folder holds the old output or the new one. No
// recovery runs before it is looked at.
func TestKilledAtRandom(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("folders cannot be exchanged in one step on " + runtime.GOOS)
	}
	kills := 200
	if testing.Short() {
		kills = 20
	}
	dir := filepath.Join(t.TempDir(), "calls")
	require.NoError(t, os.Mkdir(dir, 0o755))
	put0(t, filepath.Join(dir, "example_test.go"), "package p")
	all, found, leftovers := versions(), map[string]int{}, 0
	// Few kills meet a writer at work where the machine is busy: then there are more of them.
	for n := 0; n < kills || n < 10*kills && (leftovers <= kills/4 || len(found) < 2); n++ {
		killWriter(t, dir, 2+rand.N(2))
		found[version(t, dir, all)]++
		if f, err := locate(dir); assert.NoError(t, err) && f.leftovers() {
			leftovers++
		}
	}
	t.Log("versions found:", found, "interrupted:", leftovers)
	assert.Len(t, found, 2, "both versions were found, and nothing else: %v", found)
	assert.Greater(t, leftovers, kills/4, "kills hit writers at work")
}

// killWriter starts a writer and kills it during the write that follows some: within the
// time that the last one took, however busy the machine is.
func killWriter(t *testing.T, dir string, writes int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerFolder+"="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	r := bufio.NewReader(out)
	var last time.Duration
	for range writes {
		start := time.Now()
		line, err := r.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, written+"\n", line)
		last = time.Since(start)
	}
	time.Sleep(rand.N(last + 1))
	require.NoError(t, cmd.Process.Kill())
	rest, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Empty(t, strings.ReplaceAll(string(rest), written+"\n", ""), "the writer failed")
	require.Error(t, cmd.Wait())
}

// version says which version a folder holds: "0" or "1" if it is whole.
func version(t *testing.T, dir string, all [2][]File) string {
	t.Helper()
	contents := map[string]string{}
	for _, name := range list(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		contents[name] = string(data)
	}
	for v, files := range all {
		want := map[string]string{
			"example_test.go": "package p",
			ManifestName:      string(newManifest(files).encode().Data),
		}
		for _, f := range files {
			want[f.Name] = string(f.Data)
		}
		if assert.ObjectsAreEqual(want, contents) {
			return fmt.Sprint(v)
		}
	}
	return fmt.Sprint("neither: ", list(t, dir))
}
