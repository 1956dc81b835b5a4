"""Sends known items with the OpenTelemetry SDK for Python; ../README.md says which. Ends with 1 when an export failed."""

import logging
import os
import sys

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

# The protocol is a choice of package here; the rest each exporter reads from the environment.
if os.environ["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc":
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
else:
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

SPANS = 5
LOG_RECORDS = 4
METRIC_POINTS = 3


class Failures(logging.StreamHandler):
    """The SDK tells what it could not export by its log only."""

    count = 0

    def emit(self, record):
        super().emit(record)
        self.count += 1


def order_id(number):
    return {"order.id": f"order-{number}"}


def send_spans(provider):
    for number in range(1, SPANS + 1):
        provider.get_tracer("orders").start_span("order", attributes=order_id(number)).end()


def send_logs(provider):
    for number in range(1, LOG_RECORDS + 1):
        provider.get_logger("orders").emit(
            LogRecord(severity_number=SeverityNumber.INFO, body=f"order {number}", attributes=order_id(number))
        )


def send_metrics(provider):
    orders = provider.get_meter("orders").create_counter("orders")
    for number in range(1, METRIC_POINTS + 1):
        orders.add(number, order_id(number))


def main():
    failures = Failures()
    failures.setLevel(logging.WARNING)
    logging.getLogger().addHandler(failures)
    tracers = TracerProvider()
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    loggers = LoggerProvider()
    loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
    meters = MeterProvider(metric_readers=[PeriodicExportingMetricReader(OTLPMetricExporter())])
    send_spans(tracers)
    send_logs(loggers)
    send_metrics(meters)
    for provider in (tracers, loggers, meters):
        provider.shutdown()
    sys.exit(1 if failures.count > 0 else 0)


if __name__ == "__main__":
    main()
