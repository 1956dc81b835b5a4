import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.concurrent.TimeUnit;

/** Sends known items with the OpenTelemetry SDK for Java; ../../README.md says which. Ends with 1 when an export failed. */
public final class Sender {
  private static final int SPANS = 5;
  private static final int LOG_RECORDS = 4;
  private static final int METRIC_POINTS = 3;
  private static final long SHUTDOWN_SECONDS = 30;
  private static final AttributeKey<String> ORDER_ID = AttributeKey.stringKey("order.id");

  public static void main(String[] args) {
    Exports exports = new Exports();
    OpenTelemetrySdk sdk =
        AutoConfiguredOpenTelemetrySdk.builder()
            .addSpanExporterCustomizer((exporter, config) -> exports.watch(exporter))
            .addLogRecordExporterCustomizer((exporter, config) -> exports.watch(exporter))
            .addMetricExporterCustomizer((exporter, config) -> exports.watch(exporter))
            .build()
            .getOpenTelemetrySdk();
    sendSpans(sdk);
    sendLogs(sdk);
    sendMetrics(sdk);
    sdk.shutdown().join(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    System.exit(exports.allSucceeded() ? 0 : 1);
  }

  private static Attributes orderId(int number) {
    return Attributes.of(ORDER_ID, "order-" + number);
  }

  private static void sendSpans(OpenTelemetry telemetry) {
    for (int number = 1; number <= SPANS; number++) {
      telemetry.getTracer("orders").spanBuilder("order").setAllAttributes(orderId(number)).startSpan().end();
    }
  }

  private static void sendLogs(OpenTelemetry telemetry) {
    for (int number = 1; number <= LOG_RECORDS; number++) {
      telemetry
          .getLogsBridge()
          .get("orders")
          .logRecordBuilder()
          .setSeverity(Severity.INFO)
          .setBody("order " + number)
          .setAllAttributes(orderId(number))
          .emit();
    }
  }

  private static void sendMetrics(OpenTelemetry telemetry) {
    var orders = telemetry.getMeter("orders").counterBuilder("orders").build();
    for (int number = 1; number <= METRIC_POINTS; number++) {
      orders.add(number, orderId(number));
    }
  }
}
