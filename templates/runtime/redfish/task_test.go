package redfish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// step is an answer of a task's monitor.
type step struct {
	status int
	body   string
}

// worker is a service with a task, whose monitor gives one answer after the other.
type worker struct {
	steps []step
	task  []string // the task itself
	first string   // body of the first answer
	at    string   // Location of the first answer
	cut   int      // how many requests are cut
	gone  bool
}

func (s *worker) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	switch {
	case s.cut > 0 && req.Method == http.MethodGet:
		s.cut--
		cut(w)
	case req.Method == http.MethodPost || req.Method == http.MethodPatch:
		answer(w, 202, s.first, "Location", s.at, "Retry-After", "5")
	case req.Method == http.MethodDelete:
		s.gone = true
		answer(w, 204, ``)
	case req.URL.Path == "/redfish/v1/Tasks/1" && s.task != nil:
		answer(w, 200, s.task[0])
		if len(s.task) > 1 {
			s.task = s.task[1:]
		}
	default:
		now := s.steps[0]
		if len(s.steps) > 1 {
			s.steps = s.steps[1:]
		}
		answer(w, now.status, now.body)
	}
}

const running, half = `{"@odata.type":"#Task.v1_7_4.Task","@odata.id":"/redfish/v1/Tasks/1","TaskState":"Running","PercentComplete":0}`,
	`{"@odata.type":"#Task.v1_7_4.Task","TaskState":"Running","PercentComplete":50.0,"Messages":[{"MessageId":"Update.1.0.Writing"}]}`

func TestTasksAreFollowedToTheirEnd(t *testing.T) {
	done := `{"TaskState":"Completed","TaskStatus":"OK","PercentComplete":100,"Messages":[{"MessageId":"Update.1.0.Done","Message":"fine"}]}`
	failed := `{"TaskState":"Exception","TaskStatus":"Critical","Messages":[{"MessageId":"Update.1.0.VerificationFailed"}]}`
	for name, test := range map[string]struct {
		worker worker
		seen   string // states and percentages
		want   string // error
	}{
		"monitor with tasks":    {worker{first: running, at: "/redfish/v1/Monitor", steps: []step{{202, half}, {200, done}}}, "Running 50,Completed 100", ""},
		"monitor without tasks": {worker{first: running, at: "/redfish/v1/Monitor", steps: []step{{202, ``}, {202, ``}, {204, ``}}, task: []string{running, half}}, "Running 0,Running 50", ""},
		"monitor alone":         {worker{at: "/redfish/v1/Monitor", steps: []step{{202, ``}, {200, `{}`}}}, "", ""},
		"link to the task":      {worker{at: "/redfish/v1/Tasks/1", steps: []step{{200, running}, {200, half}, {200, done}}}, "Running 0,Running 50,Completed 100", ""},
		"no location":           {worker{first: running, steps: []step{{200, half}, {200, done}}}, "Running 50,Completed 100", ""},
		"failed task":           {worker{at: "/redfish/v1/Monitor", steps: []step{{202, half}, {200, failed}}}, "Running 50,Exception -", "the task has ended: Exception"},
		"ended with an error":   {worker{at: "/redfish/v1/Monitor", steps: []step{{200, `{"TaskState":"Completed","TaskStatus":"Critical"}`}}}, "Completed -", "the task has ended with an error"},
		"failed monitor":        {worker{at: "/redfish/v1/Monitor", steps: []step{{202, ``}, {400, `{"error":{"@Message.ExtendedInfo":[{"MessageId":"Update.1.0.VerificationFailed"}]}}`}}}, "", "400 Bad Request"},
		"cut":                   {worker{at: "/redfish/v1/Monitor", steps: []step{{202, half}, {200, done}}, cut: 2}, "Running 50,Completed 100", ""},
		"odd percentages":       {worker{at: "/redfish/v1/Monitor", steps: []step{{202, `{"TaskState":"New","PercentComplete":"50%"}`}, {202, `{"TaskState":5}`}, {204, ``}}}, "New -", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := dialed(t, test.worker.ServeHTTP)
				begun := time.Now()
				a, err := CallAction(t.Context(), c, decoded[systemActions](t, `{"#X.Y":{"target":"/redfish/v1/act"}}`), "#X.Y", nil)
				require.NoError(t, err)
				require.NotNil(t, a.Task)
				var seen []string
				a, err = a.Wait(t.Context(), func(p TaskProgress) {
					percent := "-"
					if p.Percent != nil {
						percent = fmt.Sprint(*p.Percent)
					}
					seen = append(seen, p.State+" "+percent)
				})
				assert.Equal(t, test.seen, strings.Join(seen, ","))
				assert.GreaterOrEqual(t, time.Since(begun), 5*time.Second, "as the controller asks")
				if test.want != "" {
					assert.ErrorContains(t, err, test.want)
					assert.Equal(t, name != "ended with an error", HasMessage(err, "VerificationFailed"), "%v", MessagesOf(err))
					return
				}
				require.NoError(t, err)
				assert.Nil(t, a.Task)
			})
		})
	}
}

func TestTasksOfOtherRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &worker{first: running, at: "/redfish/v1/Monitor", steps: []step{{200, `{"Id":"1"}`}}}
		c := dialed(t, s.ServeHTTP)
		_, err := client.UpdateEntity(t.Context(), c, client.LinkTo[*system]("/redfish/v1/Systems/1"), &system{Asset: new("x")})
		task := TaskOf(c, err)
		require.NotNil(t, task)
		assert.Equal(t, "/redfish/v1/Tasks/1", task.Task)
		a, err := task.Wait(t.Context(), nil)
		require.NoError(t, err)
		v := new(system)
		require.NoError(t, a.Decode(v))
		assert.Equal(t, "1", v.ID)
		require.NoError(t, task.Cancel(t.Context()))
		assert.True(t, s.gone)
		assert.Nil(t, TaskOf(c, errors.New("other")))
		assert.Nil(t, TaskOf(c, nil))

		s.steps = []step{{202, ``}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = FollowTask(c, "/redfish/v1/Monitor").Wait(ctx, nil)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		none := &ControllerAnswer{Status: 204}
		a, err = none.Wait(ctx, nil)
		assert.NoError(t, err)
		assert.Same(t, none, a)
	})
}

func TestFirmwareIsUploaded(t *testing.T) {
	image := strings.Repeat("firmware", 10000)
	for name, test := range map[string]struct {
		from  func() io.Reader
		busy  int
		fails bool
	}{
		"file":                    {func() io.Reader { return strings.NewReader("xx" + image) }, 2, false},
		"stream":                  {func() io.Reader { return io.LimitReader(strings.NewReader("xx"+image), 1<<30) }, 0, false},
		"stream to one that asks": {func() io.Reader { return io.LimitReader(strings.NewReader("xx"+image), 1<<30) }, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				busy := test.busy
				c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
					if busy > 0 {
						busy--
						answer(w, 503, `{}`, "Retry-After", "1")
						return
					}
					form, err := req.MultipartReader()
					require.NoError(t, err)
					first, err := form.NextPart()
					require.NoError(t, err)
					data, _ := io.ReadAll(first)
					assert.Equal(t, "UpdateParameters", first.FormName())
					assert.JSONEq(t, `{"Targets":["/redfish/v1/Managers/1"]}`, string(data))
					assert.Equal(t, "application/json", first.Header.Get("Content-Type"))
					second, err := form.NextPart()
					require.NoError(t, err)
					data, err = io.ReadAll(second)
					require.NoError(t, err)
					assert.Equal(t, "UpdateFile bmc.bin", second.FormName()+" "+second.FileName())
					assert.Equal(t, image, string(data))
					_, err = form.NextPart()
					assert.Equal(t, io.EOF, err)
					answer(w, 202, running, "Location", "/redfish/v1/Monitor")
				})
				from := test.from()
				_, _ = io.CopyN(io.Discard, from, 2) // the image is what follows
				a, err := PushUpdate(t.Context(), c, "/FWUpdate", map[string]any{"Targets": []string{"/redfish/v1/Managers/1"}}, "bmc.bin", from)
				if test.fails {
					assert.ErrorContains(t, err, "503")
					return
				}
				require.NoError(t, err)
				require.NotNil(t, a.Task)
				assert.Equal(t, "https://bmc.example/redfish/v1/Monitor", a.Task.Monitor)
			})
		})
	}
	_, err := PushUpdate(t.Context(), nil, "", nil, "x", strings.NewReader("x"))
	assert.ErrorContains(t, err, "SimpleUpdate")
	_, err = PushUpdate(t.Context(), nil, "/x", nil, "x", nil)
	assert.ErrorContains(t, err, "there is no image to send")
	_, err = PushUpdate(t.Context(), nil, "/x", func() {}, "x", strings.NewReader("x"))
	assert.ErrorContains(t, err, "cannot be encoded")
}

func TestAFormAroundAnImageSeeks(t *testing.T) {
	from := strings.NewReader("__image")
	_, _ = from.Seek(2, io.SeekStart)
	content, _, err := updateForm(nil, "x", from)
	require.NoError(t, err)
	whole, err := io.ReadAll(content)
	require.NoError(t, err)
	assert.Contains(t, string(whole), "\r\n\r\nimage\r\n--")
	seeker := content.(io.ReadSeeker)
	end, err := seeker.Seek(0, io.SeekEnd)
	require.NoError(t, err)
	assert.EqualValues(t, len(whole), end)
	for at := range end {
		_, err := seeker.Seek(at-end, io.SeekCurrent)
		require.NoError(t, err)
		rest, err := io.ReadAll(seeker)
		require.NoError(t, err)
		require.Equal(t, string(whole[at:]), string(rest))
	}
	_, err = seeker.Seek(-1, io.SeekStart)
	assert.Error(t, err)
}
