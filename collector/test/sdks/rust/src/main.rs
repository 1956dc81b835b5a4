//! Sends known items with the OpenTelemetry SDK for Rust; ../README.md says which. Ends with 1 when an export failed.

use std::error::Error;

use opentelemetry::KeyValue;
use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter};
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;

mod exports;
mod tls;

use exports::Failures;
use tls::Tls;

const SPANS: u64 = 5;
const LOG_RECORDS: u64 = 4;
const METRIC_POINTS: u64 = 3;

/// Everything but TLS comes from the environment, the protocol included.
macro_rules! exporter {
    ($signal:ident, $tls:expr) => {{
        use opentelemetry_otlp::{WithHttpConfig, WithTonicConfig};
        match $tls {
            Tls::Unset => $signal::builder().build(),
            Tls::Grpc(config) => $signal::builder()
                .with_tonic()
                .with_tls_config(config.clone())
                .build(),
            Tls::Http(client) => $signal::builder()
                .with_http()
                .with_http_client(client.clone())
                .build(),
        }
    }};
}

fn order_id(number: u64) -> KeyValue {
    KeyValue::new("order.id", format!("order-{number}"))
}

fn send_spans(provider: &SdkTracerProvider) {
    let tracer = provider.tracer("orders");
    for number in 1..=SPANS {
        tracer
            .span_builder("order")
            .with_attributes([order_id(number)])
            .start(&tracer);
    }
}

fn send_logs(provider: &SdkLoggerProvider) {
    let logger = provider.logger("orders");
    for number in 1..=LOG_RECORDS {
        let mut record = logger.create_log_record();
        record.set_severity_number(Severity::Info);
        record.set_body(AnyValue::from(format!("order {number}")));
        record.add_attribute("order.id", format!("order-{number}"));
        logger.emit(record);
    }
}

fn send_metrics(provider: &SdkMeterProvider) {
    let orders = provider.meter("orders").u64_counter("orders").build();
    for number in 1..=METRIC_POINTS {
        orders.add(number, &[order_id(number)]);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // The gRPC transport wants a runtime that is running, the HTTP transport none around it.
    let runtime = tokio::runtime::Runtime::new()?;
    let tls = tls::from_environment()?;
    let inside = tls::is_grpc().then(|| runtime.enter());
    let failures = Failures::default();

    let tracers = SdkTracerProvider::builder()
        .with_batch_exporter(failures.watch(exporter!(SpanExporter, &tls)?))
        .build();
    let loggers = SdkLoggerProvider::builder()
        .with_batch_exporter(failures.watch(exporter!(LogExporter, &tls)?))
        .build();
    let meters = SdkMeterProvider::builder()
        .with_periodic_exporter(failures.watch(exporter!(MetricExporter, &tls)?))
        .build();
    send_spans(&tracers);
    send_logs(&loggers);
    send_metrics(&meters);

    failures.add("end of spans", &tracers.shutdown());
    failures.add("end of log records", &loggers.shutdown());
    failures.add("end of metric points", &meters.shutdown());
    drop(inside);
    let list = failures.list();
    if list.is_empty() {
        Ok(())
    } else {
        Err(list.join("\n").into())
    }
}
