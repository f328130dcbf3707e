// Package fleet shares the calls of one bot among several machines, on NATS JetStream.
//
// Each instance of the bot starts a [Fleet], gives its sessions the store of [NewCallStore] and its
// notifications to [Fleet.Append], and serves its sessions with [Serve]:
//
//	f, err := fleet.Start(ctx, fleet.Options{Conn: conn, Replicas: 3})
//	…
//	store := fleet.NewCallStore[communications.StoredCall](f, fleet.StoreErrors{
//		NotStored: communications.ErrCallNotStored, Stored: communications.ErrCallStored, Revision: communications.ErrCallRevision,
//	})
//	calls := communications.NewCalls(client, nil, communications.CallsOptions{Store: store})
//	communications.LogNotifications(handler, f)
//	err = fleet.Serve(f, calls)
//
// A notification is stored before it is answered. Each call is followed by one instance, its owner,
// whose name is stored with the session and changes by compare-and-swap. An instance holds one
// lease; when it ends, the others share out its calls.
//
// The package works with every generated package that has sessions; it imports none.
package fleet
