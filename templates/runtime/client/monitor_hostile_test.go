package client

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const monitorElsewhere = "https://other.example/m"

// watched waits for a monitor with these answers, for at most an hour.
func watched(t *testing.T, answers ...reply40) (OperationProgress, time.Duration, error) {
	s := &script{answers: map[string][]reply40{monitorElsewhere: answers}}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	begun := time.Now()
	told, err := NewMonitor[OperationProgress](graph(s.serve).client, monitorElsewhere).Wait(ctx)
	return told, time.Since(begun), err
}

// TestMonitorsThatEndWith202: what the service says of the operation counts, not that it says it with 202.
func TestMonitorsThatEndWith202(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told, took, err := watched(t, reply40{status: 202, body: `{"status":"completed","resourceId":"1"}`})
		require.NoError(t, err)
		assert.Equal(t, "1", told.ResourceID)
		assert.Zero(t, took)
		_, took, err = watched(t, reply40{status: 202, body: `{"status":"inProgress"}`}, reply40{status: 202, body: `{"status":"failed","error":{"code":"quotaLimitReached","message":"m"}}`})
		assert.True(t, HasCode(err, "quotaLimitReached"), "%v", err)
		assert.Equal(t, time.Second, took)
	})
}

func TestMonitorsThatNeverEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, answer := range map[string]reply40{
			"running":     {status: 200, body: `{"status":"running"}`},
			"accepted":    {status: 202},
			"own address": accepted("Location", monitorElsewhere, ""),
		} {
			_, took, err := watched(t, answer)
			assert.ErrorIs(t, err, context.DeadlineExceeded, name)
			assert.Equal(t, time.Hour, took, name)
		}
	})
}

// TestWaitsThatMonitorsAskFor: from a second to five minutes, whatever the header says.
func TestWaitsThatMonitorsAskFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for header, want := range map[string]time.Duration{
			"": time.Second, "0": time.Second, "-5": time.Second, "7": 7 * time.Second, "x": time.Second, "1.5": time.Second,
			"300": 5 * time.Minute, "31536000": 5 * time.Minute, "99999999999999999999": 5 * time.Minute,
			"Sat, 01 Jan 1994 15:04:05 GMT": time.Second, "Fri, 31 Dec 9999 23:59:59 GMT": 5 * time.Minute,
		} {
			_, took, err := watched(t, reply40{status: 202, header: map[string]string{"Retry-After": header}}, reply40{status: 200, body: `{"status":"completed"}`})
			require.NoError(t, err)
			assert.Equal(t, want, took, header)
		}
	})
}

// TestFailedOperationsAreErrors, in whatever form they are told.
func TestFailedOperationsAreErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, body := range []string{
			`{"status":"failed"}`, `{"status":"Failed","error":null}`, `{"status":"cancelled"}`, `{"status":"completed","error":{"code":"x"}}`,
			`{"status":"failed","error":"no object"}`, `{"status":"failed","error":5,"percentageComplete":"x"}`,
		} {
			_, _, err := watched(t, reply40{status: 200, body: body})
			assert.ErrorAs(t, err, new(*Error), body)
		}
		_, _, err := watched(t, reply40{status: 500, header: map[string]string{"Content-Type": "text/html"}, body: `<html>`})
		assert.ErrorAs(t, err, new(*Error))
	})
}

// TestMonitorsThatMove: a relative address is one of the host of the monitor, and no address of a monitor
// elsewhere gets a token of ours.
func TestMonitorsThatMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: map[string][]reply40{
			monitorElsewhere:          {{status: 202, header: map[string]string{"Location": "n?sig=1"}}},
			"https://other.example/n": {{status: 202, header: map[string]string{"Location": "//third.example/o"}}},
			"https://third.example/o": {{status: 200, body: `{"status":"completed"}`}},
		}}
		m := NewMonitor[struct{}](graph(s.serve).client, monitorElsewhere)
		_, err := m.Wait(t.Context())
		require.NoError(t, err)
		assert.Empty(t, s.tokens)
		assert.Equal(t, "https://third.example/o", m.URL())
		for _, link := range []string{"http://other.example/n", "https://user:secret@other.example/n", "file:///etc/passwd", "javascript:alert(1)", "://"} {
			s.answers[monitorElsewhere] = []reply40{{status: 202, header: map[string]string{"Location": link}}}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			_, err := NewMonitor[struct{}](graph(s.serve).client, monitorElsewhere).Wait(ctx)
			cancel()
			require.Error(t, err, link)
			assert.NotContains(t, err.Error(), "secret")
			assert.NotErrorIs(t, err, context.DeadlineExceeded, link)
		}
		assert.Empty(t, s.tokens)
	})
}

// TestHugeMonitor: what a monitor answers is limited as any other answer.
func TestHugeMonitor(t *testing.T) {
	r := graph(func(*http.Request) (int, http.Header, string) {
		return 200, http.Header{"Content-Type": {contentJSON}}, `{"status":"running","x":"` + string(make([]byte, 1<<20)) + `"}`
	}, WithResponseLimit(1<<10))
	_, err := NewMonitor[OperationProgress](r.client, monitorElsewhere).Wait(t.Context())
	assert.ErrorContains(t, err, "raise the limit with WithResponseLimit")
}
