package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// CheckCallStore tests an implementation of [CallStore], which must be empty and is left so. It
// returns an error that says what the store does wrong. Call it from a test:
//
//	if err := CheckCallStore(t.Context(), store); err != nil {
//		t.Error(err)
//	}
func CheckCallStore(ctx context.Context, store CallStore) error {
	c := &storeCheck{ctx: ctx, store: store}
	for _, id := range []string{"6b7db8b1894c409ab240bd8beae78896", "with.dots and * > / blanks", "Größe"} {
		c.life(id)
	}
	c.large()
	c.expiry()
	c.race()
	c.list()
	return errors.Join(c.failed...)
}

// storeCheck collects what a store does wrong.
type storeCheck struct {
	ctx    context.Context
	store  CallStore
	failed []error
}

func (c *storeCheck) wrong(format string, args ...any) {
	c.failed = append(c.failed, fmt.Errorf(format, args...))
}

// is notes an error other than the wanted one.
func (c *storeCheck) is(err, want error, what string) bool {
	if !errors.Is(err, want) || want == nil && err != nil {
		c.wrong("%s: the error is %v, not %v", what, err, want)
		return false
	}
	return true
}

func (c *storeCheck) call(id, data string, revision uint64) StoredCall {
	return StoredCall{ID: id, Data: []byte(data), Revision: revision, Expires: time.Now().Add(time.Hour)}
}

// life takes a call through all that can happen to it.
func (c *storeCheck) life(id string) {
	_, err := c.store.Load(c.ctx, id)
	c.is(err, ErrCallNotStored, "Load of a call that is not there")
	_, err = c.store.Save(c.ctx, c.call(id, "a", 7))
	c.is(err, ErrCallRevision, "Save of a call that is not there, with a revision")
	first, err := c.store.Save(c.ctx, c.call(id, "a", 0))
	if !c.is(err, nil, "Save of a new call") {
		return
	}
	if first == 0 {
		c.wrong("Save returns revision 0, which stands for a new call")
	}
	_, err = c.store.Save(c.ctx, c.call(id, "b", 0))
	c.is(err, ErrCallStored, "Save of a new call that is there")
	second, err := c.store.Save(c.ctx, c.call(id, "c", first))
	c.is(err, nil, "Save with the present revision")
	if second == first {
		c.wrong("Save leaves revision %d as it is", first)
	}
	_, err = c.store.Save(c.ctx, c.call(id, "d", first))
	c.is(err, ErrCallRevision, "Save with a former revision")
	got, err := c.store.Load(c.ctx, id)
	c.is(err, nil, "Load")
	if got.ID != id || string(got.Data) != "c" || got.Revision != second || got.Expires.Before(time.Now()) {
		c.wrong("Load returns %q with revision %d, expiry %v and %q; revision %d with %q were saved last", got.ID, got.Revision, got.Expires, got.Data, second, "c")
	}
	c.is(c.store.Delete(c.ctx, id, first), ErrCallRevision, "Delete with a former revision")
	c.is(c.store.Delete(c.ctx, id, second), nil, "Delete")
	c.is(c.store.Delete(c.ctx, id, second), nil, "Delete of a call that is not there")
	again, err := c.store.Save(c.ctx, c.call(id, "e", 0))
	c.is(err, nil, "Save of a call that was deleted")
	_, err = c.store.Save(c.ctx, c.call(id, "f", second))
	c.is(err, ErrCallRevision, "Save with the revision of a call that was deleted")
	c.is(c.store.Delete(c.ctx, id, again), nil, "Delete")
}

// large saves what a long call of many people can need.
func (c *storeCheck) large() {
	data := bytes.Repeat([]byte{0, 0xff, '"', '\n'}, 64<<10)
	revision, err := c.store.Save(c.ctx, StoredCall{ID: "large", Data: data, Expires: time.Now().Add(time.Hour)})
	if !c.is(err, nil, "Save of 256 KiB") {
		return
	}
	got, err := c.store.Load(c.ctx, "large")
	if c.is(err, nil, "Load of 256 KiB") && !bytes.Equal(got.Data, data) {
		c.wrong("Load returns other data than was saved")
	}
	c.is(c.store.Delete(c.ctx, "large", revision), nil, "Delete")
}

// expiry saves what has expired.
func (c *storeCheck) expiry() {
	old := c.call("old", "a", 0)
	old.Expires = time.Now().Add(-time.Second)
	if _, err := c.store.Save(c.ctx, old); !c.is(err, nil, "Save of a call that has expired") {
		return
	}
	_, err := c.store.Load(c.ctx, "old")
	c.is(err, ErrCallNotStored, "Load of a call that has expired")
	revision, err := c.store.Save(c.ctx, c.call("old", "b", 0))
	if c.is(err, nil, "Save of a new call in place of one that has expired") {
		c.is(c.store.Delete(c.ctx, "old", revision), nil, "Delete")
	}
}

// race lets many change a call at once: one of them wins each time.
func (c *storeCheck) race() {
	revision, err := c.store.Save(c.ctx, c.call("race", "", 0))
	if !c.is(err, nil, "Save") {
		return
	}
	for range 10 {
		var won atomic.Uint64
		var winners atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if next, err := c.store.Save(c.ctx, c.call("race", "x", revision)); err == nil {
					winners.Add(1)
					won.Store(next)
				}
			})
		}
		all.Wait()
		if winners.Load() != 1 {
			c.wrong("%d of 8 that save the same revision at once succeed, not 1", winners.Load())
			return
		}
		revision = won.Load()
	}
	c.is(c.store.Delete(c.ctx, "race", revision), nil, "Delete")
}

// list compares List with what is there.
func (c *storeCheck) list() {
	revisions := make(map[string]uint64)
	for i := range 20 {
		id := fmt.Sprint("call ", i)
		revisions[id], _ = c.store.Save(c.ctx, c.call(id, id, 0))
	}
	var ids []string
	for id, err := range c.store.List(c.ctx) {
		if !c.is(err, nil, "List") {
			break
		}
		ids = append(ids, id)
	}
	for id, revision := range revisions {
		if !slices.Contains(ids, id) {
			c.wrong("List lacks %q", id)
		}
		c.is(c.store.Delete(c.ctx, id, revision), nil, "Delete")
	}
	if len(ids) != len(revisions) {
		c.wrong("List returns %d ids, not %d", len(ids), len(revisions))
	}
	for id := range c.store.List(c.ctx) {
		c.wrong("List returns %q, although every call was deleted", id)
	}
}
