//go:build e2e

package e2e_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/callgen/callgen/generated/e2e/archive"
)

func batches(c *checks)   { batch(c, archive.JSONBatch, 71) }
func multipart(c *checks) { batch(c, archive.MultipartBatch, 81) }

// batch: requests that are sent together.
func batch(c *checks, format archive.BatchFormat, id int64) {
	client, ctx := c.client(archive.WithBatchFormat(format)), c.Context()
	create := func(id int64) func(context.Context) (*archive.Bigs, error) {
		return func(ctx context.Context) (*archive.Bigs, error) {
			return client.Bigs().Create(ctx, &archive.Bigs{ID: new(id), Text: new("batch / 'ä'")})
		}
	}
	exists := func(id int64) bool {
		_, err := c.client().Bigs().ByID(id).Get(ctx)
		return err == nil
	}

	b := client.NewBatch()
	first := archive.AddToBatch(b, create(id*100))
	second := archive.AddToBatch(b, create(id*100+1))
	missing := archive.AddToBatch(b, func(ctx context.Context) (*archive.Bigs, error) { return client.Bigs().ByID(-id).Get(ctx) })
	echo := archive.AddToBatch(b, func(ctx context.Context) (string, error) {
		return client.EchoText(ctx, archive.EchoTextParameters{Value: new("O'Neil & Söhne/50%")})
	})
	c.needs(b.Send(ctx))
	created, err := first.Result()
	if c.succeeds(err, "create in a batch") {
		c.equal(id*100, *created.ID, "create in a batch")
		c.equal("batch / 'ä'", *created.Text, "create in a batch")
	}
	_, err = second.Result()
	c.succeeds(err, "another in a batch")
	_, err = missing.Result()
	c.refused(404, err, "one that fails does not fail the others")
	text, err := echo.Result()
	echoed(c, "function in a batch", "O'Neil & Söhne/50%", text, err)

	failing := client.NewBatch()
	good := archive.AddToBatch(failing, create(id*100+2))
	bad := archive.AddToBatch(failing, create(id*100)) // which exists
	failing.Atomic(good, bad)
	err = failing.Send(ctx)
	c.succeeds(err, "a change set that fails")
	_, goodErr := good.Result()
	_, badErr := bad.Result()
	c.equal(true, badErr != nil, "the request that fails")
	c.equal(true, goodErr != nil, fmt.Sprint("the others of its change set: ", goodErr))
	c.equal(false, exists(id*100+2), "nothing of the change set is done")

	whole := client.NewBatch()
	one, two := archive.AddToBatch(whole, create(id*100+3)), archive.AddToBatch(whole, create(id*100+4))
	whole.Atomic(one, two)
	c.needs(whole.Send(ctx))
	_, err = one.Result()
	c.succeeds(err, "change set")
	_, err = two.Result()
	c.succeeds(err, "change set")
	c.equal(true, exists(id*100+3) && exists(id*100+4), "change set")

	large := client.NewBatch()
	var items []*archive.BatchItem[*archive.Bigs]
	for i := range int64(30) {
		items = append(items, archive.AddToBatch(large, create(id*100+10+i)))
	}
	c.needs(large.Send(ctx))
	for _, item := range items {
		_, err := item.Result()
		c.succeeds(err, "one of thirty")
	}
	if format == archive.JSONBatch {
		dependent(c, client, create, id*100)
	}
}

// dependent: a request that waits for another one.
func dependent(c *checks, client *archive.Client, create func(int64) func(context.Context) (*archive.Bigs, error), id int64) {
	b := client.NewBatch()
	first := archive.AddToBatch(b, create(id+5))
	then := archive.AddToBatch(b, func(ctx context.Context) (*archive.Bigs, error) { return client.Bigs().ByID(id + 5).Get(ctx) }).After(first)
	bad := archive.AddToBatch(b, create(id))
	never := archive.AddToBatch(b, create(id+6)).After(bad)
	c.needs(b.Send(c.Context()))
	read, err := then.Result()
	if c.succeeds(err, "after another one") {
		c.equal(id+5, *read.ID, "after another one")
	}
	_, err = bad.Result()
	c.equal(true, err != nil, "one that fails")
	_, err = never.Result()
	c.refused(424, err, "after one that fails")
}

// concurrent: fifty goroutines use one client.
func concurrent(c *checks) {
	client := c.client()
	var group sync.WaitGroup
	errs := make(chan error, 50)
	for i := range int64(50) {
		group.Go(func() {
			id := 5000 + i
			_, err := client.Bigs().Create(c.Context(), &archive.Bigs{ID: new(id), Text: new(fmt.Sprint(id))})
			if err == nil {
				var read *archive.Bigs
				if read, err = client.Bigs().ByID(id).Get(c.Context()); err == nil && *read.Text != fmt.Sprint(id) {
					err = fmt.Errorf("%d has the text %s", id, *read.Text)
				}
			}
			errs <- err
		})
	}
	group.Wait()
	close(errs)
	for err := range errs {
		c.succeeds(err, "one of fifty")
	}
}

// restart: requests wait for a server that comes back.
func restart(c *checks, s *server) {
	client := c.client(archive.WithRetry(archive.RetryPolicy{Attempts: 60, Base: 50 * time.Millisecond, MaxWait: 2 * time.Minute}))
	c.needs(failure(client.Words().Create(c.Context(), &archive.Words{Word: "restart"})))
	s.stop()
	impatient := c.client(archive.WithRetry(archive.RetryPolicy{}))
	_, err := impatient.Settings().Get(c.Context())
	c.equal(true, err != nil, "without retries")
	done := make(chan error, 1)
	go func() {
		_, err := client.Settings().Get(c.Context())
		done <- err
	}()
	s.run(c.T)
	c.succeeds(<-done, "sent while the server was down")
	_, err = client.Words().Create(c.Context(), &archive.Words{Word: "restart"})
	c.succeeds(err, "connections of the old server are given up")
}
