package typed

import (
	"context"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/templates/simulator"
)

// Service simulates the service of the generated package. It is a [Simulator], whose methods
// take and return JSON objects, with some that take and return the package's types.
type Service struct{ *simulator.Simulator }

// NewService starts a service. It must be closed.
func NewService(opts ...simulator.Option) (*Service, error) {
	s, err := simulator.New(apiDescription, apiVersion, opts...)
	if err != nil {
		return nil, err
	}
	return &Service{s}, nil
}

// Client returns a client of the service.
func (s *Service) Client(opts ...communications.ClientOption) *communications.Client {
	tokens := communications.TokenSourceFunc(func(context.Context, string) (string, error) { return "simulated", nil })
	return communications.NewClient(tokens, append([]communications.ClientOption{
		communications.WithBaseURL(s.URL), communications.WithHTTPClient(s.HTTPClient()),
	}, opts...)...)
}
