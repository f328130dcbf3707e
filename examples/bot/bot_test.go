package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	graph "github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generated/communicationstest"
)

// TestStory runs the whole story, with notifications in many orders. What is told is the
// same each time, but for what happens at once.
func TestStory(t *testing.T) {
	for seed := range uint64(20) {
		var out bytes.Buffer
		require.NoError(t, runFake(t.Context(), &out, slog.New(slog.DiscardHandler), Wish{}, seed), "%s", &out)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		assert.Equal(t, "I am calling in.", first(lines, "Calling Bot is in the meeting."))
		assert.ElementsMatch(t, []string{
			"I am calling in.", "Calling Bot is in the meeting.", "I am in the meeting.", "I have played the prompt.",
			"I am listening to tones; # makes me leave.", "John is in the meeting.", "Ann waits in the lobby.", "Ann was admitted.",
			"Somebody pressed 1.", "Somebody pressed *.", "John has left.", "Somebody pressed #.", "Goodbye, I hang up.",
			"The call has ended: code 200, the bot has ended the call.",
		}, lines, "seed %d:\n%s", seed, &out)
		for _, order := range [][]string{
			{"I am in the meeting.", "I have played the prompt.", "I am listening to tones; # makes me leave."},
			{"Ann waits in the lobby.", "Ann was admitted.", "John has left.", "Somebody pressed #.", "Goodbye, I hang up."},
			{"Somebody pressed 1.", "Somebody pressed *.", "Somebody pressed #."},
		} {
			assertOrder(t, lines, order)
		}
		assert.Equal(t, "The call has ended: code 200, the bot has ended the call.", lines[len(lines)-1])
	}
}

// first returns the first line other than one that can come at any time.
func first(lines []string, but string) string {
	if lines[0] == but {
		return lines[1]
	}
	return lines[0]
}

func assertOrder(t *testing.T, lines, want []string) {
	t.Helper()
	var got []string
	for _, line := range lines {
		for _, w := range want {
			if line == w {
				got = append(got, line)
			}
		}
	}
	assert.Equal(t, want, got)
}

// begin starts a service and a bot that it calls back.
func begin(t *testing.T) (*communicationstest.Service, *Bot, *bytes.Buffer) {
	service, err := communicationstest.NewService()
	require.NoError(t, err)
	t.Cleanup(service.Close)
	out := new(bytes.Buffer)
	bot := NewBot(service.Client(graph.WithRetry(graph.RetryPolicy{})), "", graph.AllowUnverified(), slog.New(slog.DiscardHandler), out)
	server := httptest.NewServer(bot.Handler)
	t.Cleanup(server.Close)
	bot.callback = server.URL
	return service, bot, out
}

func TestMeetingThatCannotBeJoined(t *testing.T) {
	service, bot, out := begin(t)
	service.Inject(communicationstest.Fault{Method: http.MethodPost, Path: "/communications/calls", Status: 403})
	err := bot.Run(t.Context(), Wish{Meeting: "1"})
	assert.ErrorContains(t, err, "the meeting cannot be joined: POST /communications/calls: 403 Forbidden")
	assert.True(t, graph.IsForbidden(err))
	assert.Empty(t, out.String())
}

// TestPromptThatFails: the bot says so and hangs up all the same.
func TestPromptThatFails(t *testing.T) {
	service, bot, out := begin(t)
	service.Handle(http.MethodPost, "/communications/calls/{id}/playPrompt", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"@odata.type":"#microsoft.graph.playPromptOperation","id":"p1","status":"running"}`))
	})
	service.Handle(http.MethodGet, "/communications/calls/{id}/operations/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"@odata.type":"#microsoft.graph.playPromptOperation","id":"p1","status":"failed","resultInfo":{"code":400,"subcode":8507,"message":"no such file"}}`))
	})
	err := bot.Run(t.Context(), Wish{Meeting: "1"})
	assert.EqualError(t, err, "the prompt was not played: the service says: code 400, subcode 8507, no such file")
	assert.Contains(t, out.String(), "Something went wrong, so I hang up.\nThe call has ended: code 200")
}

// TestInterrupted: who stops the bot sees it hang up.
func TestInterrupted(t *testing.T) {
	service, bot, out := begin(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		id, _ := listening(t.Context(), service)
		service.Settle()
		assert.NotEmpty(t, id)
		time.AfterFunc(20*time.Millisecond, cancel)
	}()
	require.NoError(t, bot.Run(ctx, Wish{Meeting: "1"}))
	assert.True(t, strings.HasSuffix(out.String(), "Goodbye, I hang up.\nThe call has ended: code 200, the bot has ended the call.\n"), out)
}

func TestTones(t *testing.T) {
	heard := make(tones)
	assert.Empty(t, heard.add(2, "b"))
	assert.Empty(t, heard.add(2, "b"))
	assert.Equal(t, []graph.Tone{"a", "b"}, heard.add(1, "a"))
	assert.Empty(t, heard.add(1, "a"))
	assert.Equal(t, []graph.Tone{"c"}, heard.add(3, "c"))
}

func TestRealNeedsCredentials(t *testing.T) {
	for _, name := range []string{"BOT_TENANT_ID", "BOT_CLIENT_ID", "BOT_CLIENT_SECRET", "BOT_CALLBACK_URL"} {
		t.Setenv(name, "")
	}
	err := runReal(t.Context(), new(bytes.Buffer), slog.New(slog.DiscardHandler), ":0", Wish{})
	assert.ErrorContains(t, err, "BOT_TENANT_ID is not set: the id of the tenant that holds the meeting\nBOT_CLIENT_ID is not set")
}
