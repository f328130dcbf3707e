package client

import (
	"context"
	"iter"
	"net/http"

	"github.com/callgen/callgen/templates/runtime/codec"
)

// CastRequestBuilder builds requests for an entity as one of the derived type T, which has no
// requests that its base type does not have.
type CastRequestBuilder[T codec.Value] struct {
	address
	types *codec.TypeList // what a polymorphic T can be
}

//go:noinline
func castTo[T codec.Value](r *resource, listed *codec.TypeList) *CastRequestBuilder[T] {
	return &CastRequestBuilder[T]{address{r}, listed}
}

// Get reads the entity. The service refuses if it is of another type.
func (b *CastRequestBuilder[T]) Get(ctx context.Context, opts ...RequestOption) (T, error) {
	return fetchedAs[T](ctx, b.at, http.MethodGet, nil, b.types, opts)
}

// Update changes the properties that are set in v and returns the entity; the result is empty
// if the service answers without content.
func (b *CastRequestBuilder[T]) Update(ctx context.Context, v T, opts ...RequestOption) (T, error) {
	return fetchedAs[T](ctx, b.at, http.MethodPatch, v, b.types, opts)
}

// CastCollectionRequestBuilder builds requests for the entities in a collection that are of the
// derived type T, which has no requests that its base type does not have.
type CastCollectionRequestBuilder[T codec.Value] struct {
	address
	types *codec.TypeList // what a polymorphic T can be
}

//go:noinline
func castToAll[T codec.Value](r *resource, listed *codec.TypeList) *CastCollectionRequestBuilder[T] {
	return &CastCollectionRequestBuilder[T]{address{r}, listed}
}

// List reads one page of the entities.
func (b *CastCollectionRequestBuilder[T]) List(ctx context.Context, opts ...RequestOption) (*Page[T], error) {
	return fetchedPageOf[T](ctx, b.at, http.MethodGet, nil, b.types, opts)
}

// All iterates over the entities, reading page after page. A null item yields an error, after
// which the iteration continues; any other error ends it.
func (b *CastCollectionRequestBuilder[T]) All(ctx context.Context, opts ...RequestOption) iter.Seq2[T, error] {
	return each[T](ctx, b.at, b.types, opts)
}

// Count returns the number of the entities.
func (b *CastCollectionRequestBuilder[T]) Count(ctx context.Context, opts ...RequestOption) (int64, error) {
	return b.at.count(ctx, opts)
}

// fetchedAs is fetched for a type that may be polymorphic, which has a list of types.
func fetchedAs[T codec.Value](ctx context.Context, r *resource, method string, body any, listed *codec.TypeList, opts []RequestOption) (T, error) {
	if listed == nil {
		return fetched[T](ctx, r, method, body, opts)
	}
	to, err := r.fetchAny(ctx, method, body, (*T)(nil), listed, opts)
	v, _ := to.(T)
	return v, err
}
