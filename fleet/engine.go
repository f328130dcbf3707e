package fleet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// This file starts a server where one is wanted, and makes the streams.

// tryTimeout limits each request to the servers: one that is made while they have no leader is
// never answered.
const tryTimeout = time.Second

// embedded starts a server within this process, which listens nowhere, and connects to it.
func embedded(dir string) (*server.Server, *nats.Conn, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "callgen-fleet", DontListen: true, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("the server cannot be made: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		s.Shutdown()
		return nil, nil, fmt.Errorf("the server does not start in %s: another process may use the folder", dir)
	}
	conn, err := nats.Connect("", nats.InProcessServer(s), nats.MaxReconnects(-1))
	if err != nil {
		s.Shutdown()
		return nil, nil, err
	}
	return s, conn, nil
}

// streamVersion is that of what the streams hold.
const (
	streamVersion    = "1"
	streamVersionKey = "callgen-fleet"
)

// streams are those of a fleet.
type streams struct {
	calls, log, instances jetstream.Stream
}

// markersFor is how long it is kept that something has gone.
const markersFor = time.Hour

// open makes the streams of a fleet, or checks those that are there.
func openStreams(ctx context.Context, js jetstream.JetStream, o Options) (s streams, err error) {
	common := func(what string, more jetstream.StreamConfig) jetstream.StreamConfig {
		more.Name = o.Name + "-" + what
		more.Subjects = []string{o.Name + "." + what + ".*"}
		more.Replicas, more.Storage = o.Replicas, jetstream.FileStorage
		more.Metadata = map[string]string{streamVersionKey: streamVersion}
		more.Description = "calls of a bot, see github.com/callgen/callgen/fleet"
		return more
	}
	for _, one := range []struct {
		into   *jetstream.Stream
		config jetstream.StreamConfig
	}{
		{&s.instances, common("instances", jetstream.StreamConfig{MaxMsgsPerSubject: 1, AllowMsgTTL: true, SubjectDeleteMarkerTTL: time.Minute})},
		{&s.calls, common("calls", jetstream.StreamConfig{MaxMsgsPerSubject: 1, AllowMsgTTL: true})},
		{&s.log, common("log", jetstream.StreamConfig{MaxAge: o.KeepFor, Duplicates: min(10*time.Minute, o.KeepFor), Discard: jetstream.DiscardNew})},
	} {
		if *one.into, err = openStream(ctx, js, one.config, o.Logger); err != nil {
			return s, err
		}
	}
	return s, nil
}

// openStream makes a stream, or checks the one that is there. It tries until ctx ends.
func openStream(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig, log *slog.Logger) (jetstream.Stream, error) {
	var last error
	for {
		found, err := tryStream(ctx, js, want)
		switch {
		case err == nil:
			return found, checkStream(found.CachedInfo().Config, want, log)
		case isAPI(err, codeNotClustered):
			return nil, fmt.Errorf("Options.Replicas is %d, and there is one server only: %w", want.Replicas, err)
		case !mayPass(err):
			return nil, fmt.Errorf("the stream %s cannot be made: %w", want.Name, err)
		}
		if !sleep(ctx, 100*time.Millisecond) {
			err = context.Cause(ctx)
		}
		if ctx.Err() != nil || js.Conn().IsClosed() {
			return nil, fmt.Errorf("the stream %s cannot be made or read: do the servers have JetStream, and a leader? %w", want.Name, explain(js.Conn(), cmp.Or(last, err)))
		}
		last = err
	}
}

// Codes of the servers' answers that the library does not name.
const (
	codeNoPeers            jetstream.ErrorCode = 10005
	codeInvalidConfig      jetstream.ErrorCode = 10052
	codeNotClustered       jetstream.ErrorCode = 10074
	codeDuplicateInProcess jetstream.ErrorCode = 10158
)

// isAPI reports whether the servers have answered with a code.
func isAPI(err error, code jetstream.ErrorCode) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == code
}

// mayPass reports whether a stream may be there or be made later, such as when all servers are up.
func mayPass(err error) bool {
	var api *jetstream.APIError
	return !errors.As(err, &api) || api.ErrorCode == codeNoPeers || api.Code >= 500 && api.ErrorCode != codeInvalidConfig
}

// explain adds what the connection has to say to an error.
func explain(conn *nats.Conn, err error) error {
	if last := conn.LastError(); last != nil && !errors.Is(err, last) {
		err = fmt.Errorf("%w; %w", err, last)
	}
	if !conn.IsConnected() {
		err = fmt.Errorf("the connection is %s: %w", strings.ToLower(conn.Status().String()), err)
	}
	return err
}

// tryStream returns a stream, which is made if it is not there.
func tryStream(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig) (jetstream.Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	found, err := js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		found, err = js.CreateStream(ctx, want)
	}
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // somebody was faster
		return js.Stream(ctx, want.Name)
	}
	return found, err
}

// checkStream reports what keeps a stream from being used.
func checkStream(got, want jetstream.StreamConfig, log *slog.Logger) error {
	drops := got.MaxAge > 0 && want.MaxAge == 0 || (got.MaxMsgs > 0 || got.MaxBytes > 0) && got.Discard == jetstream.DiscardOld
	const advice = "set Options.Name to another name, or remove the stream"
	version := got.Metadata[streamVersionKey]
	switch {
	case !slices.Equal(got.Subjects, want.Subjects):
		return fmt.Errorf("the stream %s has the subjects %q, not %q: %s", want.Name, got.Subjects, want.Subjects, advice)
	case version == "":
		return fmt.Errorf("the stream %s was not made by a fleet: %s", want.Name, advice)
	case version != streamVersion:
		return fmt.Errorf("the stream %s has version %q, and this program reads %q: let the calls end with the other program, or %s", want.Name, version, streamVersion, advice)
	case drops:
		return fmt.Errorf("the stream %s would drop messages that a fleet needs: take its limits away, or let it discard new messages, or %s", want.Name, advice)
	case got.AllowMsgTTL != want.AllowMsgTTL || got.Retention != want.Retention || got.Sealed || got.DenyPurge || want.MaxMsgsPerSubject == 0 && got.MaxMsgsPerSubject > 0:
		// That it keeps more messages of a subject than a fleet needs is for an audit.
		return fmt.Errorf("the stream %s keeps messages in another way than a fleet needs: %s", want.Name, advice)
	}
	if got.Replicas != want.Replicas {
		log.Warn("the stream has another number of replicas, which is left as it is", "stream", want.Name, "replicas", got.Replicas, "wanted", want.Replicas)
	}
	return nil
}

// sleep waits, and reports false if ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// isConflict reports whether a message was refused because its subject has another revision.
func isConflict(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// isUnderWay reports whether a message was refused because the servers are storing one with its id,
// which is not confirmed yet.
func isUnderWay(err error) bool { return isAPI(err, codeDuplicateInProcess) }
