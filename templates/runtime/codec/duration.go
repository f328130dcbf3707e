package codec

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is an Edm.Duration as exact ISO 8601 text, such as "PT1H30M" or "-P10DT0.5S". It
// can exceed the range of a [time.Duration], about 292 years.
type Duration string

// DurationOf returns d as ISO 8601 text.
func DurationOf(d time.Duration) Duration {
	sign, nanos := "", uint64(d)
	if d < 0 {
		sign, nanos = "-", -nanos
	}
	days := nanos / uint64(24*time.Hour)
	rest := nanos % uint64(24*time.Hour)
	var b strings.Builder
	b.WriteString(sign + "P")
	if days > 0 {
		b.WriteString(strconv.FormatUint(days, 10) + "D")
	}
	if rest == 0 && days > 0 {
		return Duration(b.String())
	}
	b.WriteByte('T')
	if h := rest / uint64(time.Hour); h > 0 {
		b.WriteString(strconv.FormatUint(h, 10) + "H")
	}
	if m := rest % uint64(time.Hour) / uint64(time.Minute); m > 0 {
		b.WriteString(strconv.FormatUint(m, 10) + "M")
	}
	if s := rest % uint64(time.Minute); s > 0 || rest == 0 {
		text := strconv.FormatUint(s/uint64(time.Second), 10)
		if frac := s % uint64(time.Second); frac > 0 {
			digits := strconv.FormatUint(uint64(time.Second)+frac, 10)[1:]
			text += "." + strings.TrimRight(digits, "0")
		}
		b.WriteString(text + "S")
	}
	return Duration(b.String())
}

// Std returns the duration as a [time.Duration]. It reports false if d is malformed or out of
// range. Fractions of a nanosecond are dropped.
func (d Duration) Std() (time.Duration, bool) {
	parts, negative, ok := splitDuration(string(d))
	if !ok {
		return 0, false
	}
	units := [...]float64{24 * 3600, 3600, 60}
	seconds := 0.0 // for the range only
	whole := int64(0)
	for i, unit := range units {
		n, err := strconv.ParseInt("0"+parts[i], 10, 64)
		seconds += float64(n) * unit
		if err != nil || seconds > math.MaxInt64/1e9 {
			return 0, false
		}
		whole += n * int64(unit)
	}
	text, frac, _ := strings.Cut(parts[3], ".")
	n, err := strconv.ParseInt("0"+text, 10, 64)
	if err != nil || float64(n)+seconds > math.MaxInt64/1e9 {
		return 0, false
	}
	nanos, _ := strconv.ParseInt((frac + "000000000")[:9], 10, 64)
	const second = int64(time.Second)
	if whole += n; whole > (math.MaxInt64-nanos)/second {
		return 0, false
	}
	total := time.Duration(whole*second + nanos)
	if negative {
		total = -total
	}
	return total, true
}

// splitDuration returns the days, hours, minutes and seconds of a valid duration
// as text.
func splitDuration(s string) (parts [4]string, negative, ok bool) {
	s, negative = strings.CutPrefix(s, "-")
	s, ok = strings.CutPrefix(s, "P")
	date, clock, timed := strings.Cut(s, "T")
	if !ok || s == "" || timed && clock == "" {
		return parts, negative, false
	}
	if date != "" {
		days, isDays := strings.CutSuffix(date, "D")
		if !isDays || !isDigits(days) {
			return parts, negative, false
		}
		parts[0] = days
	}
	for i, unit := range []string{"H", "M", "S"} {
		n, rest, found := strings.Cut(clock, unit)
		if !found {
			continue
		}
		if unit == "S" {
			whole, frac, dot := strings.Cut(n, ".")
			if !isDigits(whole) || dot && !isDigits(frac) {
				return parts, negative, false
			}
		} else if !isDigits(n) {
			return parts, negative, false
		}
		parts[i+1], clock = n, rest
	}
	return parts, negative, clock == ""
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// MarshalJSON implements [json.Marshaler].
func (d Duration) MarshalJSON() ([]byte, error) { return durationScalar.print(nil, d) }

// UnmarshalJSON implements [json.Unmarshaler].
func (d *Duration) UnmarshalJSON(data []byte) error {
	return unmarshalScalar(data, durationScalar, d)
}

var durationScalar = textScalar[Duration]("Edm.Duration", func(text string) bool {
	_, _, ok := splitDuration(text)
	return ok
}, true)
