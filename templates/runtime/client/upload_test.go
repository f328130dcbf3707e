package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// uploader returns a client of a service on loopback whose options must not reach other hosts.
func uploader(t *testing.T) *Client {
	t.Helper()
	transport := new(http.Transport)
	t.Cleanup(transport.CloseIdleConnections)
	return newClient("beta", secret, []ClientOption{
		WithBaseURL("http://127.0.0.1:1/beta"), WithHTTPClient(&http.Client{Transport: transport}),
		WithRetry(RetryPolicy{Attempts: 4, Base: time.Microsecond, MaxWait: time.Minute}), WithRequestOptions(Header("X-Key", "secret")),
	})
}

const testSize = 3*sliceUnit + 1000

func TestUpload(t *testing.T) {
	noGoroutineIsLeft(t)
	for name, set := range map[string]func(u *Upload[*customer]){
		"at":     func(u *Upload[*customer]) { u.Content = pattern{testSize} },
		"reader": func(u *Upload[*customer]) { u.Reader = pattern{testSize}.reader() },
	} {
		t.Run(name, func(t *testing.T) {
			h := newUploadHost(t, testSize)
			var progress []int64
			u := &Upload[*customer]{URL: h.link(), Size: testSize, SliceSize: 2 * sliceUnit, Progress: func(n int64) { progress = append(progress, n) }}
			set(u)
			var response Response
			v, err := u.Send(t.Context(), uploader(t), ResponseInto(&response))
			require.NoError(t, err)
			assert.Equal(t, "1", v.ID)
			assert.Equal(t, 201, response.Status)
			assert.Equal(t, pattern{testSize}.digest(), h.digest())
			assert.Equal(t, []int64{2 * sliceUnit, testSize}, progress)
			assert.Equal(t, []string{"PUT bytes 0-655359/984040", "PUT bytes 655360-984039/984040"}, h.requests)
		})
	}
}

// TestUploadOfAnAttachment is about sessions of messages, whose last answer is a Location alone,
// and whose ranges have no end.
func TestUploadOfAnAttachment(t *testing.T) {
	h := newUploadHost(t, testSize)
	h.final = ""
	u := &Upload[*customer]{URL: h.link(), Content: pattern{testSize}, Size: testSize}
	v, err := u.Send(t.Context(), uploader(t))
	require.NoError(t, err)
	assert.Empty(t, v.ID)
	_, err = (&Upload[struct{}]{URL: h.renew(), Content: pattern{testSize}, Size: testSize}).Send(t.Context(), uploader(t))
	assert.NoError(t, err)
	u.URL = h.renew()
	h.final = `{"@odata.type":"#shop.vipCustomer","ID":"1"}`
	_, err = fetchedPageOf[anyCustomer](t.Context(), answering(`{"value":[]}`), "GET", nil, customers, nil) // makes the types known
	require.NoError(t, err)
	special, err := (&Upload[anyCustomer]{URL: u.URL, Content: pattern{testSize}, Size: testSize}).Send(t.Context(), uploader(t))
	require.NoError(t, err)
	assert.IsType(t, (*vipCustomer)(nil), special)
}

func TestUploadAfterEachFault(t *testing.T) {
	for _, fault := range []uploadFault{cutInside, cutAfter, hostBusy, hostBroken, notSatisfiable, takenByHalf} {
		for _, reader := range []bool{false, true} {
			h := newUploadHost(t, testSize)
			seen := 0
			h.faults = func(h *uploadHost, at, n int64) uploadFault {
				if seen++; at == sliceUnit && seen == 2 {
					return fault
				}
				return noFault
			}
			u := &Upload[*customer]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}
			if reader {
				u.Content, u.Reader = nil, pattern{testSize}.reader()
			}
			v, err := u.Send(t.Context(), uploader(t))
			require.NoError(t, err, "%d %v", fault, h.requests)
			assert.Equal(t, "1", v.ID)
			assert.Equal(t, pattern{testSize}.digest(), h.digest(), "%d", fault)
		}
	}
}

func TestResume(t *testing.T) {
	for _, reader := range []bool{false, true} {
		h := newUploadHost(t, testSize)
		h.faults = func(h *uploadHost, at, n int64) uploadFault {
			if at == 2*sliceUnit {
				return hostBroken
			}
			return noFault
		}
		u := &Upload[*customer]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}
		_, err := u.Send(t.Context(), uploader(t))
		var stopped *UploadError
		require.ErrorAs(t, err, &stopped)
		assert.EqualValues(t, 2*sliceUnit, stopped.Received)
		assert.ErrorContains(t, err, "the upload stopped after 655360 bytes; Resume goes on: PUT http://127.0.0.1:")
		assert.NotContains(t, err.Error(), "secret")
		assert.NotContains(t, err.Error(), "/up/")

		h.faults, h.requests = nil, nil
		later := &Upload[*customer]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit} // in another process
		if reader {
			later.Content, later.Reader = nil, pattern{testSize}.reader()
		}
		_, err = later.Resume(t.Context(), uploader(t))
		require.NoError(t, err)
		assert.Equal(t, pattern{testSize}.digest(), h.digest())
		assert.Equal(t, "GET ", h.requests[0])
		assert.Len(t, h.requests, 3)
	}
}

func TestUploadSessionThatEnds(t *testing.T) {
	h := newUploadHost(t, testSize)
	ends := 1
	h.faults = func(h *uploadHost, at, n int64) uploadFault {
		if at == sliceUnit && ends > 0 {
			ends--
			return sessionExpired
		}
		return noFault
	}
	u := &Upload[*customer]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}
	_, err := u.Send(t.Context(), uploader(t))
	var ended *UploadError
	require.ErrorAs(t, err, &ended)
	assert.True(t, ended.Ended)
	assert.False(t, ended.Whole)
	assert.True(t, IsNotFound(err))
	assert.ErrorContains(t, err, "the upload session has ended: create another one")

	u.URL, ends = h.renew(), 1
	u.Renew = func(context.Context) (string, error) { return h.renew(), nil }
	_, err = u.Send(t.Context(), uploader(t))
	require.NoError(t, err)
	assert.Equal(t, pattern{testSize}.digest(), h.digest())

	u.URL, ends = h.renew(), 100
	_, err = u.Send(t.Context(), uploader(t))
	require.ErrorAs(t, err, &ended, "not for ever")
	u.URL, ends = h.renew(), 1
	u.Renew = func(context.Context) (string, error) { return "", errors.New("no more space") }
	_, err = u.Send(t.Context(), uploader(t))
	assert.ErrorContains(t, err, "there is no other session: no more space")
	u.URL, ends = h.renew(), 1
	u.Renew = func(context.Context) (string, error) { return "http://contoso.example/up", nil }
	_, err = u.Send(t.Context(), uploader(t))
	assert.ErrorContains(t, err, "sent in the clear")
	u.URL, ends = h.renew(), 1
	u.Content, u.Reader = nil, pattern{testSize}.reader()
	_, err = u.Send(t.Context(), uploader(t))
	assert.ErrorContains(t, err, "the upload session has ended")
}

// TestLastAnswerIsLost is about a session that is over when the client asks for its status.
func TestLastAnswerIsLost(t *testing.T) {
	h := newUploadHost(t, testSize)
	h.faults = func(h *uploadHost, at, n int64) uploadFault {
		if at+n == testSize {
			return cutAfter
		}
		return noFault
	}
	h.received = func(taken int64) {
		if taken == testSize {
			h.session++
		}
	}
	u := &Upload[*customer]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}
	u.Renew = func(context.Context) (string, error) {
		t.Error("the content would be there twice")
		return "", nil
	}
	_, err := u.Send(t.Context(), uploader(t))
	var lost *UploadError
	require.ErrorAs(t, err, &lost)
	assert.True(t, lost.Whole)
	assert.ErrorContains(t, err, "see whether the service has it")
	assert.Equal(t, pattern{testSize}.digest(), h.digest())
}

func TestCancelUpload(t *testing.T) {
	h := newUploadHost(t, testSize)
	u := &Upload[*customer]{URL: h.link(), Content: pattern{testSize}, Size: testSize, SliceSize: sliceUnit}
	require.NoError(t, u.Cancel(t.Context(), uploader(t)))
	assert.NoError(t, u.Cancel(t.Context(), uploader(t)), "it is gone")
	assert.Equal(t, []string{"DELETE ", "DELETE "}, h.requests)

	u.URL = h.link()
	ctx, cancel := context.WithCancel(t.Context())
	u.Progress = func(int64) { cancel() }
	_, err := u.Send(ctx, uploader(t))
	assert.ErrorIs(t, err, context.Canceled)
}

func TestUploadThatCannotBe(t *testing.T) {
	h := newUploadHost(quiet{t}, testSize)
	c := uploader(t)
	good := func(change func(u *Upload[struct{}])) *Upload[struct{}] {
		u := &Upload[struct{}]{URL: h.link(), Content: pattern{testSize}, Size: testSize}
		change(u)
		return u
	}
	for want, u := range map[string]*Upload[struct{}]{
		"an upload needs Content or Reader":   good(func(u *Upload[struct{}]) { u.Content = nil }),
		"and not both":                        good(func(u *Upload[struct{}]) { u.Reader = strings.NewReader("") }),
		"an upload of 0 bytes needs no":       good(func(u *Upload[struct{}]) { u.Size = 0 }),
		"slices of 1000 bytes are not taken":  good(func(u *Upload[struct{}]) { u.SliceSize = 1000 }),
		"slices of 16711680 bytes":            good(func(u *Upload[struct{}]) { u.SliceSize = 51 * sliceUnit }),
		"there is no URL":                     good(func(u *Upload[struct{}]) { u.URL = "" }),
		"sent in the clear":                   good(func(u *Upload[struct{}]) { u.URL = "http://contoso.example/up" }),
		"no https URL":                        good(func(u *Upload[struct{}]) { u.URL = "file:///etc/passwd" }),
		"it ends after 984040 bytes, before":  good(func(u *Upload[struct{}]) { u.Size++ }),
		"cannot be read: it ends after 5 byt": good(func(u *Upload[struct{}]) { u.Content, u.Reader = nil, strings.NewReader("12345") }),
		"is a directory":                      good(func(u *Upload[struct{}]) { u.Content, _ = os.Open(t.TempDir()) }),
	} {
		_, err := u.Send(t.Context(), c)
		assert.ErrorContains(t, err, want)
	}
	_, err := good(func(*Upload[struct{}]) {}).Send(t.Context(), c, Header("Cookie", "x"))
	assert.ErrorContains(t, err, "the URL is the authorization")
	assert.Error(t, good(func(u *Upload[struct{}]) { u.URL = "" }).Cancel(t.Context(), c))
}

// quiet is a test that is not failed by what a server gets.
type quiet struct{ testing.TB }

func (quiet) Errorf(string, ...any) {}
func (quiet) Logf(string, ...any)   {}

func TestOddUploadHosts(t *testing.T) {
	for name, test := range map[string]struct {
		put, status reply40
		want        string
	}{
		"refuses":         {reply40{status: 409, body: `{"error":{"code":"nameAlreadyExists"}}`}, reply40{}, "the upload was refused after 0 bytes"},
		"redirects":       {reply40{status: 307, header: map[string]string{"Location": "https://evil.example/"}}, reply40{}, "the session redirects the content"},
		"takes nothing":   {reply40{status: 202, body: `{"nextExpectedRanges":["0-"]}`}, reply40{status: 200, body: `{"nextExpectedRanges":["0-"]}`}, "still asks for byte 0"},
		"wants too much":  {reply40{status: 202, body: `{"nextExpectedRanges":["984040-"]}`}, reply40{}, `the session wants the bytes "984040-", which do not lie within the 984040 bytes`},
		"wants nonsense":  {reply40{status: 202, body: `{"nextExpectedRanges":["x"]}`}, reply40{}, `the session wants the bytes "x"`},
		"wants backwards": {reply40{status: 202, body: `{"nextExpectedRanges":["5-3"]}`}, reply40{}, `the session wants the bytes "5-3"`},
		"says nothing":    {reply40{status: 416}, reply40{status: 200, body: `{}`}, "the session does not say which bytes it wants"},
		"leads away":      {reply40{status: 416}, reply40{status: 302}, "the session redirects"},
		"stays busy":      {reply40{status: 503}, reply40{status: 503}, "the upload stopped after 0 bytes"},
		"is late":         {reply40{status: 503, header: map[string]string{"Retry-After": "3600"}}, reply40{}, "503 Service Unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			r := graph(func(req *http.Request) (int, http.Header, string) {
				if req.Body != nil {
					_, _ = io.Copy(io.Discard, req.Body)
				}
				to := test.put
				if req.Method == "GET" {
					to = test.status
				}
				h := http.Header{"Content-Type": {contentJSON}}
				for name, value := range to.header {
					h.Set(name, value)
				}
				return to.status, h, to.body
			})
			_, err := (&Upload[struct{}]{URL: "https://up.example/1", Content: pattern{testSize}, Size: testSize}).Send(t.Context(), r.client)
			require.ErrorAs(t, err, new(*UploadError))
			assert.ErrorContains(t, err, test.want)
		})
	}
}

// TestRangesAreObeyed is about a service that has parts of the content, not just its beginning.
func TestRangesAreObeyed(t *testing.T) {
	var got []string
	r := graph(func(req *http.Request) (int, http.Header, string) {
		if req.Body != nil {
			data, _ := io.ReadAll(req.Body)
			assert.Len(t, data, int(req.ContentLength))
		}
		got = append(got, req.Method+" "+req.Header.Get("Content-Range"))
		switch len(got) {
		case 1:
			return 200, nil, `{"nextExpectedRanges":["100-299","500000-"]}`
		case 2:
			return 202, nil, `{"nextExpectedRanges":["500000"]}`
		}
		return 200, nil, `{"ID":"1"}`
	})
	v, err := (&Upload[*customer]{URL: "https://up.example/1", Content: pattern{testSize}, Size: testSize}).Resume(t.Context(), r.client)
	require.NoError(t, err)
	assert.Equal(t, "1", v.ID)
	assert.Equal(t, []string{"GET ", "PUT bytes 100-299/984040", "PUT bytes 500000-984039/984040"}, got)
}

// TestReaderThatWasReadOn is about a service that lost what a reader gave before.
func TestReaderThatWasReadOn(t *testing.T) {
	n := 0
	r := graph(func(req *http.Request) (int, http.Header, string) {
		if n++; req.Body != nil {
			_, _ = io.Copy(io.Discard, req.Body)
		}
		if n == 1 {
			return 202, nil, `{"nextExpectedRanges":["327680-"]}`
		}
		return 202, nil, `{"nextExpectedRanges":["0-"]}`
	})
	_, err := (&Upload[struct{}]{URL: "https://up.example/1", Reader: pattern{testSize}.reader(), Size: testSize, SliceSize: sliceUnit}).Send(t.Context(), r.client)
	assert.ErrorContains(t, err, "the service asks for byte 0 again, which was read from Reader before: use Content")
}
