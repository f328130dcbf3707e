// Package released holds the test of what others get of this repository once it is tagged.
package released
