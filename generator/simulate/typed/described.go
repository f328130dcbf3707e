// Package typed is the entry of the packages that simulate a service, with the types of a
// generated package. It is compiled here against this project's, and emitted with those of the
// package at hand.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package typed

// What the API of a package is, which is emitted for each of them.
const (
	apiDescription = "{}"
	apiVersion     = "beta"
)
