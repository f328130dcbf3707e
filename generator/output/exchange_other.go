//go:build !linux && !darwin

package output

import "errors"

// exchange fails: this system has no such operation.
func exchange(_, _ string) error { return errors.ErrUnsupported }
