// Package browser tests the page of the emulator in a real browser. It is a module of its own,
// since nothing else needs the library that drives one.
package browser

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/callsim/emulator"
	callsimpage "github.com/callgen/callgen/callsim/page"
	sim "github.com/callgen/callgen/generated/communicationstest"
)

var shots = flag.String("screenshots", "", "write the screenshots of docs/emulator.md to this folder")

// bot answers who calls it, and listens to tones.
type bot struct {
	api, callback string

	mu   sync.Mutex
	told []string // the bodies of its notifications
}

func (b *bot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var n struct {
		Value []struct{ ResourceData json.RawMessage }
	}
	_ = json.NewDecoder(r.Body).Decode(&n)
	if r.Header.Get("Authorization") == "" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	for _, one := range n.Value {
		b.mu.Lock()
		b.told = append(b.told, string(one.ResourceData))
		b.mu.Unlock()
		var call struct {
			ID, State  string
			MediaState struct{ Audio string }
		}
		if json.Unmarshal(one.ResourceData, &call) != nil {
			continue
		}
		switch {
		case call.State == "incoming":
			go b.send(call.ID+"/answer", `{"callbackUri":"`+b.callback+`","acceptedModalities":["audio"],"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},
				"callOptions":{"@odata.type":"#microsoft.graph.incomingCallOptions","isContentSharingNotificationEnabled":true}}`)
		case call.MediaState.Audio == "active":
			go b.send(call.ID+"/subscribeToTone", `{}`)
		}
	}
}

func (b *bot) send(path, body string) int {
	if path != "" {
		path = "/" + path
	}
	r, err := http.NewRequest(http.MethodPost, b.api+"/communications/calls"+path, strings.NewReader(body))
	if err != nil {
		return 0
	}
	r.Header.Set("Authorization", "Bearer x")
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// heard counts the notifications with a text.
func (b *bot) heard(text string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, body := range b.told {
		if strings.Contains(body, text) {
			n++
		}
	}
	return n
}

// desk is a page in a browser, with an emulator and a bot.
type desk struct {
	t   *testing.T
	ctx context.Context
	bot *bot
	e   *emulator.Emulator
	url string
}

func open(t *testing.T) *desk {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("there is no chromium here to open the page with")
	}
	b := &bot{}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	e, err := emulator.Start(emulator.Options{Callback: server.URL + "/callback"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, e.Close()) })
	require.NoError(t, e.Reset(sim.WithTiming(sim.Quick())))
	b.api, b.callback = e.URL(), e.Callback
	p, err := callsimpage.New(e)
	require.NoError(t, err)
	front := httptest.NewUnstartedServer(nil)
	front.Config.Handler = emulator.Guard(p, front.Listener.Addr().String(), nil, 1<<20)
	front.Start()
	t.Cleanup(front.CloseClientConnections)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1280, 900))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // or what is never seen is waited for without end
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	d := &desk{t, ctx, b, e, front.URL}
	d.run(chromedp.Navigate(front.URL), chromedp.WaitVisible(chromedp.CSS("#ringNow")))
	return d
}

func (d *desk) run(actions ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	require.NoError(d.t, chromedp.Do(d.ctx, actions...))
}

// script is a step without a value.
func script(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](text)
}

// value is what an expression has on the page.
func value[T any](d *desk, expression string) T {
	d.t.Helper()
	v, err := chromedp.Run(d.ctx, chromedp.Evaluate[T](expression))
	require.NoError(d.t, err)
	return v
}

// click clicks a control, and waits until the page says that it is done.
func (d *desk) click(selector string) {
	d.t.Helper()
	d.run(script(`document.getElementById("status").textContent = ""`), chromedp.Click(chromedp.CSS(selector)))
	d.sees("#status", "")
	got := value[string](d, `document.getElementById("status").className + " " + document.getElementById("status").textContent`)
	require.NotContains(d.t, got, "bad", selector)
}

// sees waits until an element of the page has a text, or any for "".
func (d *desk) sees(selector, text string) {
	d.t.Helper()
	require.Eventually(d.t, func() bool {
		got, err := chromedp.Run(d.ctx, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q)?.textContent ?? ''", selector)))
		return err == nil && got != "" && strings.Contains(got, text)
	}, 20*time.Second, 10*time.Millisecond, "%s: %s", selector, text)
}

// hears waits until the bot has been told something.
func (d *desk) hears(text string, times int) {
	d.t.Helper()
	require.Eventually(d.t, func() bool { return d.bot.heard(text) >= times }, 20*time.Second, 5*time.Millisecond, text)
}

func (d *desk) set(selector, text string) {
	d.t.Helper()
	d.run(chromedp.SetValue(chromedp.CSS(selector), text))
}

// TestControls clicks what people and networks do: the bot is told, and the page shows it.
func TestControls(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.click("#record")
	d.click("#ringNow")
	d.sees("#title", "established")
	d.sees("#lines", "/subscribeToTone")
	d.hears(`"active"`, 1)
	require.Eventually(t, func() bool { return d.bot.heard("subscribeToToneOperation") > 0 }, 20*time.Second, 5*time.Millisecond)

	d.click(`[aria-label="Press 7"]`)
	d.hears(`"tone7"`, 1)
	d.sees("#lines", "presses tone7")
	d.set("#who", "Ann")
	d.click("[data-person=join]")
	d.sees("#roster", "Ann")
	d.click("[data-person=mute]")
	d.sees("#roster", "Ann, muted")
	d.click("[data-person=leave]")
	d.sees("#lines", "leaves")
	d.click("[data-call=share]")
	d.click("[data-call=unshare]")
	d.hears("contentSharingSession", 2)

	d.click("[data-network=lose]")
	d.click(`[aria-label="Press 8"]`)
	d.sees("#lines", "loses a notification")
	d.click("[data-network=repeat]")
	d.click(`[aria-label="Press 9"]`)
	d.hears(`"tone9"`, 2)
	assert.Zero(t, d.bot.heard(`"tone8"`))
	d.click("[data-network=delay]")
	d.click(`[aria-label="Press A"]`)
	assert.Zero(t, d.bot.heard(`"a"`))
	d.click(`[data-step='{"advance":"10s"}']`)
	d.hears(`"tone":"a"`, 1)
	d.set("#times", "2")
	d.click("[data-network=reorder]")
	d.click(`[aria-label="Press B"]`)
	d.click(`[aria-label="Press C"]`)
	d.hears(`"tone":"b"`, 1)
	d.click("#refuse")
	assert.Equal(t, http.StatusServiceUnavailable, d.bot.send("", `{}`))
	d.click(`[data-step='{"unsigned":{}}']`)

	d.click("#stand")
	d.sees("#clock", "stopped")
	d.click(`[data-step='{"advance":"1m"}']`)
	d.sees("#stand", "Let clock go on")
	d.click("#stand")
	d.click("[data-call=hangUp]")
	d.sees("#title", "terminated")
	d.hears(`"terminated"`, 1)

	d.run(chromedp.Click(chromedp.CSS("#scenario")))
	d.sees("#text", "hangUp")
	d.run(chromedp.Click(chromedp.CSS("#close")))
	d.run(chromedp.Click(chromedp.CSS("#wholeTest")))
	d.sees("#text", "func TestCall(t *testing.T)")
	d.run(chromedp.Click(chromedp.CSS("#close")))
	d.run(script(`[...document.querySelectorAll("#lines details")].at(-1).open = true`))
	d.sees("#lines .json", "{")
	assert.Empty(t, d.e.Complaints())
}

// TestCallees: whom the bot calls answers or declines when the page says so.
func TestCallees(t *testing.T) {
	t.Parallel()
	d := open(t)
	const call = `{"@odata.type":"#microsoft.graph.call","callbackUri":"%s","requestedModalities":["audio"],"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},
		"targets":[{"@odata.type":"#microsoft.graph.invitationParticipantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet","user":{"@odata.type":"#microsoft.graph.identity","id":"112f7296-5fa4-42ca-bae8-6a692b15d4b8"}}}]}`
	for i, action := range []string{"answer", "decline", "busy", "letRing"} {
		d.click("#calleeNow")
		require.Equal(t, http.StatusCreated, d.bot.send("", fmt.Sprintf(call, d.bot.callback)))
		d.sees("#total", fmt.Sprintf("(%d)", i+1))
		d.run(script(`document.querySelector("#calls button").click()`))
		d.sees("#title", fmt.Sprintf("Call %d:", i+1))
		require.Eventually(t, func() bool {
			calls, _ := d.e.Timeline().Calls(0, 1)
			return calls[0].State == "ringing" || d.bot.heard("ringing") > i || calls[0].State == "establishing"
		}, 20*time.Second, 5*time.Millisecond)
		d.click("[data-call=" + action + "]")
		d.sees("#title", map[string]string{"answer": "established", "decline": "603/", "busy": "486/", "letRing": "408/10057"}[action])
	}
}

// asks makes the bot ask for something of the latest call.
func (d *desk) asks(path, body string) {
	d.t.Helper()
	calls, _ := d.e.Timeline().Calls(0, 1)
	require.Len(d.t, calls, 1)
	require.Less(d.t, d.bot.send(calls[0].ID+path, body), 300, path)
}

// TestWhoCalls rings the bot as each kind of caller, who speaks, and removes the bot.
func TestWhoCalls(t *testing.T) {
	t.Parallel()
	d := open(t)
	for i, kind := range []string{"guest", "phone", "meeting"} {
		d.set("#kind", kind)
		d.click("#ringNow")
		d.sees("#title", fmt.Sprintf("Call %d: established", i+1))
		d.sees("#calls [aria-current=true]", map[string]string{"guest": "from John", "phone": "from +49", "meeting": "from meeting 1234567"}[kind])
	}
	d.hears(`"guest"`, 1)
	d.hears(`"phone"`, 1)
	d.hears(`"joinMeetingId"`, 1)
	d.run(script(`document.querySelectorAll("#calls button")[0].click()`))
	d.sees("#title", "Call 3: established")
	d.click(`[data-step='{"advance":"1h"}']`)
	d.sees("#complaints", "no-keepalive")
	d.set("#kind", "user")
	d.click("#ringNow")
	d.sees("#title", "Call 4: established")
	d.click("#stand") // or the silence would be over
	d.asks("/recordResponse", `{"clientContext":"speech","maxSilenceTimeoutInSeconds":2,"playBeep":true}`)
	d.click("#speak")
	d.hears(`"maxSilenceTimeout"`, 1)
	d.click("#stand")
	d.click("[data-call=remove]")
	d.sees("#title", "5300")
}

// TestLobby: the bot waits as a guest until the page admits it, and loses an answer.
func TestLobby(t *testing.T) {
	t.Parallel()
	d := open(t)
	guest := `{"@odata.type":"#microsoft.graph.call","callbackUri":"` + d.bot.callback + `","requestedModalities":["audio"],
		"mediaConfig":{"@odata.type":"#microsoft.graph.serviceHostedMediaConfig"},
		"source":{"@odata.type":"#microsoft.graph.participantInfo","identity":{"@odata.type":"#microsoft.graph.identitySet","guest":{
			"@odata.type":"#microsoft.graph.identity","displayName":"Guest","id":"d7a3b999-17ac-4bca-9e77-e6a730d2ec2e"}}},
		"meetingInfo":{"@odata.type":"#microsoft.graph.joinMeetingIdMeetingInfo","joinMeetingId":"1234567","passcode":null}}`
	require.Equal(t, http.StatusCreated, d.bot.send("", guest))
	d.sees("#title", "established")
	d.sees("#roster", "Guest, in the lobby")
	assert.Zero(t, d.bot.heard(`"active"`))
	d.click("[data-call=admit]")
	d.hears(`"active"`, 1)
	d.click(`[data-step='{"refuse":{"cut":true}}']`)
	d.bot.send("", guest)
	d.run(chromedp.Click(chromedp.CSS("#all")))
	d.sees("#lines", "makes a request fail")
	assert.Len(t, d.e.Service().Calls(), 1, "the connection ended before the call was made")
}

// TestWrongBot is told in plain words.
func TestWrongBot(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.click("#stand")
	d.click("[data-network=lose]")
	d.click("#ringNow")
	d.click(`[data-step='{"advance":"1m"}']`)
	d.sees("#complaints", "unanswered: the incoming call was neither answered nor rejected within 15s")
}

// TestHostileNames are shown as they are.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.set("#from", `<img src=x onerror="document.title='owned'"><b>x`)
	d.click("#ringNow")
	d.sees("#calls", `<img src=x onerror=`)
	assert.Equal(t, "callsim", value[string](d, "document.title"))
	assert.Zero(t, value[int](d, `document.querySelectorAll("img, b").length`))
}

// audit finds what keeps people from using the page: controls without names, ids that occur
// twice, texts with too little contrast, and what is wider than the window.
const audit = `(() => {
	const wrong = [];
	const shown = (e) => e.getClientRects().length > 0;
	for (const e of document.querySelectorAll("button, input, select, summary")) {
		if (shown(e) && !(e.getAttribute("aria-label") || e.labels?.length || e.textContent.trim())) wrong.push("no name: " + e.outerHTML);
		if (shown(e) && e.tabIndex < 0) wrong.push("no focus: " + e.outerHTML);
	}
	const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
	for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push("twice: " + id);
	const light = (c) => {
		const [r, g, b] = c.match(/[\d.]+/g).map((n) => { const v = n / 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const back = (e) => {
		for (; e; e = e.parentElement) {
			const c = getComputedStyle(e).backgroundColor;
			if (!c.endsWith(", 0)") && c !== "transparent") return c;
		}
		return "rgb(255, 255, 255)";
	};
	for (const e of document.querySelectorAll("body *")) {
		if (!shown(e) || ![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
		const [a, b] = [light(getComputedStyle(e).color), light(back(e))];
		const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (contrast < 4.5) wrong.push("contrast " + contrast.toFixed(2) + ": " + e.outerHTML.slice(0, 100));
	}
	if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the window: " + document.documentElement.scrollWidth);
	return wrong;
})()`

// TestForEverybody looks at the page in light and dark, narrow and wide.
func TestForEverybody(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.click("#ringNow")
	d.sees("#title", "established")
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{400, 1600} {
			d.run(chromedp.EmulateViewport(width, 900), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
				_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
				})
				return err
			}))
			assert.Empty(t, value[[]string](d, audit), "%s, %d", scheme, width)
			d.shoot(fmt.Sprintf("emulator-%s-%d.png", scheme, width))
		}
	}
	d.run(chromedp.Focus(chromedp.CSS("#from")), chromedp.KeyEvent("\r"))
	assert.Equal(t, "from", value[string](d, "document.activeElement.id"))
	d.sees("#total", "(2)")
}

// shoot writes a screenshot if that is asked for.
func (d *desk) shoot(name string) {
	if *shots == "" {
		return
	}
	png, err := chromedp.Run(d.ctx, chromedp.CaptureScreenshot())
	require.NoError(d.t, err)
	const most = 150 << 10
	require.Less(d.t, len(png), most, name)
	require.NoError(d.t, os.WriteFile(filepath.Join(*shots, name), png, 0o644))
}

// TestMany: with 1,000 calls and 10,000 lines few elements are shown, and a click is answered.
func TestMany(t *testing.T) {
	t.Parallel()
	d := open(t)
	for range 1000 {
		_, err := d.e.Service().Ring(sim.IncomingCall{Callback: d.e.Callback})
		require.NoError(t, err)
	}
	d.sees("#total", "(1000)")
	calls, _ := d.e.Timeline().Calls(0, 1)
	for range 10_000 {
		d.e.Service().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/beta/communications/calls/"+calls[0].ID, nil))
	}
	d.run(script(fmt.Sprintf("choose(%q)", calls[0].ID)))
	d.click(`[data-network=lose]`)
	d.sees("#lines", "/communications/calls/")
	assert.Less(t, value[int](d, `document.querySelectorAll("*").length`), 3000)
}

// TestFlood: while a bot sends as much as it can, clicks are answered, and few elements are shown.
func TestFlood(t *testing.T) {
	t.Parallel()
	d := open(t)
	done := make(chan struct{})
	var flood sync.WaitGroup
	sent := make([]int, 8)
	for i := range sent {
		flood.Go(func() {
			for body := `{"subject":"<b>` + strings.Repeat("s", i<<10) + `"}`; ; sent[i]++ {
				select {
				case <-done:
					return
				default:
					d.bot.send("", body)
				}
			}
		})
	}
	begun := time.Now()
	d.click("#ringNow")
	d.sees("#title", "established")
	d.run(chromedp.Click(chromedp.CSS("#all")))
	d.sees("#lines", "POST /communications/calls")
	d.click("#ringNow")
	d.sees("#total", "(2)")
	close(done)
	flood.Wait()
	total := 0
	for _, n := range sent {
		total += n
	}
	t.Logf("%d requests, %.0f a second", total, float64(total)/time.Since(begun).Seconds())
	assert.Less(t, value[int](d, `document.querySelectorAll("*").length`), 3000)
	assert.Zero(t, value[int](d, `document.querySelectorAll("b").length`))
}
