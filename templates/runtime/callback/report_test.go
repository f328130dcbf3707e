package callback

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/callgen/callgen/templates/runtime/inbound"
	"github.com/callgen/callgen/templates/runtime/internal/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReportsAreBounded: however many notifications a request holds, few lines are written.
func TestReportsAreBounded(t *testing.T) {
	many := func(one string) string {
		return `{"value":[` + strings.TrimSuffix(strings.Repeat(one+",", 5000), ",") + `]}`
	}
	long := strings.Repeat("long ", 50_000)
	failed := errors.New("failed for " + long)
	call := `{"changeType":"updated","resourceUrl":"/communications/calls/c1","resourceData":{"@odata.type":"#test.call"}}`
	for name, c := range map[string]struct {
		body   string
		status int
		lines  int
	}{
		"empty notifications":   {many(`{}`), 202, 21},
		"nulls":                 {many(`null`), 202, 21},
		"values":                {`{"value":[{"resourceUrl":"/app/calls/1","resourceData":` + strings.TrimPrefix(many(`{}`), `{"value":`) + `]}`, 500, 21},
		"failing handlers":      {many(call), 500, 21},
		"failing and unhandled": {many(call + ",{}"), 500, 42},
		"a few":                 {`{"value":[{},{},{}]}`, 202, 6},
		"long texts": {fmt.Sprintf(`{"value":[{"changeType":%q,"resourceUrl":"/%s","resourceData":{"@odata.type":"#test.call"}}]}`, long, strings.ReplaceAll(long, " ", "/")),
			500, 2},
		"a long member twice": {fmt.Sprintf(`{%q:1,%[1]q:2}`, long), 400, 1},
	} {
		h, r := newTestHandler(NotificationOptions{})
		h.OnCall(func(context.Context, *CallbackEvent, *models.Call) error { return failed })
		assert.Equal(t, c.status, post(h, c.body).StatusCode, name)
		errs, log := r.take()
		assert.Len(t, errs, c.lines, name)
		assert.Equal(t, c.lines, strings.Count(log, "\n"), name)
		assert.Less(t, len(log), c.lines*4096, name)
		for _, err := range errs {
			require.Less(t, len(err.Error()), 4096, name)
		}
		if c.lines > maxCallbackReports {
			last := errs[len(errs)-1]
			require.ErrorIs(t, last, ErrMoreFailures, name)
			assert.Equal(t, c.status, last.Status, name)
		}
	}
}

func TestFailuresThatAreNotReportedAreCounted(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{})
	post(h, `{"value":[`+strings.TrimSuffix(strings.Repeat("{},", 1000), ",")+`]}`)
	errs, _ := r.take()
	require.Len(t, errs, maxCallbackReports+1)
	assert.ErrorContains(t, errs[maxCallbackReports], ": 1980") // two for each
}

// TestTextsOfTheSender: they are cut and quoted, and the query of a URL is never told.
func TestTextsOfTheSender(t *testing.T) {
	h, r := newTestHandler(NotificationOptions{})
	h.OnCall(func(context.Context, *CallbackEvent, *models.Call) error { return errors.New("failed") })
	for _, url := range []string{
		"/communications/calls/c1?sig=hush", "https://user:hush@graph.microsoft.com/v1.0/communications/calls/c1?sig=hush#hush",
		"/nothing?sig=hush", "https://graph.microsoft.com?sig=hush", "?hush", "/x#hush",
	} {
		body := fmt.Sprintf(`{"value":[{"changeType":"up\ndated","resourceUrl":%q,"resourceData":{"@odata.type":"#test.call","id":"c1"}}]}`, url)
		assert.Equal(t, http.StatusInternalServerError, post(h, body).StatusCode, url)
		errs, log := r.take()
		require.NotEmpty(t, errs, url)
		assert.NotContains(t, log, "hush", url)
		for _, err := range errs {
			assert.NotContains(t, err.Error(), "hush", url)
			assert.NotContains(t, err.Error(), "\n", url)
			assert.Contains(t, err.Error(), `"up\ndated"`, url)
		}
	}
}

func TestCut(t *testing.T) {
	assert.Equal(t, "abc", inbound.CutText("abc", 3))
	assert.Equal(t, "ab…", inbound.CutText("abc", 2))
	for n := range 7 {
		assert.True(t, utf8.ValidString(inbound.CutText("äöü€", n)))
	}
	assert.Equal(t, "updated", inbound.PrintableText("updated"))
	assert.Equal(t, `""`, inbound.PrintableText(""))
	assert.Equal(t, `"a b"`, inbound.PrintableText("a b"))
	assert.Equal(t, `"\x1b[2J"`, inbound.PrintableText("\x1b[2J"))
}
