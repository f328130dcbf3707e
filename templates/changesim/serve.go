package changesim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// serve registers the resource /subscriptions below a version.
func (s *ChangeSource) serve(mux *http.ServeMux, root string) {
	handle := func(method, path string, f func(http.ResponseWriter, *http.Request)) {
		mux.HandleFunc(method+" "+root+path, func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			s.requests = append(s.requests, method+" "+r.URL.Path[len(root):])
			s.mu.Unlock()
			f(w, r)
		})
	}
	handle("POST", "/subscriptions", s.create)
	handle("GET", "/subscriptions", func(w http.ResponseWriter, _ *http.Request) {
		replyChange(w, http.StatusOK, map[string]any{"value": append([]ChangeSubscription{}, s.Subscriptions()...)})
	})
	handle("GET", "/subscriptions/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.change(w, r, http.StatusOK, func(*ChangeSubscription) error { return nil })
	})
	handle("PATCH", "/subscriptions/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.change(w, r, http.StatusOK, func(sub *ChangeSubscription) error { return patchSubscription(sub, r) })
	})
	handle("DELETE", "/subscriptions/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.change(w, r, http.StatusNoContent, func(sub *ChangeSubscription) error {
			delete(s.all, sub.ID)
			return nil
		})
	})
	handle("POST", "/subscriptions/{id}/reauthorize", func(w http.ResponseWriter, r *http.Request) {
		s.change(w, r, http.StatusNoContent, func(*ChangeSubscription) error { return nil })
	})
}

// create creates a subscription, after its addresses have been checked.
func (s *ChangeSource) create(w http.ResponseWriter, r *http.Request) {
	sub := new(ChangeSubscription)
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(sub); err != nil {
		refuseChange(w, http.StatusBadRequest, "BadRequest", err)
		return
	}
	s.mu.Lock()
	s.made++
	sub.ID, sub.ApplicationID = fmt.Sprintf("00000000-0000-4000-8000-%012d", s.made), s.app
	s.mu.Unlock()
	if err := checkSubscription(sub); err != nil {
		refuseChange(w, http.StatusBadRequest, "InvalidRequest", err)
		return
	}
	addresses := []string{sub.NotificationURL}
	if l := sub.LifecycleNotificationURL; l != "" && l != sub.NotificationURL {
		addresses = append(addresses, l)
	}
	for _, address := range addresses {
		if err := s.validate(r.Context(), address, sub.ID); err != nil {
			refuseChange(w, http.StatusBadRequest, "ValidationError", err)
			return
		}
	}
	s.mu.Lock()
	s.all[sub.ID] = sub
	answer := *sub
	s.mu.Unlock()
	answer.ClientState = "" // as the real service, which does not tell
	replyChange(w, http.StatusCreated, answer)
}

// checkSubscription checks what a subscription needs.
func checkSubscription(sub *ChangeSubscription) error {
	for name, text := range map[string]string{
		"changeType": sub.ChangeType, "notificationUrl": sub.NotificationURL, "resource": sub.Resource,
	} {
		if text == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	if len(sub.ClientState) > 128 {
		return fmt.Errorf("clientState has %d characters, more than 128", len(sub.ClientState))
	}
	if sub.Expires == nil || !sub.Expires.After(time.Now()) {
		return fmt.Errorf("expirationDateTime is missing or past")
	}
	if !sub.IncludeResourceData {
		return nil
	}
	if sub.EncryptionCertificateID == "" {
		return fmt.Errorf("encryptionCertificateId is missing: includeResourceData needs it")
	}
	_, err := readChangeCertificate(sub.EncryptionCertificate)
	return err
}

// patchSubscription changes what may be changed: the time and the certificate.
func patchSubscription(sub *ChangeSubscription, r *http.Request) error {
	patch := new(ChangeSubscription)
	if err := json.NewDecoder(r.Body).Decode(patch); err != nil {
		return err
	}
	changed := *sub
	if patch.Expires != nil {
		changed.Expires = patch.Expires
	}
	if patch.EncryptionCertificate != "" {
		changed.EncryptionCertificate = patch.EncryptionCertificate
	}
	if patch.EncryptionCertificateID != "" {
		changed.EncryptionCertificateID = patch.EncryptionCertificateID
	}
	if err := checkSubscription(&changed); err != nil {
		return err
	}
	*sub = changed
	return nil
}

// change finds the subscription of a request, calls a function for it and answers.
func (s *ChangeSource) change(w http.ResponseWriter, r *http.Request, status int, f func(*ChangeSubscription) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub := s.all[r.PathValue("id")]
	if sub == nil || !sub.Expires.After(time.Now()) {
		refuseChange(w, http.StatusNotFound, "ResourceNotFound", ErrNoSubscription)
		return
	}
	if err := f(sub); err != nil {
		refuseChange(w, http.StatusBadRequest, "InvalidRequest", err)
		return
	}
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return
	}
	answer := *sub
	answer.ClientState = ""
	replyChange(w, status, answer)
}

// refuseChange answers with an error.
func refuseChange(w http.ResponseWriter, status int, code string, err error) {
	replyChange(w, status, map[string]any{"error": map[string]any{"code": code, "message": err.Error()}})
}

// replyChange answers with JSON.
func replyChange(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who asked may be gone
}
