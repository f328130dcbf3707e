//go:build e2e

package e2e_test

import (
	"errors"
	"time"

	"github.com/callgen/callgen/generated/e2e/archive"
)

// echoed checks that a function returns its argument.
func echoed[T any](c *checks, name string, want T, got T, err error) {
	c.Helper()
	if c.succeeds(err, name) {
		c.equal(want, got, name)
	}
}

// functions: parameters and results of every type, in URLs.
func functions(c *checks) {
	client, ctx, s := c.client(), c.Context(), sample(31)
	for _, text := range []string{"", "O'Neil", "a/b?c#d", "100%", "a+b & c", "Grüße \U0001F600", `say "hi"`, "(a,b)", "@p1"} {
		got, err := client.EchoText(ctx, archive.EchoTextParameters{Value: new(text)})
		echoed(c, "String "+text, text, got, err)
	}
	tiny, err := client.EchoTiny(ctx, archive.EchoTinyParameters{Value: s.Tiny})
	echoed(c, "Byte", *s.Tiny, tiny, err)
	small, err := client.EchoSmall(ctx, archive.EchoSmallParameters{Value: s.Small})
	echoed(c, "Int16", *s.Small, small, err)
	number, err := client.EchoNumber(ctx, archive.EchoNumberParameters{Value: new(int32(0))})
	echoed(c, "Int32", 0, number, err)
	big, err := client.EchoBig(ctx, archive.EchoBigParameters{Value: s.Big})
	echoed(c, "Int64", *s.Big, big, err)
	amount, err := client.EchoAmount(ctx, archive.EchoAmountParameters{Value: new(archive.Decimal("1234567890123456.7891"))})
	echoed(c, "Decimal", "1234567890123456.7891", amount, err)
	ratio, err := client.EchoRatio(ctx, archive.EchoRatioParameters{Value: new(-0.25)})
	echoed(c, "Double", -0.25, ratio, err)
	flag, err := client.EchoFlag(ctx, archive.EchoFlagParameters{Value: new(true)})
	echoed(c, "Boolean", true, flag, err)
	flag, err = client.EchoFlag(ctx, archive.EchoFlagParameters{Value: new(false)})
	echoed(c, "Boolean", false, flag, err)
	token, err := client.EchoToken(ctx, archive.EchoTokenParameters{Value: s.Token})
	echoed(c, "Guid", *s.Token, token, err)
	day, err := client.EchoDay(ctx, archive.EchoDayParameters{Value: s.Day})
	echoed(c, "Date", *s.Day, day, err)
	clock, err := client.EchoClock(ctx, archive.EchoClockParameters{Value: s.Clock})
	echoed(c, "TimeOfDay", *s.Clock, clock, err)
	moment, err := client.EchoMoment(ctx, archive.EchoMomentParameters{Value: s.Moment})
	echoed(c, "DateTimeOffset", s.Moment.Unix(), moment.Unix(), err)
	moment, err = client.EchoInstant(ctx, archive.EchoInstantParameters{Value: new(s.Instant.In(time.FixedZone("", -3600)))})
	echoed(c, "DateTimeOffset with zone", s.Instant.UnixNano(), moment.UnixNano(), err)
	raw, err := client.EchoRaw(ctx, archive.EchoRawParameters{Value: s.Raw})
	echoed(c, "Binary", s.Raw, raw, err)
	texts, err := client.EchoTexts(ctx, archive.EchoTextsParameters{Value: []string{"a", "O'Neil", "100% + /?#"}})
	echoed(c, "collection of String", []string{"a", "O'Neil", "100% + /?#"}, texts, err)
	place, err := client.EchoPlace(ctx, archive.EchoPlaceParameters{Value: s.Places[0]})
	if c.succeeds(err, "complex type") {
		c.equal("Ulm", *place.City, "complex type")
	}
	places, err := client.EchoPlaces(ctx, archive.EchoPlacesParameters{Value: s.Places})
	if c.succeeds(err, "collection of a complex type") {
		c.equal(2, len(places.Value), "collection of a complex type")
	}
	_, err = client.Nothing(ctx)
	c.equal(true, archive.IsNull(err), "null")

	c.needs(failure(client.Samples().Create(ctx, s)))
	got, err := client.Sample(ctx, archive.SampleParameters{ID: new(int32(31))})
	if c.succeeds(err, "entity") {
		c.equal(*s.Text, *got.Text, "entity")
	}
	_, err = client.Sample(ctx, archive.SampleParameters{ID: new(int32(-31))})
	c.equal(true, err != nil, "no such entity")
	all, err := client.SamplesImport(ctx)
	if c.succeeds(err, "entities") {
		c.equal(true, len(all.Value) > 0, "entities")
	}
}

// actions: parameters and results of every type, in bodies.
func actions(c *checks) {
	client, ctx, s := c.client(), c.Context(), sample(41)
	got, err := client.Mirror(ctx, archive.MirrorParameters{
		Text: s.Text, Tiny: s.Tiny, Small: s.Small, Number: new(int32(0)), Big: s.Big, Amount: s.Amount, Ratio: s.Ratio, Flag: s.Flag,
		Token: s.Token, Day: s.Day, Clock: s.Clock, Moment: s.Moment, Instant: s.Instant, Raw: s.Raw, Tags: s.Tags, Place: s.Places[0], Places: s.Places,
	})
	c.needs(err)
	c.same(s, &archive.Samples{
		ID: s.ID, Note: s.Note, Exact: s.Exact, Number: s.Number, Text: got.Text, Tiny: got.Tiny, Small: got.Small, Big: got.Big, Amount: got.Amount,
		Ratio: got.Ratio, Flag: got.Flag, Token: got.Token, Day: got.Day, Clock: got.Clock, Moment: got.Moment, Instant: got.Instant, Raw: got.Raw,
		Tags: got.Tags, Places: got.Places,
	}, "action")
	c.equal(int32(0), *got.Number, "zero")
	c.equal("Ulm", *got.Place.City, "complex type")
	got, err = client.Mirror(ctx, archive.MirrorParameters{})
	if c.succeeds(err, "without arguments") {
		c.equal((*string)(nil), got.Text, "without arguments")
	}
	c.succeeds(client.Reset(ctx), "without parameters and result")
	count, err := client.AddWords(ctx, archive.AddWordsParameters{Words: []string{"action 1", "action 2"}})
	echoed(c, "collection of String", 2, count, err)
	stored, err := client.Store(ctx, archive.StoreParameters{Sample: s})
	if c.succeeds(err, "entity as parameter") {
		c.same(s, stored, "entity as parameter")
	}
}

// bound: operations of an entity.
func bound(c *checks) {
	client, ctx := c.client(), c.Context()
	c.needs(failure(client.Orders().Create(ctx, order(51, 4))))
	one := client.Orders().ByID(51)
	when := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	shipped, err := one.Ship(ctx, archive.OrdersShipParameters{Carrier: new("O'Neil"), Weight: new(archive.Decimal("0.50")), When: &when}, archive.IfMatch("*"))
	if c.succeeds(err, "action") {
		c.equal("O'Neil 0.50 2026-05-06T07:08:09Z", *shipped.Title, "action")
	}
	_, err = one.Total(ctx)
	c.refused(428, err, "the server wants an ETag for functions as well")
	total, err := one.Total(ctx, archive.IfMatch("*"))
	echoed(c, "function", "10.00", total, err)
	found, err := one.Find(ctx, archive.OrdersFindParameters{Text: new("item 2")}, archive.IfMatch("*"))
	if c.succeeds(err, "function with parameter") {
		c.equal(1, len(found.Value), "function with parameter")
	}
	none, err := one.None(ctx, archive.IfMatch("*"))
	c.equal(true, archive.IsNull(err) && none == nil, "no entity")
	lines, err := one.AddAll(ctx, archive.OrdersAddAllParameters{Items: []*archive.Line{{Name: new("x"), Price: new(archive.Decimal("1.25"))}, {Name: new("y")}}}, archive.IfMatch("*"))
	if c.succeeds(err, "collection of a complex type") {
		c.equal("x", *lines.Value[0].Name, "collection of a complex type")
		c.equal(int32(51), *lines.Value[0].OrderID, "collection of a complex type")
	}
	c.succeeds(one.Cancel(ctx, archive.IfMatch("*")), "action without result")
	after, err := one.Get(ctx)
	if c.succeeds(err, "after the action") {
		c.equal("cancelled", *after.Title, "after the action")
	}

	c.needs(failure(client.Slots().Create(ctx, &archive.Slots{Depot: "b/c", Level: new(int32(7)), Free: new(true)})))
	slot, err := client.Slots().ByKey("b/c", 7).Reserve(ctx, archive.SlotsReserveParameters{By: new("me")})
	if c.succeeds(err, "action on a key of two") {
		c.equal(false, *slot.Free, "action on a key of two")
	}
	distance, err := client.Slots().ByKey("b/c", 7).Distance(ctx, archive.SlotsDistanceParameters{Depot: new("x"), Level: new(int32(-3))})
	echoed(c, "function on a key of two", 10, distance, err)
}

// failures: errors of the service.
func failures(c *checks) {
	client, ctx := c.client(), c.Context()
	err := client.Fail(ctx, archive.FailParameters{Status: new(int32(409)), Code: new("TAKEN")})
	c.refused(409, err, "as asked")
	c.equal(true, archive.IsConflict(err) && archive.HasCode(err, "TAKEN"), "code")
	var refusal *archive.Error
	if errors.As(err, &refusal) {
		c.equal("as asked", refusal.Message, "message")
		c.equal("status", refusal.Target, "target")
	}
	c.refused(403, client.Fail(ctx, archive.FailParameters{Status: new(int32(403)), Code: new("NO")}), "forbidden")
	c.refused(418, client.Fail(ctx, archive.FailParameters{Status: new(int32(418)), Code: new("TEAPOT")}), "teapot")
	_, err = client.Words().ByWord("no such word").Get(ctx)
	c.equal(true, archive.IsNotFound(err), "not found")
	_, err = client.Words().List(ctx, archive.Where(archive.RawCondition("word eq")))
	c.refused(400, err, "a query that is wrong")
	_, err = client.Words().List(ctx, archive.Where(archive.RawCondition("unknown eq 1")))
	c.refused(400, err, "an unknown property")
	c.needs(failure(client.Bigs().Create(ctx, &archive.Bigs{ID: new(int64(61))})))
	_, err = client.Bigs().Create(ctx, &archive.Bigs{ID: new(int64(61))})
	c.equal(true, err != nil, "a key twice")
}
