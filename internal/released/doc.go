// Package released tests what users get from a tagged version of this repository.
package released
