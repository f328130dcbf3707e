// Package keeper is the part of the runtime that keeps subscriptions to change notifications.
package keeper
