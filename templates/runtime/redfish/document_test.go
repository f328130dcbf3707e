package redfish

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMembersAreFollowedThroughPages(t *testing.T) {
	pages := map[string]string{
		"/redfish/v1/Systems":         `{"Members":[{"@odata.id":"/redfish/v1/Systems/1"},{"@odata.id":"/redfish/v1/Systems/gone"}],"Members@odata.nextLink":"/redfish/v1/Systems?skip=2"}`,
		"/redfish/v1/Systems?skip=2":  `{"Members":[{"@odata.id":"/redfish/v1/Systems/3","Id":"expanded"}]}`,
		"/redfish/v1/Circle":          `{"Members":[],"Members@odata.nextLink":"/redfish/v1/Circle"}`,
		"/redfish/v1/Systems/1":       `{"Id":"1"}`,
		"/redfish/v1/Empty":           `{"Members":null,"Members@odata.count":0}`,
		"/redfish/v1/Systems/BrokenX": `x`,
	}
	c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
		body, ok := pages[req.URL.RequestURI()]
		if !ok {
			answer(w, 404, `{}`)
			return
		}
		answer(w, 200, body)
	})
	list := func(collection *systems) (got []string) {
		for v, err := range collectionMembers(t.Context(), c, collection, func(s *systems) []*system { return s.Members }, nil) {
			switch {
			case client.IsNotFound(err):
				got = append(got, "404")
			case err != nil:
				got = append(got, err.Error())
			default:
				got = append(got, v.ID)
			}
		}
		return got
	}
	link := func(to string) *systems { return client.LinkTo[*systems](to) }
	assert.Equal(t, []string{"1", "404", "expanded"}, list(link("/redfish/v1/Systems")))
	assert.Equal(t, []string{"the pages of the collection lead in a circle at /redfish/v1/Circle"}, list(link("/redfish/v1/Circle")))
	assert.Empty(t, list(link("/redfish/v1/Empty")))
	assert.Empty(t, list(nil), "a resource without the collection")
	assert.Equal(t, []string{"404"}, list(link("/redfish/v1/None")))
	for range collectionMembers(t.Context(), c, link("/redfish/v1/Systems"), func(s *systems) []*system { return s.Members }, nil) {
		break
	}
}

const advertisedActions = `{
	"#ComputerSystem.Reset":{"target":"/redfish/v1/Systems/1/Actions/ComputerSystem.Reset","ResetType@Redfish.AllowableValues":["On","ForceOff"]},
	"#ComputerSystem.Update":{"target":"/redfish/v1/Update","@Redfish.ActionInfo":"/redfish/v1/UpdateInfo"},
	"#ComputerSystem.Blind":{"target":"/redfish/v1/Blind","@Redfish.ActionInfo":"/redfish/v1/None"},
	"#ComputerSystem.Broken":{},
	"Oem":{"#Contoso.Blink":{"target":"/oem/blink"}}}`

func TestActionsAreCalledWhereTheyAreAdvertised(t *testing.T) {
	var seen []string
	c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		seen = append(seen, fmt.Sprintf("%s %s %s", req.Method, req.URL.Path, body))
		switch req.URL.Path {
		case "/redfish/v1/UpdateInfo":
			answer(w, 200, `{"Parameters":[{"Name":"Image","Required":true},{"Name":"Protocol","AllowableValues":["HTTP"]}]}`)
		case "/redfish/v1/None":
			answer(w, 404, `{}`)
		case "/redfish/v1/Blind":
			answer(w, 200, `{"@Message.ExtendedInfo":[{"MessageId":"Base.1.18.Success","Message":"done"}]}`)
		default:
			answer(w, 204, ``)
		}
	})
	ctx := t.Context()
	actions := decoded[systemActions](t, advertisedActions)
	type reset struct {
		ResetType string `json:",omitempty"`
	}
	got, err := CallAction(ctx, c, actions, "#ComputerSystem.Reset", reset{"ForceOff"})
	require.NoError(t, err)
	assert.Equal(t, 204, got.Status)
	assert.Nil(t, got.Task)
	_, err = CallAction(ctx, c, actions, "#ComputerSystem.Reset", nil)
	require.NoError(t, err)
	assert.Equal(t, []string{
		`POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset {"ResetType":"ForceOff"}`, `POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset {}`,
	}, seen)
	assert.Equal(t, []string{"On", "ForceOff"}, AllowedValues(actions, "#ComputerSystem.Reset", "ResetType"))
	assert.Nil(t, AllowedValues(actions, "#ComputerSystem.None", "ResetType"))

	seen = nil
	_, err = callAction(ctx, c, actions, "#ComputerSystem.Reset", &resetParameters{ResetType: "On", Link: client.LinkTo[*system]("/redfish/v1/Systems/2")}, nil)
	require.NoError(t, err)
	_, err = callAction(ctx, c, actions, "#ComputerSystem.Reset", nil, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{
		`POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset {"ResetType":"On","System":{"@odata.id":"/redfish/v1/Systems/2"}}`,
		`POST /redfish/v1/Systems/1/Actions/ComputerSystem.Reset {}`,
	}, seen, "no types, which controllers do not expect")

	seen = nil
	for want, call := range map[string]func() error{
		"ResetType of #ComputerSystem.Reset cannot be Nmi here: the controller allows On, ForceOff": func() error {
			_, err := CallAction(ctx, c, actions, "#ComputerSystem.Reset", reset{"Nmi"})
			return err
		},
		"the document does not advertise #ComputerSystem.Eject, but #ComputerSystem.Reset, #ComputerSystem.Update, #ComputerSystem.Blind, #ComputerSystem.Broken": func() error {
			_, err := CallAction(ctx, c, actions, "#ComputerSystem.Eject", nil)
			return err
		},
		"the document advertises #ComputerSystem.Broken without a target": func() error {
			_, err := CallAction(ctx, c, actions, "#ComputerSystem.Broken", nil)
			return err
		},
		"the document advertises no actions, and so not #X.Y": func() error {
			_, err := CallAction(ctx, c, (*systemActions)(nil), "#X.Y", nil)
			return err
		},
		"the parameters of #ComputerSystem.Reset are not a JSON object: pass a struct or a map": func() error {
			_, err := CallAction(ctx, c, actions, "#ComputerSystem.Reset", 5)
			return err
		},
	} {
		assert.EqualError(t, call(), want)
	}
	assert.Empty(t, seen, "nothing is sent")

	_, err = CallAction(ctx, c, actions, "#ComputerSystem.Update", map[string]any{"Protocol": "HTTP"})
	assert.EqualError(t, err, "#ComputerSystem.Update needs the parameter Image")
	_, err = CallAction(ctx, c, actions, "#ComputerSystem.Update", map[string]any{"Image": "x", "Protocol": []string{"HTTP", "FTP"}})
	assert.EqualError(t, err, "Protocol of #ComputerSystem.Update cannot be FTP here: the controller allows HTTP")
	got, err = CallAction(ctx, c, actions, "#ComputerSystem.Blind", nil)
	require.NoError(t, err, "an ActionInfo that is missing is no obstacle")
	assert.Equal(t, "Success", got.Messages[0].Key())
	raw, _ := actions.AdditionalData.Get("Oem")
	_, err = CallAction(ctx, c, decoded[systemActions](t, string(raw)), "#Contoso.Blink", nil)
	require.NoError(t, err)
	assert.Equal(t, "POST /oem/blink {}", seen[len(seen)-1])
}

func TestMessages(t *testing.T) {
	for body, want := range map[string][]string{
		`{"error":{"code":"Base.1.18.GeneralError","message":"see","@Message.ExtendedInfo":[{"MessageId":"Base.1.18.PropertyValueNotInList","MessageArgs":["x",5],"MessageSeverity":"Warning","RelatedProperties":["#/Asset"]}]}}`: {"PropertyValueNotInList Warning [x 5] [#/Asset]"},
		`{"error":{"@Message.ExtendedInfo":{"MessageId":"one","Severity":"Critical"}}}`: {"one Critical [] []"},
		`{"error":{"@Message.ExtendedInfo":[{"MessageId":5,"Message":["x"]},null]}}`:    {"  [] []", "  [] []"},
		`{"error":{"@Message.ExtendedInfo":"text"}}`:                                    nil,
		`{"error":"text"}`: nil,
		`text`:             nil,
	} {
		c := dialed(t, func(w http.ResponseWriter, _ *http.Request) { answer(w, 400, body) })
		_, err := client.Follow[*system](t.Context(), c, "Systems/1")
		var got []string
		for _, m := range MessagesOf(err) {
			got = append(got, fmt.Sprint(m.Key(), " ", m.Severity, " ", m.Args, " ", m.Related))
		}
		assert.Equal(t, want, got, body)
		assert.Equal(t, len(want) > 0 && want[0][0] == 'P', HasMessage(err, "PropertyValueNotInList"), body)
	}
	c := dialed(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 400, `{"error":{"code":"Base.1.18.GeneralError","message":"See the messages.","@Message.ExtendedInfo":[
			{"MessageId":"Base.1.18.PropertyUnknown","Message":"There is no Colour.","RelatedProperties":["#/Colour"]},{"MessageId":"Base.1.18.Other","Message":"Nor a Shape."}]}}`)
	})
	_, err := client.Follow[*system](t.Context(), c, "Systems/1")
	assert.EqualError(t, err, "GET /Systems/1: 400 Bad Request: Base.1.18.GeneralError: There is no Colour. Nor a Shape.")
	assert.True(t, client.HasCode(err, "Base.1.18.PropertyUnknown"))
	assert.Nil(t, MessagesOf(io.EOF))
	v := decoded[system](t, `{"@Message.ExtendedInfo":[{"MessageId":"A.B"}],"AssetTag@Message.ExtendedInfo":[{"MessageId":"C.D"}]}`)
	assert.Equal(t, "B", MessagesIn(v, "")[0].Key())
	assert.Equal(t, "D", MessagesIn(v, "AssetTag")[0].Key())
	assert.Nil(t, MessagesIn(v, "Id"))
	assert.Nil(t, MessagesIn((*system)(nil), ""))
}

func TestSettings(t *testing.T) {
	c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		if req.Method == http.MethodPatch {
			assert.JSONEq(t, `{"AssetTag":"x","@Redfish.SettingsApplyTime":{"ApplyTime":"OnReset"}}`, string(body))
			assert.Equal(t, `"7"`, req.Header.Get("If-Match"))
			answer(w, 200, `{"@Message.ExtendedInfo":[{"MessageId":"Base.1.18.SettingsWillApply"}]}`)
			return
		}
		answer(w, 200, `{"@odata.id":"/redfish/v1/Systems/1/Settings","Id":"Settings"}`, "ETag", `"7"`)
	})
	v := decoded[system](t, `{"Id":"1","@Redfish.Settings":{"SettingsObject":{"@odata.id":"/redfish/v1/Systems/1/Settings"},"ETag":"e","Time":"t",
		"SupportedApplyTimes":["OnReset"],"Messages":[{"MessageId":"Base.1.0.Success"}]}}`)
	p, ok := SettingsOf(v)
	require.True(t, ok)
	assert.Equal(t, PendingSettings{"/redfish/v1/Systems/1/Settings", "e", "t", []string{"OnReset"}, []ControllerMessage{{ID: "Base.1.0.Success"}}}, p)
	settings, err := FollowSettings(t.Context(), c, v)
	require.NoError(t, err)
	change := &system{Asset: new("x")}
	require.NoError(t, ApplyAt(change, p.ApplyTimes[0]))
	changed, err := client.UpdateEntity(t.Context(), c, settings, change)
	require.NoError(t, err)
	assert.Equal(t, "SettingsWillApply", MessagesIn(changed, "")[0].Key())
	_, err = FollowSettings(t.Context(), c, &system{})
	assert.ErrorContains(t, err, "change the resource itself")
	assert.Error(t, ApplyAt((*system)(nil), "OnReset"))
	for _, data := range []string{`{}`, `{"@Redfish.Settings":5}`, `{"@Redfish.Settings":{}}`} {
		_, ok := SettingsOf(decoded[system](t, data))
		assert.False(t, ok, data)
	}
}

func TestOem(t *testing.T) {
	type contoso struct{ Rack, Unit int }
	v := decoded[system](t, `{"Id":"1","Oem":{"Contoso":{"Rack":3,"Unit":17},"acme":{"Rack":4},"Other":"text"}}`)
	for vendor, want := range map[string]contoso{"Contoso": {3, 17}, "Acme": {4, 0}} {
		got, found, err := OemOf[contoso](v, vendor)
		require.NoError(t, err)
		assert.True(t, found)
		assert.Equal(t, want, got)
		got, _, err = OemOf[contoso](v.Oem, vendor)
		require.NoError(t, err)
		assert.Equal(t, want, got, "of the Oem part itself")
	}
	_, found, err := OemOf[contoso](v, "None")
	assert.False(t, found)
	assert.NoError(t, err)
	_, found, err = OemOf[contoso](v, "Other")
	assert.True(t, found)
	assert.ErrorContains(t, err, "the Oem part of Other does not fit")
	raw, _, err := OemOf[json.RawMessage](decoded[systems](t, `{"Oem":{"Contoso":{"x":1}}}`), "Contoso")
	require.NoError(t, err)
	assert.JSONEq(t, `{"x":1}`, string(raw), "a type that declares no Oem")
	for _, none := range []codec.Value{nil, (*system)(nil), &system{}} {
		_, found, _ := OemOf[contoso](none, "Contoso")
		assert.False(t, found)
	}
}

func TestQueryOptionsOfCollections(t *testing.T) {
	var asked []string
	c := dialed(t, func(w http.ResponseWriter, req *http.Request) {
		asked = append(asked, req.URL.RequestURI())
		switch req.URL.RequestURI() {
		case "/redfish/v1/Systems?$filter=x":
			answer(w, 200, `{"Members":[{"@odata.id":"/redfish/v1/Systems/1"}],"Members@odata.nextLink":"/redfish/v1/Systems?$filter=x&$skip=1"}`)
		case "/redfish/v1/Systems?$filter=x&$skip=1":
			answer(w, 200, `{"Members":[{"@odata.id":"/redfish/v1/Systems/2"}]}`)
		default:
			answer(w, 200, `{"Id":"1"}`)
		}
	})
	for _, err := range collectionMembers(t.Context(), c, client.LinkTo[*systems]("/redfish/v1/Systems"), func(s *systems) []*system { return s.Members },
		[]client.RequestOption{client.Query("$filter", "x"), client.AtOnce(1)}) {
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"/redfish/v1/Systems?$filter=x", "/redfish/v1/Systems/1", "/redfish/v1/Systems?$filter=x&$skip=1", "/redfish/v1/Systems/2"}, asked)
}
