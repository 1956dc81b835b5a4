// Sends known items with the OpenTelemetry SDK for Go; ../README.md says which. Ends with 1 when an export failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

const (
	spans        = 5
	logRecords   = 4
	metricPoints = 3
)

func orderID(number int) string {
	return fmt.Sprintf("order-%d", number)
}

func sendSpans(ctx context.Context, provider *sdktrace.TracerProvider) {
	tracer := provider.Tracer("orders")
	for number := 1; number <= spans; number++ {
		_, span := tracer.Start(ctx, "order")
		span.SetAttributes(attribute.String("order.id", orderID(number)))
		span.End()
	}
}

func sendLogs(ctx context.Context, provider *sdklog.LoggerProvider) {
	logger := provider.Logger("orders")
	for number := 1; number <= logRecords; number++ {
		var record log.Record
		record.SetSeverity(log.SeverityInfo)
		record.SetBody(attribute.StringValue(fmt.Sprintf("order %d", number)))
		record.AddAttributes(attribute.String("order.id", orderID(number)))
		logger.Emit(ctx, record)
	}
}

func sendMetrics(ctx context.Context, provider *sdkmetric.MeterProvider) error {
	orders, err := provider.Meter("orders").Int64Counter("orders")
	if err != nil {
		return err
	}
	for number := 1; number <= metricPoints; number++ {
		orders.Add(ctx, int64(number), metric.WithAttributes(attribute.String("order.id", orderID(number))))
	}
	return nil
}

// The SDK tells here of what fails in the background.
var background []error

func send(ctx context.Context) error {
	exporters, err := newExporters(ctx)
	if err != nil {
		return err
	}
	tracers := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporters.spans))
	loggers := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporters.logs)))
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporters.metrics)))
	sendSpans(ctx, tracers)
	sendLogs(ctx, loggers)
	failed := sendMetrics(ctx, meters)
	return errors.Join(failed, tracers.Shutdown(ctx), loggers.Shutdown(ctx), meters.Shutdown(ctx))
}

func main() {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { background = append(background, err) }))
	err := send(context.Background())
	if err = errors.Join(append(background, err)...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
