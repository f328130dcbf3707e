package simulator

import "net/http"

// HTTPClient returns a client that reaches the service: in memory if it listens nowhere.
func (s *Simulator) HTTPClient() *http.Client {
	if s.server != nil {
		return s.server.Client()
	}
	return &http.Client{Transport: s.Transport()}
}
