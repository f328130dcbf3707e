package redfish

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/stretchr/testify/require"
)

// direct carries requests to a handler without a network, so that tests run in virtual time.
type direct struct{ handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	reader, writer := io.Pipe()
	w := &directWriter{header: make(http.Header), writer: writer, begun: make(chan int, 1)}
	if req.Body == nil {
		req.Body = http.NoBody
	}
	go func() {
		defer func() {
			if recover() != nil {
				writer.CloseWithError(errors.New("the connection is cut"))
			}
			w.WriteHeader(200)
			writer.Close()
		}()
		d.handler.ServeHTTP(w, req.WithContext(req.Context()))
	}()
	stop := context.AfterFunc(req.Context(), func() { reader.CloseWithError(req.Context().Err()) })
	select {
	case status := <-w.begun:
		if status == -1 {
			stop()
			return nil, errors.New("the connection is cut")
		}
		return &http.Response{StatusCode: status, Header: w.sent, Body: stoppingBody{reader, stop}, Request: req, ContentLength: -1}, nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

type stoppingBody struct {
	io.ReadCloser
	stop func() bool
}

func (b stoppingBody) Close() error {
	b.stop()
	return b.ReadCloser.Close()
}

type directWriter struct {
	header, sent http.Header
	writer       *io.PipeWriter
	once         sync.Once
	begun        chan int
}

func (w *directWriter) Header() http.Header { return w.header }

func (w *directWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.sent = w.header.Clone()
		w.begun <- status
	})
}

func (w *directWriter) Write(p []byte) (int, error) {
	w.WriteHeader(200)
	return w.writer.Write(p)
}

func (w *directWriter) Flush() { w.WriteHeader(200) }

// cut breaks the connection of a request, before or after its answer has begun.
func cut(w http.ResponseWriter) {
	w.(*directWriter).WriteHeader(-1)
	panic("cut")
}

// Stand-ins for generated types.

type oem struct {
	AdditionalData codec.AdditionalData `json:"-"`
}

func (*oem) ODataType() string                 { return "Resource.Oem" }
func (v *oem) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v oem) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type systemActions struct {
	AdditionalData codec.AdditionalData `json:"-"`
}

func (*systemActions) ODataType() string                 { return "ComputerSystem.Actions" }
func (v *systemActions) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v systemActions) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type base struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Oem            *oem                 `json:"Oem,omitempty"`
}

type system struct {
	base
	ID      string         `json:"Id,omitempty"`
	Asset   *string        `json:"AssetTag,omitempty"`
	Actions *systemActions `json:"Actions,omitempty"`
}

func (*system) ODataType() string                 { return "ComputerSystem.ComputerSystem" }
func (v *system) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v system) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

type resetParameters struct {
	AdditionalData codec.AdditionalData `json:"-"`
	ResetType      string               `json:"ResetType,omitempty"`
	Link           *system              `json:"System,omitempty"`
}

type systems struct {
	AdditionalData codec.AdditionalData `json:"-"`
	Members        []*system            `json:"Members,omitempty"`
}

func (*systems) ODataType() string                 { return "ComputerSystemCollection.ComputerSystemCollection" }
func (v *systems) UnmarshalJSON(data []byte) error { return codec.Unmarshal(data, v) }
func (v systems) MarshalJSON() ([]byte, error)     { return codec.Marshal(&v) }

func decoded[T any, P interface {
	*T
	codec.Value
}](t *testing.T, data string) P {
	t.Helper()
	v := P(new(T))
	require.NoError(t, codec.Unmarshal([]byte(data), v))
	return v
}

// dialed returns a client of a handler, without credentials.
func dialed(t *testing.T, handler http.HandlerFunc, opts ...client.ClientOption) *client.Client {
	t.Helper()
	opts = append([]client.ClientOption{client.WithHTTPClient(&http.Client{Transport: direct{handler}})}, opts...)
	return client.NewControllerClient("https://bmc.example/redfish/v1", opts)
}

// answer answers with JSON.
func answer(w http.ResponseWriter, status int, body string, header ...string) {
	w.Header().Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		w.Header().Set(header[i], header[i+1])
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
