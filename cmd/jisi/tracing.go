package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/jisiguangyi/jisi/catalog"
	"github.com/jisiguangyi/jisi/graph"
	"github.com/jisiguangyi/jisi/indexer"
	"github.com/jisiguangyi/jisi/store"
)

// tracing sends spans to an OpenTelemetry collector, as the variables say that
// OpenTelemetry has for all programs (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
// The zero value sends none.
type tracing struct {
	provider *sdk.TracerProvider // nil where nothing is traced
}

// environment looks a variable up.
type environment func(string) (string, bool)

// first returns the first of the variables that is set, the more special one named
// first.
func (env environment) first(names ...string) (name, value string) {
	for _, name := range names {
		if value, _ := env(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// wanted reports whether spans are to be sent: where a collector is named, or the
// exporter is, and neither says no. Without a word nothing is sent, though
// OpenTelemetry's own default is a collector on this machine.
func (env environment) wanted() bool {
	if _, off := env.first("OTEL_SDK_DISABLED"); off == "true" {
		return false
	}
	switch _, exporter := env.first("OTEL_TRACES_EXPORTER"); exporter {
	case "otlp":
		return true
	case "":
		name, _ := env.first("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
		return name != ""
	}
	return false
}

// checkTracing returns all that is wrong with the variables that would otherwise
// be ignored in silence.
func checkTracing(env environment) error {
	var problems []error
	switch _, exporter := env.first("OTEL_TRACES_EXPORTER"); exporter {
	case "", "otlp", "none":
	default:
		problems = append(problems, fmt.Errorf("OTEL_TRACES_EXPORTER: %q is neither otlp nor none", exporter))
	}
	if !env.wanted() {
		return errors.Join(problems...)
	}
	if name, protocol := env.first("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"); name != "" && protocol != "http/protobuf" {
		problems = append(problems, fmt.Errorf("%s: %q is not spoken here, only http/protobuf is", name, protocol))
	}
	if name, at := env.first("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"); name != "" {
		if u, err := url.Parse(at); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			// Not quoted: it may hold a key.
			problems = append(problems, fmt.Errorf("%s: not an address as in http://127.0.0.1:4318", name))
		}
	}
	return errors.Join(problems...)
}

// startTracing sets up what the variables ask for. No collector has to be there:
// what cannot be sent is dropped, and the log says so.
func startTracing(ctx context.Context, env environment, log *slog.Logger) (tracing, error) {
	if !env.wanted() {
		return tracing{}, nil
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces", "error", err) }))
	what, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "jisi"), attribute.String("service.version", version)),
		resource.WithFromEnv(), // last, so that it wins
	)
	if err != nil {
		return tracing{}, &sentence{"OTEL_RESOURCE_ATTRIBUTES 有误", "OTEL_RESOURCE_ATTRIBUTES cannot be read", err}
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return tracing{}, &sentence{"追踪无法启动", "tracing cannot be set up", err}
	}
	log.Info("traces are sent")
	return tracing{sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(what))}, nil
}

// traces returns the tracer provider, nil where spans are not wanted.
func (t tracing) traces() trace.TracerProvider {
	if t.provider == nil {
		return nil
	}
	return t.provider
}

// store adds to a store's options what sees its statements.
func (t tracing) store(o store.Options) store.Options {
	if t.provider != nil {
		o.Tracer = store.Traced(t.provider)
	}
	return o
}

// searcher returns the index, with a span for each search where spans are wanted.
func (t tracing) searcher(index *indexer.Index) graph.Searcher {
	if t.provider == nil {
		return index
	}
	return tracedIndex{index, t.provider.Tracer("github.com/jisiguangyi/jisi/indexer")}
}

// lastSpans is how long a stop waits for a collector to take what is left.
const lastSpans = 3 * time.Second

// stop sends what is left.
func (t tracing) stop(log *slog.Logger) {
	if t.provider == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lastSpans)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		log.Warn("the last traces were not sent", "error", err)
	}
}

// tracedIndex makes a span of each search, so that a trace shows what the index
// takes beside the database.
type tracedIndex struct {
	*indexer.Index
	tracer trace.Tracer
}

// Search searches the index.
func (i tracedIndex) Search(ctx context.Context, q catalog.SearchQuery) (*catalog.SearchPage, error) {
	ctx, span := i.tracer.Start(ctx, "index.search")
	defer span.End()
	page, err := i.Index.Search(ctx, q)
	if page != nil {
		span.SetAttributes(attribute.Int("jisi.hits", page.Total))
	}
	return page, err
}
