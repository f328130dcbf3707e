package rivals_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/callgen/callgen/bench/rivals"
)

// set is what the program of the test runs: one rival keeps all, one loses a member,
// one fails.
func set() rivals.Set {
	documents := [][]byte{[]byte(`{"a":1}`), []byte(`{"a":1,"b":2.0}`)}
	into := func(v func() any) func(i int) (any, error) {
		return func(i int) (any, error) {
			made := v()
			return made, json.Unmarshal(documents[i], made)
		}
	}
	type onlyA struct {
		A int `json:"a"`
	}
	return rivals.Set{Name: "two", Documents: documents, Rivals: []rivals.Rival{
		{Name: "keeps", Decode: into(func() any { return new(map[string]json.RawMessage) }), Encode: json.Marshal},
		{Name: "loses", Decode: into(func() any { return new(onlyA) }), Encode: json.Marshal},
		{Name: "fails", Decode: func(int) (any, error) { return nil, errors.New("cannot") }, Encode: json.Marshal},
	}}
}

// serve is the argument that makes a [rivals.Program] of this test; the rival follows.
const serve = "serve"

// TestMain makes this test a program of rivals when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == serve {
		if err := rivals.Serve(os.Stdin, os.Stdout, os.Args[2], []rivals.Set{set()}); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func program(rival, name string) rivals.Program {
	return rivals.Program{Args: []string{os.Args[0], serve, rival}, Name: name}
}

func TestConduct(t *testing.T) {
	standings, results, err := rivals.Conduct([]rivals.Program{program("keeps", ""), program("loses", "renamed")}, 2, time.Millisecond)
	require.NoError(t, err)
	assert.Equal(t, []rivals.Standing{
		{Set: "two", Rival: "keeps", Documents: 2, Bytes: 22, Kept: 2},
		{Set: "two", Rival: "renamed", Documents: 2, Bytes: 22, Kept: 1},
	}, standings)
	passes := make(map[string]time.Duration)
	for _, r := range results {
		assert.Equal(t, "two", r.Set)
		assert.Positive(t, r.Allocs, "%s, %s", r.Rival, r.Name)
		passes[r.Rival+", "+r.Name] = r.Pass
	}
	assert.Len(t, passes, 6)
	assert.Positive(t, passes["renamed, decode"])
	assert.Positive(t, passes["keeps, round trip"])
}

func TestConductWithAProgramThatFails(t *testing.T) {
	for _, rival := range []string{"fails", "nobody"} {
		_, _, err := rivals.Conduct([]rivals.Program{program("keeps", ""), program(rival, "")}, 1, time.Millisecond)
		assert.Error(t, err, rival)
	}
}
