// go mod init first && go mod tidy
// OTEL_SERVICE_NAME=first-go OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 go run .
package main

import (
	"context"
	"fmt"
	"log"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	otel.SetTracerProvider(provider)

	_, span := otel.Tracer("first-trace").Start(ctx, "greet")
	span.SetAttributes(attribute.String("greeting.language", "en"))
	fmt.Println("hello")
	span.End()

	if err := provider.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
}
