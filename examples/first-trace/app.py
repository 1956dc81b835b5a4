# pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http
# OTEL_SERVICE_NAME=first-python OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 python app.py
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)

with trace.get_tracer("first-trace").start_as_current_span("greet") as span:
    span.set_attribute("greeting.language", "en")
    print("hello")

provider.shutdown()
