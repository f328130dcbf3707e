// Package redfish is the part of the runtime that knows Redfish, the protocol of management
// controllers (DMTF, DSP0266 "Redfish Specification"). What is any OData service's is in
// package client.
package redfish

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
)

// ControllerMessage is a message of a controller, which says what went wrong or what else there
// is to know (DSP0266, "Extended information").
type ControllerMessage struct {
	ID         string   // such as "Base.1.18.PropertyValueNotInList"
	Text       string   // for people
	Args       []string // what Text has in place of its parameters
	Severity   string   // "OK", "Warning" or "Critical"
	Resolution string   // what to do about it
	Related    []string // the properties that it is about, as JSON pointers
}

// Key returns the last part of the message's id, such as "PropertyValueNotInList", which is the
// same in all versions of its registry.
func (m ControllerMessage) Key() string { return m.ID[strings.LastIndexByte(m.ID, '.')+1:] }

// extendedInfo is the annotation with messages.
const extendedInfo = "@Message.ExtendedInfo"

// wireMessage is a message as controllers send it. Members that are not of their type are left
// out, not an error.
type wireMessage struct {
	ID              json.RawMessage `json:"MessageId"`
	Text            json.RawMessage `json:"Message"`
	Args            json.RawMessage `json:"MessageArgs"`
	Severity        json.RawMessage `json:"Severity"`
	MessageSeverity json.RawMessage `json:"MessageSeverity"`
	Resolution      json.RawMessage `json:"Resolution"`
	Related         json.RawMessage `json:"RelatedProperties"`
}

// textIn returns a JSON string, or "".
func textIn(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}

// textsIn returns a JSON array of strings; other items stand as they were written.
func textsIn(raw json.RawMessage) []string {
	var items []json.RawMessage
	_ = json.Unmarshal(raw, &items)
	var list []string
	for _, item := range items {
		text := textIn(item)
		if text == "" {
			text = strings.Trim(string(item), `"`)
		}
		list = append(list, text)
	}
	return list
}

// messagesIn reads a list of messages, or a single one, which some controllers send.
func messagesIn(raw json.RawMessage) []ControllerMessage {
	var items []wireMessage
	if json.Unmarshal(raw, &items) != nil {
		var one wireMessage
		if len(raw) == 0 || json.Unmarshal(raw, &one) != nil {
			return nil
		}
		items = []wireMessage{one}
	}
	var list []ControllerMessage
	for _, m := range items {
		severity := textIn(m.MessageSeverity)
		if severity == "" {
			severity = textIn(m.Severity)
		}
		list = append(list, ControllerMessage{
			ID: textIn(m.ID), Text: textIn(m.Text), Args: textsIn(m.Args), Severity: severity, Resolution: textIn(m.Resolution), Related: textsIn(m.Related),
		})
	}
	return list
}

// messagesInBody reads the messages of an answer: of an error, of a success, or of a task.
func messagesInBody(body []byte) []ControllerMessage {
	var answer struct {
		Error    json.RawMessage `json:"error"`
		Info     json.RawMessage `json:"@Message.ExtendedInfo"`
		Messages json.RawMessage `json:"Messages"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil
	}
	var inner struct {
		Info json.RawMessage `json:"@Message.ExtendedInfo"`
	}
	_ = json.Unmarshal(answer.Error, &inner)
	list := append(messagesIn(inner.Info), messagesIn(answer.Info)...)
	return append(list, messagesIn(answer.Messages)...)
}

// MessagesOf returns the messages in an error of the controller: those of an [*Error], be it of a
// request or of a task that failed. Other errors have none.
func MessagesOf(err error) []ControllerMessage {
	e, ok := errors.AsType[*client.Error](err)
	if !ok {
		return nil
	}
	return messagesInBody(e.Body)
}

// HasMessage reports whether an error of the controller has a message with a key, such as
// "PropertyValueNotInList", or with an id, such as "Base.1.18.PropertyValueNotInList".
func HasMessage(err error, key string) bool {
	for _, m := range MessagesOf(err) {
		if m.ID == key || m.Key() == key {
			return true
		}
	}
	return false
}

// MessagesIn returns the messages that came with an entity in an answer that reports success, or
// with one of its properties if its name is not "".
func MessagesIn(v codec.Value, property codec.Property) []ControllerMessage {
	if v == nil || codec.IsNil(v) {
		return nil
	}
	ad := codec.AdditionalOf(v)
	if ad == nil {
		return nil
	}
	raw, _ := ad.Get(property + extendedInfo)
	return messagesIn(raw)
}
