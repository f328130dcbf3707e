package notification

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A ChangeVerifier verifies a validation token: that the identity platform made it for this
// application and for the service that sends change notifications, and that it has not expired.
// The module callbackauth provides one.
//
// VerifyValidationToken returns the id of the tenant in the token. An error is answered 503, after
// which the service repeats the request, if it has a method Temporary() bool that returns true or
// is a context error. Otherwise the notifications are dropped. The error must not hold the token.
type ChangeVerifier interface {
	VerifyValidationToken(ctx context.Context, token string) (tenantID string, err error)
}

// AllowUnverifiedChanges returns a [ChangeVerifier] that does not look at tokens. Use it in tests
// only: anyone who knows the certificate and the client state could otherwise send forged ones.
func AllowUnverifiedChanges() ChangeVerifier { return unverifiedChanges{} }

type unverifiedChanges struct{}

func (unverifiedChanges) VerifyValidationToken(context.Context, string) (string, error) {
	return "", nil
}

// FixedClientStates returns a function for ChangeOptions.ClientStates that knows the same secrets
// for every subscription. Name two while the secret is being exchanged.
func FixedClientStates(secrets ...string) func(context.Context, string) ([]string, error) {
	secrets = slices.Clone(secrets)
	return func(context.Context, string) ([]string, error) { return secrets, nil }
}

// isChangeRefused reports whether an error means that the service need not repeat a notification.
func isChangeRefused(err error) bool { return errors.Is(err, ErrChangeRefused) }

func changeRefusal(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrChangeRefused, fmt.Errorf(format, args...))
}

// tenants verifies the tokens of a request and returns their tenants in small letters, nil if
// tokens are not looked at.
func (h *ChangeHandler) tenants(ctx context.Context, events []*ChangeEvent, tokens []string) (map[string]bool, error) {
	tenants := make(map[string]bool)
	switch h.options.Verifier.(type) {
	case unverifiedChanges:
		return nil, nil
	case nil:
		if slices.ContainsFunc(events, func(e *ChangeEvent) bool { return e.wire.isSealed() }) {
			return nil, changeRefusal("it is encrypted, and no Verifier is set: set ChangeOptions.Verifier (the module callbackauth has one)")
		}
		return tenants, nil
	}
	slices.Sort(tokens)
	for _, token := range slices.Compact(tokens) {
		tenant, err := h.options.Verifier.VerifyValidationToken(ctx, token)
		if err != nil && isTemporaryChange(err) {
			return nil, &changeStatusError{http.StatusServiceUnavailable, err}
		}
		if err != nil {
			return nil, changeRefusal("a validation token is not genuine: %w", err)
		}
		tenants[strings.ToLower(tenant)] = true
	}
	return tenants, nil
}

// isTemporaryChange reports whether a token may turn out to be genuine later.
func isTemporaryChange(err error) bool {
	t, ok := errors.AsType[interface {
		error
		Temporary() bool
	}](err)
	return ok && t.Temporary() || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// checkState checks the client state of a notification. States holds those of the subscriptions that
// the request had before.
func (h *ChangeHandler) checkState(ctx context.Context, e *ChangeEvent, states map[string][]string) error {
	secrets, ok := states[e.SubscriptionID]
	if !ok {
		var err error
		if secrets, err = h.options.ClientStates(ctx, e.SubscriptionID); err != nil {
			return &changeStatusError{http.StatusServiceUnavailable, fmt.Errorf("ChangeOptions.ClientStates: %w", err)}
		}
		states[e.SubscriptionID] = secrets
	}
	if len(secrets) == 0 {
		return changeRefusal("the subscription is unknown")
	}
	if !oneOfSecrets(changeText(e.wire.ClientState), secrets) {
		return changeRefusal("its clientState is wrong")
	}
	return nil
}

// checkTenant checks that a token covers the tenant of a notification, if that is encrypted.
func checkTenant(e *ChangeEvent, tenants map[string]bool) error {
	if e.wire.isSealed() && tenants != nil && (e.TenantID == "" || !tenants[strings.ToLower(e.TenantID)]) {
		return changeRefusal("no validation token of the request is of its tenant")
	}
	return nil
}

// oneOfSecrets compares a text with secrets in a time that depends on neither: not even their
// lengths show.
func oneOfSecrets(text string, secrets []string) bool {
	got, equal := sha256.Sum256([]byte(text)), 0
	for _, secret := range secrets {
		want := sha256.Sum256([]byte(secret))
		if secret != "" {
			equal |= subtle.ConstantTimeCompare(got[:], want[:])
		}
	}
	return equal == 1
}
