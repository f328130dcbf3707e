package callsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim"
)

type object = map[string]any

// bot is a bot of its own, without the generated package: it plays a prompt when its media
// flow, listens to tones, hands over at D, hangs up at #, answers who calls, and keeps its calls alive.
type bot struct {
	asks      []byte // the request that it begins with, if any
	keeps     bool   // its calls alive
	deaf      bool   // does not answer who calls
	impatient bool   // plays its prompt at once
}

// live is a bot that runs.
type live struct {
	bot
	ctx context.Context
	at  callsim.Place

	mu     sync.Mutex
	played map[string]bool
}

func (b bot) start(ctx context.Context, at callsim.Place) (http.Handler, error) {
	l := &live{bot: b, ctx: ctx, at: at, played: make(map[string]bool)}
	if b.asks != nil {
		go l.call()
	}
	return l, nil
}

// call makes the call that the bot begins with.
func (b *live) call() {
	answer, err := b.send(http.MethodPost, "/communications/calls", bytes.ReplaceAll(b.asks, []byte("https://bot.contoso.com/callback"), []byte(b.at.Callback)))
	if id, ok := answer["id"].(string); ok && err == nil {
		if b.impatient {
			b.play(id)
		}
		b.keep(id)
	}
}

// keep keeps a call alive until it ends.
func (b *live) keep(id string) {
	ticker := time.NewTicker(30 * time.Minute)
	defer ticker.Stop()
	for b.keeps {
		select {
		case <-ticker.C:
		case <-b.ctx.Done():
			return
		}
		if _, err := b.send(http.MethodPost, "/communications/calls/"+id+"/keepAlive", nil); err != nil {
			return
		}
	}
}

func (b *live) send(method, path string, body []byte) (object, error) {
	req, err := http.NewRequestWithContext(b.ctx, method, b.at.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer token")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := b.at.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return nil, fmt.Errorf("%s", resp.Status)
	}
	var answer object
	_ = json.NewDecoder(resp.Body).Decode(&answer) // there may be none
	return answer, nil
}

func (b *live) play(id string) {
	_, _ = b.send(http.MethodPost, "/communications/calls/"+id+"/playPrompt", []byte(
		`{"prompts":[{"@odata.type":"#microsoft.graph.mediaPrompt","mediaInfo":{"uri":"https://cdn.contoso.com/beep.wav"}}]}`))
}

func (b *live) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var envelope struct{ Value []struct{ ResourceData any } }
	if json.NewDecoder(r.Body).Decode(&envelope) != nil {
		return
	}
	for _, n := range envelope.Value {
		data, ok := n.ResourceData.(object)
		if !ok || data["@odata.type"] != "#microsoft.graph.call" {
			continue
		}
		go b.told(data["id"].(string), data)
	}
}

func (b *live) told(id string, call object) {
	media, _ := call["mediaState"].(object)
	tone, _ := call["toneInfo"].(object)
	switch {
	case call["state"] == "incoming" && !b.deaf:
		if _, err := b.send(http.MethodPost, "/communications/calls/"+id+"/answer", []byte(
			`{"callbackUri":"`+b.at.Callback+`","acceptedModalities":["audio"],"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"}}`)); err == nil {
			b.keep(id)
		}
	case media["audio"] == "active" && b.first(id) && !strings.Contains(string(b.asks), "appHostedMediaConfig"):
		b.play(id)
		_, _ = b.send(http.MethodPost, "/communications/calls/"+id+"/subscribeToTone", []byte("{}"))
	case tone["tone"] == "d":
		_, _ = b.send(http.MethodPost, "/communications/calls/"+id+"/transfer", []byte(
			`{"transferTarget":{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet",`+
				`"user":{"@odata.type":"#microsoft.graph.identity","id":"112f7296-5fa4-42ca-bae8-6a692b15d4b8"}}}}`))
	case tone["tone"] == "pound":
		_, _ = b.send(http.MethodDelete, "/communications/calls/"+id, nil)
	}
}

// first reports whether the media of a call flow for the first time.
func (b *live) first(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.played[id]
	b.played[id] = true
	return !was
}

var commas = regexp.MustCompile(`,(\s*[}\]])`)

// page is a request of the page "Create call".
func page(t *testing.T, example string) []byte {
	files, err := filepath.Glob(filepath.Join("..", "generated", "testdata", "seed", "ex"+example+"-request.json"))
	require.NoError(t, err)
	require.Len(t, files, 1, example)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	return commas.ReplaceAll(text, []byte("$1"))
}
