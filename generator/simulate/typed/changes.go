package typed

import (
	"context"

	"github.com/callgen/callgen/generated/communications"
	"github.com/callgen/callgen/templates/changesim"
)

// Changes simulates what posts change notifications to a program, and the subscriptions that it
// posts them for.
type Changes struct{ *changesim.ChangeSource }

// NewChanges starts a source of change notifications. It must be closed.
func NewChanges(opts ...changesim.ChangeSourceOption) (*Changes, error) {
	s, err := changesim.NewChangeSource(apiVersion, opts...)
	if err != nil {
		return nil, err
	}
	return &Changes{s}, nil
}

// Client returns a client of the service, for subscriptions.
func (c *Changes) Client(opts ...communications.ClientOption) *communications.Client {
	tokens := communications.TokenSourceFunc(func(context.Context, string) (string, error) { return "simulated", nil })
	return communications.NewClient(tokens, append([]communications.ClientOption{
		communications.WithBaseURL(c.URL), communications.WithHTTPClient(c.HTTPClient()),
	}, opts...)...)
}
