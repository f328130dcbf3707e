package client

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// batchOfThree is a batch that reads, creates and changes; the last two belong together if the
// format allows it.
type batchOfThree struct {
	batch         *Batch
	read, made    *BatchItem[*customer]
	changed, late *BatchItem[struct{}]
}

func newBatchOfThree(root *resource) *batchOfThree {
	b := &batchOfThree{batch: root.client.NewBatch()}
	b.read = AddToBatch(b.batch, func(ctx context.Context) (*customer, error) {
		return fetched[*customer](ctx, root.child("Customers('A')"), "GET", nil, []RequestOption{Select("ID")})
	})
	b.made = AddToBatch(b.batch, func(ctx context.Context) (*customer, error) {
		return fetched[*customer](ctx, root.child("Customers"), "POST", &customer{ID: "N"}, []RequestOption{Prefer("return=representation")})
	}).After(b.read)
	b.changed = b.batch.Add(func(ctx context.Context) error {
		return root.child("Customers('A')").send(ctx, "PATCH", &customer{ID: "A"}, []RequestOption{IfMatch(b.read.Reference())})
	})
	return b
}

func TestODataJSONBatch(t *testing.T) {
	answers := map[string]reply40{
		"POST /$batch": json40(`{"responses":[{"id":"1","status":200,"headers":{"etag":"W/1"},"body":{"@odata.context":"SERVICE/$metadata#Customers/$entity","ID":"A"}}],` +
			`"@odata.nextLink":"$batch/rest?$skiptoken=1"}`),
		"GET /$batch/rest?$skiptoken=1": json40(`{"responses":[{"id":"3","atomicityGroup":"g1","status":204},` +
			`{"id":"2","atomicityGroup":"g1","status":201,"headers":{"location":"SERVICE/Customers('N')","content-type":"application/json"},"body":{"ID":"N"}}],"@odata.nextLink":"last"}`),
		"GET /$batch/last": json40(`{"responses":[{"id":"4","status":404,"body":{"error":{"code":"NotFound"}}}]}`),
	}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		b := newBatchOfThree(root)
		b.batch.Atomic(b.made, b.changed)
		b.late = b.batch.Add(func(ctx context.Context) error {
			return root.child("Customers('B')").send(ctx, "DELETE", nil, nil)
		}).After(b.made).After(b.changed).If(b.read.Reference() + "/$succeeded eq false")
		require.NoError(t, b.batch.Send(t.Context()))

		var sent struct{ Requests []json.RawMessage }
		require.NoError(t, json.Unmarshal([]byte(strings.TrimPrefix(s.asked[0], "POST /$batch ")), &sent))
		require.Len(t, sent.Requests, 4)
		for i, want := range []string{
			`{"id":"1","method":"GET","url":"Customers('A')?$select=ID","headers":{"accept":"application/json"}}`,
			`{"id":"2","atomicityGroup":"g1","method":"POST","url":"Customers","headers":{"accept":"application/json","content-type":"application/json","prefer":"return=representation"},` +
				`"body":{"@odata.type":"#shop.customer","ID":"N"},"dependsOn":["1"]}`,
			`{"id":"3","atomicityGroup":"g1","method":"PATCH","url":"Customers('A')","headers":{"accept":"application/json","content-type":"application/json","if-match":"$1"},` +
				`"body":{"@odata.type":"#shop.customer","ID":"A"}}`,
			`{"id":"4","method":"DELETE","url":"Customers('B')","headers":{"accept":"application/json"},"dependsOn":["g1"],"if":"$1/$succeeded eq false"}`,
		} {
			assert.JSONEq(t, want, string(sent.Requests[i]))
		}
		read, err := b.read.Result()
		require.NoError(t, err)
		assert.Equal(t, "A", read.ID)
		made, err := b.made.Result()
		require.NoError(t, err)
		assert.Equal(t, "N", made.ID)
		_, err = b.changed.Result()
		assert.NoError(t, err)
		_, err = b.late.Result()
		assert.True(t, IsNotFound(err), "%v", err)
	}, WithBatchFormat(JSONBatch))
}

func TestGroupsOfABatchFailTogether(t *testing.T) {
	answers := map[string]reply40{"POST /$batch": json40(`{"responses":[{"id":"1","status":200,"body":{"ID":"A"}},{"id":"2","status":201,"body":{"ID":"N"}},` +
		`{"id":"3","status":412,"body":{"error":{"code":"PreconditionFailed"}}}]}`)}
	inBothVersions(t, answers, func(t *testing.T, _ *shop, root *resource) {
		b := newBatchOfThree(root)
		b.batch.Atomic(b.made, b.changed)
		require.NoError(t, b.batch.Send(t.Context()))
		_, err := b.made.Result()
		assert.EqualError(t, err, "the request was undone, because PATCH /Customers('A') of its group failed")
		_, err = b.changed.Result()
		assert.True(t, IsPreconditionFailed(err), "%v", err)
		_, err = b.read.Result()
		assert.NoError(t, err)
	}, WithBatchFormat(JSONBatch))
}

func TestPagesOfABatchThatAreNotThere(t *testing.T) {
	answers := map[string]reply40{
		"POST /$batch": json40(`{"responses":[{"id":"1","status":200,"body":{"ID":"A"}}],"@odata.nextLink":"lost"}`),
	}
	inBothVersions(t, answers, func(t *testing.T, _ *shop, root *resource) {
		b := newBatchOfThree(root)
		assert.True(t, IsNotFound(b.batch.Send(t.Context())))
		_, err := b.read.Result()
		assert.NoError(t, err, "what was read is kept")
		_, err = b.changed.Result()
		assert.ErrorContains(t, err, "404")
		assert.NotContains(t, err.Error(), "not sent")
	}, WithBatchFormat(JSONBatch))
}

func TestWhatAFormatOfBatchesCannotSay(t *testing.T) {
	for want, test := range map[string]struct {
		format BatchFormat
		use    func(b *batchOfThree)
	}{
		"batches of Graph have no requests that succeed or fail":     {GraphBatch, func(b *batchOfThree) { b.batch.Atomic(b.made, b.changed) }},
		"the format of the batch has no conditions":                  {MultipartBatch, func(b *batchOfThree) { b.changed.If("true") }},
		"allows only changes in change sets":                         {MultipartBatch, func(b *batchOfThree) { b.batch.Atomic(b.read, b.changed) }},
		"a request is in two groups of a batch":                      {JSONBatch, func(b *batchOfThree) { b.batch.Atomic(b.made, b.changed); b.batch.Atomic(b.made) }},
		"a request of another batch cannot be in the group":          {JSONBatch, func(b *batchOfThree) { b.batch.Atomic(newBatchOfThree(answering("")).made) }},
		"a group of the batch has more than 100 requests":            {JSONBatch, func(b *batchOfThree) { b.batch.Atomic(b.many(101)...) }},
		"requests of the batch wait for each other or for a request": {JSONBatch, func(b *batchOfThree) { b.read.After(b.changed) }},
	} {
		r := answering(`{"responses":[]}`, WithBatchFormat(test.format))
		b := newBatchOfThree(r)
		b.changed.After(b.made)
		test.use(b)
		assert.ErrorContains(t, b.batch.Send(t.Context()), want)
		_, err := b.changed.Result()
		assert.Error(t, err, want)
	}
}

// many adds requests.
func (b *batchOfThree) many(n int) (list []interface{ batchEntry() *batchEntry }) {
	at := answering("")
	at.client = b.batch.client
	for range n {
		list = append(list, b.batch.Add(func(ctx context.Context) error { return at.send(ctx, "DELETE", nil, nil) }))
	}
	return list
}

// lines ends lines as HTTP does.
func wireLines(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }

const parts = `--b
Content-Type: application/http
Content-Transfer-Encoding: binary

HTTP/1.1 200 OK
Content-Type: application/json
ETag: W/"1"

{"ID":"A"}
`

func TestODataMultipartBatch(t *testing.T) {
	const made = `--c
Content-Type: application/http
Content-ID: 3

HTTP/1.1 204 No Content

--c
Content-Type: application/http
Content-ID: 2

HTTP/1.1 201 Created
Content-Type: application/json
Location: http://host/service/Customers('N')
Content-Length: 10

{"ID":"N"}
--c--
`
	answers := map[string]reply40{"POST /$batch": {contentType: "multipart/mixed; boundary=b", body: wireLines("preamble\n" + parts + "--b\nContent-Type: multipart/mixed; boundary=c\n\n" + made + "--b--\n")}}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		b := newBatchOfThree(root)
		b.batch.Atomic(b.made, b.changed)
		// Requests cannot depend on each other in one HTTP request.
		b.made.entry.after = nil
		require.NoError(t, b.batch.Send(t.Context()))
		read, err := b.read.Result()
		require.NoError(t, err)
		assert.Equal(t, "A", read.ID)
		one, err := b.made.Result()
		require.NoError(t, err)
		assert.Equal(t, "N", one.ID)
		_, err = b.changed.Result()
		assert.NoError(t, err)

		assert.Equal(t, "multipart/mixed", s.headers[0].Get("Accept"))
		assert.Equal(t, "odata.continue-on-error", s.headers[0].Get("Prefer"))
		assert.Regexp(t, `^multipart/mixed; boundary=`, s.headers[0].Get("Content-Type"))
		sent := s.asked[0]
		assert.Contains(t, sent, wireLines("Content-Id: 1\nContent-Transfer-Encoding: binary\nContent-Type: application/http\n\nGET Customers('A')?$select=ID HTTP/1.1\nAccept: application/json\n\n"))
		assert.Contains(t, sent, wireLines("\n\nPOST Customers HTTP/1.1\nAccept: application/json\nContent-Type: application/json\nPrefer: return=representation\nContent-Length: 41\n\n")+`{"@odata.type":"#shop.customer","ID":"N"}`)
		assert.Contains(t, sent, wireLines("If-Match: $1\n"))
		assert.Less(t, strings.Index(sent, "Content-Type: multipart/mixed; boundary="), strings.Index(sent, "POST Customers"))
	}, WithBatchFormat(MultipartBatch))
}

func TestODataMultipartBatchesThatFail(t *testing.T) {
	const unread = "the request was sent, but its answer was not understood"
	failed := "--b\nContent-Type: application/http\n\nHTTP/1.1 409 Conflict\nContent-Type: application/json\n\n" + `{"error":{"code":"Conflict"}}` + "\n"
	for name, test := range map[string]struct{ body, read, made, changed string }{
		"the change set":      {parts + failed + "--b--\n", "", "Conflict", "Conflict"},
		"the first":           {failed + "--b--\n", "Conflict", "does not include it", "does not include it"},
		"cut":                 {parts[:len(parts)-8], unread, unread, unread},
		"cut after the first": {parts + "--b\n", "", unread, unread},
		"no HTTP":             {parts + "--b\nContent-Type: application/http\n\nhello\n--b--\n", "", unread, unread},
		"odd status":          {parts + "--b\nContent-Type: application/http\n\nHTTP/1.1 700 Odd\n\n--b--\n", "", unread, unread},
		"nothing":             {"", unread, unread, unread},
	} {
		answers := map[string]reply40{"POST /$batch": {contentType: "multipart/mixed; boundary=b", body: wireLines(test.body)}}
		inBothVersions(t, answers, func(t *testing.T, _ *shop, root *resource) {
			b := newBatchOfThree(root)
			b.batch.Atomic(b.made, b.changed)
			b.made.entry.after = nil
			require.NoError(t, b.batch.Send(t.Context()), name)
			_, read := b.read.Result()
			_, made := b.made.Result()
			_, changed := b.changed.Result()
			for want, err := range map[*string]error{&test.read: read, &test.made: made, &test.changed: changed} {
				if *want == "" {
					assert.NoError(t, err, name)
				} else {
					assert.ErrorContains(t, err, *want, name)
				}
			}
		}, WithBatchFormat(MultipartBatch))
	}
	for body, answer := range map[string]reply40{
		"the answer is not JSON": {contentType: "multipart/mixed", body: "x"},
		"Unsupported":            {body: `{"error":{"code":"Unsupported"}}`},
		"the answer is not":      {contentType: "text/html", body: "<p>"},
	} {
		inBothVersions(t, map[string]reply40{"POST /$batch": answer}, func(t *testing.T, _ *shop, root *resource) {
			b := newBatchOfThree(root)
			b.batch.Add(func(ctx context.Context) error { return root.send(ctx, "DELETE", nil, nil) })
			assert.ErrorContains(t, b.batch.Send(t.Context()), body)
		}, WithBatchFormat(MultipartBatch))
	}
}

// TestMultipartBatchesSendWhatDependsLater is about a format that cannot say what depends on
// what.
func TestMultipartBatchesSendWhatDependsLater(t *testing.T) {
	ok := "--b\nContent-Type: application/http\n\nHTTP/1.1 404 Not Found\n\n--b--\n"
	answers := map[string]reply40{"POST /$batch": {contentType: "multipart/mixed; boundary=b", body: wireLines(ok)}}
	inBothVersions(t, answers, func(t *testing.T, s *shop, root *resource) {
		b := root.client.NewBatch()
		first := b.Add(func(ctx context.Context) error { return root.child("A").send(ctx, "DELETE", nil, nil) })
		second := b.Add(func(ctx context.Context) error { return root.child("B").send(ctx, "DELETE", nil, nil) }).After(first)
		require.NoError(t, b.Send(t.Context()))
		require.Len(t, s.asked, 1, "the second is not sent, because the first failed")
		_, err := second.Result()
		assert.ErrorContains(t, err, "424")
	}, WithBatchFormat(MultipartBatch))
}
