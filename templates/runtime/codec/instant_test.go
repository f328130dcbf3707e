package codec

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTimesAgreeWithPackageTime reads times of all years, and those with a character changed:
// what utcTime takes is what package time reads and prints.
func TestTimesAgreeWithPackageTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	first, end := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	taken := 0
	check := func(text string) {
		v, n := utcTime(text)
		if n == 0 {
			return
		}
		taken++
		want, err := time.Parse(time.RFC3339Nano, text[:n])
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if v != want || v.Format(time.RFC3339Nano) != text[:n] { // representation and location, too
			t.Errorf("%s was read as %v", text, v)
		}
	}
	for range 4_000 {
		nanos := [...]int64{0, 0, 5e8, 123e6, 1, 999_999_999, random.Int64N(1e9)}[random.IntN(7)]
		v := time.Unix(first+random.Int64N(end-first), nanos).UTC()
		text := v.Format(time.RFC3339Nano)
		before := taken
		check(text)
		if taken != before+1 {
			t.Errorf("%s was not taken", text)
		}
		changed := []byte(text)
		changed[random.IntN(len(changed))] = "0123456789:-TZ.,+z \x00\xff"[random.IntN(21)]
		check(string(changed))
		check(text[:random.IntN(len(text))])
	}
	for _, day := range []string{"2024-02-29", "2023-02-28", "2000-02-29", "1900-02-28", "0000-02-29", "2023-04-30", "2023-12-31"} {
		check(day + "T23:59:59Z")
	}
	before := taken
	for _, text := range []string{
		"", "Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2023-04-31T00:00:00Z", "2023-00-01T00:00:00Z", "2023-13-01T00:00:00Z",
		"2023-01-00T00:00:00Z", "2023-01-32T00:00:00Z", "2023-01-01T24:00:00Z", "2023-01-01T00:60:00Z", "2023-01-01T00:00:60Z",
		"2023-01-01T00:00:00", "2023-01-01T00:00:00.Z", "2023-01-01T00:00:00.10Z", "2023-01-01T00:00:00.1234567891Z",
		"2023-01-01T00:00:00.123", "2023-01-01T00:00:00+00:00", "2023-01-01t00:00:00z", "2023-01-01T00:00Z",
	} {
		check(text)
	}
	assert.Equal(t, before, taken, "these are spelled otherwise, or no times")
}

// TestUsualValues decodes booleans, times and nulls in their usual places, twice, as the second
// time the decoder expects them.
func TestUsualValues(t *testing.T) {
	for range 2 {
		for _, doc := range []string{
			`{"id":"1","bool":true,"guid":null,"dateTime":"2024-02-29T12:30:15.25Z"}`,
			`{"id":"1","bool":false,"guid":"x","dateTime":"2024-02-29T12:30:15Z"}`,
			`{"id":"1","bool":null,"guid":"","dateTime":null}`,
			`{"id":"1","bool":"true","guid":1,"dateTime":"2024-02-30T12:30:15Z"}`,
			`{"id":"1","bool":1,"guid":true,"dateTime":"2024-02-29T12:30:15+02:00"}`,
			`{"id":"1","bool":{"a":[true]},"guid":{"b":"c"},"dateTime":["2024-02-29T12:30:15Z"]}`,
			`{"id":null,"":null,"bool":null,"a":1}`, `{"decimal":"","decimals":["",1]}`,
			`{"bool":null,"1":1,"2":1,"3":1,"4":1,"5":1,"6":1,"7":1,"8":1,"9":1,"10":1,"11":1,"12":1,"13":1,"14":1,"15":1,"16":1,"17":1,"":1}`,
			`{"id":null,"bool":true,"guid":"é","dateTime":"2024-02-29T12:30:15.10Z"}`,
		} {
			var v Everything
			require.NoError(t, Unmarshal([]byte(doc), &v))
			assert.Equal(t, numbers(t, []byte(doc)), numbers(t, []byte(marshal(t, &v))))
		}
	}
	for _, doc := range []string{
		`{"id":"1","bool":truf}`, `{"id":"1","bool":fals}`, `{"id":"1","bool":falsy}`, `{"id":"1","bool":nul}`, `{"id":"1","bool":trues}`,
		`{"id":"1","dateTime":"2024-02-29T12:30:15Z}`, `{"id":"1","dateTime":"2024-02-29T12:30:15`,
		`{"bool":true,"bool":true}`, `{"bool":null,"bool":true}`, `{"dateTime":"2024-02-29T12:30:15Z","dateTime":null}`,
	} {
		for range 2 {
			assert.Error(t, Unmarshal([]byte(doc), new(Everything)), doc)
		}
	}
}
