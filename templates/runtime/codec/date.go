package codec

import (
	"fmt"
	"time"
)

// Date is an Edm.Date: a calendar day without a time zone.
type Date struct {
	Year  int // 0 to 9999
	Month time.Month
	Day   int
}

// DateOf returns the day of t in the time zone of t.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// In returns the start of the day in a time zone.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// String returns the date as "2006-01-02".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// MarshalJSON implements [json.Marshaler].
func (d Date) MarshalJSON() ([]byte, error) { return dateScalar.print(nil, d) }

// UnmarshalJSON implements [json.Unmarshaler].
func (d *Date) UnmarshalJSON(data []byte) error { return unmarshalScalar(data, dateScalar, d) }

var dateScalar = scalar[Date]{
	parse: func(tok token) (Date, fit) {
		t, err := time.Parse(time.DateOnly, tok.text)
		if tok.kind != '"' || err != nil {
			return Date{}, misfit
		}
		return DateOf(t), fits
	},
	print: func(dst []byte, d Date) ([]byte, error) {
		if DateOf(d.In(time.UTC)) != d || d.Year < 0 || d.Year > 9999 {
			return dst, errorf("%v is not a day of the calendar", d)
		}
		return append(append(append(dst, '"'), d.String()...), '"'), nil
	},
	equal: same[Date],
}
