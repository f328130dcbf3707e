package client

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var uploadSize = flag.Int64("upload", 8<<20, "bytes that TestUploadThroughFaults sends")

// uploadOrder is what a process is told that uploads.
type uploadOrder struct {
	URL, Renew  string // Renew answers with the URL of another session
	Size, Slice int64
	Reader      bool
	Resume      bool
	Held        uint64 // by the process, an answer
	Item        string // an answer
	Error       string // an answer
}

const uploadVariable = "CALLGEN_TEST_UPLOAD"

// TestUploadInAProcess is a process of TestUploadThroughFaults.
func TestUploadInAProcess(t *testing.T) {
	text := os.Getenv(uploadVariable)
	if text == "" {
		t.Skip("it is run by TestUploadThroughFaults")
	}
	var order uploadOrder
	require.NoError(t, json.Unmarshal([]byte(text), &order))
	u := &Upload[*customer]{URL: order.URL, Size: order.Size, SliceSize: order.Slice, Renew: func(context.Context) (string, error) {
		resp, err := http.Get(order.Renew)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		var link string
		return link, json.NewDecoder(resp.Body).Decode(&link)
	}}
	if u.Content = (pattern{order.Size}); order.Reader {
		u.Content, u.Reader = nil, pattern{order.Size}.reader()
	}
	run := u.Send
	if order.Resume {
		run = u.Resume
	}
	var before, after runtime.MemStats
	c := uploader(t)
	c.retry.Attempts = 20
	runtime.ReadMemStats(&before)
	v, err := run(t.Context(), c)
	runtime.ReadMemStats(&after)
	order.Held = after.Sys - before.Sys // of the operating system, which gets nothing of it back
	if err != nil {
		order.Error = err.Error()
	} else {
		order.Item = v.ID
	}
	answer, _ := json.Marshal(order)
	fmt.Printf("\nanswer %s\n", answer)
}

// inAProcess uploads in another process, until kill is ready.
func inAProcess(t *testing.T, order uploadOrder, kill <-chan struct{}) (answer uploadOrder, killed bool) {
	text, _ := json.Marshal(order)
	cmd := exec.Command(os.Args[0], "-test.run=^TestUploadInAProcess$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), uploadVariable+"="+string(text), "GOTRACEBACK=none")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		require.NoError(t, err, out.String()+errs.String())
	case <-kill:
		_ = cmd.Process.Kill()
		if <-ended != nil {
			return uploadOrder{}, true
		}
	}
	_, told, ok := strings.Cut(out.String(), "\nanswer ")
	require.True(t, ok, out.String())
	require.NoError(t, json.NewDecoder(strings.NewReader(told)).Decode(&answer))
	return answer, false
}

// TestUploadThroughFaults uploads while connections are cut and sessions fail, and while the
// process that uploads is killed and another one resumes. Its flag -upload makes it long.
func TestUploadThroughFaults(t *testing.T) {
	size := *uploadSize
	slice := int64(sliceUnit)
	if size > 1<<28 {
		slice = defaultSlice
	}
	const mostHeld = 16 << 20
	for _, reader := range []bool{false, true} {
		t.Run(map[bool]string{false: "Content", true: "Reader"}[reader], func(t *testing.T) {
			h := newUploadHost(t, size)
			begun := time.Now()
			source := rand.New(rand.NewPCG(1, 2))
			count := make(map[uploadFault]int)
			h.mu.Lock() // the race detector does not see that a process begins after this
			h.faults = func(h *uploadHost, at, n int64) uploadFault {
				fault := uploadFault(source.IntN(2 * int(allFaults))) // takenByHalf of them go well
				last := at+n == h.size
				if fault >= allFaults || fault == cutAfter && last || fault == sessionExpired && (reader || count[sessionExpired] > 0 || at < h.size/8) {
					fault = noFault
				}
				count[fault]++
				return fault
			}
			kill, kills := make(chan struct{}, 3), 0
			h.received = func(taken int64) {
				if taken > int64(kills+1)*h.size/4 && taken < h.size && kills < 3 {
					kills++
					kill <- struct{}{}
				}
			}
			h.mu.Unlock()
			renewals := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(h.renew()) })
			order := uploadOrder{URL: h.renew(), Renew: serving(t, renewals), Size: size, Slice: slice, Reader: reader}
			answer, killed := inAProcess(t, order, kill)
			processes := 1
			for ; killed; processes++ {
				order.Resume = true
				h.mu.Lock()
				order.URL = h.link()
				h.mu.Unlock()
				answer, killed = inAProcess(t, order, kill)
			}
			require.Empty(t, answer.Error)
			h.mu.Lock()
			requests := len(h.requests)
			h.mu.Unlock()
			assert.Equal(t, "1", answer.Item)
			assert.Equal(t, pattern{size}.digest(), h.digest(), "byte by byte")
			assert.LessOrEqual(t, answer.Held, uint64(mostHeld))
			t.Logf("%d bytes in %d slices of %d, %d processes, in %v: cut %d times within a slice and %d times after it, 503 %d times, 500 %d, 416 %d, "+
				"taken by half %d, expired %d; the last process took %d bytes from the operating system",
				size, requests, slice, processes, time.Since(begun).Round(time.Second/10), count[cutInside], count[cutAfter], count[hostBusy], count[hostBroken],
				count[notSatisfiable], count[takenByHalf], count[sessionExpired], answer.Held)
		})
	}
}
