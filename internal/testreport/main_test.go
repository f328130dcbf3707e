package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReport(t *testing.T) {
	var b strings.Builder
	require.NoError(t, report(strings.NewReader(`{"Action":"run","Package":"a","Test":"T1"}
{"Action":"output","Package":"a","Test":"T1","Output":"=== RUN T1\n"}
{"Action":"output","Package":"a","Test":"T1","Output":"    a_test.go:3: needs ../shared: x is not there\n"}
{"Action":"output","Package":"a","Test":"T1","Output":"--- SKIP: T1 (0.00s)\n"}
{"Action":"skip","Package":"a","Test":"T1"}
{"Action":"output","Package":"a","Test":"T2","Output":"hidden\n"}
{"Action":"pass","Package":"a","Test":"T2"}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
{"Action":"pass","Package":"a"}
no JSON
{"ImportPath":"c","Action":"build-output","Output":"c.go:1: undefined: x\n"}
{"Action":"output","Package":"b","Test":"T3","Output":"    b_test.go:9: it is wrong\n"}
{"Action":"fail","Package":"b","Test":"T3"}
{"Action":"output","Package":"b","Test":"T4","Output":"panic: cut short\n"}
{"Action":"output","Package":"b","Output":"FAIL\tb\t0.1s\n"}
{"Action":"fail","Package":"b"}
{"Action":"output","Package":"d","Test":"T5","Output":"    d_test.go:1: not on this system\n"}
{"Action":"skip","Package":"d","Test":"T5"}
`), &b))
	assert.Equal(t, `ok  	a	0.1s
no JSON
c.go:1: undefined: x
    b_test.go:9: it is wrong
panic: cut short
FAIL	b	0.1s

1 tests were skipped because ../shared lacks what they need, 1 for other reasons:
  1: needs ../shared: x is not there
  1: not on this system
`, b.String())
}

func TestReportOfNothingSkipped(t *testing.T) {
	var b strings.Builder
	require.NoError(t, report(strings.NewReader(""), &b))
	assert.Equal(t, "\nno test was skipped\n", b.String())
}

// A test that one run skips and another one runs is not skipped.
func TestReportOfSeveralRuns(t *testing.T) {
	var b strings.Builder
	require.NoError(t, report(strings.NewReader(`{"Action":"output","Package":"a","Test":"T1","Output":"    a_test.go:3: left out by -short\n"}
{"Action":"skip","Package":"a","Test":"T1"}
{"Action":"pass","Package":"a","Test":"T1"}
{"Action":"pass","Package":"a","Test":"T2"}
{"Action":"output","Package":"a","Test":"T2","Output":"    a_test.go:9: left out by -short\n"}
{"Action":"skip","Package":"a","Test":"T2"}
{"Action":"output","Package":"b","Test":"T1","Output":"    b_test.go:3: not here\n"}
{"Action":"skip","Package":"b","Test":"T1"}
{"Action":"output","Package":"b","Test":"T1","Output":"    b_test.go:3: not here\n"}
{"Action":"skip","Package":"b","Test":"T1"}
`), &b))
	assert.Equal(t, `
0 tests were skipped because ../shared lacks what they need, 1 for other reasons:
  1: not here
`, b.String())
}
