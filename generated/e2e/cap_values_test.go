//go:build e2e

package e2e_test

import (
	"math"
	"time"

	"github.com/callgen/callgen/generated/e2e/archive"
	"github.com/callgen/callgen/generated/e2e/archive/fields"
)

var instant = time.Date(2026, 2, 3, 4, 5, 6, 789000000, time.UTC)

// sample has a value of every type.
func sample(id int32) *archive.Samples {
	return &archive.Samples{
		ID: new(id), Text: new("O'Neil & \"Söhne\" / 50 % + #?\t\U0001F600"), Note: new("long"), Tiny: new(uint8(255)), Small: new(int16(-32768)),
		Number: new(int32(math.MinInt32)), Big: new(int64(math.MaxInt64)), Amount: new(archive.Decimal("12345678901.2345")),
		Exact: new(archive.Decimal("0.1")), Ratio: new(1.5e-7), Flag: new(false), Token: new(archive.GUID("0123abcd-0000-4000-8000-00000000abcd")),
		Day: &archive.Date{Year: 2024, Month: time.February, Day: 29}, Clock: &archive.TimeOfDay{Hour: 23, Minute: 59, Second: 58},
		Moment: new(time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)), Instant: new(instant), Raw: archive.Binary{0xfb, 0xff, 0xfe, 0},
		Tags: []string{"a", "", "ü"}, Places: []*archive.Place{{City: new("Ulm"), Zip: new(int32(0))}, {City: new("Bonn")}},
	}
}

// same compares the values of two samples, one check each.
func (c *checks) same(want, got *archive.Samples, what string) {
	c.Helper()
	if got == nil {
		c.Fatal(what, ": there is no sample")
	}
	for _, pair := range []struct {
		name      string
		want, got any
	}{
		{"id", want.ID, got.ID}, {"text", want.Text, got.Text}, {"note", want.Note, got.Note}, {"tiny", want.Tiny, got.Tiny},
		{"small", want.Small, got.Small}, {"number", want.Number, got.Number}, {"big", want.Big, got.Big}, {"amount", want.Amount, got.Amount},
		{"exact", want.Exact, got.Exact}, {"ratio", want.Ratio, got.Ratio}, {"flag", want.Flag, got.Flag}, {"token", want.Token, got.Token},
		{"day", want.Day, got.Day}, {"clock", want.Clock, got.Clock}, {"moment", want.Moment.Unix(), got.Moment.Unix()},
		{"instant", want.Instant.UnixNano(), got.Instant.UnixNano()}, {"raw", want.Raw, got.Raw}, {"tags", want.Tags, got.Tags},
		{"places", len(want.Places), len(got.Places)},
	} {
		c.equal(pair.want, pair.got, what+": "+pair.name)
	}
}

// values: what is sent comes back, with every digit.
func values(c *checks) {
	client := c.client()
	created, err := client.Samples().Create(c.Context(), sample(0))
	c.needs(err)
	c.same(sample(0), created, "created")
	read, err := client.Samples().ByID(0).Get(c.Context())
	c.needs(err)
	c.same(sample(0), read, "read")
	c.equal("Ulm", *read.Places[0].City, "in a collection of a complex type")
	c.equal(int32(0), *read.Places[0].Zip, "zero in a complex type")

	read.Text = nil
	read.AdditionalData.SetNull(fields.SamplesText)
	read, err = client.Samples().ByID(0).Update(c.Context(), &archive.Samples{Number: new(int32(0)), Flag: new(true), Big: new(int64(1<<53 + 1))})
	c.succeeds(err, "update")
	c.equal(int32(0), *read.Number, "zero is sent")
	c.equal(true, *read.Flag, "true is sent")
	c.equal(int64(1<<53+1), *read.Big, "beyond 2^53")

	null := new(archive.Samples)
	null.AdditionalData.SetNull(fields.SamplesText)
	read, err = client.Samples().ByID(0).Update(c.Context(), null)
	c.succeeds(err, "set null")
	c.equal((*string)(nil), read.Text, "null")

	loose := archive.NewClient(nil, archive.WithBaseURL(c.url))
	read, err = loose.Samples().ByID(0).Get(c.Context())
	c.succeeds(err, "without IEEE754Compatible")
	c.equal(int64(1<<53+1), *read.Big, "Int64 as a number")
	c.equal(archive.Decimal("12345678901.2345"), *read.Amount, "Decimal as a number")

	text, err := archive.GetProperty[string](c.Context(), client.Samples().ByID(0), fields.SamplesNote)
	c.succeeds(err, "a property")
	c.equal("long", text, "a property")
	c.succeeds(archive.SetProperty(c.Context(), client.Samples().ByID(0), fields.SamplesNote, "longer"), "set a property")
	text, err = archive.GetProperty[string](c.Context(), client.Samples().ByID(0), fields.SamplesNote)
	c.succeeds(err, "a property that was set")
	c.equal("longer", text, "a property that was set")
	c.succeeds(archive.ClearProperty(c.Context(), client.Samples().ByID(0), fields.SamplesNote), "clear a property")
	_, err = archive.GetProperty[string](c.Context(), client.Samples().ByID(0), fields.SamplesNote)
	c.equal(true, archive.IsNull(err), "a property that is null")

	c.succeeds(client.Samples().ByID(0).Delete(c.Context()), "delete key 0")
	_, err = client.Samples().ByID(0).Get(c.Context())
	c.refused(404, err, "deleted")
}

// literals: each type in $filter finds the one sample that has the value.
func literals(c *checks) {
	client := c.client()
	c.needs(failure(client.Samples().Create(c.Context(), sample(11))))
	other := &archive.Samples{ID: new(int32(12)), Text: new("other"), Tags: []string{"b"}}
	c.needs(failure(client.Samples().Create(c.Context(), other)))
	mine := fields.SamplesID.In(int32(11), int32(12))
	s := sample(11)
	for name, condition := range map[string]archive.Condition{
		"string":        fields.SamplesText.Eq(*s.Text),
		"contains":      fields.SamplesText.Contains("O'Neil & "),
		"starts":        fields.SamplesText.StartsWith("O'"),
		"ends":          fields.SamplesText.EndsWith("\U0001F600"),
		"byte":          fields.SamplesTiny.Eq(*s.Tiny),
		"int16":         fields.SamplesSmall.Eq(*s.Small),
		"int32":         fields.SamplesNumber.Eq(*s.Number),
		"int64":         fields.SamplesBig.Eq(*s.Big),
		"decimal":       fields.SamplesAmount.Eq(*s.Amount),
		"double":        fields.SamplesRatio.Eq(*s.Ratio),
		"boolean":       fields.SamplesFlag.Eq(false),
		"guid":          fields.SamplesToken.Eq(*s.Token),
		"guid as text":  fields.SamplesToken.Eq(string(*s.Token)),
		"date":          fields.SamplesDay.Eq(*s.Day),
		"date later":    fields.SamplesDay.Ge(archive.Date{Year: 2024, Month: 2, Day: 29}),
		"time":          fields.SamplesClock.Eq(*s.Clock),
		"datetime":      fields.SamplesMoment.Eq(*s.Moment),
		"with zone":     fields.SamplesMoment.Eq(s.Moment.In(time.FixedZone("", 3600))),
		"timestamp":     fields.SamplesInstant.Eq(*s.Instant),
		"binary":        fields.SamplesRaw.Eq(s.Raw),
		"not null":      fields.SamplesClock.Ne(nil),
		"not":           archive.Not(fields.SamplesText.Eq("other")),
		"or":            archive.Or(fields.SamplesNumber.Lt(-1), fields.SamplesText.Eq("'")),
		"in":            fields.SamplesText.In(*s.Text, "''"),
		"in of numbers": fields.SamplesNumber.In(*s.Number, int32(1)),
	} {
		var got []int32
		for item, err := range client.Samples().All(c.Context(), archive.Where(mine), archive.Where(condition)) {
			if !c.succeeds(err, name+": "+condition.String()) {
				break
			}
			got = append(got, *item.ID)
		}
		c.equal([]int32{11}, got, name+": "+condition.String())
	}
}

// failure returns the error of a call with a result.
func failure[T any](_ T, err error) error { return err }
