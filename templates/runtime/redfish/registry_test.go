package redfish

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// registries are what a controller with odd ones answers.
func registries() map[string]string {
	return map[string]string{
		"/redfish/v1/":                `{"Registries":{"@odata.id":"/redfish/v1/Registries"}}`,
		"/redfish/v1/Registries":      `{"Members":[{"@odata.id":"/redfish/v1/Registries/Base"},{"@odata.id":"/redfish/v1/Registries/Gone"}],"Members@odata.nextLink":"/redfish/v1/Registries?more"}`,
		"/redfish/v1/Registries?more": `{"Members":[{"@odata.id":"/redfish/v1/Registries/Old"},{"@odata.id":"/redfish/v1/Registries/Away"},{"@odata.id":7}]}`,
		"/redfish/v1/Registries/Base": `{"Id":"Base","Registry":"Base.1.18","Location":[{"Language":"de","Uri":"/reg/base.de"},{"Language":"en-US","Uri":"/reg/base"},{"Language":"fr","Uri":"/reg/base.fr"}]}`,
		"/redfish/v1/Registries/Old":  `{"Id":"Base.1.8.1","Location":[{"Uri":"/reg/old"}]}`,
		"/redfish/v1/Registries/Away": `{"Id":"Vendor.1.0","Location":[{"PublicationUri":"https://vendor.example/v.json","Language":"en"}]}`,
		"/reg/base":                   `{"Messages":{"PropertyValueNotInList":{"Message":"The value '%1' for %2 is not in the list. 100% of %3.","MessageSeverity":"Warning","Severity":"OK","Resolution":"Choose another."},"Odd":{"Message":7},"Worse":"x"}}`,
		"/reg/old":                    `{"Messages":{"PropertyValueNotInList":{"Message":"Old: %1 %2 %10","Severity":"Critical"}}}`,
	}
}

func TestMessagesAreExplainedByRegistries(t *testing.T) {
	pages := registries()
	asked := make(map[string]int)
	var lock sync.Mutex
	fail := true
	c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
		lock.Lock()
		defer lock.Unlock()
		asked[req.URL.RequestURI()]++
		body, ok := pages[req.URL.RequestURI()]
		switch {
		case !ok:
			answer(w, 404, `{}`)
		case fail && req.URL.Path == "/reg/base":
			answer(w, 403, `{"error":{"code":"x","message":"not now"}}`)
		default:
			answer(w, 200, body)
		}
	})
	r := NewMessageRegistries(c)
	assert.Empty(t, asked, "nothing is read before it is needed")

	bare := ControllerMessage{ID: "Base.1.18.PropertyValueNotInList", Args: []string{"red", "Color"}}
	list, err := r.Explain(t.Context(), bare)
	require.ErrorContains(t, err, `the registry of message "Base.1.18.PropertyValueNotInList"`)
	assert.Equal(t, []ControllerMessage{bare}, list)

	lock.Lock()
	fail = false
	lock.Unlock()
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			list, err := r.Explain(t.Context(), bare)
			assert.NoError(t, err)
			assert.Equal(t, []ControllerMessage{{
				ID: bare.ID, Args: bare.Args, Text: "The value 'red' for Color is not in the list. 100% of %3.", Severity: "Warning", Resolution: "Choose another.",
			}}, list)
		})
	}
	all.Wait()

	list, err = r.Explain(t.Context(),
		ControllerMessage{ID: "Base.1.8.PropertyValueNotInList", Args: []string{"a", "b"}},                               // another version, which there is
		ControllerMessage{ID: "Base.1.99.PropertyValueNotInList", Text: "Sent: %1", Args: []string{"a"}, Severity: "OK"}, // one that there is not
		ControllerMessage{ID: "Base.1.18.Unknown"}, ControllerMessage{ID: "Base.1.18.Odd"}, ControllerMessage{ID: "Base.1.18.Worse"},
		ControllerMessage{ID: "Vendor.1.0.Any"}, ControllerMessage{ID: "Other.1.0.Any"}, ControllerMessage{ID: "nonsense"}, ControllerMessage{})
	require.NoError(t, err)
	assert.Equal(t, "Old: a b %10", list[0].Text)
	assert.Equal(t, "Critical", list[0].Severity)
	assert.Equal(t, ControllerMessage{ID: "Base.1.99.PropertyValueNotInList", Text: "Sent: a", Args: []string{"a"}, Severity: "OK", Resolution: "Choose another."}, list[1])
	for _, m := range list[2:] {
		assert.Equal(t, ControllerMessage{ID: m.ID}, m)
	}
	lock.Lock()
	defer lock.Unlock()
	for _, once := range []string{"/redfish/v1/", "/redfish/v1/Registries", "/redfish/v1/Registries/Base", "/redfish/v1/Registries/Gone", "/reg/old"} {
		assert.Equal(t, 1, asked[once], once)
	}
	assert.Equal(t, 2, asked["/reg/base"], "refused, then read")
	assert.NotContains(t, asked, "/reg/base.de")
	assert.NotContains(t, asked, "/v.json")
}

func TestAControllerWithoutRegistries(t *testing.T) {
	c := dialed(t, func(w http.ResponseWriter, req *http.Request) { answer(w, 200, `{}`) })
	m := ControllerMessage{ID: "Base.1.18.GeneralError", Text: "%1 failed", Args: []string{"It"}}
	list, err := NewMessageRegistries(c).Explain(t.Context(), m)
	require.NoError(t, err)
	assert.Equal(t, "It failed", list[0].Text)
	assert.Equal(t, "%1 failed", m.Text)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	list, err = NewMessageRegistries(c).Explain(ctx, m)
	require.ErrorIs(t, err, context.Canceled)
	assert.Len(t, list, 1)
}

func TestQueryParametersWithoutValue(t *testing.T) {
	var asked []string
	c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
		asked = append(asked, req.URL.RequestURI())
		answer(w, 200, `{"Id":"1"}`)
	})
	v, err := client.Follow[*system](t.Context(), c, "/redfish/v1/Systems", OnlyMember())
	require.NoError(t, err)
	assert.Equal(t, "1", v.ID)
	_, err = client.Follow[*system](t.Context(), c, "/redfish/v1/Sensors/1?x=1", Excerpt(), client.Query("$select", "Reading"), Excerpt())
	require.NoError(t, err)
	assert.Equal(t, []string{"/redfish/v1/Systems?only", "/redfish/v1/Sensors/1?x=1&$select=Reading&excerpt"}, asked)
}
