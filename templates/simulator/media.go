package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// mediaOperation is a prompt or a recording. Those of a call come one after the other.
type mediaOperation struct {
	operation object
	given     object
	records   bool
	step      *step
}

// mediaAction begins to play or to record, when what was asked for before is over.
func (q *query) mediaAction(c *liveCall) {
	prompts, _ := q.given["prompts"].([]any)
	action := q.t.Operation.short()
	if action == "playPrompt" && len(prompts) == 0 {
		q.fail(http.StatusBadRequest, "BadRequest", "prompts: "+missing)
		return
	}
	begun := q.begin(c, q.t.Type)
	c.media = append(c.media, &mediaOperation{operation: begun, given: q.given, records: action != "playPrompt"})
	if len(c.media) == 1 {
		q.nextMedia(c)
	}
}

// nextMedia begins with the first media operation of a call.
func (s *Simulator) nextMedia(c *liveCall) {
	if len(c.media) == 0 {
		return
	}
	m := c.media[0]
	prompts, _ := m.given["prompts"].([]any)
	takes := time.Duration(len(prompts)) * s.timing.Prompt
	if !m.records {
		m.step = s.later(c, soon, takes, func() { s.mediaOver(c, m, completed(), object{"completionReason": "completedSuccessfully"}) })
		return
	}
	silence := s.timing.Silence
	if n, ok := m.given["initialSilenceTimeoutInSeconds"].(float64); ok && n > 0 {
		silence = min(silence, time.Duration(n*float64(time.Second)))
	}
	m.step = s.later(c, soon, takes+silence, func() { s.recorded(c, m, completed(), "initialSilenceTimeout") })
}

// mediaOver ends a media operation, and begins with the next one.
func (s *Simulator) mediaOver(c *liveCall, m *mediaOperation, e ending, more object) {
	s.cancel(m.step)
	first := len(c.media) > 0 && c.media[0] == m
	c.media = slices.DeleteFunc(c.media, func(other *mediaOperation) bool { return other == m })
	s.finish(c, m.operation, e, more)
	if first {
		s.nextMedia(c)
	}
}

// recorded ends a recording, which can be fetched then.
func (s *Simulator) recorded(c *liveCall, m *mediaOperation, e ending, reason string) {
	id := m.operation["id"].(string)
	s.recordings[id] = "recording-" + id
	root := s.URL[:strings.LastIndexByte(s.URL, '/')]
	s.mediaOver(c, m, e, object{
		"completionReason": reason, "recordingLocation": root + recordingsPath + id, "recordingAccessToken": s.recordings[id],
	})
}

// cancelMedia ends all media operations of a call.
func (s *Simulator) cancelMedia(c *liveCall) {
	for _, m := range slices.Backward(slices.Clone(c.media)) { // the first one last, so that no other begins
		more := object{"completionReason": "mediaOperationCanceled"}
		if m.records {
			more = object{"completionReason": "operationCanceled", "recordingLocation": "", "recordingAccessToken": ""}
		}
		s.mediaOver(c, m, canceled(), more)
	}
}

// Speak lets somebody speak for a time in a call and then be silent, which ends the recording
// that is being made.
func (s *Simulator) Speak(callID string, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls[callID]
	if c == nil {
		return noCall(callID)
	}
	s.person(callID, "speaks for "+d.String())
	if len(c.media) == 0 || !c.media[0].records {
		return fmt.Errorf("nothing is recorded in the call %s", callID)
	}
	m := c.media[0]
	if most, ok := m.given["maxRecordDurationInSeconds"].(float64); ok && d >= time.Duration(most*float64(time.Second)) {
		s.recorded(c, m, longestRecording(), "maxRecordDurationReached")
		return nil
	}
	s.recorded(c, m, completed(), "maxSilenceTimeout")
	return nil
}

// heardTone ends a recording by one of its stop tones.
func (s *Simulator) heardTone(c *liveCall, tone string) {
	if len(c.media) == 0 || !c.media[0].records {
		return
	}
	stops, _ := c.media[0].given["stopTones"].([]any)
	key := strings.TrimPrefix(tone, "tone")
	for _, stop := range stops {
		if text := fmt.Sprint(stop); text == tone || text == key || text == map[string]string{"pound": "#", "star": "*"}[tone] {
			s.recorded(c, c.media[0], completed(), "stopToneDetected")
			return
		}
	}
}

// recordingsPath begins the addresses of recordings, beside those of the API.
const recordingsPath = "/simulator/recordings/"

// recording answers the request for a recording: silence, for who
// has its token.
func (s *Simulator) recording(w http.ResponseWriter, r *http.Request, id string) {
	s.mu.Lock()
	token, ok := s.recordings[id]
	s.mu.Unlock()
	switch {
	case !ok:
		s.refuse(w, r, http.StatusNotFound, "NotFound", "there is no recording "+id, "")
	case r.Header.Get("Authorization") != "Bearer "+token:
		s.refuse(w, r, http.StatusUnauthorized, "InvalidAuthenticationToken", "the token is not that of the recording", "")
	default:
		w.Header().Set("Content-Type", "audio/wav")
		_, _ = w.Write(silence())
	}
}

// silence is a tenth of a second of it: 16 kHz, 16 bits, one channel.
func silence() []byte {
	const samples = 2 * 1600
	header := "RIFF\xa4\x0c\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data\x80\x0c\x00\x00"
	return append([]byte(header), make([]byte, samples)...)
}
