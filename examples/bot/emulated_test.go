package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim"
	"github.com/callgen/callgen/callsim/emulator"
)

// TestEmulated: the bot answers who calls it from callsim, and refuses who is not callsim.
func TestEmulated(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	e, err := emulator.Start(emulator.Options{Callback: "http://" + l.Addr().String() + "/callback"})
	require.NoError(t, err)
	defer func() { assert.NoError(t, e.Close()) }()
	var out bytes.Buffer
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- runEmulated(ctx, &out, slog.New(slog.DiscardHandler), e.Address, l, Wish{Prompt: "https://cdn.contoso.com/beep.wav"})
	}()
	story, err := callsim.Parse("story.yaml", []byte(`timing: quick
steps:
- unsigned: {}
- ring: {from: John}
- expect: {request: "POST /communications/calls/{id}/subscribeToTone", status: 200, within: 10s}
- advance: 1s
- press: {tone: "#"}
- expect: {state: terminated, code: 200, subcode: 7000, within: 10s}
`))
	require.NoError(t, err)
	assert.NoError(t, e.Play(ctx, story))
	stop()
	require.NoError(t, <-ended)
	assert.Contains(t, out.String(), "Somebody calls me.\nI am in the call.\n")
	assert.Contains(t, out.String(), "Somebody pressed #.\n")
}
