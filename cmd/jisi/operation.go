package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"

	"github.com/jisiguangyi/jisi/feed"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/server"
	"github.com/jisiguangyi/jisi/server/gqlhttp"
	"github.com/jisiguangyi/jisi/store"
)

// metricsOf returns metrics of the parts.
func metricsOf(s *store.Store, index *indexer.Index, hub *feed.Hub, streams *gqlhttp.Streams) *server.Metrics {
	return server.NewMetrics(server.Sources{
		Index: health{index, s},
		Feed: func() server.FeedStats {
			stats := hub.Stats()
			return server.FeedStats{Subscribers: stats.Subscribers, Events: stats.Events, Dropped: stats.Dropped}
		},
		Pool: func() server.PoolStats {
			open, busy, most, waits := s.Connections()
			return server.PoolStats{Open: open, Busy: busy, Most: most, Waits: waits}
		},
		Streams: streams,
	})
}

// listenForOperators takes the address for operators, nil where there is none.
func listenForOperators(ctx context.Context, c *config) (net.Listener, error) {
	if c.opsListen == "" {
		return nil, nil //nolint:nilnil // nobody listens
	}
	return (&net.ListenConfig{}).Listen(ctx, "tcp", c.opsListen)
}

// serveOperators serves metrics and profiles at an address of their own, which
// must not be the public's, until ctx ends.
func serveOperators(ctx context.Context, listener net.Listener, metrics *server.Metrics, log *slog.Logger) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.Handler())
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	s := server.New(mux, log)
	stop := context.AfterFunc(ctx, func() { _ = s.Close() }) // nobody waits for a reading
	defer stop()
	log.Info("metrics and profiles", "at", "http://"+listener.Addr().String())
	if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
