package codec

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConditions(t *testing.T) {
	p := Property("p")
	for want, c := range map[string]Condition{
		"p eq 'it''s'":                   p.Eq("it's"),
		"p ne null":                      p.Ne(nil),
		"p eq null":                      p.Eq((*string)(nil)),
		"p gt 1.5":                       p.Gt(1.5),
		"p eq 0.00000015":                p.Eq(1.5e-7),
		"p eq -0.1":                      p.Eq(float32(-0.1)),
		"p eq 100000000000000000000":     p.Eq(1e20),
		"p eq 1e21":                      p.Eq(1e21),
		"p eq 1e-20":                     p.Eq(1e-20),
		"p eq 0":                         p.Eq(0.0),
		"p ge INF":                       p.Ge(math.Inf(1)),
		"p lt -INF":                      p.Lt(float32(math.Inf(-1))),
		"p le NaN":                       p.Le(math.NaN()),
		"p eq true":                      p.Eq(new(true)),
		"p eq 255":                       p.Eq(uint8(255)),
		"p eq 0.10":                      p.Eq(Decimal("0.10")),
		"p eq duration'PT1S'":            p.Eq(Duration("PT1S")),
		"p eq 2026-01-02":                p.Eq(Date{2026, 1, 2}),
		"p eq 'established'":             p.Eq(CallState("established")),
		"p has 'a'":                      p.Has(CallState("a")),
		"p eq 2026-01-02T03:04:05.5Z":    p.Eq(time.Date(2026, 1, 2, 4, 4, 5, 5e8, time.FixedZone("", 3600))),
		"p eq binary'_-8='":              p.Eq([]byte{0xff, 0xef}),
		"p in ('a',1)":                   p.In("a", 1),
		"startswith(p,'x')":              p.StartsWith("x"),
		"endswith(p,'''')":               p.EndsWith("'"),
		"contains(p/q,'x')":              p.Path("q").Contains("x"),
		"p/any(x:x/q eq 1)":              p.Any(func(x Property) Condition { return x.Path("q").Eq(1) }),
		"p/all(x:x eq 'a')":              p.Every(func(x Property) Condition { return x.Eq("a") }),
		"(p eq 1) and (p eq 2)":          And(p.Eq(1), p.Eq(2)),
		"((p eq 1) or (p eq 2)) and (x)": And(Or(p.Eq(1), p.Eq(2)), RawCondition("x")),
		"not (p eq 1)":                   Not(p.Eq(1)),
		"p eq 112f7296-5fa4-42ca-bae8-6a692b15d4b8": p.Eq(GUID("112f7296-5fa4-42ca-bae8-6a692b15d4b8")),
	} {
		require.NoError(t, c.err)
		assert.Equal(t, want, c.String())
	}
	for _, c := range []Condition{
		p.Eq(GUID("x' or 1 eq 1")), p.Eq(Decimal("1 or true")), And(p.Eq(struct{}{}), p.Eq(1)), Not(p.In(struct{}{})),
		p.Any(func(Property) Condition { return p.Eq(make(chan int)) }),
	} {
		assert.Error(t, conditionError(c), c.text)
	}
}

// FuzzStringLiteral reads back what was quoted.
func FuzzStringLiteral(f *testing.F) {
	for _, s := range []string{"", "'", "''", "a' or true", "\\'", "ü", "'/'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, err := literal(s, false)
		require.NoError(t, err)
		inner := text[1 : len(text)-1]
		require.Equal(t, byte('\''), text[0])
		require.Equal(t, byte('\''), text[len(text)-1])
		require.Equal(t, s, strings.ReplaceAll(inner, "''", "'"))
		require.NotContains(t, strings.ReplaceAll(inner, "''", ""), "'", "no quote is left alone")
	})
}

func TestLiteralsOfPointersAndForeignTypes(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p := Property("p")
	for want, c := range map[string]Condition{
		"p eq 2026-01-02T03:04:05Z": p.Eq(&at),
		"p eq null":                 p.Eq((*time.Time)(nil)),
		"p ne null":                 p.Ne((*Date)(nil)),
		"p eq duration'PT5M'":       p.Eq(5 * time.Minute),
		"p eq 'x or 1 eq 1'":        p.Eq(stringer("x or 1 eq 1")),
		"p eq 03:04:05":             p.Eq(TimeOfDay{Hour: 3, Minute: 4, Second: 5}),
		"p eq q":                    p.Eq(Property("q")),
		"p/any(x1:x1/q/any(x:x eq 1))": p.Any(func(x Property) Condition {
			return x.Path("q").Any(func(y Property) Condition { return y.Eq(1) })
		}),
		"p/any(x1:q/any(x:x eq x1))": p.Any(func(x Property) Condition {
			return Property("q").Any(func(y Property) Condition { return y.Eq(x) })
		}),
	} {
		require.NoError(t, c.err)
		assert.Equal(t, want, c.String())
	}
	for _, c := range []Condition{
		p.Eq(Date{2026, 13, 45}), p.Eq(TimeOfDay{Hour: 24}), p.Eq(pair{}), Or(), And(), p.In(),
		Not(Condition{}), And(Condition{}, p.Eq(1)), p.Any(func(Property) Condition { return Condition{} }), {},
	} {
		assert.Error(t, conditionError(c), "%q", c.text)
	}
}

type stringer string

func (s stringer) String() string { return string(s) }

type pair struct{ A, B int }

func (pair) String() string { return "1 or 1 eq 1" }
