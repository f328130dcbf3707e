package codec

import "time"

// utcTime reads an Edm.DateTimeOffset at the beginning of s, if it is in UTC and spelled as
// [time.Time] is printed, like most. It returns the length, otherwise 0.
func utcTime(s string) (t time.Time, n int) {
	const seconds = len("2006-01-02T15:04:05")
	if len(s) <= seconds || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return t, 0
	}
	century, year, month, day := twoDigits(s, 0), twoDigits(s, 2), twoDigits(s, 5), twoDigits(s, 8)
	hour, minute, second := twoDigits(s, 11), twoDigits(s, 14), twoDigits(s, 17)
	if century > 99 || year > 99 || month-1 > 11 || day-1 > 30 || hour > 23 || minute > 59 || second > 59 {
		return t, 0
	}
	nanos, n := fraction(s, seconds)
	if n >= len(s) || s[n] != 'Z' {
		return t, 0
	}
	year += 100 * century
	if day > 28 && day > daysIn(year, month) {
		return t, 0
	}
	sec := 86400*daysTo(int64(year), int64(month), int64(day)) + int64(3600*hour+60*minute+second)
	return time.Unix(sec, nanos).UTC(), n + 1
}

// twoDigits returns the number of two digits at i, or a great number.
func twoDigits(s string, i int) uint {
	a, b := uint(s[i]-'0'), uint(s[i+1]-'0')
	if a > 9 || b > 9 {
		return 1000
	}
	return 10*a + b
}

// fraction reads the digits after the decimal point at i, if there is one, and returns where
// they end, or the end of s if they are too many or end with a zero.
func fraction(s string, i int) (nanos int64, end int) {
	if s[i] != '.' {
		return 0, i
	}
	unit := int64(1e9)
	start := i + 1
	for i = start; i < len(s) && s[i]-'0' <= 9; i++ {
		nanos = 10*nanos + int64(s[i]-'0')
		if unit /= 10; unit == 0 {
			return 0, len(s)
		}
	}
	if i == start || s[i-1] == '0' {
		return 0, len(s)
	}
	return nanos * unit, i
}

// daysIn returns the number of days of a month.
func daysIn(year, month uint) uint {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// daysTo returns the days from 1970 to a day. Years are counted from March, so that the day of
// a leap year is the last one.
func daysTo(year, month, day int64) int64 {
	if month -= 3; month < 0 {
		month += 12
		year--
	}
	year += 400 // a whole cycle of the calendar, for the year before 0
	return 365*year + year/4 - year/100 + year/400 + (153*month+2)/5 + day - 1 - 719468 - 146097
}
