package redfish

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
)

// allowableValues is the annotation of a parameter or property with the values that it may have.
const allowableValues = "@Redfish.AllowableValues"

// advertised is an action as a document advertises it (DSP0266, "Actions property").
type advertised struct {
	target  string
	info    string              // link to the ActionInfo, "" without
	allowed map[string][]string // values of parameters
}

// CallAction calls an action at the target that a document advertises for it. Actions is the
// property Actions of the document, or its Oem part for actions of a vendor; name is the name of
// the action there, such as "#ComputerSystem.Reset". Parameters is a struct or a map that is
// encoded as JSON; nil without parameters.
//
// It is an error if the document does not advertise the action, or if a parameter has a value
// that the controller does not allow: the error says what there is. If the document says nothing
// of the values but has a link to an ActionInfo, that is read.
func CallAction(ctx context.Context, c *client.Client, actions codec.Value, name string, parameters any, opts ...client.RequestOption) (*ControllerAnswer, error) {
	action, err := advertisedIn(actions, name)
	if err != nil {
		return nil, err
	}
	body, err := actionBody(c, parameters)
	if err != nil {
		return nil, err
	}
	if err := action.check(ctx, c, name, body, opts); err != nil {
		return nil, err
	}
	response, data, err := client.ExchangeAt(ctx, c, http.MethodPost, action.target, body, opts)
	if err != nil {
		return nil, err
	}
	return answered(c, response, data), nil
}

// callAction is CallAction for the parameters of an action that the description declares.
func callAction(ctx context.Context, c *client.Client, actions codec.Value, name string, parameters any, opts []client.RequestOption) (*ControllerAnswer, error) {
	if parameters == nil {
		return CallAction(ctx, c, actions, name, nil, opts...)
	}
	data, err := client.EncodedBody(c, parameters)
	if err != nil {
		return nil, err
	}
	return CallAction(ctx, c, actions, name, json.RawMessage(data), opts...)
}

// actionBody returns the body of the request. Controllers expect an object even if there are no
// parameters.
func actionBody(c *client.Client, parameters any) (json.RawMessage, error) {
	switch p := parameters.(type) {
	case nil:
		return json.RawMessage("{}"), nil
	case json.RawMessage:
		return p, nil
	case codec.Value:
		return client.EncodedBody(c, p)
	}
	return json.Marshal(parameters)
}

// AllowedValues returns the values that a document allows for a parameter of an action that it
// advertises: nil if it does not say so. See [CallAction].
func AllowedValues(actions codec.Value, name, parameter string) []string {
	action, err := advertisedIn(actions, name)
	if err != nil {
		return nil
	}
	return action.allowed[parameter]
}

// advertisedIn finds an action in the property Actions of a document.
func advertisedIn(actions codec.Value, name string) (*advertised, error) {
	if actions == nil || codec.IsNil(actions) || codec.AdditionalOf(actions) == nil {
		return nil, fmt.Errorf("the document advertises no actions, and so not %s", name)
	}
	ad := codec.AdditionalOf(actions)
	raw, ok := ad.Get(codec.Property(name))
	var members map[string]json.RawMessage
	if !ok || json.Unmarshal(raw, &members) != nil {
		var others []string
		for other := range ad.All() {
			if strings.HasPrefix(other, "#") {
				others = append(others, other)
			}
		}
		return nil, fmt.Errorf("the document does not advertise %s, but %s", name, listed(others))
	}
	a := &advertised{target: textIn(members["target"]), info: textIn(members["@Redfish.ActionInfo"]), allowed: make(map[string][]string)}
	if a.target == "" {
		return nil, fmt.Errorf("the document advertises %s without a target", name)
	}
	for member, value := range members {
		if parameter, ok := strings.CutSuffix(member, allowableValues); ok {
			a.allowed[parameter] = textsIn(value)
		}
	}
	return a, nil
}

// listed returns a list as text.
func listed(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	quoted := make([]string, len(list))
	for i, item := range list {
		quoted[i] = codec.Printable(item)
	}
	return strings.Join(quoted, ", ")
}

// check returns an error if a parameter has a value that is not allowed, or if one is missing.
func (a *advertised) check(ctx context.Context, c *client.Client, name string, body json.RawMessage, opts []client.RequestOption) error {
	var sent map[string]json.RawMessage
	if json.Unmarshal(body, &sent) != nil {
		return fmt.Errorf("the parameters of %s are not a JSON object: pass a struct or a map", name)
	}
	required := []string(nil)
	if len(a.allowed) == 0 && a.info != "" {
		required = a.readInfo(ctx, c, opts)
	}
	for _, parameter := range required {
		if _, ok := sent[parameter]; !ok {
			return fmt.Errorf("%s needs the parameter %s", name, codec.Printable(parameter))
		}
	}
	for parameter, raw := range sent {
		allowed := a.allowed[parameter]
		if len(allowed) == 0 {
			continue
		}
		values := textsIn(raw)
		if text := textIn(raw); text != "" {
			values = []string{text}
		}
		for _, value := range values {
			if !slices.Contains(allowed, value) {
				return fmt.Errorf("%s of %s cannot be %s here: the controller allows %s", parameter, name, codec.Printable(value), listed(allowed))
			}
		}
	}
	return nil
}

// readInfo reads the ActionInfo of the action for the values that it allows, and returns the
// parameters that it requires. An ActionInfo that cannot be read is left out: the controller
// checks the parameters, too.
func (a *advertised) readInfo(ctx context.Context, c *client.Client, opts []client.RequestOption) (required []string) {
	var info struct {
		Parameters []struct {
			Name            string
			Required        bool
			AllowableValues []string
		}
	}
	_, data, err := client.ExchangeAt(ctx, c, http.MethodGet, a.info, nil, opts)
	if err != nil || json.Unmarshal(data, &info) != nil {
		return nil
	}
	for _, p := range info.Parameters {
		if p.Required {
			required = append(required, p.Name)
		}
		a.allowed[p.Name] = p.AllowableValues
	}
	return required
}
