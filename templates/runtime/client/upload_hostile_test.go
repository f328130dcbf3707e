package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// liar is an upload host that answers what a function says, by the number of the request.
func liar(answer func(n int, method, span string) (int, string)) (*Client, *[]string) {
	asked := new([]string)
	r := graph(func(req *http.Request) (int, http.Header, string) {
		if req.Body != nil {
			_, _ = io.Copy(io.Discard, req.Body)
		}
		*asked = append(*asked, req.Method+" "+req.Header.Get("Content-Range"))
		status, body := answer(len(*asked), req.Method, req.Header.Get("Content-Range"))
		return status, http.Header{"Content-Type": {contentJSON}}, body
	}, WithRetry(RetryPolicy{Attempts: 4, Base: time.Microsecond, MaxWait: time.Minute}))
	return r.client, asked
}

func wants(at int64) string { return fmt.Sprintf(`{"nextExpectedRanges":["%d-"]}`, at) }

// TestUploadToLiars is about hosts that would be sent slices for ever.
func TestUploadToLiars(t *testing.T) {
	for name, answer := range map[string]func(n int, method, span string) (int, string){
		"forward and back": func(n int, method, span string) (int, string) {
			if span == "bytes 0-327679/984040" {
				return 202, wants(sliceUnit)
			}
			return 202, wants(0)
		},
		"the status wavers": func(n int, method, span string) (int, string) {
			if method == "GET" {
				return 200, wants(int64(n%4) * 100)
			}
			return 503, ""
		},
		"never satisfied": func(n int, method, span string) (int, string) {
			if method == "GET" {
				return 200, wants(int64(1-n%4/2) * sliceUnit)
			}
			return 416, ""
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			c, asked := liar(func(n int, method, span string) (int, string) {
				if n > 100 {
					cancel()
				}
				return answer(n, method, span)
			})
			_, err := (&Upload[struct{}]{URL: "https://up.example/1", Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}).Send(ctx, c)
			assert.ErrorAs(t, err, new(*UploadError))
			assert.Less(t, len(*asked), 30)
		})
	}
}

// TestUploadThatIsCompleteTooEarly: content of which the service has only a part is no success, and a part
// in the middle may well be the last one.
func TestUploadThatIsCompleteTooEarly(t *testing.T) {
	c, asked := liar(func(int, string, string) (int, string) { return 201, `{"ID":"1"}` })
	u := &Upload[*customer]{URL: "https://up.example/1", Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}
	_, err := u.Send(t.Context(), c)
	require.ErrorAs(t, err, new(*UploadError))
	assert.ErrorContains(t, err, "complete after 327680 of 984040 bytes")
	assert.Len(t, *asked, 1)

	for _, status := range []int{200, 201} {
		c, asked = liar(func(n int, method, span string) (int, string) {
			switch n {
			case 1:
				return 200, `{"nextExpectedRanges":["100-299"]}`
			default:
				return status, `{"ID":"1"}`
			}
		})
		v, err := u.Resume(t.Context(), c)
		require.NoError(t, err)
		assert.Equal(t, "1", v.ID)
		assert.Equal(t, []string{"GET ", "PUT bytes 100-299/984040"}, *asked)
	}
}

// idle is a reader that gives nothing, and says nothing.
type idle struct{}

func (idle) Read([]byte) (int, error)          { return 0, nil }
func (idle) ReadAt([]byte, int64) (int, error) { return 0, nil }

func TestUploadOfReadersThatGiveNothing(t *testing.T) {
	for name, u := range map[string]*Upload[struct{}]{
		"reader":    {Reader: idle{}},
		"reader at": {Content: idle{}},
		"at first":  {Reader: io.MultiReader(io.LimitReader(pattern{testSize}.reader(), sliceUnit), idle{})},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := liar(func(int, string, string) (int, string) { return 202, wants(sliceUnit) })
			u.URL, u.Size, u.SliceSize = "https://up.example/1", testSize, sliceUnit
			ended := make(chan error, 1)
			go func() {
				_, err := u.Send(t.Context(), c)
				ended <- err
			}()
			select {
			case err := <-ended:
				assert.ErrorIs(t, err, io.ErrNoProgress)
			case <-time.After(20 * time.Second):
				t.Fatal("it does not end")
			}
		})
	}
}

// TestUploadWhoseProgressPanics: the panic is the program's, and nothing of the upload goes on.
func TestUploadWhoseProgressPanics(t *testing.T) {
	noGoroutineIsLeft(t)
	h := newUploadHost(t, testSize)
	u := &Upload[struct{}]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit, Progress: func(int64) { panic("ours") }}
	c := uploader(t)
	assert.PanicsWithValue(t, "ours", func() { _, _ = u.Send(t.Context(), c) })
	u.Progress = nil
	_, err := u.Resume(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, pattern{testSize}.digest(), h.digest())
}

// TestTwoUploadsToOneSession: each finds out what the other has sent, and the content is whole.
func TestTwoUploadsToOneSession(t *testing.T) {
	h := newUploadHost(quiet{t}, testSize)
	other := &Upload[struct{}]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}
	c, once := uploader(t), false
	u := &Upload[*customer]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}
	u.Progress = func(int64) {
		if !once {
			once = true
			ctx, cancel := context.WithCancel(t.Context())
			other.Progress = func(n int64) {
				if n == 2*sliceUnit {
					cancel()
				}
			}
			_, err := other.Resume(ctx, c)
			assert.ErrorIs(t, err, context.Canceled)
		}
	}
	v, err := u.Send(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, "1", v.ID)
	assert.Equal(t, pattern{testSize}.digest(), h.digest())
}
