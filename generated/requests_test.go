package generated_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/generator/names"
	"github.com/callgen/callgen/internal/shared"
)

// seen is a request that a server got.
type seen struct {
	Method, Path, Body string
	Header             http.Header
}

// service answers every request and notes it.
func service(t *testing.T, answer func(w http.ResponseWriter, r seen)) (*communications.Client, *[]seen) {
	var all []seen
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s := seen{r.Method, r.URL.EscapedPath(), string(body), r.Header}
		all = append(all, s)
		answer(w, s)
	}))
	t.Cleanup(server.Close)
	tokens := communications.TokenSourceFunc(func(context.Context, string) (string, error) { return "secret", nil })
	return communications.NewClient(tokens, communications.WithBaseURL(server.URL+"/beta")), &all
}

func answerJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json;odata.metadata=minimal")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// TestCreateCallThroughTheClient sends the requests of the page and decodes its answers.
func TestCreateCallThroughTheClient(t *testing.T) {
	requests, answers := seedDocuments(t, "request"), seedDocuments(t, "response")
	require.Len(t, requests, 12)
	require.Len(t, answers, 12)
	for i := range requests {
		t.Run(requests[i].name, func(t *testing.T) {
			request, answer := string(requests[i].text), string(answers[i].text)
			client, all := service(t, func(w http.ResponseWriter, _ seen) {
				w.Header().Set("Location", "https://graph.microsoft.com/beta/communications/calls/57dab8b1")
				answerJSON(w, http.StatusCreated, answer)
			})
			call := new(communications.Call)
			require.NoError(t, communications.Unmarshal([]byte(request), call))
			var response communications.Response
			created, err := client.Communications().Calls().Create(t.Context(), call, communications.ResponseInto(&response))
			require.NoError(t, err)

			got := (*all)[0]
			assert.Equal(t, http.MethodPost, got.Method)
			assert.Equal(t, "/beta/communications/calls", got.Path)
			assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
			assert.Equal(t, "Bearer secret", got.Header.Get("Authorization"))
			assert.Len(t, got.Header.Get("Client-Request-Id"), 36)
			assert.JSONEq(t, request, got.Body)

			out, err := communications.Marshal(created)
			require.NoError(t, err)
			assert.JSONEq(t, answer, string(out))
			assert.Equal(t, http.StatusCreated, response.Status)
			assert.Equal(t, "https://graph.microsoft.com/beta/communications/calls/57dab8b1", response.Location)
		})
	}
}

// operation is a line of the facts about the service.
type operation struct {
	Path, Method, Kind, Operation, Name string
}

// TestEveryOperationHasItsRequest makes every request that the service is known to
// have, through the builders that its path names, and looks at what arrives.
func TestEveryOperationHasItsRequest(t *testing.T) {
	data, err := os.ReadFile(shared.Path(t, "reference", "communications-beta.json"))
	require.NoError(t, err)
	var facts struct{ Operations []operation }
	require.NoError(t, json.Unmarshal(data, &facts))
	require.Len(t, facts.Operations, 144)

	client, all := service(t, func(w http.ResponseWriter, r seen) {
		if strings.HasSuffix(r.Path, "/$count") {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "\ufeff3")
			return
		}
		answerJSON(w, http.StatusOK, `{}`)
	})
	for _, o := range facts.Operations {
		*all = nil
		method := o.builder(t, client)
		out := method.Call(arguments(t, method.Type()))
		last := out[len(out)-1]
		require.True(t, last.IsZero(), "%s %s: %v", o.Method, o.Path, last)
		require.Len(t, *all, 1, o.Path)
		got := (*all)[0]
		want := "/beta" + o.Path
		for strings.Contains(want, "{") {
			want = want[:strings.Index(want, "{")] + "k%2F1" + want[strings.Index(want, "}")+1:]
		}
		assert.Equal(t, o.Method+" "+want, got.Method+" "+got.Path)
	}
}

// builder walks from the client along the path to the method for the operation.
func (o operation) builder(t *testing.T, client *communications.Client) reflect.Value {
	at := reflect.ValueOf(client)
	steps := strings.Split(strings.Trim(o.Path, "/"), "/")
	last := ""
	if o.Kind != "crud" || strings.HasSuffix(o.Operation, "-stream") || steps[len(steps)-1] == "$count" {
		last, steps = strings.TrimSuffix(steps[len(steps)-1], "()"), steps[:len(steps)-1]
	}
	for _, step := range steps {
		name, args := names.Pascal(step), []reflect.Value(nil)
		if strings.HasPrefix(step, "{") {
			name, args = "ByID", []reflect.Value{reflect.ValueOf("k/1")}
		}
		method := at.MethodByName(name)
		require.True(t, method.IsValid(), "%s: %v has no %s", o.Path, at.Type(), name)
		at = method.Call(args)[0]
	}
	name := map[string]string{
		"read": "Get", "list": "List", "create": "Create", "update": "Update", "delete": "Delete", "count": "Count",
		"read-stream": names.Pascal(last), "replace-stream": "Set" + names.Pascal(last), "delete-stream": "Delete" + names.Pascal(last),
		"": names.Pascal(last),
	}[o.Operation]
	method := at.MethodByName(name)
	require.True(t, method.IsValid(), "%s %s: %v has no %q", o.Method, o.Path, at.Type(), name)
	return method
}

// arguments are values for the parameters of a method, without the options.
func arguments(t *testing.T, method reflect.Type) []reflect.Value {
	var args []reflect.Value
	for i := range method.NumIn() - 1 {
		in := method.In(i)
		switch {
		case in == reflect.TypeFor[context.Context]():
			args = append(args, reflect.ValueOf(t.Context()))
		case in == reflect.TypeFor[io.Reader]():
			args = append(args, reflect.ValueOf(strings.NewReader("png")))
		case in == reflect.TypeFor[communications.AnyCommsOperation]():
			args = append(args, reflect.ValueOf(new(communications.CommsOperation)))
		case in.Kind() == reflect.Pointer:
			args = append(args, reflect.New(in.Elem()))
		case in.Kind() == reflect.String:
			args = append(args, reflect.ValueOf("image/png"))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	return args
}

// TestActionsSendTheirParameters looks at the body of an action with a polymorphic
// parameter, and at the operation that it returns.
func TestActionsSendTheirParameters(t *testing.T) {
	client, all := service(t, func(w http.ResponseWriter, r seen) {
		answerJSON(w, http.StatusOK, `{"@odata.type":"#microsoft.graph.playPromptOperation","id":"0fe0623f","status":"running","clientContext":"d45324c1"}`)
	})
	call := client.Communications().Calls().ByID("57dab8b1")
	op, err := call.PlayPrompt(t.Context(), communications.CallPlayPromptParameters{
		ClientContext: new("d45324c1"),
		Prompts: []communications.AnyPrompt{&communications.MediaPrompt{
			MediaInfo: &communications.MediaInfo{URI: new("https://cdn.contoso.com/beep.wav")},
		}},
	})
	require.NoError(t, err)
	assert.Equal(t, "0fe0623f", op.ID)
	assert.True(t, op.Status.Is("Running"))
	assert.JSONEq(t, `{"clientContext":"d45324c1","prompts":[{"@odata.type":"#microsoft.graph.mediaPrompt",
		"mediaInfo":{"uri":"https://cdn.contoso.com/beep.wav"}}]}`, (*all)[0].Body)

	require.NoError(t, call.KeepAlive(t.Context()))
	assert.Empty(t, (*all)[1].Body)
}

// TestPolymorphicCollections lists what the service types one by one.
func TestPolymorphicCollections(t *testing.T) {
	client, _ := service(t, func(w http.ResponseWriter, r seen) {
		answerJSON(w, http.StatusOK, `{"@odata.context":"c","@odata.count":2,"value":[{"@odata.type":"#microsoft.graph.recordOperation","id":"1"},{"id":"2"}]}`)
	})
	page, err := client.Communications().Calls().ByID("1").Operations().List(t.Context(), communications.IncludeCount())
	require.NoError(t, err)
	require.Len(t, page.Value, 2)
	assert.IsType(t, (*communications.RecordOperation)(nil), page.Value[0])
	assert.IsType(t, (*communications.CommsOperation)(nil), page.Value[1])
	assert.Equal(t, int64(2), *page.Count)
	raw, ok := page.AdditionalData.Get("@odata.context")
	assert.True(t, ok)
	assert.JSONEq(t, `"c"`, string(raw))
}
