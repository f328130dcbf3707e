package redfish

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
	"github.com/callgen/callgen/templates/runtime/codec"
)

// ControllerAnswer is what a controller has answered to an action, an upload or another request
// whose answer is not an entity.
type ControllerAnswer struct {
	Status   int
	Header   http.Header
	Messages []ControllerMessage // what the controller says of its success
	Body     []byte
	Task     *TaskMonitor // what the controller goes on with; nil if it is done
}

// Wait waits until the controller is done, and returns its last answer, which is a itself if
// there is no task. For progress see [TaskMonitor.Wait].
func (a *ControllerAnswer) Wait(ctx context.Context, progress func(TaskProgress), opts ...client.RequestOption) (*ControllerAnswer, error) {
	if a.Task == nil {
		return a, nil
	}
	return a.Task.Wait(ctx, progress, opts...)
}

// Decode decodes the body of the answer into v.
func (a *ControllerAnswer) Decode(v codec.Value) error { return codec.Unmarshal(a.Body, v) }

// answered returns the answer to a request.
func answered(c *client.Client, response *client.Response, body []byte) *ControllerAnswer {
	a := &ControllerAnswer{Status: response.Status, Header: response.Header, Messages: messagesInBody(body), Body: body}
	if response.Status == http.StatusAccepted {
		if task := newTask(c, response.Location, body); task.Monitor != "" {
			a.Task = task
			a.Task.after, _ = time.ParseDuration(response.Header.Get("Retry-After") + "s")
		}
	}
	return a
}

// TaskMonitor follows what a controller carries out after it has answered 202 (Accepted), such
// as an update of firmware (DSP0266, "Asynchronous operations").
type TaskMonitor struct {
	Monitor string // URL that answers 202 until the task has ended, and then what the request would have been answered
	Task    string // URL of the task itself; "" if the controller has not said it

	client *client.Client
	after  time.Duration
}

// newTask returns the task that an answer 202 tells of.
func newTask(c *client.Client, location string, body []byte) *TaskMonitor {
	task := readTask(body)
	t := &TaskMonitor{Monitor: cmp.Or(location, task.Monitor), client: c}
	if task.isTask() {
		t.Task = task.ID
		t.Monitor = cmp.Or(t.Monitor, t.Task)
	}
	return t
}

// TaskOf returns the task of a request that the controller carries out later: the error of the
// request is an [*AcceptedError]. It is nil for other errors.
func TaskOf(c *client.Client, err error) *TaskMonitor {
	accepted, ok := errors.AsType[*client.AcceptedError](err)
	if !ok {
		return nil
	}
	t := newTask(c, accepted.Monitor, accepted.Answer.Body)
	t.after = accepted.Answer.RetryAfter
	return t
}

// FollowTask returns the monitor of a task whose link is known, such as from the collection of
// tasks or from where the program has stored it.
func FollowTask(c *client.Client, link string) *TaskMonitor {
	return &TaskMonitor{Monitor: link, client: c}
}

// TaskProgress is how far a task is.
type TaskProgress struct {
	State    string // such as "Running"; "" if the controller does not say
	Percent  *int   // 0 to 100; nil if the controller does not say
	Messages []ControllerMessage
	Body     []byte // the task as the controller sent it, of the type Task
}

// wireTask is a task as controllers send it.
type wireTask struct {
	Type, ID, State, Status, Monitor string
	Percent, Messages                json.RawMessage
}

func readTask(body []byte) wireTask {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(body, &members)
	return wireTask{
		Type: textIn(members["@odata.type"]), ID: textIn(members["@odata.id"]), State: textIn(members["TaskState"]), Status: textIn(members["TaskStatus"]),
		Percent: members["PercentComplete"], Messages: members["Messages"], Monitor: textIn(members["TaskMonitor"]),
	}
}

// isTask reports whether an object is a task, rather than the result of one.
func (t wireTask) isTask() bool { return t.State != "" || bareTypeName(t.Type) == "Task" }

// progress returns how far the task is.
func (t wireTask) progress(body []byte) TaskProgress {
	p := TaskProgress{State: t.State, Messages: messagesIn(t.Messages), Body: body}
	var percent float64
	if json.Unmarshal(t.Percent, &percent) == nil && len(t.Percent) > 0 && string(t.Percent) != "null" {
		p.Percent = new(int(percent))
	}
	return p
}

// ended reports whether the task has ended, and why it has failed, "" if it has not.
func (t wireTask) ended() (ended bool, failed string) {
	switch {
	case t.State == "Completed" && t.Status == "Critical":
		return true, "the task has ended with an error"
	case t.State == "Completed":
		return true, ""
	case t.State == "Exception" || t.State == "Killed" || t.State == "Cancelled":
		return true, "the task has ended: " + t.State
	}
	return false, ""
}

// Wait waits until the task has ended, and returns what the request would have been answered. If
// the task has failed, the error is an [*Error] whose messages [MessagesOf] returns. Progress is
// called after each look at the task that tells how far it is; it may be nil.
//
// Between two looks it waits for as long as [WaitFor]. A task goes on when ctx is done: follow it
// again with [FollowTask].
func (t *TaskMonitor) Wait(ctx context.Context, progress func(TaskProgress), opts ...client.RequestOption) (*ControllerAnswer, error) {
	response, body, err := client.AwaitAt(ctx, t.client, t.Monitor, t.after, func(ctx context.Context, status int, body []byte) (bool, string) {
		return t.look(ctx, status, body, progress, opts)
	}, opts)
	if err != nil {
		return nil, err
	}
	a := answered(t.client, response, body)
	a.Task = nil
	return a, nil
}

// look tells from an answer of the monitor whether the task goes on. Some controllers give the
// link of the task for that of the monitor.
func (t *TaskMonitor) look(ctx context.Context, status int, body []byte, progress func(TaskProgress), opts []client.RequestOption) (more bool, failed string) {
	task := readTask(body)
	if !task.isTask() && status == http.StatusAccepted && t.Task != "" && progress != nil {
		if _, own, err := client.ExchangeAt(ctx, t.client, http.MethodGet, t.Task, nil, opts); err == nil { // the monitor decides: without it there is no progress to tell
			task, body = readTask(own), own
		}
	}
	if !task.isTask() {
		return status == http.StatusAccepted, ""
	}
	t.Task = cmp.Or(task.ID, t.Task)
	if progress != nil {
		progress(task.progress(body))
	}
	ended, failed := task.ended()
	return !ended, failed
}

// Cancel asks the controller to end the task.
func (t *TaskMonitor) Cancel(ctx context.Context, opts ...client.RequestOption) error {
	_, _, err := client.ExchangeAt(ctx, t.client, http.MethodDelete, cmp.Or(t.Task, t.Monitor), nil, opts)
	return err
}

// bareTypeName returns the name of a type without namespace and version: "Task" for
// "#Task.v1_7_4.Task".
func bareTypeName(odataType string) string {
	for i := len(odataType) - 1; i >= 0; i-- {
		if odataType[i] == '.' || odataType[i] == '#' {
			return odataType[i+1:]
		}
	}
	return odataType
}
