package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
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
			"I am calling in.", "Calling Bot is in the meeting.", "I am in the call.", "I have played the prompt.",
			"I am listening to tones; # makes me leave.", "John is in the meeting.", "Ann waits in the lobby.", "Ann was admitted.",
			"Somebody pressed 1.", "Somebody pressed *.", "John has left.", "Somebody pressed #.", "Goodbye, I hang up.",
			ended,
		}, lines, "seed %d:\n%s", seed, &out)
		for _, order := range [][]string{
			{"I am in the call.", "I have played the prompt.", "I am listening to tones; # makes me leave."},
			{"Ann waits in the lobby.", "Ann was admitted.", "John has left.", "Somebody pressed #.", "Goodbye, I hang up."},
			{"Somebody pressed 1.", "Somebody pressed *.", "Somebody pressed #."},
		} {
			assertOrder(t, lines, order)
		}
		assert.Equal(t, ended, lines[len(lines)-1])
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

const ended = "the call has ended: 200/7000, the bot ended it: Call ended by the bot. DiagCode: 200#7000.@"

// begin starts a service and a bot that it calls back.
func begin(t *testing.T, options ...communicationstest.Option) (*communicationstest.Service, *Bot, *bytes.Buffer) {
	service, err := communicationstest.NewService(append(options, communicationstest.InMemory())...)
	require.NoError(t, err)
	t.Cleanup(service.Close)
	out := new(bytes.Buffer)
	bot := NewBot(service.Client(graph.WithRetry(graph.RetryPolicy{})), callbackInMemory, graph.AllowUnverified(), slog.New(slog.DiscardHandler), out, graph.CallsOptions{})
	service.Connect(bot.Handler)
	t.Cleanup(func() { assert.NoError(t, bot.Close(context.Background())) })
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
	service.Inject(communicationstest.Fault{Path: "/communications/calls/{id}/playPrompt", Status: 400})
	err := bot.Run(t.Context(), Wish{Meeting: "1"})
	assert.ErrorContains(t, err, "the prompt was not played: POST /communications/calls/")
	assert.Contains(t, out.String(), "Something went wrong, so I hang up.\n")
	assert.Contains(t, out.String(), ended)
}

// TestInterrupted: who stops the bot sees it hang up.
func TestInterrupted(t *testing.T) {
	service, bot, out := begin(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		assert.NotEmpty(t, listening(t.Context(), service))
		cancel()
	}()
	require.NoError(t, bot.Run(ctx, Wish{Meeting: "1"}))
	assert.True(t, strings.HasSuffix(out.String(), "Goodbye, I hang up.\n"+ended+"\n"), out)
	assert.Empty(t, bot.calls.All(), "nothing is kept of the call")
}

// TestWhoCallsTheBot is answered, hears the prompt and is kept company for two hours.
func TestWhoCallsTheBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service, bot, out := begin(t, communicationstest.InOrder())
		bot.prompt = "https://cdn.contoso.com/beep.wav"
		id, err := service.Incoming(callbackInMemory, &graph.IdentitySet{User: &graph.Identity{DisplayName: new("John")}})
		require.NoError(t, err)
		service.Advance(2 * time.Hour)
		require.NoError(t, service.Press(id, 0, graph.TonePound))
		service.Advance(time.Minute)
		synctest.Wait()
		assert.Empty(t, service.Complaints())
		assert.Equal(t, "Somebody calls me.\nI am in the call.\nI have played the prompt.\nI am listening to tones; # makes me leave.\n"+
			"Somebody pressed #.\nGoodbye, I hang up.\n"+ended+"\n", out.String())
	})
}

// TestRestart: a bot that is started again goes on with its calls.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service, err := communicationstest.NewService(communicationstest.InMemory(), communicationstest.InOrder())
		require.NoError(t, err)
		defer service.Close()
		options := graph.CallsOptions{Store: &graph.MemoryCallStore{}}
		start := func(out *bytes.Buffer) *Bot {
			bot := NewBot(service.Client(), callbackInMemory, graph.AllowUnverified(), slog.New(slog.DiscardHandler), out, options)
			bot.prompt = "https://cdn.contoso.com/beep.wav"
			service.Connect(bot.Handler)
			return bot
		}
		before, after := new(bytes.Buffer), new(bytes.Buffer)
		bot := start(before)
		id, err := service.Incoming(callbackInMemory, &graph.IdentitySet{User: &graph.Identity{DisplayName: new("John")}})
		require.NoError(t, err)
		service.Advance(time.Minute)
		require.NoError(t, bot.Close(t.Context()))
		assert.True(t, strings.HasSuffix(before.String(), "# makes me leave.\n"), before)

		bot = start(after)
		require.NoError(t, bot.Resume(t.Context()))
		service.Advance(time.Hour)
		require.NoError(t, service.Press(id, 0, graph.TonePound))
		service.Advance(time.Minute)
		synctest.Wait()
		assert.Equal(t, "I am back in the call.\nI am listening to tones; # makes me leave.\nSomebody pressed #.\nGoodbye, I hang up.\n"+ended+"\n", after.String())
		assert.Empty(t, service.Complaints())
		require.NoError(t, bot.Close(t.Context()))
	})
}

func TestNamesAreNotMarkup(t *testing.T) {
	assert.Equal(t, "[31mJohn", plain("\x1b[31mJo\u202ehn\r\n"))
}

func TestRealNeedsCredentials(t *testing.T) {
	for _, name := range []string{"BOT_TENANT_ID", "BOT_CLIENT_ID", "BOT_CLIENT_SECRET", "BOT_CALLBACK_URL"} {
		t.Setenv(name, "")
	}
	err := runReal(t.Context(), new(bytes.Buffer), slog.New(slog.DiscardHandler), ":0", Wish{})
	assert.ErrorContains(t, err, "BOT_TENANT_ID is not set: the id of the tenant that holds the meeting")
	assert.ErrorContains(t, err, "\nBOT_CLIENT_ID is not set")
}
