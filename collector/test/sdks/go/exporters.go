package main

import (
	"context"
	"os"

	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

type exporters struct {
	spans   sdktrace.SpanExporter
	logs    sdklog.Exporter
	metrics sdkmetric.Exporter
}

// The protocol is a choice of package here; the rest each exporter reads from the environment.
func newExporters(ctx context.Context) (made exporters, err error) {
	isGRPC := os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL") == "grpc"
	if isGRPC {
		made.spans, err = otlptracegrpc.New(ctx)
	} else {
		made.spans, err = otlptracehttp.New(ctx)
	}
	if err != nil {
		return made, err
	}
	if isGRPC {
		made.logs, err = otlploggrpc.New(ctx)
	} else {
		made.logs, err = otlploghttp.New(ctx)
	}
	if err != nil {
		return made, err
	}
	if isGRPC {
		made.metrics, err = otlpmetricgrpc.New(ctx)
	} else {
		made.metrics, err = otlpmetrichttp.New(ctx)
	}
	return made, err
}
