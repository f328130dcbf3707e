// Package simulator simulates the calling API of Microsoft Graph, for the tests of bots: it
// answers requests, calls the bot back, and does what other people and networks do. It goes by
// the protocol: calls ring before they are established, prompts take their time, and what a
// call's state does not allow is refused.
//
// It is emitted beside a generated package, as the package of the same name with "test" at the
// end, and imports the standard library only.
//
// Not covered by the compatibility promise of this module: it may change in any version.
package simulator
