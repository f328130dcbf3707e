package simulator

import (
	"net/http"
	"slices"
)

// allows reports whether a method can be used on a target.
func (t *target) allows(method string) bool { return slices.Contains(t.methods(), method) }

func (t *target) methods() []string {
	switch {
	case t.Suffix == "$count":
		return []string{http.MethodGet}
	case t.Suffix == "$value":
		return []string{http.MethodGet, http.MethodPut, http.MethodDelete}
	case t.Suffix == "$ref" && t.Collection:
		return []string{http.MethodGet, http.MethodPost, http.MethodDelete}
	case t.Suffix == "$ref":
		return []string{http.MethodGet, http.MethodPut, http.MethodDelete}
	case t.Operation != nil && t.Operation.Function:
		return []string{http.MethodGet}
	case t.Operation != nil:
		return []string{http.MethodPost}
	case t.Property != nil:
		return []string{http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete}
	case t.Collection:
		return []string{http.MethodGet, http.MethodPost}
	case t.singleton:
		return []string{http.MethodGet, http.MethodPatch}
	}
	return []string{http.MethodGet, http.MethodPatch, http.MethodPut, http.MethodDelete}
}
