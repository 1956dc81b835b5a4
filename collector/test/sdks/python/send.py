"""Sends one of everything with the OpenTelemetry SDK and prints, as one line of JSON, what was sent.

usage: python send.py ENDPOINT {none|gzip} SERVICE

Integers are printed bare and doubles with a point or an exponent. What JSON lacks is written as the API of
Signalbox does: {"$bytes": base64} and {"$double": "NaN"}.
"""

import base64
import json
import math
import sys
import time

from opentelemetry import context, trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

MAX_INT64 = 2**63 - 1
MIN_INT64 = -(2**63)

ATTRIBUTES = {
    "text": "plain",
    "text.empty": "",
    "text.unicode": "Grüße aus 東京, смазочные 🚂 \u0000 \"quoted\" back\\slash \u2028",
    "int.zero": 0,
    "int.max": MAX_INT64,
    "int.min": MIN_INT64,
    "int.beyond_double": 2**53 + 1,
    "int.negative": -1,
    "double.whole": 3.0,
    "double.third": 1 / 3,
    "double.tiny": 5e-324,
    "double.huge": 1.7976931348623157e308,
    "double.negative_zero": -0.0,
    "double.nan": math.nan,
    "double.infinite": -math.inf,
    "bool.true": True,
    "bool.false": False,
    "list.text": ["a", "b", "ü"],
    "list.int": [1, -2, MAX_INT64, MIN_INT64],
    "list.double": [0.5, 2.0],
    "list.bool": [True, False],
    "list.empty": [],
    "with.dots-and spaces/ü": "key",
}

BODY = {
    "message": "структура",
    "big": MIN_INT64,
    "nested": {"list": [1, 2.5, "three", None, {"deep": True}], "raw": b"\x00\xff\x10"},
    "nothing": None,
}


class KeepingMetricExporter(OTLPMetricExporter):
    """Remembers what it exports, to tell which exemplars the SDK chose."""

    kept = ()

    def export(self, metrics_data, timeout_millis=10_000, **kwargs):
        self.kept = [
            metric
            for resource in metrics_data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        ]
        return super().export(metrics_data, timeout_millis, **kwargs)

    def exemplars(self, name):
        return [
            {
                "timeUnixNano": str(exemplar.time_unix_nano),
                "value": float(exemplar.value),
                "traceId": trace_id(exemplar.trace_id),
                "spanId": span_id(exemplar.span_id),
            }
            for metric in self.kept
            if metric.name == name
            for point in metric.data.data_points
            for exemplar in point.exemplars
        ]


def plain(value):
    """The value as the API of Signalbox writes it."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"$double": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "items"):
        return {key: plain(item) for key, item in value.items()}
    return value


def trace_id(number):
    return format(number, "032x")


def span_id(number):
    return format(number, "016x")


def describe_link(link):
    # The exporter of this SDK leaves out a link's trace state.
    return {
        "traceId": trace_id(link.context.trace_id),
        "spanId": span_id(link.context.span_id),
        "traceState": "",
        "attributes": plain(link.attributes or {}),
        "droppedAttributesCount": link.dropped_attributes,
    }


def describe_event(event):
    return {
        "timeUnixNano": str(event.timestamp),
        "name": event.name,
        "attributes": plain(event.attributes or {}),
        "droppedAttributesCount": event.dropped_attributes,
    }


def describe_span(span):
    return {
        "traceId": trace_id(span.context.trace_id),
        "spanId": span_id(span.context.span_id),
        "parentSpanId": span_id(span.parent.span_id) if span.parent else None,
        "name": span.name,
        "kind": span.kind.name,
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        "statusCode": span.status.status_code.name,
        "statusMessage": span.status.description or "",
        "traceState": span.context.trace_state.to_header(),
        "attributes": plain(span.attributes or {}),
        "droppedAttributesCount": span.dropped_attributes,
        "events": [describe_event(event) for event in span.events],
        "droppedEventsCount": span.dropped_events,
        "links": [describe_link(link) for link in span.links],
        "droppedLinksCount": span.dropped_links,
        "scope": {
            "name": span.instrumentation_scope.name,
            "version": span.instrumentation_scope.version,
            "schemaUrl": span.instrumentation_scope.schema_url,
            "attributes": plain(span.instrumentation_scope.attributes or {}),
        },
        "resource": plain(span.resource.attributes),
    }


def send_spans(resource, processors, tracer):
    """A caller elsewhere, a server span with everything, children of each kind, a failure, and one cut short."""
    caller = SpanContext(
        trace_id=0x00F1_0000_0000_0000_0000_0000_0000_00AB,
        span_id=0x00E1_0000_0000_00CD,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
        trace_state=TraceState([("vendor", "value1"), ("other", "t:2")]),
    )
    elsewhere = SpanContext(
        trace_id=2**127 + 7,
        span_id=2**63 + 9,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
        trace_state=TraceState([("linked", "yes")]),
    )
    links = [Link(elsewhere, {"link.reason": "retry of", "link.int": MAX_INT64}), Link(caller)]
    with tracer.start_as_current_span("serve ü", kind=SpanKind.SERVER, attributes=ATTRIBUTES, links=links) as root:
        root.add_event("started", {"int.max": MAX_INT64, "list": ["x", "y"]})
        root.add_event("without attributes")
        for kind in (SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER, SpanKind.INTERNAL):
            with tracer.start_as_current_span(f"child {kind.name}", kind=kind) as child:
                child.set_status(Status(StatusCode.OK))
        try:
            with tracer.start_as_current_span("failing"):
                raise ValueError("nicht gefunden: 東京")
        except ValueError:
            pass
        current = root.get_span_context()

    with tracer.start_as_current_span(
        "continued", context=trace.set_span_in_context(trace.NonRecordingSpan(caller)), kind=SpanKind.SERVER
    ):
        pass

    limited = TracerProvider(
        resource=resource,
        span_limits=SpanLimits(max_attributes=2, max_events=1, max_links=1, max_event_attributes=1),
    )
    for processor in processors:
        limited.add_span_processor(processor)
    with limited.get_tracer("limits").start_as_current_span("cut short", links=links) as cut:
        cut.set_attributes({"a": 1, "b": 2, "c": 3})
        cut.add_event("first", {"a": 1, "b": 2})
        cut.add_event("second", {"a": 1, "b": 2})
    return current


def send_metrics(provider, inside):
    """Each kind of instrument with known values, recorded inside a span so that exemplars are made."""
    meter = provider.get_meter("python.meter", "1.2.3")
    counter = meter.create_counter("python.orders", unit="{order}", description="Orders, größer als 0")
    balance = meter.create_up_down_counter("python.balance", unit="1")
    temperature = meter.create_gauge("python.temperature", unit="Cel", description="A gauge")
    duration = meter.create_histogram("python.duration", unit="ms", explicit_bucket_boundaries_advisory=[10, 100, 1000])
    size = meter.create_histogram("python.size", unit="By", description="Exponential buckets")
    attributes = {"shop": "berlin", "big": MAX_INT64}

    token = context.attach(trace.set_span_in_context(trace.NonRecordingSpan(inside)))
    try:
        counter.add(5, attributes)
        counter.add(2, {"shop": "東京"})
        balance.add(-7, attributes)
        temperature.set(-12.5, attributes)
        for value in (5, 50, 50, 500, 5000):
            duration.record(value, attributes)
        for value in (0, 1, 2, 4, 1024):
            size.record(value, attributes)
    finally:
        context.detach(token)
    provider.force_flush()
    shared = {"attributes": attributes, "scope": "python.meter"}
    return [
        {"name": "python.orders", "type": "sum", "monotonic": True, "unit": "{order}", "stat": "value", "value": 5.0,
         "series": 2, "description": "Orders, größer als 0", "temporality": "cumulative", **shared},
        {"name": "python.balance", "type": "sum", "monotonic": False, "unit": "1", "stat": "value", "value": -7.0,
         "series": 1, "description": "", "temporality": "cumulative", **shared},
        {"name": "python.temperature", "type": "gauge", "monotonic": False, "unit": "Cel", "stat": "value",
         "value": -12.5, "series": 1, "description": "A gauge", "temporality": "unspecified", **shared},
        {"name": "python.duration", "type": "histogram", "monotonic": False, "unit": "ms", "stat": "avg",
         "value": 1121.0, "series": 1, "description": "", "temporality": "cumulative", **shared},
        {"name": "python.size", "type": "exponential_histogram", "monotonic": False, "unit": "By", "stat": "avg",
         "value": 206.2, "series": 1, "description": "Exponential buckets", "temporality": "cumulative", **shared},
    ]


def send_logs(provider, inside):
    """A structured body in a span, a plain one outside of any, and an event."""
    logger = provider.get_logger("python.logger", "2.0", schema_url="https://example.com/schema/1")
    in_span = trace.set_span_in_context(trace.NonRecordingSpan(inside))
    records = [
        {"body": BODY, "severity_number": SeverityNumber.ERROR, "severity_text": "ERROR",
         "attributes": {**ATTRIBUTES, "nested": {"a": [1, {"b": MAX_INT64}]}, "raw": b"\x01\x02"}, "context": in_span},
        {"body": "plain text ✓", "severity_number": SeverityNumber.INFO2, "severity_text": "Information",
         "attributes": {}, "context": context.Context()},
        {"body": MIN_INT64, "severity_number": SeverityNumber.FATAL4, "severity_text": "fatal",
         "attributes": {"n": 1}, "context": in_span, "event_name": "device.app.lifecycle"},
    ]
    sent = []
    for index, fields in enumerate(records):
        timestamp = time.time_ns() + index
        logger.emit(LogRecord(timestamp=timestamp, observed_timestamp=timestamp + 1, **fields))
        traced = fields["context"] is in_span
        sent.append({
            "timeUnixNano": str(timestamp),
            "observedTimeUnixNano": str(timestamp + 1),
            "severityNumber": fields["severity_number"].value,
            "severityText": fields["severity_text"],
            "body": plain(fields["body"]),
            "eventName": fields.get("event_name", ""),
            "traceId": trace_id(inside.trace_id) if traced else None,
            "spanId": span_id(inside.span_id) if traced else None,
            "flags": int(inside.trace_flags) if traced else 0,
            "attributes": plain(fields["attributes"]),
            "scope": {"name": "python.logger", "version": "2.0", "schemaUrl": "https://example.com/schema/1"},
        })
    provider.force_flush()
    return sent


def main():
    endpoint, compression_name, service = sys.argv[1:]
    compression = {"none": Compression.NoCompression, "gzip": Compression.Gzip}[compression_name]
    resource = Resource.create({"service.name": service, "service.version": "0.0.1-ü", "host.cpu.cache": MAX_INT64})

    kept = InMemorySpanExporter()
    processors = [
        BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", compression=compression)),
        BatchSpanProcessor(kept),
    ]
    tracers = TracerProvider(resource=resource)
    for processor in processors:
        tracers.add_span_processor(processor)
    metric_exporter = KeepingMetricExporter(endpoint=f"{endpoint}/v1/metrics", compression=compression)
    meters = MeterProvider(
        resource=resource,
        metric_readers=[PeriodicExportingMetricReader(metric_exporter, export_interval_millis=600_000)],
        views=[View(instrument_name="python.size", aggregation=ExponentialBucketHistogramAggregation())],
    )
    loggers = LoggerProvider(resource=resource)
    loggers.add_log_record_processor(
        BatchLogRecordProcessor(OTLPLogExporter(endpoint=f"{endpoint}/v1/logs", compression=compression))
    )

    tracer = tracers.get_tracer("python.tracer", "0.9", "https://example.com/schema/2", {"scope.big": MAX_INT64})
    inside = send_spans(resource, processors, tracer)
    tracers.force_flush()
    metrics = send_metrics(meters, inside)
    for metric in metrics:
        metric["exemplars"] = metric_exporter.exemplars(metric["name"])
    logs = send_logs(loggers, inside)
    spans = [describe_span(span) for span in kept.get_finished_spans()]
    for provider in (tracers, meters, loggers):
        provider.shutdown()
    json.dump({"inside": {"traceId": trace_id(inside.trace_id), "spanId": span_id(inside.span_id)},
               "spans": spans, "metrics": metrics, "logs": logs}, sys.stdout, allow_nan=False)


if __name__ == "__main__":
    main()
