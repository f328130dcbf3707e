package redfish

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
)

// PendingSettings tells where the settings of a resource are changed if that takes effect later,
// such as those of a BIOS (DSP0266, "Settings resource").
type PendingSettings struct {
	Link       string              // of the settings, which have the type of the resource
	ETag       string              // of the settings that were applied last
	Time       string              // when they were applied, as the controller wrote it
	ApplyTimes []string            // when a change may take effect, such as "OnReset"; see [ApplyAt]
	Messages   []ControllerMessage // what came of the settings that were applied last
}

// SettingsOf returns where the settings of a resource are changed, and reports whether they are
// changed elsewhere than in the resource itself.
func SettingsOf(v codec.Value) (PendingSettings, bool) {
	if v == nil || codec.IsNil(v) || codec.AdditionalOf(v) == nil {
		return PendingSettings{}, false
	}
	raw, ok := codec.AdditionalOf(v).Get("@Redfish.Settings")
	var settings map[string]json.RawMessage
	if !ok || json.Unmarshal(raw, &settings) != nil {
		return PendingSettings{}, false
	}
	var object map[string]json.RawMessage
	_ = json.Unmarshal(settings["SettingsObject"], &object)
	p := PendingSettings{
		Link: textIn(object["@odata.id"]), ETag: textIn(settings["ETag"]), Time: textIn(settings["Time"]),
		ApplyTimes: textsIn(settings["SupportedApplyTimes"]), Messages: messagesIn(settings["Messages"]),
	}
	return p, p.Link != ""
}

// FollowSettings reads the settings of a resource, which [UpdateEntity] changes. They have the
// type of the resource.
func FollowSettings[T codec.Value](ctx context.Context, c *client.Client, v T, opts ...client.RequestOption) (T, error) {
	var none T
	p, ok := SettingsOf(v)
	if !ok {
		return none, errors.New("the resource has no settings of its own (@Redfish.Settings): change the resource itself")
	}
	return client.Follow[T](ctx, c, p.Link, opts...)
}

// ApplyAt asks for a change of settings to take effect at a time, which is one of
// PendingSettings.ApplyTimes. Change is what [UpdateEntity] gets.
func ApplyAt(change codec.Value, time string) error {
	if change == nil || codec.IsNil(change) || codec.AdditionalOf(change) == nil {
		return errors.New("there is no change to apply: pass the value that UpdateEntity gets")
	}
	return codec.AdditionalOf(change).Set("@Redfish.SettingsApplyTime", map[string]string{"ApplyTime": time})
}
