import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK } from '@opentelemetry/sdk-node';

// Loaded before the application: node --import ./examples/instrumentation.ts examples/shop.ts
// Endpoint, protocol, intervals and the service's name come from the standard OTEL_* variables.
// The sampler is left at its default, which keeps every trace a log line can name.
const sdk = new NodeSDK({
  instrumentations: [
    getNodeAutoInstrumentations({
      // Sockets and name look-ups add a span to every call and tell nothing about this system.
      '@opentelemetry/instrumentation-net': { enabled: false },
      '@opentelemetry/instrumentation-dns': { enabled: false },
      // Adds trace_id and span_id to winston's records; otel-log-transport.ts sends them.
      '@opentelemetry/instrumentation-winston': { disableLogSending: true },
    }),
  ],
});

sdk.start();

// A service that has closed its server has nothing left to do, so what waits in the batches leaves now.
process.once('beforeExit', () => {
  sdk.shutdown().catch((error: unknown) => {
    process.stderr.write(`telemetry could not be flushed: ${String(error)}\n`);
  });
});
