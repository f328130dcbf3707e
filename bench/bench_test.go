package bench

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

const seed = "../generated/testdata/seed"

func documents(tb testing.TB) []Document {
	tb.Helper()
	docs, err := Documents(seed)
	if err != nil {
		tb.Fatal(err)
	}
	return docs
}

// TestRivalsKeepTheDocuments says who loses something, so that the figures are
// read for what they are.
func TestRivalsKeepTheDocuments(t *testing.T) {
	docs := documents(t)
	for _, r := range Rivals() {
		kept := 0
		for i := range docs {
			v, err := r.Decode(&docs[i])
			if err != nil {
				t.Fatalf("%s: %s: %v", r.Name, docs[i].Name, err)
			}
			out, err := r.Encode(v)
			if err != nil {
				t.Fatalf("%s: %s: %v", r.Name, docs[i].Name, err)
			}
			if reflect.DeepEqual(parsed(t, docs[i].Text), parsed(t, out)) {
				kept++
			}
		}
		t.Logf("%s: %d of %d documents kept whole", r.Name, kept, len(docs))
		if r.Name == "callgen" && kept != len(docs) {
			t.Errorf("callgen lost something")
		}
	}
}

func parsed(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func BenchmarkDecode(b *testing.B) {
	docs := documents(b)
	for _, r := range Rivals() {
		b.Run(r.Name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(size(docs))
			for b.Loop() {
				for i := range docs {
					if _, err := r.Decode(&docs[i]); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	docs := documents(b)
	for _, r := range Rivals() {
		b.Run(r.Name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(size(docs))
			var values []any
			for i := range docs {
				v, err := r.Decode(&docs[i])
				if err != nil {
					b.Fatal(err)
				}
				values = append(values, v)
			}
			for b.Loop() {
				for _, v := range values {
					if _, err := r.Encode(v); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func size(docs []Document) int64 {
	n := 0
	for _, d := range docs {
		n += len(d.Text)
	}
	return int64(n)
}
