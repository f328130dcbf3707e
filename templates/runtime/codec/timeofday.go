package codec

import (
	"fmt"
	"strings"
	"time"
)

// TimeOfDay is an Edm.TimeOfDay: a time of day without a time zone.
type TimeOfDay struct {
	Hour       int // 0 to 23
	Minute     int
	Second     int
	Nanosecond int
}

// String returns the time as "15:04:05", with as many decimals as needed.
func (t TimeOfDay) String() string {
	s := fmt.Sprintf("%02d:%02d:%02d", t.Hour, t.Minute, t.Second)
	if t.Nanosecond != 0 {
		s += strings.TrimRight(fmt.Sprintf(".%09d", t.Nanosecond), "0")
	}
	return s
}

func (t TimeOfDay) valid() bool {
	return 0 <= t.Hour && t.Hour < 24 && 0 <= t.Minute && t.Minute < 60 &&
		0 <= t.Second && t.Second < 60 && 0 <= t.Nanosecond && t.Nanosecond < int(time.Second)
}

// MarshalJSON implements [json.Marshaler].
func (t TimeOfDay) MarshalJSON() ([]byte, error) { return timeOfDayScalar.print(nil, t) }

// UnmarshalJSON implements [json.Unmarshaler].
func (t *TimeOfDay) UnmarshalJSON(data []byte) error {
	return unmarshalScalar(data, timeOfDayScalar, t)
}

var timeOfDayScalar = scalar[TimeOfDay]{
	parse: func(tok token) (TimeOfDay, fit) {
		if tok.kind != '"' {
			return TimeOfDay{}, misfit
		}
		t, err := time.Parse("15:04:05.999999999", tok.text)
		if err != nil {
			t, err = time.Parse("15:04", tok.text)
		}
		v := TimeOfDay{t.Hour(), t.Minute(), t.Second(), t.Nanosecond()}
		switch {
		case err != nil:
			return v, misfit
		case v.String() != tok.text:
			return v, inexact
		}
		return v, fits
	},
	print: func(dst []byte, t TimeOfDay) ([]byte, error) {
		if !t.valid() {
			return dst, errorf("%v is not a time of day", t)
		}
		return append(append(append(dst, '"'), t.String()...), '"'), nil
	},
	equal: same[TimeOfDay],
}
