package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/examples/redfish/mockup"
	"github.com/callgen/callgen/examples/redfish/redfish"
	"github.com/callgen/callgen/internal/shared"
)

// pipes is a listener whose connections are in memory, so that tests run in virtual time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// withRack runs a test in virtual time, with a rack and a client that is logged in.
func withRack(t *testing.T, f func(t *testing.T, s *mockup.Server, c *redfish.Controller)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, err := mockup.New()
		require.NoError(t, err)
		with(t, s, f)
	})
}

func with(t *testing.T, s *mockup.Server, f func(t *testing.T, s *mockup.Server, c *redfish.Controller)) {
	behind(t, s, s, f)
}

// behind is with, for a server that answers through a handler.
func behind(t *testing.T, s *mockup.Server, h http.Handler, f func(t *testing.T, s *mockup.Server, c *redfish.Controller)) {
	p := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: h}
	go server.Serve(p)
	defer server.Close()
	transport := &http.Transport{DialContext: p.dial}
	defer transport.CloseIdleConnections()
	c, err := redfish.Connect(t.Context(), redfish.ControllerOptions{
		URL: "http://127.0.0.1", User: s.User, Password: s.Password, HTTPClient: &http.Client{Transport: transport},
	})
	require.NoError(t, err)
	f(t, s, c)
	assert.NoError(t, c.Close(context.WithoutCancel(t.Context())))
}

// command returns what a command prints.
func command(t *testing.T, c *redfish.Controller, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), c.Client, args, &out))
	return out.String()
}

// shown returns the block in the README after a command.
func shown(t *testing.T, command string) string {
	t.Helper()
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, block, found := strings.Cut(string(page), "$ "+command+"\n")
	require.True(t, found, command)
	block, _, _ = strings.Cut(block, "```")
	return block
}

func TestInventory(t *testing.T) {
	withRack(t, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		assert.Equal(t, 40+1, s.Len(), "and the session")
		assert.Equal(t, shown(t, "go run ./examples/redfish inventory"), command(t, c, "inventory"))
	})
}

func TestPowerCycle(t *testing.T) {
	withRack(t, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		assert.Equal(t, shown(t, "go run ./examples/redfish power-cycle Node1"), command(t, c, "power-cycle", "Node1"))
		err := run(t.Context(), c.Client, []string{"power-cycle", "Node9"}, &bytes.Buffer{})
		assert.EqualError(t, err, `there is no computer "Node9", but ["Node1" "Node2"]`)

		system, err := computer(t.Context(), c.Client, "Node1")
		require.NoError(t, err)
		_, err = system.Actions.Reset(t.Context(), c.Client, redfish.ComputerSystemActionsResetParameters{ResetType: redfish.ResourceResetTypeNmi})
		assert.EqualError(t, err, "ResetType of #ComputerSystem.Reset cannot be Nmi here: the controller allows On, ForceOff, GracefulShutdown, ForceRestart, PowerCycle")
	})
}

func TestUpdate(t *testing.T) {
	image := filepath.Join(t.TempDir(), "BMC1-1.20.bin")
	require.NoError(t, os.WriteFile(image, bytes.Repeat([]byte("firmware"), 1<<10), 0o600))
	withRack(t, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		s.Fail(mockup.Fault{Method: "POST", Path: "/upload/firmware", EndSession: true}, // the file is sent again after logging in
			mockup.Fault{Method: "GET", Path: "/redfish/v1/TaskService/Tasks/1/Monitor", Cut: true},
			mockup.Fault{Method: "GET", Path: "/redfish/v1/TaskService/Tasks/1/Monitor", EndSession: true},
			mockup.Fault{Method: "GET", Path: "/redfish/v1/TaskService/Tasks/1/Monitor", Status: 503, RetryAfter: "30"})
		assert.Equal(t, shown(t, "go run ./examples/redfish update BMC1-1.20.bin"), command(t, c, "update", image))
		assert.Contains(t, command(t, c, "inventory"), " 1.20 ")
		command(t, c, "update", "https://files.example/BMC2-1.21.bin")
		assert.Contains(t, command(t, c, "inventory"), " 1.21 ")
		err := run(t.Context(), c.Client, []string{"update", "https://files.example/broken.bin"}, &bytes.Buffer{})
		assert.ErrorContains(t, err, "the task has ended: Exception")
		assert.ErrorContains(t, err, "The image is damaged. (VerificationFailed)")
		_, err = begin(t.Context(), c.Client, &redfish.UpdateService{}, "https://files.example/x.bin")
		assert.ErrorContains(t, err, "advertises no actions")
		_, err = begin(t.Context(), c.Client, &redfish.UpdateService{}, image)
		assert.ErrorContains(t, err, "takes no files")
	})
}

func TestFaultsDoNotShow(t *testing.T) {
	for name, faults := range map[string][]mockup.Fault{
		"cut":          {{Path: "/redfish/v1/Chassis/Node1", Cut: true}, {Path: "/redfish/v1/Chassis/Node2/Sensors/CPU", Cut: true}, {Path: "/redfish/v1/", Cut: true}},
		"401 midway":   {{Path: "/redfish/v1/Chassis/*", EndSession: true}, {Path: "/redfish/v1/Chassis/Node2/PowerSubsystem/PowerSupplies/*", EndSession: true}},
		"429":          {{Path: "/redfish/v1/Chassis/*", Status: 429, RetryAfter: "5"}, {Path: "/redfish/v1/Chassis", Status: 429}},
		"503":          {{Path: "/redfish/v1/Managers/*", Status: 503, RetryAfter: "5"}, {Path: "/redfish/v1/Systems/*", Status: 503}},
		"cut logins":   {{Path: "/redfish/v1/Chassis", EndSession: true}, {Method: "POST", Path: "/redfish/v1/SessionService/Sessions", Cut: true}},
		"all together": {{Cut: true}, {EndSession: true}, {Status: 429}, {Status: 503, RetryAfter: "20"}, {Cut: true}, {EndSession: true}},
	} {
		t.Run(name, func(t *testing.T) {
			withRack(t, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
				want := command(t, c, "inventory")
				s.Fail(faults...)
				assert.Equal(t, want, command(t, c, "inventory"))
				assert.Zero(t, s.Faults(), "each has happened")
			})
		})
	}
	withRack(t, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		s.Fail(mockup.Fault{Path: "/redfish/v1/Chassis/Node1/Sensors/CPU", Status: 500})
		assert.Contains(t, command(t, c, "inventory"), "GET /Chassis/Node1/Sensors/CPU: 500 Internal Server Error", "one that lasts is in its line")
		s.Fail(mockup.Fault{Method: "POST", Path: "/redfish/v1/Systems/Node1/Actions/*", Status: 503, RetryAfter: "60"})
		assert.Contains(t, command(t, c, "power-cycle", "Node1"), "Node1 is On")
		s.Fail(mockup.Fault{Method: "POST", Path: "/redfish/v1/Systems/Node1/Actions/*", Cut: true})
		err := run(t.Context(), c.Client, []string{"power-cycle", "Node1"}, &bytes.Buffer{})
		assert.ErrorContains(t, err, "EOF", "a reset that may have begun is not sent twice")
	})
}

func TestTagsOfComputersThatOthersChange(t *testing.T) {
	withRack(t, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		old, err := computer(t.Context(), c.Client, "Node1")
		require.NoError(t, err)
		command(t, c, "tag", "Node1", "A-17")
		_, err = redfish.UpdateEntity(t.Context(), c.Client, old, &redfish.ComputerSystem{AssetTag: new("B")})
		assert.True(t, redfish.IsPreconditionFailed(err), "%v", err)
		assert.True(t, redfish.HasMessage(err, "PreconditionFailed"))
		s.Fail(mockup.Fault{Method: "PATCH", Status: 412}, mockup.Fault{Method: "PATCH", Status: 412})
		command(t, c, "tag", "Node1", "A-18")
		now, err := computer(t.Context(), c.Client, "Node1")
		require.NoError(t, err)
		assert.Equal(t, "A-18", *now.AssetTag)
		odd := new(redfish.ComputerSystem)
		require.NoError(t, odd.AdditionalData.Set("Colour", "red"))
		_, err = redfish.UpdateEntity(t.Context(), c.Client, now, odd)
		require.True(t, redfish.HasMessage(err, "PropertyUnknown"), "%v", err)
		assert.Equal(t, []string{"Colour"}, redfish.MessagesOf(err)[0].Args)
	})
}

func TestWatchGoesOnAfterABreak(t *testing.T) {
	withRack(t, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		ctx, cancel := context.WithCancel(t.Context())
		var out bytes.Buffer
		done := make(chan error, 1)
		go func() { done <- watch(ctx, c.Client, &out) }()
		synctest.Wait() // the stream is open
		say := func(what string) {
			s.Publish(map[string]any{"MessageId": "Test.1.0.Said", "Message": what})
			synctest.Wait()
		}
		say("one")
		say("two")
		s.Fail(mockup.Fault{Path: "/redfish/v1/EventService/SSE", Cut: true}, mockup.Fault{Path: "/redfish/v1/EventService/SSE", EndSession: true})
		s.BreakStreams()
		synctest.Wait()
		say("three, while no one listens")
		time.Sleep(time.Hour)
		say("four")
		s.BreakStreams()
		say("five")
		time.Sleep(time.Hour)
		cancel()
		require.NoError(t, <-done)
		assert.Equal(t, "1 Test.1.0.Said: one\n2 Test.1.0.Said: two\n3 Test.1.0.Said: three, while no one listens\n4 Test.1.0.Said: four\n5 Test.1.0.Said: five\n", out.String())
	})
}

// lines is an output that says when a line has come.
type lines struct{ all chan string }

func (l lines) Write(p []byte) (int, error) {
	l.all <- string(p)
	return len(p), nil
}

// loopback returns a listener, which keeps its port from others.
func loopback(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}

// await receives, and fails the test if nothing comes until ctx is done.
func await[T any](ctx context.Context, t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-ctx.Done():
		require.NoError(t, ctx.Err())
	}
	return v
}

func TestSubscriptions(t *testing.T) {
	s, err := mockup.New()
	require.NoError(t, err)
	subscribed := make(chan struct{}, 10)
	h := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		s.ServeHTTP(w, req)
		if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/Subscriptions") {
			subscribed <- struct{}{}
		}
	})
	behind(t, s, h, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		listener := loopback(t)
		address := listener.Addr().String()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		out, done := lines{make(chan string, 10)}, make(chan error, 1)
		go func() { done <- subscribe(ctx, c.Client, listener, "http://"+address+"/events", out) }()
		await(ctx, t, subscribed)
		client := &http.Client{Transport: new(http.Transport)}
		defer client.CloseIdleConnections()
		sending, stop := context.WithCancel(t.Context())
		var sender sync.WaitGroup
		sender.Go(func() { s.Run(sending, client) })
		s.Publish(map[string]any{"MessageId": "Test.1.0.Said", "Message": "hello"})
		assert.Equal(t, "1 Test.1.0.Said: hello\n", await(ctx, t, out.all))
		stop()
		sender.Wait()
		resp, err := client.Post("http://"+address+"/events", "application/json", strings.NewReader(`{}`))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, 401, resp.StatusCode, "without the secret of the subscription")
		cancel()
		require.NoError(t, <-done)
		assert.Contains(t, s.Seen(), "DELETE /redfish/v1/EventService/Subscriptions/1")
	})
}

func TestStoppedWhileItSubscribes(t *testing.T) {
	s, err := mockup.New()
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	h := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/Subscriptions") {
			stop()
		}
		s.ServeHTTP(w, req)
	})
	behind(t, s, h, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		require.NoError(t, subscribe(ctx, c.Client, loopback(t), "http://127.0.0.1:1/events", io.Discard))
		assert.Contains(t, s.Seen(), "DELETE /redfish/v1/EventService/Subscriptions/1")
	})
}

func TestManyAtTheSameTimeRenewOneSession(t *testing.T) {
	withRack(t, func(t *testing.T, s *mockup.Server, c *redfish.Controller) {
		s.Fail(mockup.Fault{EndSession: true})
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() { command(t, c, "inventory") })
		}
		all.Wait()
		logins := strings.Count(strings.Join(s.Seen(), "\n"), "POST /redfish/v1/SessionService/Sessions")
		assert.Equal(t, 2, logins)
	})
}

func TestReportsAndSettings(t *testing.T) {
	withRack(t, func(t *testing.T, _ *mockup.Server, c *redfish.Controller) {
		root, err := redfish.ReadServiceRoot(t.Context(), c.Client)
		require.NoError(t, err)
		telemetry, err := redfish.FollowLink(t.Context(), c.Client, root.TelemetryService)
		require.NoError(t, err)
		var got []string
		for report, err := range telemetry.MetricReports.All(t.Context(), c.Client) {
			require.NoError(t, err)
			for _, v := range report.MetricValues {
				got = append(got, fmt.Sprint(*v.MetricID, "=", *v.MetricValue))
			}
		}
		assert.Equal(t, []string{"Node1=312", "Node2=0"}, got)
		rack, err := redfish.Follow[*redfish.Chassis](t.Context(), c.Client, "/redfish/v1/Chassis/Rack1")
		require.NoError(t, err)
		place, found, err := redfish.OemOf[struct {
			Row   string
			Aisle int
		}](rack, "Contoso")
		require.NoError(t, err)
		assert.True(t, found)
		assert.Equal(t, "B7", place.Row+fmt.Sprint(place.Aisle))
	})
}

func TestLinksToAnyResource(t *testing.T) {
	withRack(t, func(t *testing.T, _ *mockup.Server, c *redfish.Controller) {
		v, err := redfish.Follow[*redfish.SoftwareInventory](t.Context(), c.Client, "/redfish/v1/UpdateService/FirmwareInventory/BMC1")
		require.NoError(t, err)
		for item, err := range redfish.FollowLinks(t.Context(), c.Client, v.RelatedItem) {
			require.NoError(t, err)
			assert.IsType(t, (*redfish.Manager)(nil), item)
		}
	})
}

// TestMockupsOfOthers takes an inventory of DMTF's mock-ups, which are not part of the project.
func TestMockupsOfOthers(t *testing.T) {
	file := shared.Path(t, "corpus", "redfish-mockups.jsonl")
	for _, name := range []string{"public-bladed", "public-cooling-unit", "public-localstorage", "public-rackmount1", "public-telemetry"} {
		synctest.Test(t, func(t *testing.T) {
			s, err := mockup.Load(file, name)
			require.NoError(t, err, name)
			with(t, s, func(t *testing.T, _ *mockup.Server, c *redfish.Controller) {
				table := command(t, c, "inventory")
				assert.Greater(t, strings.Count(table, "\n"), 1, table)
			})
		})
	}
	_, err := mockup.Load(file, "none")
	assert.ErrorContains(t, err, "there is no document at /redfish/v1")
}

func TestMockupsInFolders(t *testing.T) {
	folder := t.TempDir()
	for at, body := range map[string]string{
		"redfish/v1/index.json": `{"@odata.id":"/redfish/v1/","Chassis":{"@odata.id":"/redfish/v1/Chassis"}}`, "redfish/v1/Chassis/index.json": `{"Members":[]}`,
		"redfish/v1/list/index.json": `[]`, "README.md": `x`,
	} {
		at = filepath.Join(folder, filepath.FromSlash(at))
		require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o700))
		require.NoError(t, os.WriteFile(at, []byte(body), 0o600))
	}
	var out bytes.Buffer
	require.NoError(t, start(t.Context(), options{mockup: folder}, []string{"inventory"}, &out))
	assert.Contains(t, out.String(), "CHASSIS")
	_, err := mockup.Load(t.TempDir(), "")
	assert.ErrorContains(t, err, "there is no document at /redfish/v1")
	assert.EqualError(t, start(t.Context(), options{}, []string{"dance"}, &out), `there is no command "dance" with 0 arguments: run redfish -help`)
	assert.EqualError(t, start(t.Context(), options{}, nil, &out), "there is no command: run redfish -help")
}
