//go:build e2e

package e2e_test

import (
	"fmt"
	"math"
	"time"

	"github.com/callgen/callgen/generated/e2e/archive"
	"github.com/callgen/callgen/generated/e2e/archive/fields"
)

// keys: entities are found under every key.
func keys(c *checks) {
	client := c.client()
	for _, word := range []string{
		"a/b", "what?", "#1", "100%", "%2F", "a+b", "O'Neil", "''", `say "hi"`, "Grüße", "日本語", "\U0001F600", " blanks in it ", "a&b=c",
		"a,b", "(x)", "..", "a\\b", "semi;colon", "$count", "@id", "null", "a:b", "~", "tab\t", "*",
	} {
		created, err := client.Words().Create(c.Context(), &archive.Words{Word: word, Length: new(int32(len(word)))})
		if !c.succeeds(err, word) {
			continue
		}
		c.equal(word, created.Word, "created")
		read, err := client.Words().ByWord(word).Get(c.Context())
		if c.succeeds(err, word) {
			c.equal(word, read.Word, "read")
		}
		found, err := client.Words().List(c.Context(), archive.Where(fields.WordsWord.Eq(word)))
		if c.succeeds(err, word) {
			c.equal(1, len(found.Value), "found: "+word)
		}
		c.succeeds(client.Words().ByWord(word).Delete(c.Context()), "delete "+word)
	}

	for _, id := range []int64{0, -1, 1<<53 + 1, math.MaxInt64, math.MinInt64} {
		_, err := client.Bigs().Create(c.Context(), &archive.Bigs{ID: new(id), Text: new(fmt.Sprint(id))})
		if !c.succeeds(err, fmt.Sprint(id)) {
			continue
		}
		read, err := client.Bigs().ByID(id).Get(c.Context())
		if c.succeeds(err, fmt.Sprint(id)) {
			c.equal(fmt.Sprint(id), *read.Text, "key of type Int64")
			c.equal(id, *read.ID, "key of type Int64")
		}
	}

	at := time.Date(2026, 1, 2, 3, 4, 5, 678000000, time.FixedZone("", 5400))
	_, err := client.Moments().Create(c.Context(), &archive.Moments{At: &at, Text: new("then")})
	c.succeeds(err, "key of type DateTimeOffset")
	moment, err := client.Moments().ByAt(at).Get(c.Context())
	if c.succeeds(err, "key of type DateTimeOffset") {
		c.equal("then", *moment.Text, "key of type DateTimeOffset")
	}

	for _, level := range []int32{0, -3} {
		_, err = client.Slots().Create(c.Context(), &archive.Slots{Depot: "Nord/Süd 'A'", Level: new(level), Free: new(true)})
		c.succeeds(err, "key of two properties")
		slot, err := client.Slots().ByKey("Nord/Süd 'A'", level).Get(c.Context())
		if c.succeeds(err, "key of two properties") {
			c.equal(level, *slot.Level, "key of two properties")
		}
	}

	key := archive.CellsKey{A: 0, B: "x/y", C: "0123abcd-0000-4000-8000-00000000abcd", D: archive.Date{Year: 2026, Month: time.May, Day: 1}}
	_, err = client.Cells().Create(c.Context(), &archive.Cells{A: &key.A, B: key.B, C: key.C, D: &key.D, Value: new("cell")})
	c.succeeds(err, "key of four properties")
	cell, err := client.Cells().ByKey(key).Get(c.Context())
	if c.succeeds(err, "key of four properties") {
		c.equal("cell", *cell.Value, "key of four properties")
	}
	cell, err = client.Cells().ByKey(key).Replace(c.Context(), &archive.Cells{Value: new("replaced")})
	if c.succeeds(err, "PUT") {
		c.equal("replaced", *cell.Value, "PUT")
	}
	key.D.Day = 2
	_, err = client.Cells().ByKey(key).Get(c.Context())
	c.refused(404, err, "another key")

	box, err := client.Boxes().Create(c.Context(), &archive.Boxes{Label: new("given by the service")})
	if c.succeeds(err, "key that the service gives") {
		read, err := client.Boxes().ByID(box.ID).Get(c.Context())
		c.succeeds(err, "key that the service gives")
		c.equal(box.ID, read.ID, "key of type Guid")
	}
}
