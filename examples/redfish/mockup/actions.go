package mockup

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// act carries out an action.
func (s *Server) act(w http.ResponseWriter, at string, body []byte) {
	var p map[string]any
	if json.Unmarshal(body, &p) != nil {
		refuse(w, http.StatusBadRequest, "Base.1.18.MalformedJSON", "The body is not a JSON object.")
		return
	}
	before, action, _ := strings.Cut(at, "/Actions/")
	d := s.documents[before]
	if d == nil || member(d.body, "Actions", "#"+action) == nil {
		refuse(w, http.StatusNotFound, "Base.1.18.ActionNotSupported", "There is no such action.", action)
		return
	}
	switch action {
	case "ComputerSystem.Reset":
		s.reset(w, before, d, text(p["ResetType"]))
	case "UpdateService.SimpleUpdate":
		s.update(w, text(p["ImageURI"]))
	case "EventService.SubmitTestEvent":
		s.publish(map[string]any{"EventType": "Alert", "MessageId": p["MessageId"], "Message": p["Message"], "MessageSeverity": "OK"})
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// reset turns a computer on or off. What takes time is done as the computer is looked at.
func (s *Server) reset(w http.ResponseWriter, at string, d *document, how string) {
	allowed, _ := member(d.body, "Actions", "#ComputerSystem.Reset", "ResetType@Redfish.AllowableValues").([]any)
	if len(allowed) > 0 && !slices.Contains(allowed, any(how)) {
		refuse(w, http.StatusBadRequest, "Base.1.18.ActionParameterNotSupported", how+" is not supported.", how, "ResetType")
		return
	}
	d.version++
	switch how {
	case "On":
		d.body["PowerState"] = "PoweringOn"
	case "ForceOff", "GracefulShutdown":
		d.body["PowerState"] = "PoweringOff"
	default:
		d.body["PowerState"], s.again[at] = "PoweringOff", true
	}
	w.WriteHeader(http.StatusNoContent)
}

// advance takes a computer to its next state.
func (s *Server) advance(at string, d *document) {
	state, ok := d.body["PowerState"].(string)
	if !ok || !strings.HasPrefix(at, "/redfish/v1/Systems/") {
		return
	}
	switch {
	case state == "PoweringOff":
		state = "Off"
	case state == "Off" && s.again[at]:
		state = "PoweringOn"
		delete(s.again, at)
	case state == "PoweringOn":
		state = "On"
		last, _ := time.Parse(time.RFC3339, text(d.body["LastResetTime"]))
		d.body["LastResetTime"] = last.Add(time.Hour).Format(time.RFC3339)
	default:
		return
	}
	d.body["PowerState"] = state
	d.version++
	s.publish(map[string]any{
		"EventType": "StatusChange", "MessageId": "ResourceEvent.1.3.ResourceChanged", "Message": path.Base(at) + " is " + state, "MessageSeverity": "OK",
		"OriginOfCondition": map[string]any{"@odata.id": at},
	})
}

// task is an update of firmware, which goes on as its monitor is looked at.
type task struct {
	image string
	done  int // percent
}

// update begins an update.
func (s *Server) update(w http.ResponseWriter, image string) {
	at := s.added("/redfish/v1/TaskService/Tasks", map[string]any{"@odata.type": "#Task.v1_7_4.Task", "TaskState": "New", "PercentComplete": 0})
	s.tasks[at] = &task{image: image}
	s.documents[at].body["TaskMonitor"] = at + "/Monitor"
	w.Header().Set("Location", at+"/Monitor")
	w.Header().Set("Retry-After", "1")
	reply(w, http.StatusAccepted, s.documents[at].body)
}

// upload takes an image of firmware.
func (s *Server) upload(w http.ResponseWriter, req *http.Request) {
	form, err := req.MultipartReader()
	if err != nil {
		refuse(w, http.StatusBadRequest, "Base.1.18.MalformedJSON", "It is not a form.")
		return
	}
	var image string
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, "Base.1.18.MalformedJSON", "The form breaks off.")
			return
		}
		if part.FormName() == "UpdateFile" {
			image = part.FileName()
		}
		_, _ = io.Copy(io.Discard, part)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.update(w, image)
}

// monitor answers for the monitor of a task, and reports whether there is one. An image whose
// name contains "broken" is refused half-way; one named NAME-VERSION.bin is found in the
// inventory afterwards.
func (s *Server) monitor(w http.ResponseWriter, req *http.Request, at string) bool {
	of, ok := strings.CutSuffix(at, "/Monitor")
	t := s.tasks[of]
	if !ok || t == nil || req.Method != http.MethodGet {
		return false
	}
	d := s.documents[of]
	t.done += 25
	d.version++
	d.body["TaskState"], d.body["PercentComplete"] = "Running", t.done
	status := http.StatusAccepted
	switch {
	case t.done >= 50 && strings.Contains(t.image, "broken"):
		status = http.StatusOK
		d.body["TaskState"], d.body["TaskStatus"] = "Exception", "Critical"
		d.body["Messages"] = []any{map[string]any{"MessageId": "Update.1.1.VerificationFailed", "Message": "The image is damaged.", "Severity": "Critical"}}
	case t.done >= 100:
		status = http.StatusOK
		d.body["TaskState"], d.body["TaskStatus"] = "Completed", "OK"
		d.body["Messages"] = []any{map[string]any{"MessageId": "Update.1.1.UpdateSuccessful", "Message": "The image is installed.", "Severity": "OK"}}
		s.install(t.image)
	}
	w.Header().Set("Retry-After", "1")
	w.Header().Set("Location", at)
	reply(w, status, d.body)
	return true
}

// install changes the version in the inventory, and in the controller.
func (s *Server) install(image string) {
	name, version, _ := strings.Cut(strings.TrimSuffix(path.Base(image), ".bin"), "-")
	if d := s.documents["/redfish/v1/UpdateService/FirmwareInventory/"+name]; d != nil {
		d.body["Version"] = version
		d.version++
	}
	if d := s.documents["/redfish/v1/Managers/"+name]; d != nil {
		d.body["FirmwareVersion"] = version
		d.version++
	}
	s.publish(map[string]any{"EventType": "Alert", "MessageId": "Update.1.1.UpdateSuccessful", "Message": fmt.Sprintf("%s has version %s", name, version), "MessageSeverity": "OK"})
}
