//go:build race

package generator_test

// raced says that the race detector is on, with which the tests of many descriptions take
// ten times as long: they try a tenth, and are run again without it.
const raced = true
