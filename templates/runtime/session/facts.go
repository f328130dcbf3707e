package session

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/callgen/callgen/templates/runtime/codec"
	"github.com/callgen/callgen/templates/runtime/model"
)

// This file reads what sessions need to know from the JSON of values, whatever their fields are
// called in Go, and in the spellings that the service has shown.

// callFacts is what a session needs of a call.
type callFacts struct {
	ID         string       `json:"id"`
	State      string       `json:"state"`
	ResultInfo *resultFacts `json:"resultInfo"`
	ToneInfo   *struct {
		SequenceID looseNumber `json:"sequenceId"`
		Tone       model.Tone  `json:"tone"`
	} `json:"toneInfo"`
}

// resultFacts is why something ended.
type resultFacts struct {
	Code    looseNumber `json:"code"`
	Subcode looseNumber `json:"subcode"`
	Message string      `json:"message"`
}

// operationFacts is what a session needs of an operation.
type operationFacts struct {
	ID            string       `json:"id"`
	Status        string       `json:"status"`
	ClientContext string       `json:"clientContext"`
	ResultInfo    *resultFacts `json:"resultInfo"`
}

// looseNumber is an integer that may be written as a text.
type looseNumber int64

// UnmarshalJSON reads what is an integer, and leaves 0 for anything else.
func (n *looseNumber) UnmarshalJSON(data []byte) error {
	v, _ := strconv.ParseInt(strings.Trim(string(data), `" `), 10, 64)
	*n = looseNumber(v)
	return nil
}

// factsOf reads the facts of a value.
func factsOf[F any](v codec.Value) F {
	var facts F
	if v == nil || codec.IsNil(v) {
		return facts
	}
	if data, err := codec.Marshal(v); err == nil {
		_ = json.Unmarshal(data, &facts) // what does not fit is not known
	}
	return facts
}

// isState reports whether a state has a name, in any letter case.
func isState[S ~string](state S, name string) bool { return strings.EqualFold(string(state), name) }

// Names of states that sessions know.
const (
	stateIncoming    = "incoming"
	stateEstablished = "established"
	stateTerminated  = "terminated"
)

// sameKey returns what ids have in common that name the same thing: the service writes GUIDs in
// small letters with dashes, or in capitals without.
func sameKey(id string) string {
	plain := strings.ToLower(strings.ReplaceAll(id, "-", ""))
	if raw, err := hex.DecodeString(plain); err == nil && len(raw) == 16 {
		return plain
	}
	return id
}

// members are the members of a JSON object.
type members map[string]json.RawMessage

// membersOf returns the members of a value.
func membersOf(v codec.Value) members {
	data, err := codec.Marshal(v)
	if err != nil {
		return nil
	}
	var m members
	_ = json.Unmarshal(data, &m) // it is an object
	return m
}

// with returns members with those of newer news in their place, and reports whether that makes
// a difference. Nulls are no news: notifications leave most members out.
func (m members) with(news members) (merged members, differ bool) {
	merged = make(members, len(m)+len(news))
	for name, raw := range m {
		merged[name] = raw
	}
	for name, raw := range news {
		switch {
		case name == "id" || name == "state" || name == "toneInfo" || strings.HasPrefix(name, "@") || string(raw) == "null":
		case string(m[name]) != string(raw):
			merged[name], differ = raw, true
		}
	}
	return merged, differ
}

// call returns the members as a call.
func (m members) call() (*model.Call, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	call := new(model.Call)
	return call, codec.Unmarshal(data, call)
}

// quoted is a text as JSON.
func quoted(text string) json.RawMessage {
	data, _ := json.Marshal(text) // a text can always be encoded
	return data
}

// decodeOperation decodes an operation, which is of the given type unless it says otherwise.
func decodeOperation(data []byte, usual string) (model.Operation, error) {
	v, err := model.UnmarshalAny(data)
	if o, ok := v.(model.Operation); ok && err == nil {
		return o, nil
	}
	var m members
	if failed := json.Unmarshal(data, &m); failed != nil {
		return *new(model.Operation), failed
	}
	m["@odata.type"] = quoted("#" + usual)
	if data, err = json.Marshal(m); err != nil {
		return *new(model.Operation), err
	}
	v, err = model.UnmarshalAny(data)
	o, _ := v.(model.Operation)
	return o, err
}

// isSecretMember reports whether a member is never saved: tokens, passcodes and media blobs.
func isSecretMember(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "token") || name == "passcode" || name == "blob"
}

// withoutSecrets returns JSON without the members that are never saved.
func withoutSecrets(data []byte) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return nil
	}
	if !removeSecrets(v) {
		return data
	}
	clean, _ := json.Marshal(v) // it was JSON
	return clean
}

// removeSecrets removes members from objects within a value, and reports whether there were any.
func removeSecrets(v any) (found bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if isSecretMember(name) {
				delete(v, name)
				found = true
			} else {
				found = removeSecrets(member) || found
			}
		}
	case []any:
		for _, item := range v {
			found = removeSecrets(item) || found
		}
	}
	return found
}
