package redfish

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/url"
	"time"

	"github.com/callgen/callgen/templates/runtime/client"
)

// ControllerOptions say where a management controller is and how to talk to it.
type ControllerOptions struct {
	URL            string // of its host, such as "https://10.0.0.7"; plain http is for loopback addresses only
	User, Password string // without a user, requests carry no credentials
	Basic          bool   // send name and password with each request (RFC 7617) instead of logging in to a session

	// Fingerprint is the SHA-256 fingerprint of the controller's certificate in hexadecimal,
	// with or without colons. The certificate is then accepted whoever has issued it, and no
	// other one is.
	Fingerprint string
	RootCAs     *x509.CertPool // of who issues the certificates; nil for those of the system

	Proxy func(*http.Request) (*url.URL, error) // nil for http.ProxyFromEnvironment

	// Serial makes requests one after the other, over one connection, for controllers that
	// cannot do more. A stream of events has a connection of its own.
	Serial bool
	Pace   time.Duration // the least time from one request to the next; 0 for no limit

	HTTPClient *http.Client          // instead of one made from Fingerprint, RootCAs and Proxy; its Timeout would end streams of events
	Client     []client.ClientOption // such as WithLogger and WithRetry
}

// Controller is a client of a management controller. It is safe for concurrent use.
type Controller struct {
	*client.Client
	login *sessionLogin // nil without a session
	idle  func()
}

// Connect returns a client of a controller. With a user it logs in, so that wrong credentials
// show at once; a session is renewed when the controller has ended it (401), once for all
// requests that are refused together. Close logs out.
//
// A password that the controller refuses is not sent a second time, because accounts are locked
// after some attempts. Neither errors nor logs contain the password or the token of a session.
func Connect(ctx context.Context, options ControllerOptions) (*Controller, error) {
	base, err := baseOf(options.URL)
	if err != nil {
		return nil, err
	}
	h, idle, err := options.httpClient()
	if err != nil {
		return nil, err
	}
	opts := append([]client.ClientOption{client.WithHTTPClient(h)}, options.Client...)
	c := &Controller{idle: idle}
	switch {
	case options.User == "":
	case options.Basic:
		opts = append(opts, client.WithAuthorizer(client.BasicAuth(options.User, options.Password)))
	default:
		c.login = newSessionLogin(options.User, options.Password)
		opts = append(opts, client.WithAuthorizer(c.login))
	}
	c.Client = client.NewControllerClient(base, opts)
	if c.login != nil {
		c.login.client = c.Client
	}
	if err := c.begin(ctx); err != nil {
		idle()
		return nil, err
	}
	return c, nil
}

// begin makes the first request: it logs in, or looks whether there is a Redfish service.
func (c *Controller) begin(ctx context.Context) error {
	if c.login == nil {
		_, _, err := client.ExchangeAt(ctx, c.Client, http.MethodGet, rootPath, nil, nil)
		return err
	}
	if err := c.login.take(ctx); err != nil {
		return err
	}
	defer c.login.free()
	return c.login.login(ctx)
}

// Close logs out and closes connections that are not in use. Requests after it fail.
func (c *Controller) Close(ctx context.Context) error {
	defer c.idle()
	if c.login == nil {
		return nil
	}
	return c.login.logout(ctx)
}
