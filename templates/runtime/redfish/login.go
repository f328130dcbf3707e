package redfish

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/callgen/callgen/templates/runtime/client"
)

const authToken = "X-Auth-Token"

// sessionLogin logs in to a session and puts its token into requests (DSP0266, "Redfish session
// login authentication"). The password is in a function, so that no formatting prints it.
type sessionLogin struct {
	user     string
	password func() string
	client   *client.Client // set once, before the first request

	turn    chan struct{} // full while someone has the fields below
	token   func() string // of the session; nil without one
	session string        // link to it
	sheet   string        // link to the collection of sessions
	refused error         // the controller has refused the password: asking again could lock the account
	closed  bool
}

func newSessionLogin(user, password string) *sessionLogin {
	return &sessionLogin{user: user, password: func() string { return password }, turn: make(chan struct{}, 1)}
}

// loggingIn is the context key of requests that need no session.
type loggingIn struct{}

// take waits for the fields of the session.
func (l *sessionLogin) take(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *sessionLogin) free() { <-l.turn }

// Authorize implements [Authorizer]: it logs in if there is no session.
func (l *sessionLogin) Authorize(ctx context.Context, req *http.Request) error {
	if ctx.Value(loggingIn{}) != nil {
		return nil
	}
	if err := l.take(ctx); err != nil {
		return err
	}
	defer l.free()
	if l.closed {
		return errors.New("the controller is closed: connect again")
	}
	if l.token == nil {
		if err := l.login(ctx); err != nil {
			return err
		}
	}
	req.Header.Set(authToken, l.token())
	return nil
}

// Renew implements [Authorizer]. Whoever is refused first logs in again; the others find the
// token changed.
func (l *sessionLogin) Renew(ctx context.Context, refused *http.Request) (bool, error) {
	token := refused.Header.Get(authToken)
	if ctx.Value(loggingIn{}) != nil || token == "" {
		return false, nil
	}
	if err := l.take(ctx); err != nil {
		return false, err
	}
	defer l.free()
	switch {
	case l.closed:
		return false, nil
	case l.token != nil && l.token() != token:
		return true, nil
	}
	l.token = nil
	return true, l.login(ctx)
}

// login creates a session.
func (l *sessionLogin) login(ctx context.Context) error {
	if l.refused != nil {
		return l.refused
	}
	ctx = context.WithValue(ctx, loggingIn{}, true)
	if l.sheet == "" {
		l.sheet = sessionsOf(ctx, l.client)
	}
	body, err := json.Marshal(map[string]string{"UserName": l.user, "Password": l.password()})
	if err != nil {
		return err
	}
	response, data, err := l.create(ctx, body)
	if err != nil {
		err = fmt.Errorf("logging in as %s: %w", l.user, withoutBody(err))
		if client.IsUnauthorized(err) || client.IsForbidden(err) {
			l.refused = fmt.Errorf("%w; it is not tried again, which could lock the account: connect with other credentials", err)
			return l.refused
		}
		return err
	}
	token := response.Header.Get(authToken)
	if token == "" {
		return fmt.Errorf("logging in as %s: the controller has created a session without %s: use ControllerOptions.Basic", l.user, authToken)
	}
	l.token = func() string { return token }
	l.session = cmp.Or(response.Location, readTask(data).ID)
	return nil
}

// create sends the request that creates a session. A session too many does no harm, so that the
// request is repeated when the connection breaks.
func (l *sessionLogin) create(ctx context.Context, body []byte) (response *client.Response, data []byte, err error) {
	const most = 3
	for n := range most {
		response, data, err = client.ExchangeAt(ctx, l.client, http.MethodPost, l.sheet, json.RawMessage(body), nil)
		if err == nil || !client.MayPass(err) || n == most-1 || client.PausedFor(ctx, n, 0) != nil {
			break
		}
	}
	return response, data, err
}

// withoutBody removes the body from an error, which may repeat the password.
func withoutBody(err error) error {
	if e, ok := errors.AsType[*client.Error](err); ok {
		e.Body = nil
	}
	return err
}

// sessionsOf returns the link to the collection of sessions, which the root has, or else the one
// of the specification. Reading the root needs no session.
func sessionsOf(ctx context.Context, c *client.Client) string {
	const usual = "/redfish/v1/SessionService/Sessions"
	var root struct {
		Links struct {
			Sessions struct {
				ID string `json:"@odata.id"`
			}
		}
	}
	_, data, err := client.ExchangeAt(ctx, c, http.MethodGet, rootPath, nil, nil)
	if err != nil || json.Unmarshal(data, &root) != nil {
		return usual
	}
	return cmp.Or(root.Links.Sessions.ID, usual)
}

// logout deletes the session. One that the controller has forgotten is no error.
func (l *sessionLogin) logout(ctx context.Context) error {
	if err := l.take(ctx); err != nil {
		return err
	}
	defer l.free()
	token := l.token
	l.token, l.closed = nil, true
	if token == nil || l.session == "" {
		return nil
	}
	ctx = context.WithValue(ctx, loggingIn{}, true)
	_, _, err := client.ExchangeAt(ctx, l.client, http.MethodDelete, l.session, nil, []client.RequestOption{client.Header(authToken, token())})
	if client.IsNotFound(err) || client.IsUnauthorized(err) || client.IsGone(err) {
		return nil
	}
	return err
}

// rootPath is where every Redfish service begins.
const rootPath = "/redfish/v1/"

// baseOf returns the base URL of a controller, given by the URL of its host.
func baseOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", errors.New("the controller has no address: pass a URL such as https://10.0.0.7 in ControllerOptions.URL")
	}
	if u.Path != "" && u.Path != "/" && u.Path != "/redfish/v1" && u.Path != rootPath {
		return "", fmt.Errorf("the address of a controller has no path, but this one has %q: every service begins at %s", u.Path, rootPath)
	}
	u.Path = "/redfish/v1"
	return u.String(), nil
}
