package codec

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDuration(t *testing.T) {
	for text, want := range map[Duration]time.Duration{
		"PT0S": 0, "PT1H30M": 90 * time.Minute, "P1D": 24 * time.Hour, "-P1DT0.5S": -(24*time.Hour + time.Second/2),
		"PT0.000000001S": 1, "PT0.0000000019S": 1, "PT9223372036.854775807S": math.MaxInt64, "P106751DT23H47M16.854775807S": math.MaxInt64,
	} {
		got, ok := text.Std()
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []Duration{"", "P", "PT", "1H", "PT1", "PTH", "P1H", "PT1M1H", "PDT1H", "P1DT", "PT1.H", "PT1.S", "PT.5S", "P-1D", "P1Y",
		"P10675199DT2H48M5.4775807S", "PT9223372036.854775808S", "P99999999999999999999D"} {
		_, ok := text.Std()
		assert.False(t, ok, text)
	}
	for d, want := range map[time.Duration]Duration{
		0: "PT0S", time.Hour: "PT1H", 24 * time.Hour: "P1D", 36*time.Hour + 1: "P1DT12H0.000000001S", -1500 * time.Millisecond: "-PT1.5S",
		math.MinInt64: "-P106751DT23H47M16.854775808S",
	} {
		assert.Equal(t, want, DurationOf(d))
	}
}

func TestDecimal(t *testing.T) {
	r, ok := Decimal("-12.50").Rat()
	require.True(t, ok)
	assert.Equal(t, "-25/2", r.String())
	f, err := Decimal("0.1").Float64()
	require.NoError(t, err)
	assert.Equal(t, 0.1, f)
	for _, d := range []Decimal{"", "x", "+1", "1.", ".5", "1 ", "0x1", "1e999999999", "1e-999999999"} {
		_, ok := d.Rat()
		assert.False(t, ok, d)
	}
}

// TestScalarsWorkWithEncodingJSON is about structs of the program's own.
func TestScalarsWorkWithEncodingJSON(t *testing.T) {
	type mine struct {
		Decimal  Decimal
		Duration Duration
		Date     Date
		Time     TimeOfDay
		Untyped  Untyped
	}
	text := `{"Decimal":1.50,"Duration":"PT1H","Date":"2026-02-28","Time":"10:00:00.5","Untyped":{"a":1}}`
	var v mine
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	assert.Equal(t, mine{"1.50", "PT1H", Date{2026, 2, 28}, TimeOfDay{10, 0, 0, 5e8}, Untyped(`{"a":1}`)}, v)
	out, err := json.Marshal(v)
	require.NoError(t, err)
	assert.Equal(t, text, string(out))

	var a map[string]int
	require.NoError(t, v.Untyped.Decode(&a))
	assert.Equal(t, 1, a["a"])
	var p Participant
	require.NoError(t, Untyped(`{"name":"n"}`).Decode(&p))
	assert.Equal(t, "n", *p.Name)
	for _, bad := range []string{`{"Decimal":"x"}`, `{"Duration":"1h"}`, `{"Date":"28.2."}`, `{"Time":5}`} {
		assert.Error(t, json.Unmarshal([]byte(bad), &v), bad)
	}
	assert.NoError(t, json.Unmarshal([]byte(`{"Date":null}`), &v))
	assert.Equal(t, "2026-02-28", v.Date.String())
	assert.Equal(t, time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC), v.Date.In(time.UTC))
}

func TestDateTimeOffsetAsTheABNFHasIt(t *testing.T) {
	minute := time.Date(2026, 2, 28, 10, 30, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-02-28T10:30Z":           minute,
		"2026-02-28t10:30z":           minute,
		"2026-02-28T12:30+02:00":      minute,
		"2026-02-28t08:00-02:30":      minute,
		"2026-02-28t10:30:00z":        minute,
		"2026-02-28T10:30:00.0000000": {},
		"2026-02-28t10:30:05.5Z":      minute.Add(5500 * time.Millisecond),
		"2026-02-28T10:30":            {},
		"2026-02-28T10Z":              {},
		"2026-02-28T10:30:Z":          {},
		"2026-02-28 10:30Z":           {},
		"2026-02-28T1:30Z":            {},
		"2026-02-28T10:30+2":          {},
		"2026-02-30T10:30Z":           {},
		"t":                           {},
	} {
		doc := `{"dateTime":"` + text + `","dateTimes":["` + text + `"]}`
		var e Everything
		require.NoError(t, Unmarshal([]byte(doc), &e))
		assert.Equal(t, doc, marshal(t, &e))
		if want.IsZero() {
			assert.Equal(t, []string{"dateTime", "dateTimes"}, e.AdditionalData.Mismatched(), text)
			continue
		}
		require.NotNil(t, e.DateTime, text)
		assert.True(t, want.Equal(*e.DateTime), text)
		assert.True(t, want.Equal(e.DateTimes[0]), text)
		assert.NoError(t, Unmarshal([]byte(doc), &e, Strict()))
	}
}

func TestNullsInCollectionsOfScalarsAreLeftOut(t *testing.T) {
	const doc = `{"int32s":[1,null,3],"strings":["a",null,"b",null],"dates":[null],"bools":[null,7]}`
	var e Everything
	require.NoError(t, Unmarshal([]byte(doc), &e))
	assert.Equal(t, []string{"a", "b"}, e.Strings)
	assert.Equal(t, []int32{1, 3}, e.Int32s)
	assert.Equal(t, []Date{}, e.Dates)
	assert.Equal(t, []string{"bools"}, e.AdditionalData.Mismatched())
	sameJSON(t, doc, marshal(t, &e))
	e.Strings = append(e.Strings, "c")
	sameJSON(t, `{"int32s":[1,null,3],"strings":["a","b","c"],"dates":[null],"bools":[null,7]}`, marshal(t, &e))

	var call Call
	require.NoError(t, Unmarshal([]byte(`{"modalities":["audio", null ]}`), &call, Strict()))
	assert.Equal(t, []CallState{"audio"}, call.Modalities)
	assert.ErrorContains(t, Unmarshal([]byte(`{"modalities":["audio",nul]}`), &call), "$.modalities[1]: a JSON value is expected")
}
